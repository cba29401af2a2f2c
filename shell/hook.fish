# Hook of sso for fish. `sso hook fish` prints it with the path of the program.
#
# At each prompt it looks for .aws-sso files without starting a process. It runs the program and
# evaluates its output only if a file exists or credentials are loaded.

if status is-interactive
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

    function __sso_turn
        # The evaluated text holds keys, which a trace would show.
        set -l fish_trace
        if test -z "$__SSO_STATE"
            test "$SSO_HOOK" = 0; and return
            test "$__sso_pwd" = "$PWD"; or __sso_look_around
            test -n '' $__sso_file; or return
        end
        # Programs see universal variables unless they are erased for all shells.
        set -l fixed
        set -qU AWS_PROFILE; and set -a fixed AWS_PROFILE
        set -qU AWS_DEFAULT_PROFILE; and set -a fixed AWS_DEFAULT_PROFILE
        # The output is one line: joining lines would cost as much as a process.
        set -l text (__SSO_PROGRAM__ hook-env fish $fixed)
        and set -q text[1]
        and eval $text
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
