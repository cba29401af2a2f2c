//! Writing the `.aws-sso` file of the current directory, and finding the role that applies there.

use std::path::Path;

use crate::context::Context;
use crate::domain::directory::directory_file::DirectoryFile;
use crate::domain::directory::dotfile::{Dotfile, FILE_NAME};
use crate::domain::target::precedence::{ProfileOrigin, choose_profile};
use crate::domain::target::request::Request;
use crate::domain::target::{Instance, Target};
use crate::error::{Error, Result};
use crate::os::dotfile as files;

use super::directory;
use super::{listing, resolve, resolve_config, trust};

/// A file that is ready to be written into the current directory.
#[derive(Debug)]
pub struct DotfileDraft<'a> {
    dotfile: &'a Dotfile,
    directory: &'a Path,
    existing: Option<DirectoryFile>,
    instance: Instance,
    /// Path of the file for display.
    pub path: String,
    pub target: Target,
}

impl<'a> DotfileDraft<'a> {
    /// Resolves the file and reads the one that it would replace.
    pub fn new(ctx: &'a Context, dotfile: &'a Dotfile) -> Result<DotfileDraft<'a>> {
        // The hook and the other commands reject the same values when they read the file.
        dotfile.check()?;
        let gone = || Error::system("the current directory is gone");
        let directory = ctx.current_dir().ok_or_else(gone)?;
        let mut directories = files::directories(directory, ctx.home(), |_| true);
        if directories.next().is_none() {
            return Err(Error::configuration(format!(
                "{FILE_NAME} is not looked at in the home directory or in /, where it would rule everywhere"
            ))
            .hint("add a [default] profile to ~/.aws/config, or set AWS_PROFILE"));
        }
        let (target, instance) = directory::resolve_dotfile(ctx, dotfile)?;
        Ok(DotfileDraft {
            dotfile,
            directory,
            existing: directory::file_in(ctx, directory),
            instance,
            path: ctx.display_path(&directory.join(FILE_NAME)),
            target,
        })
    }

    /// Returns the content of an existing file that the draft would change, on one line, or the
    /// reason why that file is invalid.
    pub fn replaced_content(&self) -> Option<String> {
        let existing = self.existing.as_ref().filter(|_| !self.is_written())?;
        Some(match &existing.content {
            Ok(content) => content.to_text().trim_end().replace('\n', ", "),
            Err(why) => why.clone(),
        })
    }

    fn is_written(&self) -> bool {
        let existing = self.existing.as_ref();
        existing.is_some_and(|file| file.content.as_ref() == Ok(self.dotfile))
    }

    /// Writes the file, unless it exists with the same content, and trusts it.
    pub fn write(&self, ctx: &Context) -> Result<()> {
        let path = &self.path;
        if !self.is_written() {
            let text = self.dotfile.to_text();
            files::write(self.directory, text.as_bytes()).map_err(|error| {
                Error::storage(format!("cannot write {path}: {error}"))
                    .hint("look at it with `ls -l`, and at its directory")
            })?;
        }
        let written = directory::file_in(ctx, self.directory)
            .filter(|file| file.content.as_ref() == Ok(self.dotfile))
            .ok_or_else(|| Error::storage(format!("{path} is not what was written")))?;
        let now = ctx.now().to_string();
        let record = written.allow(&self.target, &self.instance.session, now);
        trust::save(ctx, &record)
    }
}

/// The role that applies in the current directory to a command without options.
#[derive(Clone, Debug)]
pub struct CurrentRole {
    pub target: Target,
    /// Name of its account, where a listing knows it.
    pub account_name: Option<String>,
    pub source: RoleSource,
}

/// Source of a choice that no option made.
#[derive(Clone, Debug)]
pub enum RoleSource {
    /// This environment variable, which names a profile.
    Variable(&'static str),
    /// The nearest trusted `.aws-sso` file, with its canonical path and the path for display.
    Dotfile {
        path: String,
        shown: String,
    },
    DefaultProfile,
}

/// Finds the role that applies in the current directory.
pub fn current_role(ctx: &Context) -> Result<CurrentRole> {
    let request = Request::default();
    let target = resolve::target(ctx, &request)?;
    let choice = choose_profile(&request, &|name| ctx.var_without_hook(name));
    let source = match choice.map(|choice| choice.origin) {
        Some(ProfileOrigin::Variable(name)) => RoleSource::Variable(name),
        _ => match directory::applicable_file(ctx) {
            Some(file) => RoleSource::Dotfile {
                path: file.path,
                shown: file.display_path,
            },
            None => RoleSource::DefaultProfile,
        },
    };
    let instance = resolve_config::instance_of(ctx, &target).ok();
    let account_name =
        instance.and_then(|it| listing::account_name(ctx, &it.session, &target.id.account));
    Ok(CurrentRole {
        target,
        account_name,
        source,
    })
}
