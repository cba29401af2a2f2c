//! Tests of console URLs: hosts of every partition, and URLs that must be rejected.

use super::*;
use crate::domain::time::Timestamp;

#[test]
fn every_partition_has_hosts_of_its_own() {
    for (region, domain) in [
        ("us-east-1", "aws.amazon.com"),
        ("eu-west-1", "aws.amazon.com"),
        ("eu-isolated-1", "aws.amazon.com"),
        ("cn-north-1", "amazonaws.cn"),
        ("us-gov-west-1", "amazonaws-us-gov.com"),
        ("eusc-de-east-1", "amazonaws-eusc.eu"),
        ("us-iso-east-1", "c2shome.ic.gov"),
        ("us-isob-east-1", "sc2shome.sgov.gov"),
        ("us-isof-south-1", "csphome.hci.ic.gov"),
        ("eu-isoe-west-1", "csphome.adc-e.uk"),
    ] {
        let endpoints = ConsoleEndpoints::of(region).unwrap();
        let signin = format!("https://{region}.signin.{domain}/federation");
        assert_eq!(endpoints.federation(), signin);
        let home = endpoints.destination("s3").unwrap();
        let expected = format!("https://{region}.console.{domain}/s3/home?region={region}");
        assert_eq!(home, expected);
        assert!(endpoints.destination(&home).is_ok());
    }
    for bad in ["", "eu-west-1.evil.com", "EU-WEST-1", "a/b", "-x", "é"] {
        assert!(ConsoleEndpoints::of(bad).is_err(), "{bad}");
    }
}

#[test]
fn destinations() {
    let endpoints = ConsoleEndpoints::of("eu-west-1").unwrap();
    let with_region = "/lambda/home?region=us-east-1#/functions";
    let base = "https://eu-west-1.console.aws.amazon.com";
    for (wanted, page) in [
        ("s3", "/s3/home?region=eu-west-1"),
        ("/", "/console/home?region=eu-west-1"),
        ("/s3", "/s3?region=eu-west-1"),
        ("lambda/home", "/lambda/home?region=eu-west-1"),
        (with_region, with_region),
        (
            "/ec2/home#Instances:",
            "/ec2/home?region=eu-west-1#Instances:",
        ),
        ("/a?b=c#d?e", "/a?b=c&region=eu-west-1#d?e"),
    ] {
        let destination = endpoints.destination(wanted).unwrap();
        assert_eq!(destination, format!("{base}{page}"), "{wanted}");
    }
    let whole = "https://s3.console.aws.amazon.com/s3/buckets/x?region=us-east-1#a";
    assert_eq!(endpoints.destination(whole).unwrap(), whole);
    for bad in [
        "",
        " ",
        "a b",
        "x\u{1b}[0m",
        "http://console.aws.amazon.com/",
        "https://evil.com/",
        "https://evilconsole.aws.amazon.com/",
        "https://console.aws.amazon.com.evil.com/",
        "https://console.aws.amazon.com@evil.com/",
        "javascript://console.aws.amazon.com/",
    ] {
        assert!(endpoints.destination(bad).is_err(), "{bad}");
    }
}

#[test]
fn links_of_the_portal() {
    let link = "https://corp.awsapps.com/start/#/console?account_id=111122223333&role_name=Admin";
    for start in [
        "https://corp.awsapps.com/start",
        "https://corp.awsapps.com/start/",
        "https://corp.awsapps.com/start#/",
        "https://corp.awsapps.com/start/#",
    ] {
        assert_eq!(portal_link(start, "111122223333", "Admin", None), link);
    }
    let page = Some("https://x/?a=b#c");
    assert_eq!(
        portal_link("https://sso.example.com", "1", "a b&c=d#é", page),
        "https://sso.example.com/#/console?account_id=1&role_name=a%20b%26c%3Dd%23%C3%A9&destination=https%3A%2F%2Fx%2F%3Fa%3Db%23c"
    );
}

#[test]
fn sign_in_addresses() {
    let endpoints = ConsoleEndpoints::of("eu-west-1").unwrap();
    let token = Secret::new("a+/=b");
    let login = endpoints.login(&token, "https://x/?a=b", "https://corp/start", false);
    assert_eq!(
        login.expose(),
        "https://eu-west-1.signin.aws.amazon.com/federation?Action=login&Issuer=https%3A%2F%2Fcorp%2Fstart&Destination=https%3A%2F%2Fx%2F%3Fa%3Db&SigninToken=a%2B%2F%3Db"
    );
    let out = endpoints.login(&token, "https://x/?a=b", "https://corp/start", true);
    let logout = "https://eu-west-1.signin.aws.amazon.com/oauth?Action=logout&redirect_uri=";
    let expected = format!("{logout}{}", encoded(login.expose()));
    assert_eq!(out.expose(), expected);
}

#[test]
fn the_form_holds_the_credentials_once() {
    let credentials = RoleCredentials::for_test("ASIA", "a/b", "c+d", Timestamp(0));
    assert_eq!(
        federation_form(&credentials, None).expose(),
        "Action=getSigninToken&Session=%7B%22sessionId%22%3A%22ASIA%22%2C%22sessionKey%22%3A%22a%2Fb%22%2C%22sessionToken%22%3A%22c%2Bd%22%7D"
    );
    let form = federation_form(&credentials, Some(90));
    assert!(form.expose().contains("&SessionDuration=5400&"));
}

#[test]
fn durations() {
    for (text, minutes) in [
        ("15", 15),
        ("90", 90),
        ("90m", 90),
        ("8h", 480),
        ("1h30m", 90),
        ("1h30", 90),
        ("12h", 720),
        ("720", 720),
    ] {
        assert_eq!(duration(text), Ok(minutes), "{text}");
    }
    let with_hours = ["13h", "h", "1hm", "99999999999h", "12h1m", "1h h"];
    let others = ["", "0", "14", "721", "m", "-5", "1d"];
    for bad in with_hours.iter().chain(&others) {
        assert!(duration(bad).is_err(), "{bad}");
    }
}

#[test]
fn containers() {
    assert_eq!(
        in_container("http://127.0.0.1:1/x", "prod & more"),
        "ext+container:name=prod%20%26%20more&url=http%3A%2F%2F127.0.0.1%3A1%2Fx"
    );
}
