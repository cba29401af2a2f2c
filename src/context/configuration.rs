//! Questions about the AWS configuration files.

use std::path::Path;

use crate::domain::config::Document;
use crate::domain::target::config_view::{ConfigExtent, ConfigView};
use crate::error::{Error, Result};

use super::Context;
use super::config_files::Documents;

impl Context {
    /// Returns the path of the config file, whether it exists or not.
    pub fn config_path(&self) -> &Path {
        &self.config_files.config.path
    }

    /// Returns the path of the credentials file, whether it exists or not.
    pub fn credentials_path(&self) -> &Path {
        &self.config_files.credentials.path
    }

    /// Returns the content of the config file as this call has read it; `None` if the file does
    /// not exist.
    pub fn config_content(&self) -> Result<Option<&[u8]>> {
        self.config_files.config.content()
    }

    /// Reads the config file again, for a caller that holds its lock: another process may have
    /// replaced it since, or may be writing it.
    pub fn reread_config(&self) -> Result<Option<Vec<u8>>> {
        self.config_files.config.read_settled()
    }

    /// Adds to an error of the configuration its cause, if that is hard to see.
    pub fn with_hidden_cause(&self, error: Error) -> Error {
        let files = &self.config_files;
        let whole = files.whole.get();
        let config = files.config.hidden_cause(whole.map(|whole| &whole.config));
        let cause = config.or_else(|| {
            let document = whole.map(|whole| &whole.credentials);
            files.credentials.hidden_cause(document)
        });
        match cause {
            Some((cause, fix)) => error.because(&cause).hint(fix),
            None => error,
        }
    }

    /// Answers a query from as little of the configuration as possible: the sections of one
    /// profile and all sso-sessions, or everything if they are not enough. A query that needs
    /// more than it is given must fail.
    pub fn query_config<T>(
        &self,
        profile: Option<&str>,
        query: impl Fn(&ConfigView) -> Result<T>,
    ) -> Result<T> {
        let files = &self.config_files;
        if files.whole.get().is_none() {
            let part = files.part(profile)?;
            if let Ok(answer) = query(&files.view_of(&part, ConfigExtent::Profile)) {
                return Ok(answer);
            }
            if !files.may_have_legacy_sessions()
                && let Ok(answer) = query(&files.view_of(&part, ConfigExtent::Sessions))
            {
                return Ok(answer);
            }
        }
        query(&self.view()?).map_err(|error| self.with_hidden_cause(error))
    }

    /// Returns everything in both files. Reports malformed lines as traces.
    pub fn view(&self) -> Result<ConfigView<'_>> {
        let files = &self.config_files;
        let documents = match files.whole.get() {
            Some(documents) => documents,
            None => {
                let documents = Documents {
                    config: files.config.parse(&self.notices)?,
                    credentials: files.credentials.parse(&self.notices)?,
                };
                files.whole.get_or_init(|| documents)
            }
        };
        Ok(files.view_of(documents, ConfigExtent::Whole))
    }

    /// Returns a view of nothing, for a request that may be complete without the configuration.
    pub fn unread_view(&self) -> ConfigView<'_> {
        let files = &self.config_files;
        files.view_of(&files.empty, ConfigExtent::Nothing)
    }

    /// Returns the parsed config file if it has this content and was parsed whole before. A file
    /// may hold thousands of profiles, and parsing it again costs as much as everything else in a
    /// call.
    pub fn parsed_config(&self, content: &[u8]) -> Option<&Document> {
        let files = &self.config_files;
        let known = files.config.content.get()?.as_deref();
        let documents = files.whole.get()?;
        (known == Some(content)).then_some(&documents.config)
    }
}
