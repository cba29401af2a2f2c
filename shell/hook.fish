# The hook of sso for fish. `sso hook fish` prints it with the path of the program.
#
# At each prompt it looks for .aws-sso files without starting a process. Only where there is
# one, or where something is loaded, it runs the program and evaluates what that prints.

if status is-interactive
    set -g __sso_pwd
    set -g __sso_seen
    set -g __sso_file
    set -g __sso_homes $HOME (builtin realpath -- $HOME 2>/dev/null)

    # Most prompts end with this test, and each call of anything costs, so it is one test: this
    # is not where we looked around, or something is loaded, or there is a file by now. A state
    # never begins like a path.
    function __sso_hook --on-event fish_prompt
        test "$__sso_pwd$__SSO_STATE" != "$PWD" $__sso_seen; and __sso_turn
    end

    function __sso_turn
        # What is evaluated holds keys, which a trace would show.
        set -l fish_trace
        if test -z "$__SSO_STATE"
            test "$SSO_HOOK" = 0; and return
            test "$__sso_pwd" = "$PWD"; or __sso_look_around
            test -n '' $__sso_file; or return
        end
        # What is universal is exported whatever a shell does, short of erasing it for good.
        set -l fixed
        set -qU AWS_PROFILE; and set -a fixed AWS_PROFILE
        set -qU AWS_DEFAULT_PROFILE; and set -a fixed AWS_DEFAULT_PROFILE
        # It is one line, so that nothing has to put lines together again.
        set -l text (__SSO_PROGRAM__ hook-env fish $fixed)
        and set -q text[1]
        and eval $text
    end

    # Writes down what to look for in this directory, as parts of a test. A directory of that
    # name is no file of ours; it is so rare that only the longer test knows it.
    function __sso_look_around
        set -g __sso_pwd $PWD
        set -l seen
        set -l file
        if string match -q -- '*'\n'*' $PWD
            # fish takes apart by lines what it has split; the program looks for itself.
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
