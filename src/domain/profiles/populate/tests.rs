//! What populate makes of listings and of files.

use super::ownership::MARK;
use super::{Choice, Plan, Shape, Wanted, Wanting, Wishes, plan, setting};
use crate::domain::config::{Dialect, Document, edit, read};
use crate::domain::listing::inventory::{Account, Extent, Inventory};
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
        extent: Extent::All,
        ..Inventory::empty(&session(), Timestamp(0))
    }
}

fn everybody() -> Inventory {
    inventory(&[
        ("111111111111", "Prod EU", &["Admin", "ReadOnly"]),
        ("000000000333", "", &["Admin"]),
    ])
}

fn wishes() -> Wishes {
    Wishes {
        include: Vec::new(),
        exclude: Vec::new(),
        regions_for: Vec::new(),
        regions: vec!["us-east-1".to_owned()],
        shape: Shape::Native,
        set: Vec::new(),
        prune: false,
        adopt: false,
    }
}

fn named(inventory: &Inventory, wishes: &Wishes) -> Result<Vec<Wanted>> {
    let template = ComponentOptions::default().compile()?;
    let mut wanting = Wanting::new(wishes, AllowedCharacters::Portable);
    for account in &inventory.accounts {
        wanting.account(account, &mut |parts, _| Ok(Some(template.format(parts))))?;
    }
    wanting.finish()
}

fn planned(text: &str, inventory: &Inventory, wishes: &Wishes) -> Result<(Plan<'static>, String)> {
    let document = read(text.as_bytes(), Dialect::Config);
    // A plan borrows what it is made of, and a test looks at it later.
    let wanted = named(inventory, wishes)?.leak();
    let (session, wishes) = (
        Box::leak(Box::new(session())),
        Box::leak(Box::new(wishes.clone())),
    );
    let nothing = Document::default();
    let plan = plan(&document, &nothing, session, inventory, wanted, wishes)?;
    let edited = edit(text.as_bytes(), &plan.edits)?;
    Ok((plan, String::from_utf8(edited.bytes).unwrap()))
}

#[test]
fn every_role_gets_a_profile_for_every_region_of_its_own() {
    let mut wishes = wishes();
    wishes.regions_for = vec![Choice::with_regions("ReadOnly@^Prod=eu-west-1,eu-west-2").unwrap()];
    let all = named(&everybody(), &wishes).unwrap();
    let all: Vec<String> = all
        .iter()
        .map(|one| format!("{} {}", one.name, one.described()))
        .collect();
    assert_eq!(
        all,
        [
            "000000000333.Admin Admin@000000000333 in us-east-1",
            "Prod-EU.Admin Admin@111111111111 in us-east-1",
            "Prod-EU.ReadOnly ReadOnly@111111111111 in eu-west-1",
            "Prod-EU.ReadOnly.euwe2 ReadOnly@111111111111 in eu-west-2",
        ]
    );
    wishes.regions.clear();
    wishes.include = vec![Choice::parse("Admin@").unwrap()];
    wishes.exclude = vec![Choice::parse("Prod").unwrap()];
    let all = named(&everybody(), &wishes).unwrap();
    let one = all.first().unwrap();
    assert_eq!(
        (one.name.as_str(), &one.region),
        ("000000000333.Admin", &None)
    );
    assert_eq!(all.len(), 1);
}

#[test]
fn choices_and_settings_that_mean_nothing_are_refused() {
    for text in ["", "@", "(", "(@x"] {
        assert!(Choice::parse(text).is_err(), "{text}");
    }
    for text in ["prod", "prod=", "prod=a,,b", "=a"] {
        assert!(Choice::with_regions(text).is_err(), "{text}");
    }
    assert_eq!(
        setting(" Output = json ").unwrap(),
        ("output".to_owned(), "json".to_owned())
    );
    for text in [
        "output",
        "sso_session=x",
        "region=x",
        "credential_process=x",
        "x_sso_session=x",
        "aws_access_key_id=x",
        "Role_ARN=x",
    ] {
        assert!(setting(text).is_err(), "{text}");
    }
}

#[test]
fn two_roles_of_one_name_are_both_named() {
    let twins = inventory(&[
        ("111111111111", "Prod EU", &["Admin"]),
        ("222222222222", "Prod-EU", &["Admin"]),
    ]);
    let error = named(&twins, &wishes()).unwrap_err();
    let (one, other) = ("Admin@111111111111", "Admin@222222222222");
    assert!(error.message().contains(one) && error.message().contains(other));
}

#[test]
fn what_is_written_once_is_nothing_to_do_the_second_time() {
    for shape in [Shape::Native, Shape::Helper("/opt/my sso".to_owned())] {
        let mut wishes = wishes();
        wishes.shape = shape;
        wishes.set = vec![setting("output=json").unwrap()];
        let (first, text) = planned("# mine\n", &everybody(), &wishes).unwrap();
        assert_eq!((first.new, first.changed), (3, 0));
        let (second, again) = planned(&text, &everybody(), &wishes).unwrap();
        assert_eq!((second.new, second.same, second.edits.len()), (0, 3, 0));
        assert_eq!(again, text);
    }
}

