//! The recorded limits. A figure above its limit fails the run; whoever has a reason to
//! raise one does it here, where a reviewer sees it.

use super::figures::Figures;

/// The names are those of the table. System calls differ a little between versions of the
/// C library and the kernel, so their limits leave room for four; one more file opened and
/// closed, or a runtime started, is more than that.
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
    ("100 callers, dead: refreshes", 1.0),
    ("picker: times an empty program", 20.0),
    ("populate: times an empty program", 40.0),
    ("listing: per cent of that time", 110.0),
    ("listing: requests that passed", 1_010.0),
    ("listing: requests that were refused", 101.0),
    ("listing: rows that are missing", 0.0),
    ("listing: max_result outside 1..100", 0.0),
];

/// Compares the figures that were measured with their limits.
pub(super) fn check(figures: &Figures) -> Result<(), String> {
    let mut above = Vec::new();
    for (name, limit) in LIMITS {
        match figures.value(name) {
            Some(value) if value > limit => {
                above.push(format!("{name}: {value}, and the limit is {limit}"));
            }
            Some(_) => {}
            None => above.push(format!("{name}: not measured")),
        }
    }
    if above.is_empty() {
        println!("all {} limits hold", LIMITS.len());
        Ok(())
    } else {
        Err(above.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::figures::Figures;
    use super::{LIMITS, check};

    #[test]
    fn a_figure_above_its_limit_or_missing_is_named() {
        let mut figures = Figures::default();
        for (name, limit) in LIMITS.iter().skip(1) {
            figures.time("x", *name, *limit, None);
        }
        assert!(check(&figures).is_err_and(|why| why == "binary: not measured"));
        figures.count("x", "binary", 6_000_001, "bytes");
        assert!(check(&figures).is_err_and(|why| why.contains("6000001")));
    }
}
