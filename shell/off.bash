# shellcheck shell=bash
# Removes the hook of sso from a running bash. `sso hook off` prints it.

__sso_off() {
    \builtin local i at all entry=${__sso_entry:-__sso_hook}
    if [[ -n ${__SSO_STATE-} ]]; then
        if all=$(SSO_HOOK=0 __SSO_PROGRAM__ hook-env bash) && [[ -n ${all} ]]; then
            \builtin eval "${all}"
        fi
    fi
    for at in $'\n'"${entry}" "${entry}"$'\n' ";${entry}" "${entry};" "${entry}"; do
        for i in ${PROMPT_COMMAND[@]+"${!PROMPT_COMMAND[@]}"}; do
            PROMPT_COMMAND[i]=${PROMPT_COMMAND[i]//"${at}"/}
        done
        if [[ -n ${STARSHIP_PROMPT_COMMAND-} ]]; then
            STARSHIP_PROMPT_COMMAND=${STARSHIP_PROMPT_COMMAND//"${at}"/}
        fi
        for i in ${__vsc_original_prompt_command[@]+"${!__vsc_original_prompt_command[@]}"}; do
            __vsc_original_prompt_command[i]=${__vsc_original_prompt_command[i]//"${at}"/}
        done
    done
    # An entry with only the hook is now empty.
    for i in ${PROMPT_COMMAND[@]+"${!PROMPT_COMMAND[@]}"}; do
        if [[ -z ${PROMPT_COMMAND[i]} ]]; then
            \builtin unset -v "PROMPT_COMMAND[${i}]"
        fi
    done
    if [[ ${#PROMPT_COMMAND[@]} == 0 ]]; then
        \builtin unset -v PROMPT_COMMAND
    fi
}
__sso_off
\builtin unset -f __sso_off __sso_hook __sso_turn __sso_is_due __sso_is_writable __sso_unload
\builtin unset -v __sso_pwd __sso_candidates __sso_entries __sso_entry __sso_hook __sso_names \
    __sso_gone