#[test]
fn the_two_shapes_are_never_in_one_profile() {
    let (_, native) = planned("", &everybody(), &wishes()).unwrap();
    let helper = Wishes {
        shape: Shape::Helper("/opt/my sso".to_owned()),
        ..wishes()
    };
    let (plan, text) = planned(&native, &everybody(), &helper).unwrap();
    assert_eq!(plan.changed, 3);
    assert!(!text.contains("\nsso_"), "{text}");
    let line = "credential_process = '/opt/my sso' credential-process --session corp \
                --account 000000000333 --role Admin\n";
    assert!(text.contains(line), "{text}");
    let (plan, text) = planned(&text, &everybody(), &wishes()).unwrap();
    assert_eq!(plan.changed, 3);
    assert!(!text.contains("credential_process"), "{text}");
}

#[test]
fn keys_of_the_user_stay_and_a_region_too_where_none_is_asked_for() {
    let (_, text) = planned("", &everybody(), &wishes()).unwrap();
    let text = text.replace("region = us-east-1\n", "region = eu-west-3\ncli_pager =\n");
    let mut wishes = wishes();
    wishes.regions.clear();
    let (plan, after) = planned(&text, &everybody(), &wishes).unwrap();
    assert_eq!((plan.same, after), (3, text));
}

#[test]
fn what_stands_in_the_way_is_named_and_nothing_is_planned() {
    let way = |profile: &str| {
        let text = format!("[profile Prod-EU.Admin]\n{profile}\n");
        planned(&text, &everybody(), &wishes()).map(|(plan, _)| plan)
    };
    let own = "sso_session = corp\nsso_account_id = 111111111111\nsso_role_name = Admin";
    let error = way(own).unwrap_err();
    assert!(error.message().contains("not generated by sso"), "{error}");
    for other in [
        "aws_access_key_id = A",
        "sso_session = other\nsso_account_id = 111111111111\nsso_role_name = Admin",
        "sso_session = corp\nsso_account_id = 111111111111\nsso_role_name = Other",
        "role_arn = x\nsource_profile = y",
        "x_sso_session = other\nsso_session = other",
        "",
    ] {
        let error = way(other).unwrap_err();
        assert!(
            error.message().contains("something else"),
            "{other}: {error}"
        );
    }
    assert!(way(&format!("{own}\n{MARK} = corp")).is_ok());
}

#[test]
fn other_generators_profiles_are_taken_over_where_that_is_wanted() {
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
    let adopting = Wishes {
        adopt: true,
        prune: true,
        ..wishes()
    };
    let (plan, after) = planned(&text, &everybody(), &adopting).unwrap();
    assert_eq!((plan.new, plan.adopted), (2, 2));
    assert_eq!(plan.pruned, ["lost"]);
    let document = read(after.as_bytes(), Dialect::Config);
    let taken = document.profile("Prod-EU.Admin").unwrap();
    let keys: Vec<&str> = taken.properties.iter().map(|it| it.key.as_str()).collect();
    assert!(keys.contains(&"output") && keys.contains(&MARK));
    assert!(!keys.contains(&"sso_start_url") && !keys.contains(&"credential_process"));
    let old = document.profile("old").unwrap();
    assert_eq!(old.value("sso_role_name"), Some("ReadOnly"));
    assert_eq!(old.get("common_fate_generated_from"), None);
    let elsewhere = document.profile("elsewhere").unwrap();
    assert_eq!(elsewhere.get(MARK), None);
    assert_eq!(document.profile("lost"), None);
}

#[test]
fn only_marked_profiles_go_whose_role_the_whole_listing_does_not_grant() {
    let (_, text) = planned("", &everybody(), &wishes()).unwrap();
    let text = text
        + "[profile mine]\nsso_session = corp\nsso_account_id = 999999999999\n\
           sso_role_name = Gone\n[profile other]\nx_sso_session = other\n\
           sso_session = other\nsso_account_id = 999999999999\nsso_role_name = Gone\n\
           [profile unclear]\nx_sso_session = corp\n";
    let now = inventory(&[("111111111111", "Prod EU", &["Admin", "ReadOnly"])]);
    let keeping = Wishes {
        include: vec![Choice::parse("ReadOnly@").unwrap()],
        ..wishes()
    };
    let (plan, after) = planned(&text, &now, &keeping).unwrap();
    assert_eq!((plan.pruned.len(), plan.kept, after), (0, 3, text.clone()));
    let pruning = Wishes {
        prune: true,
        ..keeping
    };
    let (plan, _) = planned(&text, &now, &pruning).unwrap();
    assert_eq!(plan.pruned, ["000000000333.Admin"]);
    // Somebody whom nothing is granted has more likely lost a group than everything.
    assert!(planned(&text, &inventory(&[]), &pruning).is_err());
}
