
use builtin;
use str;

set edit:completion:arg-completer[sso] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'sso'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'sso'= {
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand login 'Sign in, or renew a sign-in'
            cand logout 'Sign out of sessions, here and on the server'
            cand status 'Show sessions, their expiry and their cached role credentials'
            cand roles 'List the accounts and roles that you may use'
            cand accounts 'List the accounts that you may use'
            cand populate 'Write a profile for every role into ~/.aws/config'
            cand credential-process 'Print credentials for `credential_process` in ~/.aws/config'
            cand credential_process 'Print credentials for `credential_process` in ~/.aws/config'
            cand exec 'Run a command with credentials in its environment'
            cand env 'Print credentials as statements for a shell'
            cand check 'Find out what works, what does not, and why'
            cand console 'Open the AWS console of a role in a browser'
            cand use 'Choose the profile or role of this directory, or show what applies here'
            cand configure 'Write a profile into ~/.aws/config, step by step or by options'
            cand allow 'Trust a directory''s .aws-sso file'
            cand deny 'Ignore a directory''s .aws-sso file'
            cand trust 'Show and clear up which .aws-sso files are trusted'
            cand hook 'Print the shell hook that loads credentials by directory'
            cand setup 'Add the hook and the completions to the shell''s start-up file'
            cand prompt 'Print a segment for the shell prompt'
            cand completions 'Print the completions of a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'sso;login'= {
            cand -p 'The session of this profile'
            cand --profile 'The session of this profile'
            cand -s 'sso-session in ~/.aws/config'
            cand --session 'sso-session in ~/.aws/config'
            cand --start-url 'Start URL, instead of a session''s name'
            cand --sso-region 'Region of the Identity Center instance, with --start-url'
            cand --all 'All sessions, legacy profiles'' too'
            cand --force 'Sign in even when signed in; ends the old session first'
            cand --device-code 'Show a code to type on any device; with --no-browser nothing opens here'
            cand --use-device-code 'Show a code to type on any device; with --no-browser nothing opens here'
            cand --no-browser 'Print the address instead of opening a browser'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'sso;logout'= {
            cand -p 'The session of this profile'
            cand --profile 'The session of this profile'
            cand -s 'sso-session in ~/.aws/config'
            cand --session 'sso-session in ~/.aws/config'
            cand --start-url 'Start URL, instead of a session''s name'
            cand --sso-region 'Region of the Identity Center instance, with --start-url'
            cand --all 'All sessions, legacy profiles'' too'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'sso;status'= {
            cand -p 'The session of this profile'
            cand --profile 'The session of this profile'
            cand -s 'sso-session in ~/.aws/config'
            cand --session 'sso-session in ~/.aws/config'
            cand --start-url 'Start URL, instead of a session''s name'
            cand --sso-region 'Region of the Identity Center instance, with --start-url'
            cand --json 'Print JSON'
            cand -q 'Print nothing; the exit code says it'
            cand --quiet 'Print nothing; the exit code says it'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'sso;roles'= {
            cand -p 'The session of this profile'
            cand --profile 'The session of this profile'
            cand -s 'sso-session in ~/.aws/config'
            cand --session 'sso-session in ~/.aws/config'
            cand --start-url 'Start URL, instead of a session''s name'
            cand --sso-region 'Region of the Identity Center instance, with --start-url'
            cand -a 'Only accounts with this id or a name like this; may be repeated'
            cand --account 'Only accounts with this id or a name like this; may be repeated'
            cand -r 'Only roles with a name like this; may be repeated'
            cand --role 'Only roles with a name like this; may be repeated'
            cand --sort 'The order of rows, and of columns [default: name]'
            cand --json 'Print a JSON array of objects'
            cand --jsonl 'Print a JSON object on each line'
            cand --csv 'Print comma-separated values (RFC 4180), with a header'
            cand --tsv 'Print tab-separated values, with a header'
            cand --no-header 'Leave out the header of the table, of --csv and of --tsv'
            cand --refresh 'Ask the portal, however young the last listing is'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'sso;accounts'= {
            cand -p 'The session of this profile'
            cand --profile 'The session of this profile'
            cand -s 'sso-session in ~/.aws/config'
            cand --session 'sso-session in ~/.aws/config'
            cand --start-url 'Start URL, instead of a session''s name'
            cand --sso-region 'Region of the Identity Center instance, with --start-url'
            cand -a 'Only accounts with this id or a name like this; may be repeated'
            cand --account 'Only accounts with this id or a name like this; may be repeated'
            cand --sort 'The order of rows, and of columns [default: name]'
            cand --json 'Print a JSON array of objects'
            cand --jsonl 'Print a JSON object on each line'
            cand --csv 'Print comma-separated values (RFC 4180), with a header'
            cand --tsv 'Print tab-separated values, with a header'
            cand --no-header 'Leave out the header of the table, of --csv and of --tsv'
            cand --refresh 'Ask the portal, however young the last listing is'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'sso;populate'= {
            cand -p 'The session of this profile'
            cand --profile 'The session of this profile'
            cand -s 'sso-session in ~/.aws/config'
            cand --session 'sso-session in ~/.aws/config'
            cand --start-url 'Start URL, instead of a session''s name'
            cand --sso-region 'Region of the Identity Center instance, with --start-url'
            cand --region 'Region of the profiles; several make a profile for each'
            cand --region-for 'Regions of some roles: CHOICE=REGION[,REGION…]; the first that fits counts'
            cand --include 'Only these roles; may be repeated'
            cand --exclude 'None of these roles; may be repeated'
            cand --set 'A key of every profile, such as output=json; may be repeated'
            cand --name 'Name template'
            cand --components 'Components, separated by commas; an unknown one is taken literally'
            cand --separator 'What stands between components [default: .]'
            cand --sep 'What stands between components [default: .]'
            cand --include-region 'When the region is a part of the name [default: default]'
            cand --region-style 'How default_style_region is written [default: short]'
            cand --trim-account-name 'What goes from an account''s name; may be repeated'
            cand --trim-role-name 'What goes from a role''s name; may be repeated'
            cand --account-name-case 'Letters of an account''s name, before it is trimmed'
            cand --role-name-case 'Letters of a role''s name, before it is trimmed'
            cand --profile-name-process 'A command that prints the name, or SKIP; it is given account name, account id, role, region, short region, and the region''s index and count'
            cand --credential-process 'Profiles that only call sso, instead of sso_session, account and role'
            cand --safe-account-names 'In account names only blanks and brackets become a dash, as in aws-sso-util'
            cand --raw-account-names 'Account names as they are'
            cand --dry-run 'Show the changes instead of writing them'
            cand --prune 'Remove generated profiles whose role is not granted any more'
            cand --adopt 'Take over profiles that aws-sso-util, granted or somebody by hand has made'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'sso;credential-process'= {
            cand -p 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]'
            cand --profile 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]'
            cand -a 'Account id, instead of the profile''s'
            cand --account 'Account id, instead of the profile''s'
            cand -r 'Role (permission set), instead of the profile''s'
            cand --role 'Role (permission set), instead of the profile''s'
            cand -s 'sso-session in ~/.aws/config, instead of the profile''s'
            cand --session 'sso-session in ~/.aws/config, instead of the profile''s'
            cand --start-url 'Start URL, instead of a session''s name'
            cand --sso-region 'Region of the Identity Center instance, with --start-url'
            cand --region 'Region to hand on, instead of the profile''s'
            cand --login 'Sign in when that is needed; without a terminal only in a browser, for at most 50 s'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'sso;credential_process'= {
            cand -p 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]'
            cand --profile 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]'
            cand -a 'Account id, instead of the profile''s'
            cand --account 'Account id, instead of the profile''s'
            cand -r 'Role (permission set), instead of the profile''s'
            cand --role 'Role (permission set), instead of the profile''s'
            cand -s 'sso-session in ~/.aws/config, instead of the profile''s'
            cand --session 'sso-session in ~/.aws/config, instead of the profile''s'
            cand --start-url 'Start URL, instead of a session''s name'
            cand --sso-region 'Region of the Identity Center instance, with --start-url'
            cand --region 'Region to hand on, instead of the profile''s'
            cand --login 'Sign in when that is needed; without a terminal only in a browser, for at most 50 s'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'sso;exec'= {
            cand -p 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]'
            cand --profile 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]'
            cand -a 'Account id, instead of the profile''s'
            cand --account 'Account id, instead of the profile''s'
            cand -r 'Role (permission set), instead of the profile''s'
            cand --role 'Role (permission set), instead of the profile''s'
            cand -s 'sso-session in ~/.aws/config, instead of the profile''s'
            cand --session 'sso-session in ~/.aws/config, instead of the profile''s'
            cand --start-url 'Start URL, instead of a session''s name'
            cand --sso-region 'Region of the Identity Center instance, with --start-url'
            cand --region 'Region to hand on, instead of the profile''s'
            cand --no-login 'Never sign in; exit 4 instead'
            cand -y 'Answer yes where SSO_PROTECT asks'
            cand --yes 'Answer yes where SSO_PROTECT asks'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'sso;env'= {
            cand -p 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]'
            cand --profile 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]'
            cand -a 'Account id, instead of the profile''s'
            cand --account 'Account id, instead of the profile''s'
            cand -r 'Role (permission set), instead of the profile''s'
            cand --role 'Role (permission set), instead of the profile''s'
            cand -s 'sso-session in ~/.aws/config, instead of the profile''s'
            cand --session 'sso-session in ~/.aws/config, instead of the profile''s'
            cand --start-url 'Start URL, instead of a session''s name'
            cand --sso-region 'Region of the Identity Center instance, with --start-url'
            cand --region 'Region to hand on, instead of the profile''s'
            cand --shell 'The shell to write for [default: the one that runs sso]'
            cand --format 'The form of the output'
            cand --unset 'Print what removes the variables again'
            cand --login 'Sign in when that is needed'
            cand -y 'Answer yes where SSO_PROTECT asks'
            cand --yes 'Answer yes where SSO_PROTECT asks'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'sso;check'= {
            cand -p 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]'
            cand --profile 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]'
            cand -a 'Account id or exact name, instead of the profile''s'
            cand --account 'Account id or exact name, instead of the profile''s'
            cand -r 'Role (permission set), instead of the profile''s'
            cand --role 'Role (permission set), instead of the profile''s'
            cand -s 'sso-session in ~/.aws/config, instead of the profile''s'
            cand --session 'sso-session in ~/.aws/config, instead of the profile''s'
            cand --start-url 'Start URL, instead of a session''s name'
            cand --sso-region 'Region of the Identity Center instance, with --start-url'
            cand --region 'Region whose STS is asked, instead of the profile''s'
            cand --strict 'Exit with 220 where there are warnings and nothing worse'
            cand --json 'Print JSON'
            cand -q 'Print nothing; the exit code says it'
            cand --quiet 'Print nothing; the exit code says it'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'sso;console'= {
            cand -p 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]'
            cand --profile 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]'
            cand -a 'Account id, instead of the profile''s'
            cand --account 'Account id, instead of the profile''s'
            cand -r 'Role (permission set), instead of the profile''s'
            cand --role 'Role (permission set), instead of the profile''s'
            cand -s 'sso-session in ~/.aws/config, instead of the profile''s'
            cand --session 'sso-session in ~/.aws/config, instead of the profile''s'
            cand --start-url 'Start URL, instead of a session''s name'
            cand --sso-region 'Region of the Identity Center instance, with --start-url'
            cand --region 'Region to hand on, instead of the profile''s'
            cand -d 'Where to go: a service, a path, or an https address in the console'
            cand --destination 'Where to go: a service, a path, or an https address in the console'
            cand --duration 'With --federate: how long the console''s session lasts, 15m to 12h [default: as long as the credentials]'
            cand --firefox-container 'Open in this container of Firefox; needs the extension "Open external links in a container"'
            cand --browser-profile 'Open with this profile of Firefox, or this profile directory of Chromium'
            cand --print 'Print the address instead of opening a browser'
            cand --federate 'Sign in with the role''s credentials instead of by the access portal'
            cand --logout-first 'With --federate: end the browser''s session with the console before'
            cand --no-login 'Never sign in to the session; exit 4 instead'
            cand -y 'Answer yes where SSO_PROTECT asks'
            cand --yes 'Answer yes where SSO_PROTECT asks'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'sso;use'= {
            cand -a 'Account id'
            cand --account 'Account id'
            cand -r 'Role (permission set)'
            cand --role 'Role (permission set)'
            cand -s 'sso-session in ~/.aws/config [default: the only one]'
            cand --session 'sso-session in ~/.aws/config [default: the only one]'
            cand --region 'Region to hand on, instead of the profile''s'
            cand --export-profile 'Let the shell hook export AWS_PROFILE instead of credentials'
            cand -y 'Replace a file that says something else, without asking'
            cand --yes 'Replace a file that says something else, without asking'
            cand --json 'Print what applies here as JSON'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'sso;configure'= {
            cand -s 'Session to use, or to make'
            cand --session 'Session to use, or to make'
            cand --start-url 'Start URL of the session'
            cand --sso-region 'Region of the Identity Center instance, where the start URL does not say it'
            cand --scopes 'Scopes of a new session, separated by commas [default: sso:account:access]'
            cand -a 'Account id, or a pattern as `sso roles` takes it'
            cand --account 'Account id, or a pattern as `sso roles` takes it'
            cand -r 'Role (permission set)'
            cand --role 'Role (permission set)'
            cand --region 'Region of the profile'
            cand --output 'Output of the AWS CLI, such as json'
            cand --pick 'Choose account and role anew for a profile that is there'
            cand --migrate 'Move legacy profiles (sso_start_url in the profile) to sso-sessions'
            cand --refresh 'List accounts and roles anew, however young the last listing is'
            cand --device-code 'Sign in with a code to type on any device'
            cand --no-browser 'Print the address of a sign-in instead of opening a browser'
            cand --dry-run 'Show as a diff what would be written, and write nothing'
            cand -y 'Ask nothing; change a profile that is there'
            cand --yes 'Ask nothing; change a profile that is there'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'sso;allow'= {
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'sso;deny'= {
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'sso;trust'= {
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help'
            cand --help 'Print help'
            cand list 'Show every .aws-sso file that was allowed or denied'
            cand prune 'Forget files that have changed or are gone'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'sso;trust;list'= {
            cand --json 'Print JSON'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'sso;trust;prune'= {
            cand --json 'Print what was forgotten as JSON'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'sso;trust;help'= {
            cand list 'Show every .aws-sso file that was allowed or denied'
            cand prune 'Forget files that have changed or are gone'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'sso;trust;help;list'= {
        }
        &'sso;trust;help;prune'= {
        }
        &'sso;trust;help;help'= {
        }
        &'sso;hook'= {
            cand --shell 'With off: the shell to write for [default: the one that runs sso]'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'sso;setup'= {
            cand --shell 'The shell [default: the one that runs sso]'
            cand --dry-run 'Say what would be done, and do nothing'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'sso;prompt'= {
            cand --format 'What to print [default: {profile} {left}]'
            cand --json 'Print JSON'
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'sso;completions'= {
            cand -v 'Say on stderr what is decided and why; never a secret'
            cand --verbose 'Say on stderr what is decided and why; never a secret'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'sso;help'= {
            cand login 'Sign in, or renew a sign-in'
            cand logout 'Sign out of sessions, here and on the server'
            cand status 'Show sessions, their expiry and their cached role credentials'
            cand roles 'List the accounts and roles that you may use'
            cand accounts 'List the accounts that you may use'
            cand populate 'Write a profile for every role into ~/.aws/config'
            cand credential-process 'Print credentials for `credential_process` in ~/.aws/config'
            cand exec 'Run a command with credentials in its environment'
            cand env 'Print credentials as statements for a shell'
            cand check 'Find out what works, what does not, and why'
            cand console 'Open the AWS console of a role in a browser'
            cand use 'Choose the profile or role of this directory, or show what applies here'
            cand configure 'Write a profile into ~/.aws/config, step by step or by options'
            cand allow 'Trust a directory''s .aws-sso file'
            cand deny 'Ignore a directory''s .aws-sso file'
            cand trust 'Show and clear up which .aws-sso files are trusted'
            cand hook 'Print the shell hook that loads credentials by directory'
            cand setup 'Add the hook and the completions to the shell''s start-up file'
            cand prompt 'Print a segment for the shell prompt'
            cand completions 'Print the completions of a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'sso;help;login'= {
        }
        &'sso;help;logout'= {
        }
        &'sso;help;status'= {
        }
        &'sso;help;roles'= {
        }
        &'sso;help;accounts'= {
        }
        &'sso;help;populate'= {
        }
        &'sso;help;credential-process'= {
        }
        &'sso;help;exec'= {
        }
        &'sso;help;env'= {
        }
        &'sso;help;check'= {
        }
        &'sso;help;console'= {
        }
        &'sso;help;use'= {
        }
        &'sso;help;configure'= {
        }
        &'sso;help;allow'= {
        }
        &'sso;help;deny'= {
        }
        &'sso;help;trust'= {
            cand list 'Show every .aws-sso file that was allowed or denied'
            cand prune 'Forget files that have changed or are gone'
        }
        &'sso;help;trust;list'= {
        }
        &'sso;help;trust;prune'= {
        }
        &'sso;help;hook'= {
        }
        &'sso;help;setup'= {
        }
        &'sso;help;prompt'= {
        }
        &'sso;help;completions'= {
        }
        &'sso;help;help'= {
        }
    ]
    $completions[$command]
}
