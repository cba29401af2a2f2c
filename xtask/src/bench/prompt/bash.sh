# Measures each hook at a prompt, in an interactive bash on a terminal.
# Appends a line per call to $B_OUT: its name and microseconds.
LC_ALL=C
eval "$("$B_SSO" hook bash)"
[[ -z $B_DIRENV ]] || eval "$("$B_DIRENV" hook bash)"
PROMPT_COMMAND=()
measure() {
    local from=${EPOCHREALTIME/./}
    "${@:2}"
    local to=${EPOCHREALTIME/./}
    printf '%s %s\n' "$1" $((to - from)) >>"$B_OUT"
}
capture_true() { local v; v=$(/bin/true); }
has_direnv() { [[ -n $B_DIRENV ]]; }
mkdir -p "$HOME/away/a/b/c"
for ((round = 0; round < B_ROUNDS; round++)); do
    cd "$HOME/away/a/b/c"
    # After a fork, the shell copies pages on the first write. Two unmeasured calls keep this
    # out of the measurement.
    __sso_hook
    __sso_hook
    measure nothing __sso_hook
    measure true capture_true
    cd "$HOME/p/a/b"
    measure entering __sso_hook
    measure loaded __sso_hook
    if has_direnv && ((round % 3 == 0)); then
        cd "$HOME/away/a/b/c"
        __sso_hook
        _direnv_hook
        measure direnv-nothing _direnv_hook
        cd "$HOME/q/a/b"
        measure direnv-entering _direnv_hook
        measure direnv-loaded _direnv_hook
    fi
done
exit
