# shellcheck shell=bash
# Hook of sso for bash. `sso hook bash` prints it with the path of the program.
#
# At each prompt it looks for .aws-sso files without starting a process. It runs the program and
# evaluates its output only if a file exists or credentials are loaded.

if [[ $- == *i* ]]; then
    __sso_hook() {
        \builtin local __sso_status=$? __sso_traced='' __sso_text
        # The evaluated text holds keys, which a trace would show.
        if [[ $- == *x* ]]; then
            { \builtin set +x; } 2>/dev/null
            __sso_traced=1
        fi
        # Text appended to the hook's entry becomes an entry of its own: bash keeps PIPESTATUS
        # between entries, and nothing can keep it within one.
        if [[ ${PROMPT_COMMAND-} == __sso_hook[$';\n']* && -n ${__sso_entries} ]]; then
            __sso_text=${PROMPT_COMMAND#__sso_hook}
            __sso_text=${__sso_text#"${__sso_text%%[!$'; \t\n']*}"}
            PROMPT_COMMAND=(__sso_hook "${__sso_text}" "${PROMPT_COMMAND[@]:1}")
        fi
        if __sso_is_due; then
            if __sso_text=$(__SSO_PROGRAM__ hook-env bash) && [[ -n ${__sso_text} ]]; then
                \builtin eval "${__sso_text}"
            fi
            __sso_text=
        fi
        if [[ -n ${__sso_traced} ]]; then
            \builtin set -x
        fi
        # Under `set -e`, returning a failure would end the shell.
        if [[ $- == *e* ]]; then
            \builtin return 0
        fi
        \builtin return "${__sso_status}"
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
        # starship evaluates the previous PROMPT_COMMAND before it draws.
        if [[ ${STARSHIP_PROMPT_COMMAND-} == *_direnv_hook* || ${STARSHIP_PROMPT_COMMAND-} == *_mise_hook* ]]; then
            STARSHIP_PROMPT_COMMAND+=$'\n'__sso_hook
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
                PROMPT_COMMAND[at]=${head}${word}$'\n'__sso_hook${rest}
            else
                PROMPT_COMMAND[at]=${all}$'\n'__sso_hook
            fi
        elif [[ ${theme} != -1 && -n ${__sso_entries} ]]; then
            PROMPT_COMMAND=(
                "${PROMPT_COMMAND[@]:0:theme}" __sso_hook "${PROMPT_COMMAND[@]:theme}"
            )
        elif [[ ${theme} != -1 ]]; then
            # shellcheck disable=SC2178,SC2128 # A string is the first entry.
            PROMPT_COMMAND=__sso_hook$'\n'${PROMPT_COMMAND}
        else
            # In the first entry, which is the one that other tools take over.
            # shellcheck disable=SC2178,SC2128 # A string is the first entry.
            PROMPT_COMMAND=${PROMPT_COMMAND:+${PROMPT_COMMAND}$'\n'}__sso_hook
        fi
    }

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
