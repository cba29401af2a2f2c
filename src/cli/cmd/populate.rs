//! `sso populate`: writes a profile for each role.

use super::fetch_listing;
use crate::cli::args::{PopulateArgs, ProfileNameArgs};
use crate::cli::ui::output;
use crate::cli::ui::progress::Progress;
use crate::cli::ui::text::abbreviate;
use crate::context::Context;
use crate::domain::listing::inventory::{Account, Inventory};
use crate::domain::profiles::configure::check_region;
use crate::domain::profiles::naming::{
    AllowedCharacters, ComponentOptions, NameParts, NameTemplate, short_region,
};
use crate::domain::profiles::populate::{
    DesiredProfiles, NameProfile, PopulateOptions, PopulatePlan, ProfileFormat, RoleSelector,
    parse_setting,
};
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::flow::config_file::{self, Rewrite};
use crate::flow::listing::ListingFilter;
use crate::flow::populate;
use crate::os::current_exe;

pub fn run(ctx: &Context, args: PopulateArgs) -> Result<u8> {
    if !args.dry_run {
        config_file::check_writable(ctx)?;
    }
    let options = build_options(&args)?;
    let mut name = namer(&args.names)?;
    let instance = populate::instance(ctx, &args.session.clone().into(), args.adopt)?;
    let session = &instance.session;
    // The AWS tools cannot renew the sign-in of a profile without a section for its session.
    if session.name.is_none() {
        let url = sanitize(&session.start_url);
        let error = Error::configuration(format!("no [sso-session] has the start URL {url}"));
        return Err(
            error.hint("`sso configure` makes one, and `sso configure --migrate` out of profiles")
        );
    }
    let allowed = match (args.names.safe_account_names, args.names.raw_account_names) {
        (true, _) => AllowedCharacters::NoBlanks,
        (_, true) => AllowedCharacters::Any,
        _ => AllowedCharacters::Portable,
    };
    let mut desired = DesiredProfiles::new(&options, allowed);
    let everything = ListingFilter::everything();
    // Reads the whole configuration, which may hold thousands of profiles, while the portal is
    // busy. An error is reported later, where the configuration is needed.
    let read_config = || drop(ctx.view());
    let add_account =
        |account: &Account, _: &mut Progress| desired.add_account(account, &mut *name);
    let inventory = fetch_listing::fetch(ctx, &instance, &everything, add_account, read_config)?;
    fetch_listing::require_complete(&inventory)?;
    warn_of_unused_choices(&args, &options, &inventory);
    let desired = desired.finish()?;
    if desired.is_empty() {
        output::eprintln(match inventory.accounts.is_empty() {
            true => "sso: no account is assigned to you",
            false => "sso: no role fits",
        });
    }
    let (plan, rewrite) =
        populate::write(ctx, session, &inventory, &desired, &options, args.dry_run)?;
    if args.dry_run {
        output::print(&rewrite.diff(ctx))?;
    }
    report(ctx, &plan, &rewrite, &args);
    Ok(0)
}

fn build_options(args: &PopulateArgs) -> Result<PopulateOptions> {
    let choices = |texts: &[String]| -> Result<Vec<RoleSelector>> {
        texts.iter().map(|text| RoleSelector::parse(text)).collect()
    };
    let rules = args.region_for.iter().map(|rule| {
        let (choice, regions) = RoleSelector::parse_with_regions(rule)?;
        Ok((choice, unique(&regions)))
    });
    let regions_for = rules.collect::<Result<Vec<_>>>()?;
    let by_rule = regions_for.iter().flat_map(|(_, regions)| regions);
    for region in args.region.iter().chain(by_rule) {
        check_region(region)?;
    }
    let format = if args.credential_process {
        let path = current_exe::path()?;
        let path = path.to_str().map(str::to_owned);
        ProfileFormat::CredentialProcess(path.ok_or_else(|| {
            Error::system("the path of sso is not UTF-8, so no configuration can name it")
                .hint("install it elsewhere")
        })?)
    } else {
        ProfileFormat::SsoSession
    };
    let settings = args.set.iter().map(|text| parse_setting(text));
    Ok(PopulateOptions {
        include: choices(&args.include)?,
        exclude: choices(&args.exclude)?,
        regions_for,
        regions: unique(&args.region),
        format,
        set: settings.collect::<Result<_>>()?,
        prune: args.prune,
        adopt: args.adopt,
    })
}

