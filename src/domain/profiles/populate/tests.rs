//! Desired profiles and plans for listings and config files.

use super::{
    DesiredProfile, DesiredProfiles, MARK_KEY, PopulateOptions, PopulatePlan, ProfileFormat,
    RoleSelector, parse_setting, plan,
};
use crate::domain::config::{Dialect, Document, edit, read};
use crate::domain::listing::inventory::{Account, Coverage, Inventory};
use crate::domain::profiles::naming::{AllowedCharacters, ComponentOptions};
use crate::domain::session::definition::Session;
use crate::domain::time::Timestamp;
use crate::error::Result;

const URL: &str = "https://corp.awsapps.com/start";

fn session() -> Session {
    Session::new(Some("corp"), URL, "eu-west-1")
}

fn inventory(accounts: &[(&str, &str, &[&str])]) -> Inventory {
    let accounts = accounts.iter().map(|(id, name, roles)| Account {
        id: (*id).to_owned(),
        name: (!name.is_empty()).then(|| (*name).to_owned()),
        email: None,
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    });
    Inventory {
        accounts: accounts.collect(),
        coverage: Coverage::Everything,
        ..Inventory::empty(&session(), Timestamp(0))
    }
}

fn three_roles() -> Inventory {
    inventory(&[
        ("111111111111", "Prod EU", &["Admin", "ReadOnly"]),
        ("000000000333", "", &["Admin"]),
    ])
}

fn options() -> PopulateOptions {
    PopulateOptions {
        regions: vec!["us-east-1".to_owned()],
        ..PopulateOptions::default()
    }
}

fn desired(inventory: &Inventory, options: &PopulateOptions) -> Result<Vec<DesiredProfile>> {
    let template = ComponentOptions::default().compile()?;
    let mut desired = DesiredProfiles::new(options, AllowedCharacters::Portable);
    for account in &inventory.accounts {
        desired.add_account(account, &mut |parts, _| Ok(Some(template.format(parts))))?;
    }
    desired.finish()
}

/// Returns the plan and the text that it makes.
fn populate(
    text: &str,
    inventory: &Inventory,
    options: &PopulateOptions,
) -> Result<(PopulatePlan, String)> {
    let document = read(text.as_bytes(), Dialect::Config);
    let (desired, none) = (desired(inventory, options)?, Document::default());
    let plan = plan(&document, &none, &session(), inventory, &desired, options)?;
    let edited = edit(text.as_bytes(), &plan.edits)?;
    Ok((plan, String::from_utf8(edited.bytes).unwrap()))
}

#[test]
fn each_role_gets_a_profile_per_region_of_its_first_rule() {
    let mut options = options();
    options.regions_for =
        vec![RoleSelector::parse_with_regions("ReadOnly@^Prod=eu-west-1,eu-west-2").unwrap()];
    let all = desired(&three_roles(), &options).unwrap();
    let describe = |one: &DesiredProfile| format!("{} {}", one.name, one.describe());
    let expected = [
        "000000000333.Admin Admin@000000000333 in us-east-1",
        "Prod-EU.Admin Admin@111111111111 in us-east-1",
        "Prod-EU.ReadOnly ReadOnly@111111111111 in eu-west-1",
        "Prod-EU.ReadOnly.euwe2 ReadOnly@111111111111 in eu-west-2",
    ];
    assert!(all.iter().map(describe).eq(expected), "{all:?}");
    options.regions.clear();
    options.include = vec![RoleSelector::parse("Admin@").unwrap()];
    options.exclude = vec![RoleSelector::parse("Prod").unwrap()];
    let all = desired(&three_roles(), &options).unwrap();
    let [only] = all.as_slice() else {
        panic!("{all:?}")
    };
    assert_eq!(
        (only.name.as_str(), &only.region),
        ("000000000333.Admin", &None)
    );
}

#[test]
fn invalid_selectors_and_settings_are_refused() {
    for text in ["", "@", "(", "(@x"] {
        assert!(RoleSelector::parse(text).is_err(), "{text}");
    }
    for text in ["prod", "prod=", "prod=a,,b", "=a"] {
        assert!(RoleSelector::parse_with_regions(text).is_err(), "{text}");
    }
    let (key, value) = parse_setting(" Output = json ").unwrap();
    assert_eq!((&*key, &*value), ("output", "json"));
    for text in [
        "output",
        "sso_session=x",
        "region=x",
        "credential_process=x",
        "x_sso_session=x",
        "aws_access_key_id=x",
        "Role_ARN=x",
    ] {
        assert!(parse_setting(text).is_err(), "{text}");
    }
}

#[test]
fn name_collision_error_lists_both_roles() {
    let twins = inventory(&[
        ("111111111111", "Prod EU", &["Admin"]),
        ("222222222222", "Prod-EU", &["Admin"]),
    ]);
    let error = desired(&twins, &options()).unwrap_err();
    let (one, other) = ("Admin@111111111111", "Admin@222222222222");
    assert!(error.message().contains(one) && error.message().contains(other));
}

#[test]
fn second_run_changes_nothing() {
    for format in [
        ProfileFormat::SsoSession,
        ProfileFormat::CredentialProcess("/opt/my sso".to_owned()),
    ] {
        let mut options = options();
        options.format = format;
        options.set = vec![parse_setting("output=json").unwrap()];
        let (first, text) = populate("# mine\n", &three_roles(), &options).unwrap();
        assert_eq!((first.new, first.changed), (3, 0));
        let (second, again) = populate(&text, &three_roles(), &options).unwrap();
        assert_eq!((second.new, second.same, second.edits.len()), (0, 3, 0));
        assert_eq!(again, text);
    }
}

