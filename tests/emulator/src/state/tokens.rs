//! Portal sessions and the tokens that hang on them: who gets which, and until when.
//!
//! Which HTTP error a refusal becomes is decided elsewhere.

use super::State;
use super::records::{Access, Client, Origin, PortalSession, Refresh};

/// Tokens just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    /// When the access token ends, in milliseconds.
    pub(crate) expires: u64,
}

impl State {
    /// The portal session of a user who signs in now: the living one, or a new one.
    pub(crate) fn sign_in(&mut self, start_url: &str, now: u64) -> String {
        let key = normal_url(start_url);
        let newest = self.newest_session.get(&key).cloned();
        if let Some(id) = newest.filter(|id| self.session_lives(id, now)) {
            return id;
        }
        let expires = later(now, self.options.portal_session_seconds);
        self.new_session(&key, expires)
    }

    /// Makes a portal session that ends at a given time.
    pub(crate) fn new_session(&mut self, start_url: &str, expires: u64) -> String {
        let id = self.ids.url_safe(1);
        self.sessions.insert(
            id.clone(),
            PortalSession {
                expires,
                ended: false,
            },
        );
        self.newest_session
            .insert(normal_url(start_url), id.clone());
        id
    }

    pub(crate) fn session_lives(&self, id: &str, now: u64) -> bool {
        self.sessions
            .get(id)
            .is_some_and(|session| !session.ended && session.expires > now)
    }

    /// The number of a sign-in that is complete now.
    pub(crate) fn count_sign_in(&mut self) -> u64 {
        self.sign_ins += 1;
        self.sign_ins
    }

    /// Where something comes from that is handed out now.
    pub(crate) fn origin(&mut self, sign_in: u64) -> Origin {
        self.handed_out += 1;
        Origin {
            sign_in,
            number: self.handed_out,
        }
    }

    /// Makes an access token that ends no later than its session does.
    pub(crate) fn issue_access(
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
        let expires = end.min(later(now, seconds));
        // The prefix is the real one; the length is near the real one.
        let token = format!("aoaAAAAA{}", self.ids.url_safe(6));
        let access = Access {
            origin: self.origin(sign_in),
            session: session.to_owned(),
            expires,
            revoked: false,
        };
        self.access.insert(token.clone(), access);
        (token, expires)
    }

    pub(crate) fn issue_refresh(&mut self, session: &str, sign_in: u64, client_id: &str) -> String {
        let token = format!("aorAAAAA{}", self.ids.url_safe(6));
        let refresh = Refresh {
            sign_in,
            session: session.to_owned(),
            client_id: client_id.to_owned(),
            spent: false,
        };
        self.refresh.insert(token.clone(), refresh);
        token
    }

    /// The tokens of a fresh sign-in.
    pub(crate) fn issue(
        &mut self,
        session: &str,
        client_id: &str,
        client: &Client,
        now: u64,
    ) -> Issued {
        let seconds = self.options.access_token_seconds;
        let sign_in = self.count_sign_in();
        let (access_token, expires) = self.issue_access(session, sign_in, seconds, now);
        let refresh_token = client
            .gets_refresh_token()
            .then(|| self.issue_refresh(session, sign_in, client_id));
        Issued {
            access_token,
            refresh_token,
            expires,
        }
    }

    /// The session of a valid access token.
    pub(crate) fn session_of(&self, token: &str, now: u64) -> Option<String> {
        let access = self.access.get(token)?;
        let good =
            !access.revoked && access.expires > now && self.session_lives(&access.session, now);
        good.then(|| access.session.clone())
    }

    /// Ends a session, and with it every token that hangs on it.
    pub(crate) fn end_session(&mut self, id: &str) {
        if let Some(session) = self.sessions.get_mut(id) {
            session.ended = true;
        }
    }

    pub(crate) fn kill_refresh_tokens(&mut self) {
        for refresh in self.refresh.values_mut() {
            refresh.spent = true;
        }
    }

    /// Ends every session; registrations stay.
    pub(crate) fn revoke_all(&mut self) {
        for session in self.sessions.values_mut() {
            session.ended = true;
        }
    }
}

/// `seconds` after `now`, however large the option is.
pub(crate) fn later(now: u64, seconds: u64) -> u64 {
    now.saturating_add(seconds.saturating_mul(1000))
}

/// The same start URL can be written with and without `/`, `#` or `#/` at its end.
fn normal_url(url: &str) -> String {
    url.trim_end_matches(['/', '#']).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_sign_in_inherits_the_end_of_the_living_session() {
        let mut state = State::default();
        let first = state.sign_in("https://d-1.awsapps.com/start", 1000);
        assert_eq!(
            state.sign_in("https://d-1.awsapps.com/start#/", 5000),
            first
        );
        let (_, expires) = state.issue_access(&first, 1, 28_800, 5000);
        assert_eq!(expires, 1000 + 28_800_000);
        assert_ne!(state.sign_in("https://d-2.awsapps.com/start", 5000), first);
        state.end_session(&first);
        assert_ne!(state.sign_in("https://d-1.awsapps.com/start", 6000), first);
    }

    #[test]
    fn a_token_dies_with_its_time_its_session_or_by_order() {
        let mut state = State::default();
        let session = state.sign_in("", 0);
        let (token, expires) = state.issue_access(&session, 1, 60, 0);
        assert!(state.session_of(&token, expires - 1).is_some());
        assert!(state.session_of(&token, expires).is_none());
        state.end_session(&session);
        assert!(state.session_of(&token, 0).is_none());
        assert!(state.session_of("other", 0).is_none());
    }
}
