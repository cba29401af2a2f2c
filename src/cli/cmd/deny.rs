//! `sso deny`: a directory's file that is as good as absent.

use crate::cli::args::DenyArgs;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::directory::trust::{Decision, Record};
use crate::error::Result;

use super::allow::{chosen, store};

/// Runs it.
pub fn run(ctx: &Context, args: DenyArgs) -> Result<u8> {
    let place = chosen(ctx, args.path.as_deref())?;
    let record = Record {
        path: place.path.clone(),
        said: Decision::Denied,
    };
    store(ctx, &record)?;
    output::eprintln(&format!("{} is denied and as good as absent", place.shown));
    Ok(0)
}
