//! Finds the Debian archive that this computer uses.
//!
//! apt is asked at run time, because the computer may use a mirror, and host names of registries
//! do not belong in this repository.

use crate::process::{command, output};
use std::path::Path;

/// Returns the URL of the archive with the main packages, such as `http://HOST/debian/`.
pub(super) fn main_archive_url() -> Result<String, String> {
    let format = "$(REPO_URI) $(RELEASE) $(COMPONENT)";
    let mut apt = command("apt-get", Path::new("/"));
    let targets = output(apt.args(["indextargets", "--format", format, "Created-By: Packages"]))?;
    main_archive(&targets).ok_or_else(|| "apt is configured with no Debian archive".to_string())
}

/// Returns the first repository that has a `main` component and also its suite's `-updates`, or
/// else one in a folder `debian`.
///
/// Other vendors' repositories use Debian's suite names but have no such pair, and the security
/// archive has only one suite.
fn main_archive(targets: &str) -> Option<String> {
    let rows: Vec<(&str, &str)> = targets.lines().filter_map(row).collect();
    let has_updates = |(uri, suite): &(&str, &str)| {
        let updates = format!("{suite}-updates");
        rows.iter()
            .any(|(other, name)| other == uri && *name == updates)
    };
    let is_debian = |(uri, _): &(&str, &str)| uri.trim_end_matches('/').ends_with("/debian");
    let found = rows.iter().find(|row| has_updates(row));
    found
        .or_else(|| rows.iter().find(|row| is_debian(row)))
        .map(|(uri, _)| (*uri).to_string())
}

/// Parses a line `URI SUITE main`.
fn row(line: &str) -> Option<(&str, &str)> {
    match line.split(' ').collect::<Vec<&str>>()[..] {
        [uri, suite, "main"] => Some((uri, suite)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::main_archive;

    #[test]
    fn the_archive_with_updates_is_the_main_one() {
        let targets = "\
https://vendor.example/apt/ stable main
http://mirror.example/debian-security/ stable-security main
http://mirror.example/archive/ stable contrib
http://mirror.example/archive/ stable main
http://mirror.example/archive/ stable-updates main
";
        assert_eq!(
            main_archive(targets).as_deref(),
            Some("http://mirror.example/archive/")
        );
    }

    #[test]
    fn a_single_suite_is_recognised_by_its_folder() {
        let targets = "\
https://vendor.example/apt/ stable main
http://mirror.example/debian/ stable main
";
        assert_eq!(
            main_archive(targets).as_deref(),
            Some("http://mirror.example/debian/")
        );
    }

    #[test]
    fn no_archive_is_found_among_other_repositories() {
        assert_eq!(
            main_archive("https://vendor.example/apt/ stable main\n"),
            None
        );
    }
}
