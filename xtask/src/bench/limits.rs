//! Limits for figures. A figure above its limit fails the run.

use super::figures::Figures;

/// Limits by the name of the figure.
///
/// System calls vary between versions of the C library and the kernel, so their limits allow
/// four more than measured. Opening one more file or starting a runtime takes more than four.
const LIMITS: [(&str, f64); 22] = [
    ("binary", 6_000_000.0),
    ("peak memory, warm call", 6_144.0),
    ("calls: credential-process, options complete", 44.0),
    ("calls: credential-process, by profile", 50.0),
    ("calls: credential-process, last of 10,000 profiles", 76.0),
    ("calls: env, by profile", 50.0),
    ("calls: exec, by profile", 48.0),
    ("calls: hook-env, entering", 82.0),
    ("calls: prompt", 42.0),
    ("requests: cold call", 1.0),
    ("requests: cold call with a refresh", 2.0),
    ("requests: warm call", 0.0),
    ("100 callers, expired: refreshes", 1.0),
    ("100 callers, expired: fetches", 1.0),
    ("100 callers, revoked: refreshes", 1.0),
    ("picker: multiple of an empty program", 20.0),
    ("populate: multiple of an empty program", 40.0),
    ("listing: percent of the minimum time", 110.0),
    ("listing: accepted requests", 1_010.0),
    ("listing: rejected requests", 101.0),
    ("listing: missing rows", 0.0),
    ("listing: max_result outside 1..100", 0.0),
];

/// Compares figures with their limits.
///
/// # Errors
///
/// If a figure is above its limit or missing.
pub(super) fn check(figures: &Figures) -> Result<(), String> {
    let mut violations = Vec::new();
    for (name, limit) in LIMITS {
        match figures.value(name) {
            Some(value) if value > limit => {
                violations.push(format!("{name}: {value} is above the limit {limit}"));
            }
            Some(_) => {}
            None => violations.push(format!("{name}: not measured")),
        }
    }
    if violations.is_empty() {
        println!("all {} figures are within their limits", LIMITS.len());
        Ok(())
    } else {
        Err(violations.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::figures::Figures;
    use super::{LIMITS, check};

    #[test]
    fn figures_above_their_limit_and_missing_ones_are_reported() {
        let mut figures = Figures::default();
        for (name, limit) in LIMITS.iter().skip(1) {
            figures.time("x", *name, *limit, None);
        }
        assert!(check(&figures).is_err_and(|why| why == "binary: not measured"));
        figures.count("x", "binary", 6_000_001, "bytes");
        assert!(check(&figures).is_err_and(|why| why.contains("6000001")));
    }
}
