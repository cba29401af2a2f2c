//! The sections at hand: all of both files, or the part a hot command needs.

use super::config::Document;
use super::profile::Profile;

/// What has been read of `~/.aws/config` and `~/.aws/credentials`.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Sections of the config file.
    pub config: &'a Document,
    /// Sections of the credentials file, whose keys lie over the config's.
    pub credentials: &'a Document,
    /// Path of the config file, for messages.
    pub config_path: &'a str,
    /// Path of the credentials file, for messages.
    pub credentials_path: &'a str,
    /// Whether the files were looked at at all.
    pub read: bool,
}

impl View<'_> {
    /// Names of the profiles, the first few of them.
    pub fn profile_names(&self, most: usize) -> Vec<String> {
        let profiles = Profile::all(self);
        profiles
            .iter()
            .take(most)
            .map(Profile::shown_name)
            .collect()
    }

    /// A profile whose name is nearly this one.
    pub fn similar_profile(&self, name: &str) -> Option<String> {
        let mut best: Option<(usize, String)> = None;
        for candidate in self.profile_names(usize::MAX) {
            let distance = edit_distance(name, &candidate);
            if distance <= 2.min(name.len() / 2)
                && best.as_ref().is_none_or(|(least, _)| distance < *least)
            {
                best = Some((distance, candidate));
            }
        }
        best.map(|(_, name)| name)
    }
}

/// Levenshtein distance over bytes, cut off for long names because only near misses count.
fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > 2 || a.len() > 128 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let swap = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = swap.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::edit_distance;

    #[test]
    fn distances() {
        assert_eq!(edit_distance("prod", "prdo"), 2);
        assert_eq!(edit_distance("dev", "devv"), 1);
        assert_eq!(edit_distance("a", "a"), 0);
    }
}
