# Hook of sso for zsh. `sso hook zsh` prints it with the path of the program.
#
# At each prompt it looks for .aws-sso files without starting a process. It runs the program and
# evaluates its output only if a file exists or credentials are loaded.

if [[ -o interactive ]]; then
    function __sso_hook() {
        \builtin local __sso_status=$?
        \builtin emulate -L zsh
        # The evaluated text holds keys, which a trace would show. Failures are handled here.
        \builtin setopt no_xtrace no_verbose no_err_exit no_err_return
        # They may have been installed later.
        if [[ -z $__sso_here ]]; then
            __sso_place
        fi
        __sso_here=$PWD
        if __sso_is_due; then
            __sso_turn
        fi
        \builtin return $__sso_status
    }

    # Runs when the directory changes, as there may be no prompt before the next command.
    function __sso_chpwd() {
        \builtin emulate -L zsh
        \builtin setopt no_xtrace no_verbose no_err_exit no_err_return
        # Start-up files change directories before the first prompt.
        if [[ -z $__sso_here || $PWD == "$__sso_here" ]]; then
            \builtin return 0
        fi
        __sso_here=$PWD
        if ! __sso_is_due; then
            \builtin return 0
        fi
        # A subshell or a widget neither waits for credentials nor shows a message.
        if [[ $ZSH_SUBSHELL != 0 || -n ${WIDGET-} ]]; then
            __sso_turn --cached
        else
            __sso_turn
        fi
    }

    # Runs the program with these options and evaluates its output.
    function __sso_turn() {
        \builtin emulate -L zsh
        \builtin setopt no_xtrace no_verbose no_err_exit no_err_return
        # The traps come back when the function returns.
        \builtin trap - DEBUG ZERR
        \builtin local __sso_name __sso_text
        \builtin local -a __sso_variables
        if [[ ! -x __SSO_PROGRAM__ ]]; then
            __sso_unload
            \builtin return
        fi
        __sso_gone=
        # Assigning to a read-only variable would end the evaluation.
        for __sso_name in $__sso_names; do
            case ${(Pt)__sso_name} in
            *readonly* | array* | association*) __sso_variables+=(fixed:$__sso_name) ;;
            '' | *export*) ;;
            *) __sso_variables+=($__sso_name) ;;
            esac
        done
        if __sso_text=$(__SSO_PROGRAM__ hook-env zsh $@ $__sso_variables) && [[ -n $__sso_text ]]; then
            \builtin eval "$__sso_text"
        fi
    }

    # Unloads without the program, by the state that the program has left.
    function __sso_unload() {
        \builtin emulate -L zsh
        \builtin local __sso_name __sso_value __sso_was
        for __sso_name in $__sso_names; do
            if [[ ${(Pt)__sso_name} == *readonly* ]]; then
                \builtin continue
            fi
            if [[ ";${__SSO_STATE-}" == *";s:$__sso_name="* ]]; then
                \builtin unset $__sso_name
            fi
            __sso_was=__sso_was_$__sso_name
            if [[ -n ${(P)__sso_name+x} ]]; then
                \builtin continue
            elif [[ ";${__SSO_STATE-}" == *";p:$__sso_name="* ]]; then
                __sso_value=${${__SSO_STATE##*;p:$__sso_name=}%%;*}
                \builtin printf -v __sso_value '%b' "${__sso_value//\%/\\x}"
                \builtin export $__sso_name=$__sso_value
            elif [[ -n ${(P)__sso_was+x} ]]; then
                \builtin typeset -g $__sso_name=${(P)__sso_was}
                \builtin unset $__sso_was
            fi
        done
        \builtin unset __SSO_STATE
        if [[ -z $__sso_gone && ( ${SSO_HOOK_QUIET:-0} == 0 || $SSO_HOOK_QUIET == errors ) ]]; then
            \builtin print -ru2 -- 'sso:' __SSO_PROGRAM__ 'is gone: nothing is loaded until it is back'
        fi
        __sso_gone=1
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
    function __sso_place() {
        \builtin emulate -L zsh
        \builtin local -i at
        precmd_functions=("${(@)precmd_functions:#__sso_hook}")
        chpwd_functions=("${(@)chpwd_functions:#__sso_chpwd}")
        at=${precmd_functions[(I)_(direnv|mise)_hook*]}
        precmd_functions[at+1,at]=(__sso_hook)
        at=${chpwd_functions[(I)_(direnv|mise)_hook*]}
        chpwd_functions[at+1,at]=(__sso_chpwd)
    }

    function __sso_install() {
        \builtin emulate -L zsh
        \builtin typeset -g __sso_pwd= __sso_gone= __sso_here=
        \builtin typeset -ga __sso_candidates __sso_names precmd_functions chpwd_functions
        __sso_names=(__SSO_VARIABLES__)
        __sso_candidates=()
        __sso_place
    }

    __sso_install
    \builtin unfunction __sso_install
fi
