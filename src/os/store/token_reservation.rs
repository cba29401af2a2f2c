//! Space that is reserved on disk for a session's next token, before its refresh token is spent.

use std::io;

use crate::domain::cache::key::SessionKey;
use crate::domain::session::definition::Session;
use crate::domain::session::token::StoredToken;
use crate::os::atomic::Pending;
use crate::os::file;

use super::Store;
use super::item::{MAX_ITEM, StoredItem};

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
        let item = StoredItem::Token(&self.session.key());
        file::check_size(text.len() as u64, MAX_ITEM)?;
        let stored = self.pending.commit(text.as_bytes());
        stored.or_else(|_| self.store.write(item, &text))
    }
}

impl Store {
    /// Reserves space for a session's token, before a refresh token is spent: if its successor
    /// could not be stored, the old token is better kept. The caller holds the token lock.
    pub fn reserve_token<'a>(&'a self, session: &'a Session) -> io::Result<TokenReservation<'a>> {
        let key = session.key();
        self.sweep(StoredItem::Token(&key));
        Ok(TokenReservation {
            store: self,
            session,
            pending: self.reserve(StoredItem::Token(&key))?,
        })
    }

    /// Checks that a token can be stored, without the token lock: a user should hear before a
    /// sign-in that its result would be lost.
    pub fn check_token_writable(&self, key: &SessionKey) -> io::Result<()> {
        self.reserve(StoredItem::Token(key)).map(drop)
    }

    fn reserve(&self, item: StoredItem) -> io::Result<Pending> {
        Pending::reserve(&self.path(item), self.owner())
    }
}
