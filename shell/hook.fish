# Hook of sso for fish. `sso hook fish` prints it with the path of the program.
#
# At each prompt it looks for .aws-sso files without starting a process. It runs the program and
# evaluates its output only if a file exists or credentials are loaded.

if status is-interactive
    set -g __sso_names __SSO_VARIABLES__
    set -g __sso_total (count $__sso_names)
    set -g __sso_gone
    set -g __sso_here $PWD
    set -g __sso_pwd
    set -g __sso_seen
    set -g __sso_file
    set -g __sso_homes $HOME (builtin realpath -- $HOME 2>/dev/null)

    # Most prompts end with this test, and each command costs time, so it is one test: the
    # directory is new, or credentials are loaded, or a file has appeared. __SSO_STATE never
    # begins like a path.
    function __sso_hook --on-event fish_prompt
        test "$__sso_pwd$__SSO_STATE" != "$PWD" $__sso_seen; and __sso_turn
    end

    # Handlers run in the order of their definition. direnv and mise restore variables
    # unconditionally, so they have to run first, also if they are installed later.
    function __sso_last --on-event fish_prompt
        functions -e __sso_last
        set -l hook (functions __sso_hook | string collect)
        functions -e __sso_hook
        eval $hook
    end

    # There may be no prompt before the next command.
    function __sso_move --on-variable PWD
        test "$PWD" = "$__sso_here"; and return
        set -g __sso_here $PWD
        # Start-up files change directories before the first prompt.
        test -n "$__sso_pwd$__SSO_STATE"; or return
        test "$__sso_pwd$__SSO_STATE" != "$PWD" $__sso_seen; or return
        # These wait for the prompt, and restore what they find then, so they must not find ours.
        functions -q __direnv_export_eval; and return
        functions -q __mise_env_eval; and return
        # A command substitution neither waits for credentials nor shows a message.
        if status is-command-substitution
            __sso_turn --cached
        else
            __sso_turn
        end
    end

    # Runs the program with these options, if it has to, and evaluates its output.
    function __sso_turn
        # The evaluated text holds keys, which a trace would show.
        set -l fish_trace
        if test -z "$__SSO_STATE"
            test "$SSO_HOOK" = 0; and return
            test "$__sso_pwd" = "$PWD"; or __sso_look_around
            test -n '' $__sso_file; or return
        end
        if not test -x __SSO_PROGRAM__
            __sso_unload
            return
        end
        set -g __sso_gone
        # Programs see universal variables unless they are erased for all shells.
        set -l variables
        set -qU AWS_PROFILE; and set -a variables fixed:AWS_PROFILE
        set -qU AWS_DEFAULT_PROFILE; and set -a variables fixed:AWS_DEFAULT_PROFILE
        # The status is the number of variables that are exported or do not exist.
        set -qgu $__sso_names
        if test $status -lt $__sso_total
            for name in $__sso_names
                set -qgu $name; and set -a variables $name
            end
        end
        # The output is one line: joining lines would cost as much as a process.
        set -l text (__SSO_PROGRAM__ hook-env fish $argv $variables)
        and set -q text[1]
        and eval $text
    end

    # Unloads without the program, by the state that the program has left.
    function __sso_unload
        for name in $__sso_names
            string match -q "*;s:$name=*" -- ";$__SSO_STATE"; and set -eg $name
            set -qg $name; and continue
            set -l was __sso_was_$name
            if set -l value (string match -rg ";p:$name=([^;]*)" -- ";$__SSO_STATE")
                set -gx $name (string unescape --style=url -- $value | string collect)
            else if set -qg $was
                set -gu $name $$was
                set -eg $was
            end
        end
        set -eg __SSO_STATE
        if test -z "$__sso_gone"; and builtin contains -- "$SSO_HOOK_QUIET" '' 0 errors
            echo 'sso:' __SSO_PROGRAM__ 'is gone: nothing is loaded until it is back' >&2
        end
        set -g __sso_gone 1
    end

    # Stores the candidate files of this directory as arguments of `test`. Directories named
    # .aws-sso are ignored, but so rare that only the longer test excludes them.
    function __sso_look_around
        set -g __sso_pwd $PWD
        set -l seen
        set -l file
        if string match -q -- '*'\n'*' $PWD
            # fish splits a substitution at newlines, so the program searches instead.
            set seen -o -n "$PWD"
            set file $seen
        else
            set -l path
            for part in (string split / -- $PWD)
                test -n "$part"; or continue
                set path "$path/$part"
                if builtin contains -- $path $__sso_homes
                    # Files in the home directory and above it do not count.
                    set seen
                    set file
                else
                    set -a seen -o -e $path/.aws-sso
                    set -a file -o -e $path/.aws-sso -a ! -d $path/.aws-sso
                end
            end
        end
        set -g __sso_seen $seen
        set -g __sso_file $file
    end
end
