//! `sso deny`: ignores a directory's `.aws-sso` file.

use crate::cli::args::DenyArgs;
use crate::cli::ui::output;
use crate::context::Context;
use crate::error::Result;
use crate::flow::trust;

pub fn run(ctx: &Context, args: DenyArgs) -> Result<u8> {
    let file = trust::deny(ctx, args.path.as_deref())?;
    output::eprintln(&format!(
        "{} is denied and as good as absent",
        file.display_path
    ));
    Ok(0)
}
