//! `sso populate`: a profile for every role.

use std::mem::ManuallyDrop;

use crate::cli::args::{PopulateArgs, ProfileNameArgs};
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::listing::inventory::Inventory;
use crate::domain::profiles::configure::check_region;
use crate::domain::profiles::naming::{
    AllowedCharacters, ComponentOptions, NameParts, NameTemplate, short_region,
};
use crate::domain::profiles::populate::{Choice, Plan, Shape, Wanting, Wishes, setting};
use crate::domain::session::definition::Session;
use crate::domain::target::request::Request;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::flow::config_file::Rewrite;
use crate::flow::{populate, resolve};
use crate::os::current_exe;

use super::listing;

/// How many names a line lists.
const NAMED: usize = 5;

/// Runs it.
pub fn run(ctx: &Context, args: PopulateArgs) -> Result<u8> {
    let wishes = wishes(&args)?;
    let mut namer = Namer::new(&args.names)?;
    let instance = resolve::instance(ctx, &Request::from(args.session.clone()))?;
    let session = &instance.session;
    if session.name.is_none() {
        return Err(legacy(session));
    }
    let allowed = match (args.names.safe_account_names, args.names.raw_account_names) {
        (true, _) => AllowedCharacters::NoBlanks,
        (_, true) => AllowedCharacters::Any,
        _ => AllowedCharacters::Portable,
    };
    let mut wanting = Wanting::new(&wishes, allowed);
    let mut name = |parts: &NameParts, count| namer.name(parts, count);
    // Taking thousands of texts apart again, at the end of the program, is not worth the time.
    let inventory = ManuallyDrop::new(listing::everything(ctx, &instance, |account| {
        wanting.account(account, &mut name)
    })?);
    warn_of_idle(&args, &wishes, &inventory);
    let wanted = ManuallyDrop::new(wanting.finish()?);
    if wanted.is_empty() {
        output::eprintln(match inventory.accounts.is_empty() {
            true => "sso: no account is assigned to you",
            false => "sso: no role fits",
        });
    }
    let (plan, rewrite) =
        populate::write(ctx, session, &inventory, &wanted, &wishes, args.dry_run)?;
    if args.dry_run {
        output::print(&rewrite.diff(ctx))?;
    }
    tell(ctx, &plan, &rewrite, &args);
    Ok(0)
}

fn wishes(args: &PopulateArgs) -> Result<Wishes> {
    let choices = |texts: &[String]| -> Result<Vec<Choice>> {
        texts.iter().map(|text| Choice::parse(text)).collect()
    };
    let rules = args.region_for.iter();
    let regions_for = rules
        .map(|rule| Choice::with_regions(rule))
        .map(|rule| rule.map(|(choice, regions)| (choice, once(&regions))))
        .collect::<Result<Vec<_>>>()?;
    let by_rule = regions_for.iter().flat_map(|(_, regions)| regions);
    for region in args.region.iter().chain(by_rule) {
        check_region(region)?;
    }
    let shape = if args.credential_process {
        let path = current_exe::path()?;
        let path = path.to_str().map(str::to_owned);
        Shape::Helper(path.ok_or_else(|| {
            Error::system("the path of sso is not UTF-8, so no configuration can name it")
                .hint("install it elsewhere")
        })?)
    } else {
        Shape::Native
    };
    Ok(Wishes {
        include: choices(&args.include)?,
        exclude: choices(&args.exclude)?,
        regions_for,
        regions: once(&args.region),
        shape,
        set: args
            .set
            .iter()
            .map(|text| setting(text))
            .collect::<Result<_>>()?,
        prune: args.prune,
        adopt: args.adopt,
    })
}

/// A choice that fits nothing is a slip of the keys, most often.
fn warn_of_idle(args: &PopulateArgs, wishes: &Wishes, inventory: &Inventory) {
    let warn = |option: &str, text: &str, choice: &Choice| {
        let fits = inventory.accounts.iter().any(|account| {
            let mut roles = account.roles.iter();
            roles.any(|role| choice.means(account, role))
        });
        if !fits {
            let text = sanitize(text);
            output::eprintln(&format!(
                "warning: {option} {text} fits no role; capitals count, (?i) before a pattern \
                 ignores them"
            ));
        }
    };
    let rules = wishes.regions_for.iter().map(|(choice, _)| choice);
    let all = [
        ("--include", &args.include, wishes.include.iter().collect()),
        ("--exclude", &args.exclude, wishes.exclude.iter().collect()),
        ("--region-for", &args.region_for, rules.collect::<Vec<_>>()),
    ];
    for (option, texts, choices) in all {
        for (text, choice) in texts.iter().zip(choices) {
            warn(option, text, choice);
        }
    }
}

