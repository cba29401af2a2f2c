//! `sso allow`: shows what a directory's `.aws-sso` file selects, and trusts it.

use crate::cli::args::AllowArgs;
use crate::cli::ui::{output, questions};
use crate::context::Context;
use crate::domain::net::url::HttpUrl;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::flow::trust::{self, AllowCandidate};

pub fn run(ctx: &Context, args: AllowArgs) -> Result<u8> {
    let candidate = AllowCandidate::find(ctx, args.path.as_deref())?;
    output::eprintln(&describe(&candidate));
    if trust::is_trusted(ctx, &candidate.file) {
        output::eprintln("it is trusted already");
        return Ok(0);
    }
    if !args.yes && !questions::confirm("Allow it?")? {
        return Err(
            Error::not_trusted(format!("{} is not trusted", candidate.file.display_path))
                .hint("`sso deny` silences what the hook says about it"),
        );
    }
    candidate.allow(ctx)?;
    output::eprintln("it is trusted from now on");
    Ok(0)
}

fn describe(candidate: &AllowCandidate) -> String {
    let AllowCandidate {
        file,
        target,
        instance,
        account_name,
    } = candidate;
    let session = &instance.session;
    let mut lines = vec![file.display_path.clone()];
    let mut add = |name: &str, value: &str| lines.push(format!("  {name:<9}{value}"));
    if let Some(profile) = target.profile.as_deref() {
        add("profile", &sanitize(profile));
    }
    let account = &target.id.account;
    let name = account_name
        .as_ref()
        .map(|it| format!(" ({})", sanitize(it)));
    add("account", &format!("{account}{}", name.unwrap_or_default()));
    add("role", &sanitize(&target.id.role));
    add(
        "region",
        &sanitize(target.region.as_deref().unwrap_or("none")),
    );
    let address = HttpUrl::parse(&session.start_url);
    let host = address.as_ref().map_or("", HttpUrl::host);
    add(
        "session",
        &format!("{} ({})", sanitize(session.label()), sanitize(host)),
    );
    if file.content.as_ref().is_ok_and(|it| it.export_profile) {
        add("exports", "AWS_PROFILE, no credentials");
    }
    if !file.is_own {
        lines.push("warning: the file belongs to another user".to_owned());
    }
    if file.is_group_writable {
        lines.push("warning: its group can change the file; sso then asks again".to_owned());
    }
    lines.join("\n")
}
