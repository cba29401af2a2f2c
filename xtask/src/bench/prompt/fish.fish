# Measures each hook at a prompt, in an interactive fish on a terminal.
# Appends a line per block of calls to $B_OUT: its name and microseconds per call.
# fish has no clock, so `date` runs before and after each block, and the duration of the same
# block without the calls is subtracted.
"$B_SSO" hook fish | source
test -z "$B_DIRENV"; or "$B_DIRENV" hook fish | source
functions --erase fish_prompt
set -g block 20
function unload
    set -e __SSO_STATE
    set -e AWS_ACCESS_KEY_ID
    set -e AWS_SECRET_ACCESS_KEY
    set -e AWS_SESSION_TOKEN
end
function unload_direnv
    set -e DIRENV_DIR
    set -e DIRENV_FILE
    set -e DIRENV_DIFF
    set -e DIRENV_WATCHES
end
function do_nothing
end
function forget_directory
    set -g __sso_pwd /
end
function capture_true
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
function measure -a name before call
    set -l idle (elapsed $before do_nothing)
    set -l with (elapsed $before $call)
    math --scale 0 "max(0, $with - $idle)" | read -l each
    echo $name $each >>$B_OUT
end
mkdir -p $HOME/away/a/b/c
for round in (seq (math --scale 0 "max(3, $B_ROUNDS / $block)"))
    unload
    cd $HOME/away/a/b/c
    __sso_hook
    measure nothing do_nothing __sso_hook
    measure arriving forget_directory __sso_hook
    measure true do_nothing capture_true
    cd $HOME/p/a/b
    measure entering unload __sso_hook
    __sso_hook
    measure loaded do_nothing __sso_hook
    if test -n "$B_DIRENV"; and test $round -le 3
        unload
        set -g block 5
        cd $HOME/away/a/b/c
        measure direnv-nothing do_nothing __direnv_export_eval
        cd $HOME/q/a/b
        measure direnv-entering unload_direnv __direnv_export_eval
        __direnv_export_eval
        measure direnv-loaded do_nothing __direnv_export_eval
        set -g block 20
    end
end
exit
