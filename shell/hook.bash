# shellcheck shell=bash
# Hook of sso for bash. `sso hook bash` prints it with the path of the program.
#
# At each prompt it looks for .aws-sso files without starting a process. It runs the program and
# evaluates its output only if a file exists or credentials are loaded.

if [[ $- == *i* ]]; then
    __sso_hook() {
        \builtin local __sso_status=$? __sso_options='' __sso_text
        # The evaluated text holds keys, which a trace would show. A function called without T and E
        # does not run the traps of the caller.
        if [[ $- == *[xvTE]* ]]; then
            {
                __sso_options=${-//[!xvTE]/}
                \builtin set +xvTE
            } 2>/dev/null
        fi
        # Text appended to the hook's entry becomes an entry of its own: bash keeps PIPESTATUS
        # between entries, and nothing can keep it within one.
        if [[ ${PROMPT_COMMAND-} == "${__sso_entry}"[$';\n']* && -n ${__sso_entries} ]]; then
            __sso_text=${PROMPT_COMMAND#"${__sso_entry}"}
            __sso_text=${__sso_text#"${__sso_text%%[!$'; \t\n']*}"}
            PROMPT_COMMAND=("${__sso_entry}" "${__sso_text}" "${PROMPT_COMMAND[@]:1}")
        fi
        if __sso_is_due; then
            __sso_turn || \builtin :
        fi
        if [[ -n ${__sso_options} ]]; then
            \builtin set "-${__sso_options}"
        fi
        # Under `set -e`, returning a failure would end the shell.
        if [[ $- == *e* ]]; then
            \builtin return 0
        fi
        \builtin return "${__sso_status}"
    }

    # Runs the program and evaluates its output.
    __sso_turn() {
        \builtin local __sso_text __sso_fixed
        __sso_fixed=()
        if [[ ! -x __SSO_PROGRAM__ ]]; then
            __sso_unload
            \builtin return 0
        fi
        __sso_gone=
        if ! __sso_is_writable "${__sso_names[@]}"; then
            for __sso_text in "${__sso_names[@]}"; do
                __sso_is_writable "${__sso_text}" || __sso_fixed+=("fixed:${__sso_text}")
            done
        fi
        if __sso_text=$(__SSO_PROGRAM__ hook-env bash ${__sso_fixed[@]+"${__sso_fixed[@]}"} "${!AWS_@}") &&
            [[ -n ${__sso_text} ]]; then
            \builtin eval "${__sso_text}"
        fi
    }

    # Succeeds if none of the variables is read-only.
    __sso_is_writable() {
        \builtin local "$@" 2>/dev/null
    }

    # Unloads without the program, by the state that the program has left.
    __sso_unload() {
        \builtin local __sso_name __sso_value __sso_was
        for __sso_name in "${__sso_names[@]}"; do
            __sso_is_writable "${__sso_name}" || \builtin continue
            if [[ ";${__SSO_STATE-}" == *";s:${__sso_name}="* ]]; then
                \builtin unset -v "${__sso_name}"
            fi
            __sso_value=
            if [[ -n ${!__sso_name+x} ]]; then
                \builtin continue
            elif [[ ";${__SSO_STATE-}" == *";p:${__sso_name}="* ]]; then
                __sso_value=${__SSO_STATE##*";p:${__sso_name}="}
                __sso_value=${__sso_value%%;*}
                \builtin printf -v __sso_value '%b' "${__sso_value//%/\\x}"
                \builtin export "${__sso_name}=${__sso_value}"
            fi
            __sso_was=__sso_was_${__sso_name}
            if [[ -n ${!__sso_was+x} ]]; then
                \builtin printf -v "${__sso_name}" '%s' "${!__sso_was}"
                \builtin unset -v "${__sso_was}"
            fi
        done
        \builtin unset -v __SSO_STATE
        if [[ -z ${__sso_gone} && (${SSO_HOOK_QUIET:-0} == 0 || ${SSO_HOOK_QUIET} == errors) ]]; then
            \builtin printf 'sso: %s is gone: nothing is loaded until it is back\n' __SSO_PROGRAM__ >&2
        fi
        __sso_gone=1
    }

    # Succeeds if the program has to run.
    __sso_is_due() {
        \builtin local __sso_at
        if [[ -n ${__SSO_STATE-} ]]; then
            \builtin return 0
        fi
        if [[ ${SSO_HOOK-} == 0 ]]; then
            \builtin return 1
        fi
        if [[ ${__sso_pwd-} != "${PWD-}" ]]; then
            __sso_pwd=${PWD-}
            __sso_candidates=()
            __sso_at=${__sso_pwd}
            # Files in the home directory and in the root do not count.
            while [[ ${__sso_at} == /?* && ! ${__sso_at} -ef ${HOME-} ]]; do
                __sso_candidates+=("${__sso_at}/.aws-sso")
                __sso_at=${__sso_at%/*}
            done
        fi
        for __sso_at in ${__sso_candidates[@]+"${__sso_candidates[@]}"}; do
            if [[ -e ${__sso_at} && ! -d ${__sso_at} ]]; then
                \builtin return 0
            fi
        done
        \builtin return 1
    }

    # Puts the hook after direnv and mise, which restore variables unconditionally, and before
    # prompt themes, which would show the previous directory's profile.
    __sso_install() {
        \builtin local i at=-1 theme=-1 all head word rest
        all="${PROMPT_COMMAND[*]-} ${STARSHIP_PROMPT_COMMAND-} ${__vsc_original_prompt_command[*]-}"
        if [[ ${all} == *__sso_hook* ]]; then
            \builtin return 0
        fi
        all=$(\builtin declare -p PROMPT_COMMAND 2>/dev/null) || all=
        all=${all#declare }
        if [[ ${all%% *} == *r* ]]; then
            \builtin printf '%s\n' 'sso: PROMPT_COMMAND is read-only: there is no hook in this shell' >&2
            \builtin return 0
        fi
        for i in ${PROMPT_COMMAND[@]+"${!PROMPT_COMMAND[@]}"}; do
            case ${PROMPT_COMMAND[i]} in
            *_direnv_hook* | *_mise_hook*) at=${i} ;;
            *starship_precmd* | *_omp_hook* | *_update_ps1* | *_lp_set_prompt* | *__git_ps1* | \
                *__vsc_prompt_cmd* | *__bp_precmd_invoke_cmd*)
                if [[ ${theme} == -1 ]]; then
                    theme=${i}
                fi
                ;;
            *) ;;
            esac
        done
        if [[ ${at} != -1 ]]; then
            # After the last of them, also within an entry.
            all=${PROMPT_COMMAND[at]}
            rest=${all##*_direnv_hook}
            word=_direnv_hook
            head=${all##*_mise_hook}
            if [[ ${#head} -lt ${#rest} ]]; then
                rest=${head}
                word=_mise_hook
            fi
            head=${all%"${word}${rest}"}
            word+=${rest%%[!a-z_]*}
            rest=${rest#"${rest%%[!a-z_]*}"}
            if [[ -z ${rest} || ${rest} == [$';\n']* ]]; then
                PROMPT_COMMAND[at]=${head}${word}$'\n'${__sso_entry}${rest}
            else
                PROMPT_COMMAND[at]=${all}$'\n'${__sso_entry}
            fi
        elif [[ "${PROMPT_COMMAND[*]-} ${__vsc_original_prompt_command[*]-}" == *starship_precmd* ]]; then
            # starship evaluates this, the previous PROMPT_COMMAND, before it draws.
            STARSHIP_PROMPT_COMMAND=${STARSHIP_PROMPT_COMMAND:+${STARSHIP_PROMPT_COMMAND}$'\n'}${__sso_entry}
        elif [[ ${theme} == 0 && ${PROMPT_COMMAND[0]} == __vsc_prompt_cmd* ]]; then
            # VS Code evaluates this before its marks, which another command would disturb.
            all=${__vsc_original_prompt_command[*]-}
            if [[ ${all} == *_direnv_hook* || ${all} == *_mise_hook* ]]; then
                __vsc_original_prompt_command+=$'\n'${__sso_entry}
            else
                __vsc_original_prompt_command=${__sso_entry}$'\n'${__vsc_original_prompt_command-}
            fi
            if [[ ${PROMPT_COMMAND[0]} == __vsc_prompt_cmd ]]; then
                # shellcheck disable=SC2178 # A string is the first entry.
                PROMPT_COMMAND=__vsc_prompt_cmd_original
            fi
        elif [[ ${theme} -gt 0 ]]; then
            PROMPT_COMMAND=(
                "${PROMPT_COMMAND[@]:0:theme}" "${__sso_entry}" "${PROMPT_COMMAND[@]:theme}"
            )
        elif [[ ${theme} == 0 ]]; then
            # Not an entry before that of the theme: tools such as VS Code take over the first one.
            # shellcheck disable=SC2178,SC2128 # A string is the first entry.
            PROMPT_COMMAND=${__sso_entry}$'\n'${PROMPT_COMMAND}
        else
            # In the first entry, which is the one that other tools take over.
            # shellcheck disable=SC2178,SC2128 # A string is the first entry.
            PROMPT_COMMAND=${PROMPT_COMMAND:+${PROMPT_COMMAND}$'\n'}${__sso_entry}
        fi
    }

    __sso_names=(__SSO_VARIABLES__)
    # A child that inherits PROMPT_COMMAND, and not the function, runs `:` instead.
    __sso_hook=__sso_hook
    __sso_entry='"${__sso_hook:-:}"'
    __sso_gone=
    __sso_pwd=
    __sso_candidates=()
    # Since bash 5.1 each entry of PROMPT_COMMAND is a command.
    __sso_entries=
    if ((BASH_VERSINFO[0] > 5 || (BASH_VERSINFO[0] == 5 && BASH_VERSINFO[1] > 0))); then
        __sso_entries=1
    fi
    __sso_install
    \builtin unset -f __sso_install
fi
