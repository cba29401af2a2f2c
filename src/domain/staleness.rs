//! The one staleness rule of tokens, client registrations and role credentials.

use super::time::Timestamp;

/// Seconds left below which tokens, registrations and role credentials are stale (botocore's
/// refresh window).
pub const STALE_BELOW: i64 = 15 * 60;

impl Timestamp {
    /// Returns `true` if less than [`STALE_BELOW`] seconds are left.
    pub fn is_stale(self, now: Timestamp) -> bool {
        self.left(now) < STALE_BELOW
    }
}
