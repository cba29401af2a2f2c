//! Portal sessions and their tokens: issuing, validity, expiry.
//!
//! The service modules turn failures into HTTP errors.

use super::State;
use super::records::{AccessToken, ClientRegistration, PortalSession, Provenance, RefreshToken};

/// Newly issued tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IssuedTokens {
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    /// Expiry of the access token, in milliseconds.
    pub(crate) expires: u64,
}

impl State {
    /// Returns the portal session of a user who signs in now: the active one, or a new one.
    pub(crate) fn join_or_start_session(&mut self, start_url: &str, now: u64) -> String {
        let key = normalize_start_url(start_url);
        let newest = self.newest_sessions.get(&key).cloned();
        if let Some(id) = newest.filter(|id| self.is_session_active(id, now)) {
            return id;
        }
        let expires = expiry_after(now, self.options.portal_session_seconds);
        self.start_session(&key, expires)
    }

    /// Starts a portal session that expires at the given time.
    pub(crate) fn start_session(&mut self, start_url: &str, expires: u64) -> String {
        let id = self.ids.url_safe(1);
        self.sessions.insert(
            id.clone(),
            PortalSession {
                expires,
                ended: false,
            },
        );
        self.newest_sessions
            .insert(normalize_start_url(start_url), id.clone());
        id
    }

    pub(crate) fn is_session_active(&self, id: &str, now: u64) -> bool {
        self.sessions
            .get(id)
            .is_some_and(|session| !session.ended && session.expires > now)
    }

    /// Counts a completed sign-in and returns its number.
    pub(crate) fn next_sign_in(&mut self) -> u64 {
        self.sign_in_count += 1;
        self.sign_in_count
    }

    /// Returns the provenance of a token or key that is issued now.
    pub(crate) fn next_provenance(&mut self, sign_in: u64) -> Provenance {
        self.issued_count += 1;
        Provenance {
            sign_in,
            sequence: self.issued_count,
        }
    }

    /// Issues an access token that expires no later than its session.
    pub(crate) fn issue_access_token(
        &mut self,
        session: &str,
        sign_in: u64,
        seconds: u64,
        now: u64,
    ) -> (String, u64) {
        let end = self
            .sessions
            .get(session)
            .map_or(now, |session| session.expires);
        let expires = end.min(expiry_after(now, seconds));
        // Prefix of real tokens, and about their length.
        let token = format!("aoaAAAAA{}", self.ids.url_safe(6));
        let access = AccessToken {
            provenance: self.next_provenance(sign_in),
            session: session.to_owned(),
            expires,
            revoked: false,
        };
        self.access_tokens.insert(token.clone(), access);
        (token, expires)
    }

    pub(crate) fn issue_refresh_token(
        &mut self,
        session: &str,
        sign_in: u64,
        client_id: &str,
    ) -> String {
        let token = format!("aorAAAAA{}", self.ids.url_safe(6));
        let refresh = RefreshToken {
            sign_in,
            session: session.to_owned(),
            client_id: client_id.to_owned(),
            spent: false,
        };
        self.refresh_tokens.insert(token.clone(), refresh);
        token
    }

    /// Issues the tokens of a new sign-in.
    pub(crate) fn issue_tokens(
        &mut self,
        session: &str,
        client_id: &str,
        client: &ClientRegistration,
        now: u64,
    ) -> IssuedTokens {
        let seconds = self.options.access_token_seconds;
        let sign_in = self.next_sign_in();
        let (access_token, expires) = self.issue_access_token(session, sign_in, seconds, now);
        let refresh_token = client
            .can_refresh()
            .then(|| self.issue_refresh_token(session, sign_in, client_id));
        IssuedTokens {
            access_token,
            refresh_token,
            expires,
        }
    }

    /// Returns the session of an access token that is valid now.
    pub(crate) fn active_session(&self, token: &str, now: u64) -> Option<String> {
        let access = self.access_tokens.get(token)?;
        let good =
            !access.revoked && access.expires > now && self.is_session_active(&access.session, now);
        good.then(|| access.session.clone())
    }

    /// Ends a session and with it all of its tokens.
    pub(crate) fn end_session(&mut self, id: &str) {
        if let Some(session) = self.sessions.get_mut(id) {
            session.ended = true;
        }
    }

    pub(crate) fn revoke_refresh_tokens(&mut self) {
        for refresh in self.refresh_tokens.values_mut() {
            refresh.spent = true;
        }
    }

    /// Ends every session; client registrations stay.
    pub(crate) fn end_all_sessions(&mut self) {
        for session in self.sessions.values_mut() {
            session.ended = true;
        }
    }
}

/// Returns the time `seconds` after `now`, saturating for very large options.
pub(crate) fn expiry_after(now: u64, seconds: u64) -> u64 {
    now.saturating_add(seconds.saturating_mul(1000))
}

/// Normalizes a start URL, which can be written with or without a final `/`, `#` or `#/`.
fn normalize_start_url(url: &str) -> String {
    url.trim_end_matches(['/', '#']).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_sign_in_inherits_the_expiry_of_the_active_session() {
        let mut state = State::default();
        let first = state.join_or_start_session("https://d-1.awsapps.com/start", 1000);
        assert_eq!(
            state.join_or_start_session("https://d-1.awsapps.com/start#/", 5000),
            first
        );
        let (_, expires) = state.issue_access_token(&first, 1, 28_800, 5000);
        assert_eq!(expires, 1000 + 28_800_000);
        assert_ne!(
            state.join_or_start_session("https://d-2.awsapps.com/start", 5000),
            first
        );
        state.end_session(&first);
        assert_ne!(
            state.join_or_start_session("https://d-1.awsapps.com/start", 6000),
            first
        );
    }

    #[test]
    fn an_access_token_ends_at_its_expiry_or_with_its_session() {
        let mut state = State::default();
        let session = state.join_or_start_session("", 0);
        let (token, expires) = state.issue_access_token(&session, 1, 60, 0);
        assert!(state.active_session(&token, expires - 1).is_some());
        assert!(state.active_session(&token, expires).is_none());
        state.end_session(&session);
        assert!(state.active_session(&token, 0).is_none());
        assert!(state.active_session("other", 0).is_none());
    }
}
