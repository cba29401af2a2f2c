# Removes the hook of sso from a running zsh. `sso hook off` prints it.

function __sso_off() {
    \builtin emulate -L zsh
    \builtin setopt no_xtrace no_err_exit no_err_return
    \builtin local text
    if [[ -n ${__SSO_STATE-} ]]; then
        if text=$(SSO_HOOK=0 __SSO_PROGRAM__ hook-env zsh) && [[ -n $text ]]; then
            \builtin eval "$text"
        fi
    fi
    \builtin typeset -ga precmd_functions chpwd_functions
    precmd_functions=("${(@)precmd_functions:#__sso_hook}")
    chpwd_functions=("${(@)chpwd_functions:#__sso_chpwd}")
    \builtin unset __sso_pwd __sso_candidates __sso_names __sso_gone __sso_here
    if (( $+functions[__sso_hook] )); then
        \builtin unfunction __sso_hook __sso_chpwd __sso_place __sso_turn __sso_is_due __sso_unload
    fi
}
__sso_off
\builtin unfunction __sso_off
