# Measures, in an interactive fish on a terminal, what a prompt costs with each hook.
# $B_OUT gets a line for each block of calls: its name and microseconds for one of them.
# fish has no clock of its own, so a block stands between two calls of date, and what the
# same block costs without the call is taken off.
"$B_SSO" hook fish | source
test -z "$B_DIRENV"; or "$B_DIRENV" hook fish | source
functions --erase fish_prompt
set -g block 20
function forget
    set -e __SSO_STATE
    set -e AWS_ACCESS_KEY_ID
    set -e AWS_SECRET_ACCESS_KEY
    set -e AWS_SESSION_TOKEN
end
function forget_direnv
    set -e DIRENV_DIR
    set -e DIRENV_FILE
    set -e DIRENV_DIFF
    set -e DIRENV_WATCHES
end
function nothing_at_all
end
function elsewhere
    set -g __sso_pwd /
end
function captured
    set -l v (/bin/true)
end
function elapsed -a before call
    set -l from (date +%s%N)
    for i in (seq $block)
        $before
        $call
    end
    set -l to (date +%s%N)
    math "($to - $from) / 1000 / $block"
end
function took -a name before call
    set -l idle (elapsed $before nothing_at_all)
    set -l with (elapsed $before $call)
    math --scale 0 "max(0, $with - $idle)" | read -l each
    echo $name $each >>$B_OUT
end
mkdir -p $HOME/away/a/b/c
for round in (seq (math --scale 0 "max(3, $B_ROUNDS / $block)"))
    forget
    cd $HOME/away/a/b/c
    __sso_hook
    took nothing nothing_at_all __sso_hook
    took arriving elsewhere __sso_hook
    took true nothing_at_all captured
    cd $HOME/p/a/b
    took entering forget __sso_hook
    __sso_hook
    took loaded nothing_at_all __sso_hook
    if test -n "$B_DIRENV"; and test $round -le 3
        forget
        set -g block 5
        cd $HOME/away/a/b/c
        took direnv-nothing nothing_at_all __direnv_export_eval
        cd $HOME/q/a/b
        took direnv-entering forget_direnv __direnv_export_eval
        __direnv_export_eval
        took direnv-loaded nothing_at_all __direnv_export_eval
        set -g block 20
    end
end
exit
