//! Options that select a session or a role, shared by the commands.

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::domain::target::request::Request;

/// Options that select session, account, role and region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct TargetArgs {
    /// Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]
    #[arg(short, long, value_name = "NAME", help_heading = "Target", value_parser = non_empty)]
    pub profile: Option<String>,
    /// Account id, instead of the profile's
    #[arg(short, long, value_name = "ID", help_heading = "Target", value_parser = non_empty)]
    pub account: Option<String>,
    /// Role (permission set), instead of the profile's
    #[arg(short, long, value_name = "NAME", help_heading = "Target", value_parser = non_empty)]
    pub role: Option<String>,
    /// sso-session in ~/.aws/config, instead of the profile's
    #[arg(short, long, value_name = "NAME", help_heading = "Target", conflicts_with = "start_url", value_parser = non_empty)]
    pub session: Option<String>,
    /// Start URL, instead of a session's name
    #[arg(long, value_name = "URL", help_heading = "Target", value_parser = non_empty)]
    pub start_url: Option<String>,
    /// Region of the Identity Center instance, with --start-url
    #[arg(long, value_name = "REGION", help_heading = "Target", requires = "start_url", value_parser = non_empty)]
    pub sso_region: Option<String>,
    /// Region to hand on, instead of the profile's
    #[arg(long, value_name = "REGION", help_heading = "Target", value_parser = non_empty)]
    pub region: Option<String>,
}

/// Options that select a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct SessionArgs {
    /// The session of this profile
    #[arg(short, long, value_name = "NAME", help_heading = "Session", value_parser = non_empty)]
    pub profile: Option<String>,
    /// sso-session in ~/.aws/config
    #[arg(short, long, value_name = "NAME", help_heading = "Session", conflicts_with = "start_url", value_parser = non_empty)]
    pub session: Option<String>,
    /// Start URL, instead of a session's name
    #[arg(long, value_name = "URL", help_heading = "Session", value_parser = non_empty)]
    pub start_url: Option<String>,
    /// Region of the Identity Center instance, with --start-url
    #[arg(long, value_name = "REGION", help_heading = "Session", requires = "start_url", value_parser = non_empty)]
    pub sso_region: Option<String>,
}

/// Rejects an empty value.
pub fn non_empty(value: &str) -> Result<String, &'static str> {
    match value {
        "" => Err("it is empty"),
        _ => Ok(value.to_owned()),
    }
}

/// Names of a value of an option, the first of which is shown; its help text; and the value.
pub type NamedValue<T> = (&'static [&'static str], &'static str, T);

/// Accepts the names of the values.
pub fn one_of<T: Clone + Send + Sync>(
    values: &'static [NamedValue<T>],
) -> impl TypedValueParser<Value = T> {
    let shown = values.iter().filter_map(|(names, help, _)| {
        let (name, aliases) = names.split_first()?;
        let value = PossibleValue::new(*name).aliases(aliases.iter().copied());
        Some(value.help(*help))
    });
    PossibleValuesParser::new(shown).try_map(|given| {
        let mut values = values.iter();
        let value = values.find(|(names, ..)| names.contains(&given.as_str()));
        value
            .map(|(.., value)| value.clone())
            .ok_or("unknown value")
    })
}

impl From<TargetArgs> for Request {
    fn from(args: TargetArgs) -> Request {
        Request {
            profile: args.profile,
            account: args.account,
            role: args.role,
            session: args.session,
            start_url: args.start_url,
            sso_region: args.sso_region,
            region: args.region,
        }
    }
}

impl From<Request> for TargetArgs {
    fn from(request: Request) -> TargetArgs {
        TargetArgs {
            profile: request.profile,
            account: request.account,
            role: request.role,
            session: request.session,
            start_url: request.start_url,
            sso_region: request.sso_region,
            region: request.region,
        }
    }
}

impl From<SessionArgs> for Request {
    fn from(args: SessionArgs) -> Request {
        Request {
            profile: args.profile,
            session: args.session,
            start_url: args.start_url,
            sso_region: args.sso_region,
            ..Request::default()
        }
    }
}
