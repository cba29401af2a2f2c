//! Which Debian archive this computer uses.
//!
//! Asked of apt at run time: whoever runs the checks may have a mirror of their own, and
//! no host name belongs in this repository.

use crate::run::{command, output};
use std::path::Path;

/// The archive that serves the system's main packages, such as `http://HOST/debian/`.
pub(super) fn of_this_system() -> Result<String, String> {
    let format = "$(REPO_URI) $(RELEASE) $(COMPONENT)";
    let mut apt = command("apt-get", Path::new("/"));
    let targets = output(apt.args(["indextargets", "--format", format, "Created-By: Packages"]))?;
    main_archive(&targets).ok_or_else(|| "apt knows no Debian archive".to_string())
}

/// The first repository with a `main` component that also serves its suite's `-updates`:
/// other vendors' repositories use Debian's suite names too, but have no such pair, and
/// the security archive has no other suites. Failing that, one in a folder `debian`.
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
    fn a_lone_suite_is_recognised_by_its_folder() {
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
    fn no_archive_is_not_guessed() {
        assert_eq!(
            main_archive("https://vendor.example/apt/ stable main\n"),
            None
        );
    }
}
