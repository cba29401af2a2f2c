//! Generates identifiers and tokens that look like real ones.
//!
//! They are unique but not cryptographically random: this server protects nothing.

use std::hash::{BuildHasher, Hasher, RandomState};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// Generator of unique values, seeded from the standard library's random hash keys.
#[derive(Debug)]
pub(crate) struct IdGenerator {
    seed: [u64; 2],
    counter: u64,
}

impl Default for IdGenerator {
    fn default() -> Self {
        let word = || RandomState::new().build_hasher().finish();
        Self {
            seed: [word(), word()],
            counter: 0,
        }
    }
}

impl IdGenerator {
    fn bytes(&mut self) -> [u8; 32] {
        self.counter += 1;
        let mut hash = Sha256::new();
        for word in [self.seed[0], self.seed[1], self.counter] {
            hash.update(word.to_be_bytes());
        }
        hash.finalize().into()
    }

    /// Returns `words` times 43 characters of URL-safe base64.
    pub(crate) fn url_safe(&mut self, words: usize) -> String {
        (0..words)
            .map(|_| URL_SAFE_NO_PAD.encode(self.bytes()))
            .collect()
    }

    /// Returns `words` times 32 bytes in standard base64, whose `+`, `/` and `=` break a program
    /// that forgets to quote or encode.
    pub(crate) fn base64(&mut self, words: usize) -> String {
        let bytes: Vec<u8> = (0..words).flat_map(|_| self.bytes()).collect();
        STANDARD.encode(bytes)
    }

    /// Returns `count` letters (at most 32) of an alphabet without look-alikes.
    pub(crate) fn letters(&mut self, count: usize) -> String {
        const ALPHABET: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";
        let bytes = self.bytes();
        let pick = |byte: &u8| ALPHABET.get(usize::from(*byte) % ALPHABET.len()).copied();
        bytes
            .iter()
            .take(count)
            .filter_map(pick)
            .map(char::from)
            .collect()
    }

    /// Returns a user code such as `BCDF-GHJK`.
    pub(crate) fn user_code(&mut self) -> String {
        format!("{}-{}", self.letters(4), self.letters(4))
    }
}

/// Returns the PKCE challenge of a verifier, method S256 (RFC 7636 §4.2).
pub(crate) fn pkce_challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pkce_challenge_matches_rfc_7636() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(
            pkce_challenge(verifier),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn values_are_unique_and_have_their_length() {
        let mut ids = IdGenerator::default();
        assert_ne!(ids.url_safe(1), ids.url_safe(1));
        assert_eq!(ids.url_safe(2).len(), 86);
        assert_eq!(ids.user_code().len(), 9);
    }
}
