# Removes the hook of sso from a running fish. `sso hook off` prints it.

function __sso_off
    set -l fish_trace
    test -n "$__SSO_STATE"; or return
    set -lx SSO_HOOK 0
    set -l text (__SSO_PROGRAM__ hook-env fish)
    and set -q text[1]
    and eval $text
end
__sso_off
functions -e __sso_off __sso_hook __sso_last __sso_move __sso_turn __sso_unload __sso_look_around
set -e __sso_pwd
set -e __sso_here
set -e __sso_seen
set -e __sso_file
set -e __sso_homes
set -e __sso_names
set -e __sso_total
set -e __sso_gone
true
