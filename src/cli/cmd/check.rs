//! `sso check`: reports the result of each stage, as a table or as JSON.

use serde_json::{Value, json};

use super::setup;
use crate::cli::args::CheckArgs;
use crate::cli::hints::hint_text;
use crate::cli::ui::colour::{Colour, Palette};
use crate::cli::ui::output;
use crate::cli::ui::progress::Progress;
use crate::context::Context;
use crate::domain::check::{Finding, Severity, Stage, StageReport, StageState, exit_code};
use crate::domain::text::counted;
use crate::error::{Hint, Result};
use crate::flow::check::{self, CheckEvent, CheckedTarget};
use crate::os::terminal;

/// Number of findings of one stage that the table lists.
const MAX_FINDINGS: usize = 12;

pub fn run(ctx: &Context, args: CheckArgs) -> Result<u8> {
    let hook = setup::installed_hook(ctx);
    let is_printed = !args.json && !args.quiet;
    let palette = Palette::for_stdout(ctx);
    let mut progress = Progress::immediate(ctx, !args.quiet && terminal::is_interactive());
    // Error of the first write that failed; nothing is printed after it.
    let mut write_error = None;
    let (target, reports) =
        check::run(
            ctx,
            &args.target.into(),
            hook.as_ref(),
            &mut |event| match event {
                CheckEvent::Started(stage) => {
                    progress.update(|| format!("sso: checking the {} …", stage.name()));
                }
                CheckEvent::Listing { read, known } => {
                    progress.update(|| format!("sso: asked for {read} of {known} accounts …"));
                }
                CheckEvent::Done(report) => {
                    progress.clear();
                    if is_printed && write_error.is_none() {
                        write_error = output::print(&to_text(report, palette)).err();
                    }
                }
            },
        );
    let code = exit_code(&reports, args.strict);
    if args.json && !args.quiet {
        output::print(&to_json(&target, &reports, code))?;
    }
    write_error.map_or(Ok(code), Err)
}

fn to_text(report: &StageReport, palette: Palette) -> String {
    let mark = match report.state() {
        StageState::Ok => palette.paint("ok  ", Colour::Green),
        StageState::Warn => palette.paint("warn", Colour::Yellow),
        StageState::Fail => palette.paint("fail", Colour::Red),
        StageState::Skipped => "-   ".to_owned(),
    };
    // A single finding of a stage without a detail is printed on the line of the stage.
    let (head, rest) = match report.findings.split_first() {
        Some((first, rest)) if report.detail.is_empty() && report.stage != Stage::Warnings => {
            (describe(first), rest)
        }
        _ if report.detail.is_empty() => (
            counted(report.findings.len(), "finding"),
            report.findings.as_slice(),
        ),
        _ => (report.detail.clone(), report.findings.as_slice()),
    };
    let fix = |finding: &Finding| match fix_text(finding) {
        Some(fix) => format!("        fix: {fix}\n"),
        None => String::new(),
    };
    let mut text = format!("{mark}  {:<11}  {head}\n", report.stage.name());
    if rest.len() < report.findings.len() {
        text.extend(report.findings.first().map(fix));
    }
    for finding in rest.iter().take(MAX_FINDINGS) {
        text += &format!("      - {}\n{}", describe(finding), fix(finding));
    }
    if rest.len() > MAX_FINDINGS {
        let more = rest.len() - MAX_FINDINGS;
        text += &format!("      - and {more} more, which --json lists\n");
    }
    text
}

/// Returns the fix of a finding, with the command that opens the file where it must be edited.
fn fix_text(finding: &Finding) -> Option<String> {
    let Some(fix) = &finding.fix else {
        return finding.edit_command();
    };
    let command = match fix {
        Hint::Text(_) | Hint::CompleteProfile => finding.edit_command(),
        Hint::KnownSessions { names, .. } | Hint::NameSession { names, .. } => {
            let name = names.first().and_then(|name| shlex::try_quote(name).ok());
            let session = name.map(|name| format!("sso check --session={name}"));
            finding.edit_command().or(session)
        }
        _ => None,
    };
    let text = hint_text(fix);
    Some(match command {
        Some(command) => format!("{text}: `{command}`"),
        None => text,
    })
}

/// Prefixes the finding with its location, unless its text contains it.
fn describe(finding: &Finding) -> String {
    match &finding.location {
        Some(location) if !finding.what.contains(location.as_str()) => {
            format!("{location}: {}", finding.what)
        }
        _ => finding.what.clone(),
    }
}

fn to_json(target: &CheckedTarget, reports: &[StageReport], code: u8) -> String {
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
        "where": finding.location,
        "fix": fix_text(finding),
    })
}
