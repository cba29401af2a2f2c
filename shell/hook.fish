# The hook of sso for fish. `sso hook fish` prints it with the path of the program.
#
# At each prompt it looks for .aws-sso files without starting a process. Only where there is
# one, or where something is loaded, it runs the program and evaluates what that prints.

if status is-interactive
    set -g __sso_pwd
    set -g __sso_test
    set -g __sso_homes $HOME (builtin realpath -- $HOME 2>/dev/null)

    function __sso_hook --on-event fish_prompt
        # What is evaluated holds keys, which a trace would show.
        set -l fish_trace
        if test -z "$__SSO_STATE"
            test "$SSO_HOOK" = 0; and return
            test "$__sso_pwd" = "$PWD"; or __sso_look_around
            test $__sso_test; or return
        end
        # What is universal is exported whatever a shell does, short of erasing it for good.
        set -l fixed
        set -qU AWS_PROFILE; and set -a fixed AWS_PROFILE
        set -qU AWS_DEFAULT_PROFILE; and set -a fixed AWS_DEFAULT_PROFILE
        set -l text (__SSO_PROGRAM__ hook-env fish $fixed)
        and set -q text[1]
        and eval (string join \n -- $text | string collect)
    end

    # Writes down what to look for in this directory. It is one test, because each call of
    # anything costs.
    function __sso_look_around
        set -g __sso_pwd $PWD
        set -g __sso_test -n ''
        if string match -q -- '*'\n'*' $PWD
            # fish takes apart by lines what it has split; the program looks for itself.
            set __sso_test -n "$PWD"
            return
        end
        set -l path
        for part in (string split / -- $PWD)
            test -n "$part"; or continue
            set path "$path/$part"
            if builtin contains -- $path $__sso_homes
                # Files in the home directory and above it do not count.
                set __sso_test -n ''
            else
                set -a __sso_test -o -e $path/.aws-sso -a ! -d $path/.aws-sso
            end
        end
    end
end
