//! `sso check`: what was found, as a table for people and as JSON for programs.

use std::io::Write as _;

use serde_json::{Value, json};

use crate::cli::args::CheckArgs;
use crate::cli::hints::hint_text;
use crate::cli::ui::colour::{Colour, Palette};
use crate::cli::ui::columns::width;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::check::{Finding, Report, Severity, Stage, State, verdict};
use crate::domain::target::request::Request;
use crate::error::Result;
use crate::flow::check::{self, CheckedTarget, Watch};
use crate::os::terminal;

use super::setup;

/// More findings of one stage than a person reads.
const MOST: usize = 12;

/// Runs it.
pub fn run(ctx: &Context, args: CheckArgs) -> Result<u8> {
    let request = Request::from(&args);
    let hook = setup::installed_hook(ctx);
    let mut watch = Table {
        prints: !args.json && !args.quiet,
        palette: Palette::for_stdout(ctx),
        broken: None,
        progress: Progress {
            wanted: !args.quiet && terminal::is_there(),
            length: 0,
        },
        read: 0,
    };
    let (target, reports) = check::run(ctx, &request, hook.as_ref(), &mut watch);
    let code = verdict(&reports, args.strict);
    if args.json && !args.quiet {
        output::print(&to_json(&target, &reports, code))?;
    }
    match watch.broken {
        Some(error) => Err(error),
        None => Ok(code),
    }
}

/// Prints each stage as it is done.
struct Table {
    prints: bool,
    palette: Palette,
    broken: Option<crate::error::Error>,
    progress: Progress,
    /// So many accounts were shown as read.
    read: usize,
}

impl Watch for Table {
    fn begin(&mut self, stage: Stage) {
        self.progress
            .show(&format!("sso: checking the {} …", stage.name()));
    }

    fn done(&mut self, report: &Report) {
        self.progress.end();
        if self.prints && self.broken.is_none() {
            self.broken = output::print(&to_text(report, self.palette)).err();
        }
    }

    fn listing(&mut self, read: usize, known: usize) {
        if read != self.read {
            self.read = read;
            let text = format!("sso: asked for {read} of {known} accounts …");
            self.progress.show(&text);
        }
    }
}

/// One line on stderr that is written over, while something may take its time.
struct Progress {
    wanted: bool,
    /// So long is what stands there.
    length: usize,
}

impl Progress {
    fn show(&mut self, text: &str) {
        if !self.wanted {
            return;
        }
        self.end();
        self.length = width(text);
        let mut stderr = std::io::stderr();
        let _ = write!(stderr, "{text}");
        let _ = stderr.flush();
    }

    fn end(&mut self) {
        if self.length > 0 {
            // Blanks, for a terminal that wants no escapes.
            let _ = write!(std::io::stderr(), "\r{:1$}\r", "", self.length);
        }
        self.length = 0;
    }
}

fn to_text(report: &Report, palette: Palette) -> String {
    let state = report.state();
    let mark = match state {
        State::Ok => palette.paint("ok  ", Colour::Green),
        State::Warn => palette.paint("warn", Colour::Yellow),
        State::Fail => palette.paint("fail", Colour::Red),
        State::Skipped => "-   ".to_owned(),
    };
    // The usual stage has one finding, which is its line.
    let (head, rest) = match report.findings.split_first() {
        Some((first, rest)) if report.detail.is_empty() && report.stage != Stage::Traps => {
            (said(first), rest)
        }
        _ if report.detail.is_empty() => {
            (counted(report.findings.len()), report.findings.as_slice())
        }
        _ => (report.detail.clone(), report.findings.as_slice()),
    };
    let mut text = format!("{mark}  {:<11}  {head}\n", report.stage.name());
    if rest.len() < report.findings.len()
        && let Some(fix) = report.findings.first().and_then(|it| it.fix.as_ref())
    {
        text += &format!("        fix: {}\n", hint_text(fix));
    }
    for finding in rest.iter().take(MOST) {
        text += &format!("      - {}\n", said(finding));
        if let Some(fix) = &finding.fix {
            text += &format!("        fix: {}\n", hint_text(fix));
        }
    }
    if rest.len() > MOST {
        text += &format!(
            "      - and {} more, which --json lists\n",
            rest.len() - MOST
        );
    }
    text
}

fn counted(number: usize) -> String {
    match number {
        1 => "1 finding".to_owned(),
        _ => format!("{number} findings"),
    }
}

/// What, behind where, unless the sentence says it.
fn said(finding: &Finding) -> String {
    match &finding.place {
        Some(place) if !finding.what.contains(place.as_str()) => {
            format!("{place}: {}", finding.what)
        }
        _ => finding.what.clone(),
    }
}

fn to_json(target: &CheckedTarget, reports: &[Report], code: u8) -> String {
    let stages: Vec<Value> = reports
        .iter()
        .map(|report| {
            json!({
                "stage": report.stage.name(),
                "state": report.state().name(),
                "detail": report.detail,
                "findings": report.findings.iter().map(finding_json).collect::<Vec<_>>(),
            })
        })
        .collect();
    let session = target.instance.as_ref().map(|it| &it.session);
    let value = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "target": {
            "profile": target.profile,
            "session": session.and_then(|session| session.name.as_ref()),
            "start_url": session.map(|session| &session.start_url),
            "sso_region": session.map(|session| &session.region),
            "account": target.account,
            "role": target.role,
            "region": target.region,
        },
        "stages": stages,
        "exit": code,
    });
    format!("{value:#}\n")
}

fn finding_json(finding: &Finding) -> Value {
    json!({
        "code": finding.code,
        "severity": match finding.severity {
            Severity::Error(_) => "error",
            Severity::Warning => "warning",
        },
        "what": finding.what,
        "where": finding.place,
        "fix": finding.fix.as_ref().map(hint_text),
    })
}
