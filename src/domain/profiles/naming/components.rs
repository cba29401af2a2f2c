//! Names from a list of components, with the options and the results of aws-sso-util.

use regex_lite::Regex;

use super::filter::Filter;
use super::{Case, Parts, short_region};
use crate::domain::listing::inventory::expression;
use crate::error::{Error, Hint, Result};

/// When the region is a part of the name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IncludeRegion {
    /// From the second region on
    #[default]
    Default,
    /// Always
    Always,
}

/// How the region is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RegionStyle {
    /// euce1
    #[default]
    Short,
    /// eu-central-1
    Long,
}

/// What a name is put together from.
#[derive(Clone, Debug)]
pub struct Components {
    /// Names of components; anything else is taken literally.
    pub components: Vec<String>,
    /// What stands between them.
    pub separator: String,
    /// When the region is a part.
    pub include_region: IncludeRegion,
    /// How it is written.
    pub region_style: RegionStyle,
    account: Steps,
    role: Steps,
}

/// The case first, then what is trimmed: so does the program, other than its documentation.
#[derive(Clone, Debug, Default)]
struct Steps(Vec<Filter>);

impl Steps {
    fn new(case: Option<Case>, trims: &[String]) -> Result<Steps> {
        let mut steps: Vec<Filter> = case.map(Filter::Case).into_iter().collect();
        for trim in trims {
            let trim: Regex = expression(trim)?;
            steps.push(Filter::Trim(trim));
        }
        Ok(Steps(steps))
    }

    fn apply(&self, text: &str) -> String {
        let steps = self.0.iter();
        steps.fold(text.to_owned(), |text, step| step.apply(&text))
    }
}

impl Components {
    /// `list` is separated by commas; without one it is what aws-sso-util takes.
    pub fn new(list: Option<&str>, separator: Option<&str>) -> Result<Components> {
        let list = list.unwrap_or("account_name,role_name,default_style_region");
        let components: Vec<String> = list.split(',').map(|it| it.trim().to_owned()).collect();
        if components.iter().any(String::is_empty) {
            return Err(Error::usage("a component of the profile's name is empty")
                .hint(Hint::ComponentsExample));
        }
        Ok(Components {
            components,
            separator: separator.unwrap_or(".").to_owned(),
            include_region: IncludeRegion::default(),
            region_style: RegionStyle::default(),
            account: Steps::default(),
            role: Steps::default(),
        })
    }

    /// The same, with the account's name changed.
    pub fn account(mut self, case: Option<Case>, trims: &[String]) -> Result<Components> {
        self.account = Steps::new(case, trims)?;
        Ok(self)
    }

    /// The same, with the role's name changed.
    pub fn role(mut self, case: Option<Case>, trims: &[String]) -> Result<Components> {
        self.role = Steps::new(case, trims)?;
        Ok(self)
    }

    /// The name.
    pub fn name(&self, parts: &Parts) -> String {
        let with_region = parts.index > 0 || self.include_region == IncludeRegion::Always;
        let region = parts.region.filter(|_| with_region);
        let one = |component: &String| match component.as_str() {
            "account_name" => Some(self.account.apply(parts.account_name)),
            "account_id" | "account_number" => Some(parts.account_id.to_owned()),
            "role_name" => Some(self.role.apply(parts.role_name)),
            "region" => region.map(str::to_owned),
            "short_region" => region.map(short_region::short),
            "default_style_region" => match self.region_style {
                RegionStyle::Short => region.map(short_region::short),
                RegionStyle::Long => region.map(str::to_owned),
            },
            literal => Some(literal.to_owned()),
        };
        let parts: Vec<String> = self.components.iter().filter_map(one).collect();
        parts.join(&self.separator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(region: &str, index: usize) -> Parts<'_> {
        Parts {
            account_name: "Prod-EU",
            account_id: "000000000333",
            role_name: "AdminRole",
            region: Some(region),
            index,
        }
    }

    #[test]
    fn the_names_of_aws_sso_util() {
        let names = |list: Option<&str>, separator: Option<&str>| {
            let components = Components::new(list, separator).unwrap();
            [
                components.name(&parts("us-east-1", 0)),
                components.name(&parts("us-west-2", 1)),
            ]
        };
        assert_eq!(
            names(None, None),
            ["Prod-EU.AdminRole", "Prod-EU.AdminRole.uswe2"]
        );
        assert_eq!(
            names(Some("sso,account_id,role_name,region"), Some("-")),
            [
                "sso-000000000333-AdminRole",
                "sso-000000000333-AdminRole-us-west-2"
            ]
        );
        assert_eq!(
            names(Some("account_number,role_name,short_region"), Some("_")),
            ["000000000333_AdminRole", "000000000333_AdminRole_uswe2"]
        );
    }

    #[test]
    fn the_region_is_there_always_or_in_its_long_form() {
        let mut components = Components::new(None, None).unwrap();
        components.include_region = IncludeRegion::Always;
        assert_eq!(
            components.name(&parts("us-east-1", 0)),
            "Prod-EU.AdminRole.usea1"
        );
        components.region_style = RegionStyle::Long;
        assert_eq!(
            components.name(&parts("us-east-1", 0)),
            "Prod-EU.AdminRole.us-east-1"
        );
    }

    #[test]
    fn the_case_comes_before_what_is_trimmed() {
        let trim = |text: &str| vec![text.to_owned()];
        let components = Components::new(None, None)
            .and_then(|it| it.account(Some(Case::Lower), &trim("-eu$")))
            .and_then(|it| it.role(None, &trim("Role$")))
            .unwrap();
        assert_eq!(components.name(&parts("us-east-1", 0)), "prod.Admin");
        assert!(
            Components::new(None, None)
                .unwrap()
                .role(None, &trim("("))
                .is_err()
        );
        assert!(Components::new(Some("a,,b"), None).is_err());
    }
}
