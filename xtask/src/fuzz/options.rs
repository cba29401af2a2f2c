//! The arguments of `cargo xtask fuzz`.

#[derive(Debug, PartialEq, Eq)]
pub(super) struct FuzzOptions {
    /// Names, in the order in which they run.
    pub(super) targets: Vec<String>,
    runs: Option<u64>,
    seconds: Option<u64>,
}

/// Time per target if neither a time nor a count is given.
const DEFAULT_SECONDS: u64 = 60;

impl FuzzOptions {
    /// Parses `[TARGET…] [--runs N] [--seconds S]`.
    pub(super) fn parse(args: &[&str], known: &[String]) -> Result<FuzzOptions, String> {
        let mut options = FuzzOptions {
            targets: Vec::new(),
            runs: None,
            seconds: None,
        };
        let mut args = args.iter();
        while let Some(&arg) = args.next() {
            let number = match arg {
                "--runs" => &mut options.runs,
                "--seconds" => &mut options.seconds,
                name if known.iter().any(|known| known == name) => {
                    options.targets.push(name.to_owned());
                    continue;
                }
                other => {
                    let known = known.join(" ");
                    return Err(format!(
                        "unknown target {other:?}; expected one of: {known}"
                    ));
                }
            };
            let value = args.next().map(|text| text.replace('_', ""));
            let value = value.and_then(|text| text.parse().ok());
            *number = Some(value.ok_or_else(|| format!("{arg} needs a number"))?);
        }
        if options.targets.is_empty() {
            options.targets = known.to_vec();
        }
        Ok(options)
    }

    /// The limits as options of libFuzzer.
    pub(super) fn limits(&self) -> Vec<String> {
        let runs = self.runs.map(|runs| format!("-runs={runs}"));
        let seconds = match (self.seconds, self.runs) {
            (None, Some(_)) => None,
            (seconds, _) => Some(format!(
                "-max_total_time={}",
                seconds.unwrap_or(DEFAULT_SECONDS)
            )),
        };
        runs.into_iter().chain(seconds).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::FuzzOptions;

    fn limits(args: &[&str]) -> Result<(Vec<String>, Vec<String>), String> {
        let known = ["config".to_owned(), "token".to_owned()];
        FuzzOptions::parse(args, &known).map(|options| (options.limits(), options.targets))
    }

    #[test]
    fn targets_and_limits_are_parsed() {
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
