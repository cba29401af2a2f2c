//! The naming options of aws-sso-util, compiled into a name template.
//!
//! Options and results are those of `aws-sso-util configure populate`: `--components`,
//! `--separator`, `--include-region`, `--region-style`, `--trim-account-name`,
//! `--trim-role-name`, `--account-name-case` and `--role-name-case`.

use super::filter::{Case, Filter};
use super::template::{NameTemplate, Placeholder, TemplatePart};
use crate::domain::listing::pattern::compile_regex;
use crate::error::{Error, Hint, Result};

const DEFAULT_COMPONENTS: &str = "account_name,role_name,default_style_region";
const DEFAULT_SEPARATOR: &str = ".";

/// The naming options of aws-sso-util. `None` stands for its default.
#[derive(Clone, Copy, Debug, Default)]
pub struct ComponentOptions<'a> {
    /// Comma-separated component names; any other text is taken literally.
    pub components: Option<&'a str>,
    /// Text between two components.
    pub separator: Option<&'a str>,
    /// Whether the first region is part of the name, as all others are.
    pub names_first_region: bool,
    /// Whether `default_style_region` is `eu-central-1` instead of `euce1`.
    pub long_region: bool,
    pub account_case: Option<Case>,
    /// Regular expressions whose matches are removed from account names.
    pub account_trims: &'a [String],
    pub role_case: Option<Case>,
    /// Regular expressions whose matches are removed from role names.
    pub role_trims: &'a [String],
}

impl ComponentOptions<'_> {
    /// Compiles the options into a template; fails on an empty component.
    pub fn compile(&self) -> Result<NameTemplate> {
        let account_filters = filters(self.account_case, self.account_trims)?;
        let role_filters = filters(self.role_case, self.role_trims)?;
        let components = self.components.unwrap_or(DEFAULT_COMPONENTS);
        let components: Vec<&str> = components.split(',').map(str::trim).collect();
        if components.contains(&"") {
            return Err(Error::usage("a component of the profile's name is empty")
                .hint(Hint::ComponentsExample));
        }
        let part = |component: &str| {
            let name = match component {
                "account_number" => "account_id",
                "default_style_region" if self.long_region => "region",
                "default_style_region" => "short_region",
                other => other,
            };
            let Some(placeholder) = Placeholder::from_name(name) else {
                return TemplatePart::Literal(name.to_owned());
            };
            let filters = match placeholder {
                Placeholder::AccountName => account_filters.clone(),
                Placeholder::RoleName => role_filters.clone(),
                _ => Vec::new(),
            };
            TemplatePart::Placeholder(placeholder, filters)
        };
        Ok(NameTemplate {
            parts: components.into_iter().map(part).collect(),
            separator: self.separator.unwrap_or(DEFAULT_SEPARATOR).to_owned(),
            names_first_region: self.names_first_region,
        })
    }
}

/// Changes the case before trimming, as aws-sso-util does; its documentation has it the other
/// way round.
fn filters(case: Option<Case>, trims: &[String]) -> Result<Vec<Filter>> {
    let case = case.map(Filter::Case).map(Ok);
    let trims = trims.iter().map(|trim| compile_regex(trim));
    let trims = trims.map(|trim| trim.map(Filter::Trim));
    case.into_iter().chain(trims).collect()
}

#[cfg(test)]
mod tests {
    use super::super::template::NameParts;
    use super::*;

    fn name(options: ComponentOptions, region: &str, index: usize) -> String {
        let parts = NameParts {
            account_name: "Prod-EU",
            account_id: "000000000333",
            role_name: "AdminRole",
            region: Some(region),
            region_index: index,
        };
        options.compile().unwrap().format(&parts)
    }

    #[test]
    fn names_equal_those_of_aws_sso_util() {
        let with_id = Some("sso,account_id,role_name,region");
        let with_number = Some("account_number,role_name,short_region");
        for (components, separator, first, second_region) in [
            (None, None, "Prod-EU.AdminRole", ".uswe2"),
            (
                with_id,
                Some("-"),
                "sso-000000000333-AdminRole",
                "-us-west-2",
            ),
            (with_number, Some("_"), "000000000333_AdminRole", "_uswe2"),
        ] {
            let options = ComponentOptions {
                components,
                separator,
                ..ComponentOptions::default()
            };
            assert_eq!(name(options, "us-east-1", 0), first);
            let second = format!("{first}{second_region}");
            assert_eq!(name(options, "us-west-2", 1), second);
        }
    }

    #[test]
    fn region_is_always_included_or_spelled_out_on_request() {
        let mut options = ComponentOptions {
            names_first_region: true,
            ..ComponentOptions::default()
        };
        assert_eq!(name(options, "us-east-1", 0), "Prod-EU.AdminRole.usea1");
        options.long_region = true;
        assert_eq!(name(options, "us-east-1", 0), "Prod-EU.AdminRole.us-east-1");
    }

    #[test]
    fn case_changes_before_trimming() {
        let options = ComponentOptions {
            account_case: Some(Case::Lower),
            account_trims: &["-eu$".to_owned()],
            role_trims: &["Role$".to_owned()],
            ..ComponentOptions::default()
        };
        assert_eq!(name(options, "us-east-1", 0), "prod.Admin");
    }

    #[test]
    fn invalid_expressions_and_empty_components_are_refused() {
        let options = ComponentOptions {
            role_trims: &["(".to_owned()],
            ..ComponentOptions::default()
        };
        assert!(options.compile().is_err());
        let options = ComponentOptions {
            components: Some("a,,b"),
            ..ComponentOptions::default()
        };
        assert!(options.compile().is_err());
    }
}