/// Each of them once.
fn once(texts: &[String]) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let first = texts.iter().filter(|text| seen.insert(text.as_str()));
    first.cloned().collect()
}

/// Profiles without an sso-session are no good to generate: nothing renews their sign-in.
fn legacy(session: &Session) -> Error {
    let url = sanitize(&session.start_url);
    Error::configuration(format!("no [sso-session] has the start URL {url}"))
        .hint("`sso configure` makes one, and `sso configure --migrate` out of profiles")
}

/// What gives names.
enum Namer {
    Template(NameTemplate),
    Process(Vec<String>),
}

impl Namer {
    fn new(args: &ProfileNameArgs) -> Result<Namer> {
        if let Some(template) = &args.name {
            return NameTemplate::parse(template).map(Namer::Template);
        }
        if let Some(command) = &args.profile_name_process {
            let words = shlex::split(command).filter(|words| !words.is_empty());
            return words.map(Namer::Process).ok_or_else(|| {
                let command = sanitize(command);
                Error::usage(format!("\"{command}\" is no command that can be run"))
                    .hint("look at its quotes")
            });
        }
        let options = ComponentOptions {
            components: args.components.as_deref(),
            separator: args.separator.as_deref(),
            include_region: args.include_region.map(Into::into).unwrap_or_default(),
            region_style: args.region_style.map(Into::into).unwrap_or_default(),
            account_case: args.account_name_case.map(Into::into),
            account_trims: &args.trim_account_name,
            role_case: args.role_name_case.map(Into::into),
            role_trims: &args.trim_role_name,
        };
        options.compile().map(Namer::Template)
    }

    fn name(&mut self, parts: &NameParts, count: usize) -> Result<Option<String>> {
        match self {
            Namer::Template(template) => Ok(Some(template.format(parts))),
            Namer::Process(words) => {
                let region = parts.region.unwrap_or_default();
                let (index, count) = (parts.region_index.to_string(), count.to_string());
                let short = short_region(region);
                let arguments = [
                    parts.account_name,
                    parts.account_id,
                    parts.role_name,
                    region,
                    &short,
                    &index,
                    &count,
                ];
                populate::ask_for_name(words, &arguments)
            }
        }
    }
}

fn tell(ctx: &Context, plan: &Plan, rewrite: &Rewrite, args: &PopulateArgs) {
    let path = ctx.in_short(ctx.config_file());
    let counts = [
        (plan.new, "new"),
        (plan.changed, "changed"),
        (plan.adopted, "taken over"),
        (plan.pruned.len(), "removed"),
        (plan.same, "as before"),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let counts = match counts.is_empty() {
        true => "no profile".to_owned(),
        false => format!("profiles: {}", counts.join(", ")),
    };
    let changed = rewrite.edited.is_changed();
    let written = match (changed, args.dry_run) {
        (true, false) => "",
        (true, true) => " (a dry run: not written)",
        (false, _) => "; nothing to write",
    };
    output::eprintln(&format!("{path}: {counts}{written}"));
    if !plan.pruned.is_empty() {
        output::eprintln(&format!("removed: {}", listed(&plan.pruned)));
    }
    if plan.kept > 0 {
        let kept = match plan.kept {
            1 => "1 generated profile of another name or role stays".to_owned(),
            several => format!("{several} generated profiles of other names or roles stay"),
        };
        let prune = match args.prune {
            true => "",
            false => "; --prune removes those that are not granted any more",
        };
        output::eprintln(&format!("{kept}{prune}"));
    }
    if !plan.in_credentials.is_empty() {
        let what = match args.credential_process {
            true => "keys there win over sso",
            false => "keys there may win over these",
        };
        output::eprintln(&format!(
            "warning: the credentials file has profiles of the same name, and {what}: {}",
            listed(&plan.in_credentials)
        ));
    }
    if let Some(copy) = &rewrite.copy {
        output::eprintln(&format!("what it held is in {}", ctx.in_short(copy)));
    }
}

fn listed(names: &[String]) -> String {
    let first: Vec<String> = names
        .iter()
        .take(NAMED)
        .map(|name| sanitize(name))
        .collect();
    match names.len() - first.len() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
