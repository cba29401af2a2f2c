# Hook of sso for zsh. `sso hook zsh` prints it with the path of the program.
#
# At each prompt it looks for .aws-sso files without starting a process. It runs the program and
# evaluates its output only if a file exists or credentials are loaded.

if [[ -o interactive ]]; then
    function __sso_hook() {
        \builtin local __sso_status=$? __sso_text
        \builtin emulate -L zsh
        # The evaluated text holds keys, which a trace would show. Failures are handled here.
        \builtin setopt no_xtrace no_err_exit no_err_return
        if __sso_is_due; then
            if __sso_text=$(__SSO_PROGRAM__ hook-env zsh) && [[ -n $__sso_text ]]; then
                \builtin eval "$__sso_text"
            fi
        fi
        \builtin return $__sso_status
    }

    # Succeeds if the program has to run.
    function __sso_is_due() {
        \builtin emulate -L zsh
        \builtin local __sso_at
        if [[ -n ${__SSO_STATE-} ]]; then
            \builtin return 0
        fi
        if [[ ${SSO_HOOK-} == 0 ]]; then
            \builtin return 1
        fi
        if [[ $__sso_pwd != "$PWD" ]]; then
            \builtin typeset -g __sso_pwd=$PWD
            \builtin typeset -ga __sso_candidates
            __sso_candidates=()
            __sso_at=$PWD
            # Files in the home directory and in the root do not count.
            while [[ $__sso_at == /?* && ! $__sso_at -ef ${HOME-} ]]; do
                __sso_candidates+=("$__sso_at/.aws-sso")
                __sso_at=${__sso_at%/*}
            done
        fi
        for __sso_at in "${__sso_candidates[@]}"; do
            if [[ -e $__sso_at && ! -d $__sso_at ]]; then
                \builtin return 0
            fi
        done
        \builtin return 1
    }

    # Puts the hook after direnv and mise, which restore variables unconditionally, and before
    # prompt themes, which would show the previous directory's profile.
    function __sso_install() {
        \builtin emulate -L zsh
        \builtin typeset -g __sso_pwd=
        \builtin typeset -ga __sso_candidates precmd_functions
        __sso_candidates=()
        if (( ! ${precmd_functions[(Ie)__sso_hook]} )); then
            \builtin local -i at=${precmd_functions[(I)_(direnv|mise)_hook*]}
            precmd_functions[at+1,at]=(__sso_hook)
        fi
    }
    __sso_install
    \builtin unfunction __sso_install
fi
