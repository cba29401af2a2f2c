//! Collects warnings, in the last stage. Reads files and variables only.

use std::path::Path;

use crate::domain::check::hook_line::hook_line;
use crate::domain::check::{
    Fact, Finding, Holds, Shell, Stage, StageReport, environment, files, helpers, profiles,
    protect_patterns,
};
use crate::domain::directory::hook::protect;
use crate::domain::directory::hook::state::HookState;
use crate::domain::directory::rc_file::HookLine;
use crate::domain::directory::trust::TrustState;
use crate::domain::role::environment_variables::HOOK_STATE;
use crate::domain::target::config_view::ConfigView;
use crate::error::Hint;
use crate::flow::{directory, protection};
use crate::os::{current_exe, file};

use super::Check;
use super::target::Resolved;

impl Check<'_> {
    pub(super) fn warnings(&mut self, resolved: Option<&Resolved>, hook: Option<&HookLine>) {
        let mut findings = Vec::new();
        if let Ok(view) = self.ctx.view() {
            let instance = self.target.instance.as_ref();
            findings.extend(profiles(&view, instance.map(|it| &it.session)));
            let own = current_exe::path().unwrap_or_else(|_| "sso".into());
            let exists = |path: &str| current_exe::is_executable(Path::new(path));
            findings.extend(helpers(&view, exists, &own.to_string_lossy()));
            findings.extend(self.environment(&view, resolved));
            let unmatched = protection::patterns_without_match(self.ctx).unwrap_or_default();
            let patterns = self.ctx.var(protect::VARIABLE).unwrap_or_default();
            findings.extend(protect_patterns(&patterns, &unmatched));
        }
        findings.extend(files(&self.files(), file::user_id()));
        if resolved.is_some_and(|resolved| !resolved.told_of_directory) {
            findings.extend(self.directory(hook));
        }
        findings.extend(hook.and_then(hook_line));
        let detail = if findings.is_empty() { "none" } else { "" };
        self.report(StageReport::new(Stage::Warnings, detail, findings));
    }

    fn environment(&self, view: &ConfigView, resolved: Option<&Resolved>) -> Vec<Finding> {
        let ctx = self.ctx;
        let key = ctx.var("AWS_ACCESS_KEY_ID").unwrap_or_default();
        let state = ctx.var(HOOK_STATE).and_then(|text| HookState::parse(&text));
        let by_hook = state.is_some_and(|state| state.is_ours("AWS_ACCESS_KEY_ID", &key));
        let shell = Shell {
            ours: by_hook || ctx.var("AWS_SSO_PROFILE").is_some(),
            account: self.target.account.clone(),
            region: self.target.region.clone(),
            session_region: self
                .target
                .instance
                .as_ref()
                .map(|it| it.session.region.clone()),
            role: self.target.role.is_some() && self.target.account.is_some(),
            named_by: resolved.and_then(|resolved| resolved.named_by),
        };
        let vars = |name: &str| ctx.var(name);
        let given = |name: &str| ctx.var_without_hook(name);
        environment(&vars, &given, view, &shell, ctx.now())
    }

    fn files(&self) -> Vec<Fact> {
        let ctx = self.ctx;
        let mut facts = Vec::new();
        let mut add = |path: &Path, holds| {
            if let Some((mode, owner)) = file::mode_and_owner(path) {
                facts.push(Fact {
                    path: ctx.display_path(path),
                    holds,
                    mode,
                    owner,
                });
            }
        };
        add(&ctx.home().join(".aws"), Holds::Files);
        add(ctx.config_path(), Holds::Settings);
        add(ctx.credentials_path(), Holds::Secrets);
        for (path, holds) in ctx.store().paths_to_check() {
            add(&path, holds);
        }
        facts
    }

    /// Finds a reason why the hook does not load the applicable `.aws-sso` file.
    fn directory(&self, hook: Option<&HookLine>) -> Option<Finding> {
        let ctx = self.ctx;
        let file = directory::applicable_file(ctx)?;
        if let Err(error) = file.trusted() {
            let finding = Finding::warning("directory_not_trusted", error.message());
            let finding = finding.at(&file.display_path);
            return Some(match file.trust {
                TrustState::Unknown | TrustState::Changed if file.content.is_ok() => {
                    finding.fix(Hint::Allow {
                        path: file.path.clone(),
                    })
                }
                _ => finding.fix(Hint::CorrectOrDeny),
            });
        }
        if ctx.var(HOOK_STATE).is_some() || ctx.var("SSO_HOOK").as_deref() == Some("0") {
            return None;
        }
        let what = "it is trusted, and the hook that would load it is not in this shell";
        let finding = Finding::warning("hook_not_loaded", what).at(&file.display_path);
        Some(match hook {
            Some(hook) => finding.fix(format!(
                "{} has the hook; start a new shell: `exec $SHELL`",
                hook.path
            )),
            None => finding.fix(Hint::SetUpHook),
        })
    }
}
