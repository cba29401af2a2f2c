//! Timestamps in whole seconds, in the formats that the AWS tools write.
//!
//! Supports UTC and fixed offsets, no time zones. A date crate would cost more start-up time than
//! the one parse and one format that a warm call needs.

use std::fmt;

/// Seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Returns the seconds from `now` until this instant, negative once it has passed.
    pub fn left(self, now: Timestamp) -> i64 {
        self.0.saturating_sub(now.0)
    }

    /// Returns `true` if the instant has passed.
    pub fn is_past(self, now: Timestamp) -> bool {
        self.left(now) <= 0
    }

    /// Returns the instant `seconds` later.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Timestamp {
        Timestamp(self.0.saturating_add(seconds))
    }

    /// Parses the formats of ISO 8601 that the AWS CLI reads: extended (`2019-11-14T04:05:45Z`) or
    /// basic (`20191114T040545Z`), with or without seconds and a fraction, a space instead of `T`,
    /// and as the zone `Z`, `UTC`, `GMT`, `+00:00`, `+0000`, `+00`, or none, which means UTC.
    pub fn parse(text: &str) -> Option<Timestamp> {
        let mut rest = Digits(text.trim().as_bytes());
        let year = rest.number(4)?;
        let extended_date = rest.skip(b"-");
        let month = rest.number(2)?;
        if extended_date && !rest.skip(b"-") {
            return None;
        }
        let day = rest.number(2)?;
        if !rest.skip(b"Tt ") {
            return None;
        }
        let hour = rest.number(2)?;
        let extended_time = rest.skip(b":");
        let minute = rest.number(2)?;
        let has_second = match extended_time {
            true => rest.skip(b":"),
            false => rest.0.first().is_some_and(u8::is_ascii_digit),
        };
        let second = if has_second { rest.number(2)? } else { 0 };
        let is_valid = matches!((month, day), (1..=12, 1..=31));
        if !is_valid || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        if has_second && rest.skip(b".,") {
            rest.number(1)?;
            while rest.number(1).is_some() {}
        }
        let offset = offset_seconds(rest.0.trim_ascii_start())?;
        let days = days_from_civil(year, month, day);
        Some(Timestamp(
            days * 86_400 + hour * 3600 + minute * 60 + second - offset,
        ))
    }
}

/// The part of a text that is still to be parsed.
struct Digits<'a>(&'a [u8]);

impl Digits<'_> {
    /// Parses a number of exactly this many digits.
    fn number(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let parsed = number(digits)?;
        self.0 = rest;
        Some(parsed)
    }

    /// Skips one of these bytes. Returns `false` if another one follows.
    fn skip(&mut self, allowed: &[u8]) -> bool {
        match self.0 {
            [first, rest @ ..] if allowed.contains(first) => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }
}

/// Parses decimal digits.
fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |sum, byte| {
        let digit = char::from(*byte).to_digit(10)?;
        Some(sum * 10 + i64::from(digit))
    })
}

/// Parses the zone of a timestamp, in seconds east of UTC.
fn offset_seconds(zone: &[u8]) -> Option<i64> {
    let (sign, digits) = match zone {
        b"" | b"Z" | b"z" | b"UTC" | b"GMT" => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match *digits {
        [a, b] => (number(&[a, b])?, 0),
        [a, b, c, d] | [a, b, b':', c, d] => (number(&[a, b])?, number(&[c, d])?),
        _ => return None,
    };
    Some(sign * (hours * 3600 + minutes * 60))
}

/// Returns the days since 1970-01-01 of a proleptic Gregorian date. Counts in 400-year eras that
/// begin in March, so that the leap day is the last day of its year.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = (shifted + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

/// Formats as `YYYY-MM-DDTHH:MM:SSZ`, the only format that every AWS tool reads.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A file may contain any instant. Clamp it to four-digit years, which can be parsed again.
        let seconds = self.0.clamp(-62_167_219_200, 253_402_300_799);
        let (year, month, day) = civil_from_days(seconds.div_euclid(86_400));
        let second = seconds.rem_euclid(86_400);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        )
    }
}

/// Formats a duration in at most two units: `2d 3h`, `7h 32m`, `12m`, `45s`.
pub fn format_duration(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}s"),
        (0, 0, m) => format!("{m}m"),
        (0, h, m) => format!("{h}h {m:02}m"),
        (d, h, _) => format!("{d}d {h}h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_that_the_aws_cli_reads_is_read() {
        let expected = Some(Timestamp(1_573_704_345));
        for text in [
            "2019-11-14T04:05:45Z",
            "2019-11-14T04:05:45UTC",
            "2019-11-14T04:05:45.123Z",
            "2019-11-14T04:05:45.123456789Z",
            "2019-11-14T04:05:45+00:00",
            "2019-11-14T06:05:45+02:00",
            "2019-11-14T06:05:45+0200",
            "2019-11-13T23:05:45-05",
            "2019-11-14 04:05:45",
            "2019-11-14T04:05:45",
            " 2019-11-14t04:05:45z ",
            "2019-11-14T04:05:45 +00:00",
            "2019-11-14T04:05:45 GMT",
            "20191114T040545Z",
            "20191114T060545.5+0200",
            "20191114 040545",
            "2019-11-14T040545Z",
            "20191114T04:05:45Z",
        ] {
            assert_eq!(Timestamp::parse(text), expected, "{text}");
        }
        for text in [
            "2019-11-14T04:05Z",
            "20191114T0405Z",
            "2019-11-14 06:05+02:00",
        ] {
            let without_seconds = Some(Timestamp(1_573_704_300));
            assert_eq!(Timestamp::parse(text), without_seconds, "{text}");
        }
        for text in [
            "",
            "now",
            "1573704345",
            "20191114",
            "2019-1114T04:05:45Z",
            "2019-11-14T04:05:4",
            "20191114T04054Z",
            "2019-11-14T04:05.5Z",
            "2019-11-14",
            "2019-13-14T04:05:45Z",
            "2019-11-14T04:05:45.Z",
            "2019-11-14T04:05:45CET",
            "2019-11-14T4:05:45Z",
            "2019-11-14T04:05:4éZ",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read_again(seconds in -62_167_219_200i64..=253_402_300_799) {
            let text = Timestamp(seconds).to_string();
            proptest::prop_assert_eq!(Timestamp::parse(&text), Some(Timestamp(seconds)));
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let _ = Timestamp::parse(&text);
        }

        #[test]
        fn no_instant_panics(seconds: i64) {
            let _ = Timestamp(seconds).to_string();
        }
    }
}
