//! Access tokens and client registrations.

use std::io;

use crate::domain::cache::key::SessionKey;
use crate::domain::session::definition::Session;
use crate::domain::session::registration::Registration;
use crate::domain::session::token::{StoredToken, TokenFile};
use crate::error::Result;
use crate::os::atomic::Pending;

use super::Store;
use super::item::Item;

/// Space for a session's new token. Dropping it releases the space.
pub struct TokenReservation<'a> {
    store: &'a Store,
    session: &'a Session,
    pending: Pending,
}

impl TokenReservation<'_> {
    /// Stores the token in the reserved space. A disk that fails once gets another chance,
    /// because the server has spent the old token.
    pub fn commit(self, token: &StoredToken) -> io::Result<()> {
        let text = token.to_json(self.session);
        let item = Item::Token(&self.session.key());
        let stored = self.pending.commit(text.as_bytes());
        stored.or_else(|_| self.store.write(item, &text))
    }
}

impl Store {
    /// Reads a session's token.
    pub fn token(&self, key: &SessionKey) -> Result<TokenFile> {
        let item = Item::Token(key);
        let parse = |bytes: &[u8]| StoredToken::parse(bytes).map(TokenFile::Token);
        let corrupt = TokenFile::Corrupt(self.location(item));
        self.read(item, parse, TokenFile::Missing, corrupt)
    }

    /// Reads a session's registration. A corrupt one counts as absent, because registering again
    /// replaces it.
    pub fn registration(&self, session: &Session) -> Result<Option<Registration>> {
        let parse = |bytes: &[u8]| Registration::parse(bytes).map(Some);
        self.read(Item::Registration(session), parse, None, None)
    }

    /// Stores a session's registration.
    pub fn write_registration(
        &self,
        session: &Session,
        registration: &Registration,
    ) -> io::Result<()> {
        self.write(Item::Registration(session), &registration.to_json())
    }

    /// Reserves space for a session's token, before a refresh token is spent: if its successor
    /// could not be stored, the old token is better kept. The caller holds the token lock.
    pub fn reserve_token<'a>(&'a self, session: &'a Session) -> io::Result<TokenReservation<'a>> {
        let key = session.key();
        self.sweep(Item::Token(&key));
        Ok(TokenReservation {
            store: self,
            session,
            pending: self.reserve(Item::Token(&key))?,
        })
    }

    /// Checks that a token can be stored, without the token lock: a user should hear before a
    /// sign-in that its result would be lost.
    pub fn check_token_writable(&self, key: &SessionKey) -> io::Result<()> {
        self.reserve(Item::Token(key)).map(drop)
    }

    /// Stores a session's token, at a second attempt if the first fails, rather than ask the user
    /// to sign in again. The caller holds the token lock.
    pub fn write_token(&self, session: &Session, token: &StoredToken) -> io::Result<()> {
        let key = session.key();
        let item = Item::Token(&key);
        self.sweep(item);
        let text = token.to_json(session);
        self.write(item, &text).or_else(|_| self.write(item, &text))
    }

    fn reserve(&self, item: Item) -> io::Result<Pending> {
        Pending::reserve(&self.path(item), self.owner())
    }
}
