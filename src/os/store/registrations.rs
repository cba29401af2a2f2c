//! Client registrations.

use std::io;

use crate::domain::session::definition::Session;
use crate::domain::session::registration::Registration;
use crate::error::Result;

use super::Store;
use super::item::Item;
use super::read::{Content, read};

impl Store {
    /// Reads a session's registration. A corrupt one counts as absent, because registering again
    /// replaces it.
    ///
    /// # Errors
    ///
    /// The user may not read the file.
    pub fn registration(&self, session: &Session) -> Result<Option<Registration>> {
        let path = self.path(Item::Registration(session));
        Ok(match read(&path, Registration::parse)? {
            Content::Value(registration) => Some(registration),
            Content::Absent | Content::Corrupt => None,
        })
    }

    /// Stores a session's registration.
    pub fn write_registration(
        &self,
        session: &Session,
        registration: &Registration,
    ) -> io::Result<()> {
        self.write(Item::Registration(session), &registration.to_json())
    }
}