/// Warns of choices that match no role: most of them are typing errors.
fn warn_of_unused_choices(args: &PopulateArgs, options: &PopulateOptions, inventory: &Inventory) {
    let rules = options.regions_for.iter().map(|(choice, _)| choice);
    let all = [
        ("--include", &args.include, options.include.iter().collect()),
        ("--exclude", &args.exclude, options.exclude.iter().collect()),
        ("--region-for", &args.region_for, rules.collect::<Vec<_>>()),
    ];
    for (option, texts, choices) in all {
        for (text, choice) in texts.iter().zip(choices) {
            let is_used = inventory.accounts.iter().any(|account| {
                let mut roles = account.roles.iter();
                roles.any(|role| choice.matches(account, role))
            });
            if !is_used {
                let text = sanitize(text);
                output::eprintln(&format!(
                    "warning: {option} {text} fits no role; capitals count, (?i) before a \
                     pattern ignores them"
                ));
            }
        }
    }
}

/// Removes duplicates and keeps the order.
fn unique(texts: &[String]) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let first = texts.iter().filter(|text| seen.insert(text.as_str()));
    first.cloned().collect()
}

/// Returns the source of profile names: a program, or a template.
fn namer(args: &ProfileNameArgs) -> Result<Box<NameProfile<'static>>> {
    if let Some(command) = &args.profile_name_process {
        let words = shlex::split(command).filter(|words| !words.is_empty());
        let words = words.ok_or_else(|| {
            let command = sanitize(command);
            Error::usage(format!("\"{command}\" is no command that can be run"))
                .hint("look at its quotes")
        })?;
        return Ok(Box::new(move |parts: &NameParts, count| {
            let region = parts.region.unwrap_or_default();
            let arguments = [
                parts.account_name,
                parts.account_id,
                parts.role_name,
                region,
                &short_region(region),
                &parts.region_index.to_string(),
                &count.to_string(),
            ];
            populate::run_naming_program(&words, &arguments)
        }));
    }
    let options = ComponentOptions {
        components: args.components.as_deref(),
        separator: args.separator.as_deref(),
        names_first_region: args.include_region.unwrap_or_default(),
        long_region: args.region_style.unwrap_or_default(),
        account_case: args.account_name_case,
        account_trims: &args.trim_account_name,
        role_case: args.role_name_case,
        role_trims: &args.trim_role_name,
    };
    let template = match &args.name {
        Some(template) => NameTemplate::parse(template)?,
        None => options.compile()?,
    };
    Ok(Box::new(move |parts: &NameParts, _| {
        Ok(Some(template.format(parts)))
    }))
}

fn report(ctx: &Context, plan: &PopulatePlan, rewrite: &Rewrite, args: &PopulateArgs) {
    let path = ctx.display_path(ctx.config_path());
    let counts = [
        (plan.new, "new"),
        (plan.changed, "changed"),
        (plan.adopted, "taken over"),
        (plan.pruned.len(), "removed"),
        (plan.same, "as before"),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts = counts.map(|(count, what)| format!("{count} {what}"));
    let counts: Vec<String> = counts.collect();
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
        output::eprintln(&format!("removed: {}", abbreviate(&plan.pruned)));
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
            abbreviate(&plan.in_credentials)
        ));
    }
    if let Some(copy) = &rewrite.backup {
        output::eprintln(&format!("what it held is in {}", ctx.display_path(copy)));
    }
}
