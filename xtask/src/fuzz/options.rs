//! The words after `cargo xtask fuzz`.

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Options {
    /// In the order in which they are run.
    pub(super) targets: Vec<String>,
    runs: Option<u64>,
    seconds: Option<u64>,
}

/// For each target, where nothing is said.
const SECONDS: u64 = 60;

impl Options {
    pub(super) fn parse(words: &[&str], known: &[String]) -> Result<Options, String> {
        let mut options = Options {
            targets: Vec::new(),
            runs: None,
            seconds: None,
        };
        let mut words = words.iter();
        while let Some(&word) = words.next() {
            let number = match word {
                "--runs" => &mut options.runs,
                "--seconds" => &mut options.seconds,
                name if known.iter().any(|known| known == name) => {
                    options.targets.push(name.to_owned());
                    continue;
                }
                other => {
                    let known = known.join(" ");
                    return Err(format!("there is no target {other:?}; there are: {known}"));
                }
            };
            let value = words.next().map(|text| text.replace('_', ""));
            let value = value.and_then(|text| text.parse().ok());
            *number = Some(value.ok_or_else(|| format!("{word} needs a number"))?);
        }
        if options.targets.is_empty() {
            options.targets = known.to_vec();
        }
        Ok(options)
    }

    /// In the fuzzer's own words.
    pub(super) fn limits(&self) -> Vec<String> {
        let runs = self.runs.map(|runs| format!("-runs={runs}"));
        let seconds = match (self.seconds, self.runs) {
            (None, Some(_)) => None,
            (seconds, _) => Some(format!("-max_total_time={}", seconds.unwrap_or(SECONDS))),
        };
        runs.into_iter().chain(seconds).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Options;

    fn limits(words: &[&str]) -> Result<(Vec<String>, Vec<String>), String> {
        let known = ["config".to_owned(), "token".to_owned()];
        Options::parse(words, &known).map(|options| (options.limits(), options.targets))
    }

    #[test]
    fn one_target_or_all_until_a_count_or_a_time() {
        let all = vec!["config".to_owned(), "token".to_owned()];
        assert_eq!(
            limits(&[]),
            Ok((vec!["-max_total_time=60".into()], all.clone()))
        );
        assert_eq!(
            limits(&["token", "--runs", "10_000"]),
            Ok((vec!["-runs=10000".into()], all[1..].to_vec()))
        );
        let both = vec!["-runs=5".into(), "-max_total_time=7".into()];
        assert_eq!(limits(&["--seconds", "7", "--runs", "5"]), Ok((both, all)));
        assert!(limits(&["tokens"]).is_err_and(|why| why.contains("config token")));
        assert!(limits(&["--runs"]).is_err());
    }
}
