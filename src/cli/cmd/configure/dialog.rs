//! The values that every step of `sso configure` needs.

use crate::cli::args::ConfigureArgs;
use crate::cli::ui::questions::Prompter;
use crate::context::Context;
use crate::domain::target::config_view::ConfigView;

/// One run of the command. Each step is a method in its own file.
#[derive(Clone, Copy)]
pub struct Dialog<'a> {
    pub ctx: &'a Context,
    pub args: &'a ConfigureArgs,
    pub view: &'a ConfigView<'a>,
    pub prompter: Prompter<'a>,
}