#[test]
fn changing_the_format_removes_the_keys_of_the_other() {
    let (_, native) = populate("", &three_roles(), &options()).unwrap();
    let helper = PopulateOptions {
        format: ProfileFormat::CredentialProcess("/opt/my sso".to_owned()),
        ..options()
    };
    let (plan, text) = populate(&native, &three_roles(), &helper).unwrap();
    assert_eq!(plan.changed, 3);
    assert!(!text.contains("\nsso_"), "{text}");
    let line = "credential_process = '/opt/my sso' credential-process --session corp \
                --account 000000000333 --role Admin\n";
    assert!(text.contains(line), "{text}");
    let (plan, text) = populate(&text, &three_roles(), &options()).unwrap();
    assert_eq!(plan.changed, 3);
    assert!(!text.contains("credential_process"), "{text}");
}

#[test]
fn user_keys_and_unrequested_regions_are_kept() {
    let (_, text) = populate("", &three_roles(), &options()).unwrap();
    let text = text.replace("region = us-east-1\n", "region = eu-west-3\ncli_pager =\n");
    let mut options = options();
    options.regions.clear();
    let (plan, after) = populate(&text, &three_roles(), &options).unwrap();
    assert_eq!((plan.same, after), (3, text));
}

#[test]
fn conflicting_profiles_are_errors() {
    let with_profile = |profile: &str| {
        let text = format!("[profile Prod-EU.Admin]\n{profile}\n");
        populate(&text, &three_roles(), &options()).map(|(plan, _)| plan)
    };
    let same_role = "sso_session = corp\nsso_account_id = 111111111111\nsso_role_name = Admin";
    let error = with_profile(same_role).unwrap_err();
    assert!(error.message().contains("not generated by sso"), "{error}");
    for other in [
        "aws_access_key_id = A",
        "sso_session = other\nsso_account_id = 111111111111\nsso_role_name = Admin",
        "sso_session = corp\nsso_account_id = 111111111111\nsso_role_name = Other",
        "role_arn = x\nsource_profile = y",
        "x_sso_session = other\nsso_session = other",
        "",
    ] {
        let error = with_profile(other).unwrap_err();
        let message = error.message();
        assert!(message.contains("something else"), "{other}: {error}");
    }
    assert!(with_profile(&format!("{same_role}\n{MARK_KEY} = corp")).is_ok());
}

#[test]
fn adopt_takes_over_profiles_of_other_generators() {
    let text = format!(
        "[profile Prod-EU.Admin]\nsso_start_url = {URL}/\nsso_region = eu-west-1\n\
         sso_account_name = Prod EU\nsso_account_id = 111111111111\nsso_role_name = Admin\n\
         region = eu-west-1\noutput = text\ncredential_process = aws-sso-util x\n\
         sso_auto_populated = true\n\n\
         [profile old]\ngranted_sso_start_url = {URL}\ngranted_sso_region = eu-west-1\n\
         granted_sso_account_id = 111111111111\ngranted_sso_role_name = ReadOnly\n\
         common_fate_generated_from = aws-sso\ncredential_process = granted x\n\n\
         [profile elsewhere]\nsso_start_url = https://other\nsso_region = eu-west-1\n\
         sso_account_id = 111111111111\nsso_role_name = Admin\nsso_auto_populated = true\n\n\
         [profile lost]\nsso_start_url = {URL}\nsso_region = eu-west-1\n\
         sso_account_id = 999999999999\nsso_role_name = Admin\nsso_auto_populated = true\n"
    );
    let adopting = PopulateOptions {
        adopt: true,
        prune: true,
        ..options()
    };
    let (plan, after) = populate(&text, &three_roles(), &adopting).unwrap();
    assert_eq!((plan.new, plan.adopted), (2, 2));
    assert_eq!(plan.pruned, ["lost"]);
    let document = read(after.as_bytes(), Dialect::Config);
    let taken = document.profile("Prod-EU.Admin").unwrap();
    let keys: Vec<&str> = taken.properties.iter().map(|it| it.key.as_str()).collect();
    assert!(keys.contains(&"output") && keys.contains(&MARK_KEY));
    assert!(!keys.contains(&"sso_start_url") && !keys.contains(&"credential_process"));
    let old = document.profile("old").unwrap();
    assert_eq!(old.value("sso_role_name"), Some("ReadOnly"));
    assert_eq!(old.get("common_fate_generated_from"), None);
    let elsewhere = document.profile("elsewhere").unwrap();
    assert_eq!(elsewhere.get(MARK_KEY), None);
    assert_eq!(document.profile("lost"), None);
}

#[test]
fn prune_removes_only_marked_profiles_without_a_granted_role() {
    let (_, text) = populate("", &three_roles(), &options()).unwrap();
    let text = text
        + "[profile mine]\nsso_session = corp\nsso_account_id = 999999999999\n\
           sso_role_name = Gone\n[profile other]\nx_sso_session = other\n\
           sso_session = other\nsso_account_id = 999999999999\nsso_role_name = Gone\n\
           [profile unclear]\nx_sso_session = corp\n";
    let now = inventory(&[("111111111111", "Prod EU", &["Admin", "ReadOnly"])]);
    let keeping = PopulateOptions {
        include: vec![RoleSelector::parse("ReadOnly@").unwrap()],
        ..options()
    };
    let (plan, after) = populate(&text, &now, &keeping).unwrap();
    assert_eq!((plan.pruned.len(), plan.kept, after), (0, 3, text.clone()));
    let pruning = PopulateOptions {
        prune: true,
        ..keeping
    };
    let (plan, _) = populate(&text, &now, &pruning).unwrap();
    assert_eq!(plan.pruned, ["000000000333.Admin"]);
    // A user without any role has more likely lost a group than every role.
    assert!(populate(&text, &inventory(&[]), &pruning).is_err());
}
