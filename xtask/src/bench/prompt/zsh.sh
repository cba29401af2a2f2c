# Measures, in an interactive zsh on a terminal, what a prompt costs with each hook.
# $B_OUT gets a line for each call: its name and microseconds.
zmodload zsh/datetime
eval "$("$B_SSO" hook zsh)"
[[ -z $B_DIRENV ]] || eval "$("$B_DIRENV" hook zsh)"
precmd_functions=()
chpwd_functions=()
took() {
    float from=$EPOCHREALTIME
    "${@:2}"
    float to=$EPOCHREALTIME
    printf '%s %d\n' "$1" $(( (to - from) * 1000000 )) >>"$B_OUT"
}
captured() { local v; v=$(/bin/true) }
mkdir -p "$HOME/away/a/b/c"
for ((round = 0; round < B_ROUNDS; round++)); do
    cd "$HOME/away/a/b/c"
    # After a fork the shell pays for its pages as it writes them; that is not the hook's.
    __sso_hook
    __sso_hook
    took nothing __sso_hook
    took true captured
    cd "$HOME/p/a/b"
    took entering __sso_hook
    took loaded __sso_hook
    if [[ -n $B_DIRENV ]] && ((round % 3 == 0)); then
        cd "$HOME/away/a/b/c"
        __sso_hook
        _direnv_hook
        took direnv-nothing _direnv_hook
        cd "$HOME/q/a/b"
        took direnv-entering _direnv_hook
        took direnv-loaded _direnv_hook
    fi
done
exit
