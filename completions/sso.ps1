
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'sso' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'sso'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'sso' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Sign in, or renew a sign-in')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Sign out of sessions, here and on the server')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show sessions, their expiry and their cached role credentials')
            [CompletionResult]::new('roles', 'roles', [CompletionResultType]::ParameterValue, 'List the accounts and roles that you may use')
            [CompletionResult]::new('accounts', 'accounts', [CompletionResultType]::ParameterValue, 'List the accounts that you may use')
            [CompletionResult]::new('populate', 'populate', [CompletionResultType]::ParameterValue, 'Write a profile for every role into ~/.aws/config')
            [CompletionResult]::new('credential-process', 'credential-process', [CompletionResultType]::ParameterValue, 'Print credentials for `credential_process` in ~/.aws/config')
            [CompletionResult]::new('credential_process', 'credential_process', [CompletionResultType]::ParameterValue, 'Print credentials for `credential_process` in ~/.aws/config')
            [CompletionResult]::new('exec', 'exec', [CompletionResultType]::ParameterValue, 'Run a command with credentials in its environment')
            [CompletionResult]::new('env', 'env', [CompletionResultType]::ParameterValue, 'Print credentials as statements for a shell')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Find out what works, what does not, and why')
            [CompletionResult]::new('console', 'console', [CompletionResultType]::ParameterValue, 'Open the AWS console of a role in a browser')
            [CompletionResult]::new('use', 'use', [CompletionResultType]::ParameterValue, 'Choose the profile or role of this directory, or show what applies here')
            [CompletionResult]::new('configure', 'configure', [CompletionResultType]::ParameterValue, 'Write a profile into ~/.aws/config, step by step or by options')
            [CompletionResult]::new('allow', 'allow', [CompletionResultType]::ParameterValue, 'Trust a directory''s .aws-sso file')
            [CompletionResult]::new('deny', 'deny', [CompletionResultType]::ParameterValue, 'Ignore a directory''s .aws-sso file')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'Show and clear up which .aws-sso files are trusted')
            [CompletionResult]::new('hook', 'hook', [CompletionResultType]::ParameterValue, 'Print the shell hook that loads credentials by directory')
            [CompletionResult]::new('setup', 'setup', [CompletionResultType]::ParameterValue, 'Add the hook and the completions to the shell''s start-up file')
            [CompletionResult]::new('prompt', 'prompt', [CompletionResultType]::ParameterValue, 'Print a segment for the shell prompt')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions of a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'sso;login' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The session of this profile')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The session of this profile')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config')
            [CompletionResult]::new('--start-url', '--start-url', [CompletionResultType]::ParameterName, 'Start URL, instead of a session''s name')
            [CompletionResult]::new('--sso-region', '--sso-region', [CompletionResultType]::ParameterName, 'Region of the Identity Center instance, with --start-url')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'All sessions, legacy profiles'' too')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Sign in even when signed in; ends the old session first')
            [CompletionResult]::new('--device-code', '--device-code', [CompletionResultType]::ParameterName, 'Show a code to type on any device; with --no-browser nothing opens here')
            [CompletionResult]::new('--use-device-code', '--use-device-code', [CompletionResultType]::ParameterName, 'Show a code to type on any device; with --no-browser nothing opens here')
            [CompletionResult]::new('--no-browser', '--no-browser', [CompletionResultType]::ParameterName, 'Print the address instead of opening a browser')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sso;logout' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The session of this profile')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The session of this profile')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config')
            [CompletionResult]::new('--start-url', '--start-url', [CompletionResultType]::ParameterName, 'Start URL, instead of a session''s name')
            [CompletionResult]::new('--sso-region', '--sso-region', [CompletionResultType]::ParameterName, 'Region of the Identity Center instance, with --start-url')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'All sessions, legacy profiles'' too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sso;status' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The session of this profile')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The session of this profile')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config')
            [CompletionResult]::new('--start-url', '--start-url', [CompletionResultType]::ParameterName, 'Start URL, instead of a session''s name')
            [CompletionResult]::new('--sso-region', '--sso-region', [CompletionResultType]::ParameterName, 'Region of the Identity Center instance, with --start-url')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing; the exit code says it')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing; the exit code says it')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sso;roles' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The session of this profile')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The session of this profile')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config')
            [CompletionResult]::new('--start-url', '--start-url', [CompletionResultType]::ParameterName, 'Start URL, instead of a session''s name')
            [CompletionResult]::new('--sso-region', '--sso-region', [CompletionResultType]::ParameterName, 'Region of the Identity Center instance, with --start-url')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Only accounts with this id or a name like this; may be repeated')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only accounts with this id or a name like this; may be repeated')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Only roles with a name like this; may be repeated')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Only roles with a name like this; may be repeated')
            [CompletionResult]::new('--sort', '--sort', [CompletionResultType]::ParameterName, 'The order of rows, and of columns [default: name]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print a JSON array of objects')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print a JSON object on each line')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print comma-separated values (RFC 4180), with a header')
            [CompletionResult]::new('--tsv', '--tsv', [CompletionResultType]::ParameterName, 'Print tab-separated values, with a header')
            [CompletionResult]::new('--no-header', '--no-header', [CompletionResultType]::ParameterName, 'Leave out the header of the table, of --csv and of --tsv')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Ask the portal, however young the last listing is')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'sso;accounts' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The session of this profile')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The session of this profile')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config')
            [CompletionResult]::new('--start-url', '--start-url', [CompletionResultType]::ParameterName, 'Start URL, instead of a session''s name')
            [CompletionResult]::new('--sso-region', '--sso-region', [CompletionResultType]::ParameterName, 'Region of the Identity Center instance, with --start-url')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Only accounts with this id or a name like this; may be repeated')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only accounts with this id or a name like this; may be repeated')
            [CompletionResult]::new('--sort', '--sort', [CompletionResultType]::ParameterName, 'The order of rows, and of columns [default: name]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print a JSON array of objects')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print a JSON object on each line')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print comma-separated values (RFC 4180), with a header')
            [CompletionResult]::new('--tsv', '--tsv', [CompletionResultType]::ParameterName, 'Print tab-separated values, with a header')
            [CompletionResult]::new('--no-header', '--no-header', [CompletionResultType]::ParameterName, 'Leave out the header of the table, of --csv and of --tsv')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Ask the portal, however young the last listing is')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'sso;populate' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The session of this profile')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The session of this profile')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config')
            [CompletionResult]::new('--start-url', '--start-url', [CompletionResultType]::ParameterName, 'Start URL, instead of a session''s name')
            [CompletionResult]::new('--sso-region', '--sso-region', [CompletionResultType]::ParameterName, 'Region of the Identity Center instance, with --start-url')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region of the profiles; several make a profile for each')
            [CompletionResult]::new('--region-for', '--region-for', [CompletionResultType]::ParameterName, 'Regions of some roles: CHOICE=REGION[,REGION…]; the first that fits counts')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Only these roles; may be repeated')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'None of these roles; may be repeated')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'A key of every profile, such as output=json; may be repeated')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Name template')
            [CompletionResult]::new('--components', '--components', [CompletionResultType]::ParameterName, 'Components, separated by commas; an unknown one is taken literally')
            [CompletionResult]::new('--separator', '--separator', [CompletionResultType]::ParameterName, 'What stands between components [default: .]')
            [CompletionResult]::new('--sep', '--sep', [CompletionResultType]::ParameterName, 'What stands between components [default: .]')
            [CompletionResult]::new('--include-region', '--include-region', [CompletionResultType]::ParameterName, 'When the region is a part of the name [default: default]')
            [CompletionResult]::new('--region-style', '--region-style', [CompletionResultType]::ParameterName, 'How default_style_region is written [default: short]')
            [CompletionResult]::new('--trim-account-name', '--trim-account-name', [CompletionResultType]::ParameterName, 'What goes from an account''s name; may be repeated')
            [CompletionResult]::new('--trim-role-name', '--trim-role-name', [CompletionResultType]::ParameterName, 'What goes from a role''s name; may be repeated')
            [CompletionResult]::new('--account-name-case', '--account-name-case', [CompletionResultType]::ParameterName, 'Letters of an account''s name, before it is trimmed')
            [CompletionResult]::new('--role-name-case', '--role-name-case', [CompletionResultType]::ParameterName, 'Letters of a role''s name, before it is trimmed')
            [CompletionResult]::new('--profile-name-process', '--profile-name-process', [CompletionResultType]::ParameterName, 'A command that prints the name, or SKIP; it is given account name, account id, role, region, short region, and the region''s index and count')
            [CompletionResult]::new('--credential-process', '--credential-process', [CompletionResultType]::ParameterName, 'Profiles that only call sso, instead of sso_session, account and role')
            [CompletionResult]::new('--safe-account-names', '--safe-account-names', [CompletionResultType]::ParameterName, 'In account names only blanks and brackets become a dash, as in aws-sso-util')
            [CompletionResult]::new('--raw-account-names', '--raw-account-names', [CompletionResultType]::ParameterName, 'Account names as they are')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the changes instead of writing them')
            [CompletionResult]::new('--prune', '--prune', [CompletionResultType]::ParameterName, 'Remove generated profiles whose role is not granted any more')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Take over profiles that aws-sso-util, granted or somebody by hand has made')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'sso;credential-process' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Account id, instead of the profile''s')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Account id, instead of the profile''s')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Role (permission set), instead of the profile''s')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Role (permission set), instead of the profile''s')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config, instead of the profile''s')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config, instead of the profile''s')
            [CompletionResult]::new('--start-url', '--start-url', [CompletionResultType]::ParameterName, 'Start URL, instead of a session''s name')
            [CompletionResult]::new('--sso-region', '--sso-region', [CompletionResultType]::ParameterName, 'Region of the Identity Center instance, with --start-url')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region to hand on, instead of the profile''s')
            [CompletionResult]::new('--login', '--login', [CompletionResultType]::ParameterName, 'Sign in when that is needed; without a terminal only in a browser, for at most 50 s')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sso;credential_process' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Account id, instead of the profile''s')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Account id, instead of the profile''s')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Role (permission set), instead of the profile''s')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Role (permission set), instead of the profile''s')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config, instead of the profile''s')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config, instead of the profile''s')
            [CompletionResult]::new('--start-url', '--start-url', [CompletionResultType]::ParameterName, 'Start URL, instead of a session''s name')
            [CompletionResult]::new('--sso-region', '--sso-region', [CompletionResultType]::ParameterName, 'Region of the Identity Center instance, with --start-url')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region to hand on, instead of the profile''s')
            [CompletionResult]::new('--login', '--login', [CompletionResultType]::ParameterName, 'Sign in when that is needed; without a terminal only in a browser, for at most 50 s')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sso;exec' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Account id, instead of the profile''s')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Account id, instead of the profile''s')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Role (permission set), instead of the profile''s')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Role (permission set), instead of the profile''s')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config, instead of the profile''s')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config, instead of the profile''s')
            [CompletionResult]::new('--start-url', '--start-url', [CompletionResultType]::ParameterName, 'Start URL, instead of a session''s name')
            [CompletionResult]::new('--sso-region', '--sso-region', [CompletionResultType]::ParameterName, 'Region of the Identity Center instance, with --start-url')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region to hand on, instead of the profile''s')
            [CompletionResult]::new('--no-login', '--no-login', [CompletionResultType]::ParameterName, 'Never sign in; exit 4 instead')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes where SSO_PROTECT asks')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes where SSO_PROTECT asks')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sso;env' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Account id, instead of the profile''s')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Account id, instead of the profile''s')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Role (permission set), instead of the profile''s')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Role (permission set), instead of the profile''s')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config, instead of the profile''s')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config, instead of the profile''s')
            [CompletionResult]::new('--start-url', '--start-url', [CompletionResultType]::ParameterName, 'Start URL, instead of a session''s name')
            [CompletionResult]::new('--sso-region', '--sso-region', [CompletionResultType]::ParameterName, 'Region of the Identity Center instance, with --start-url')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region to hand on, instead of the profile''s')
            [CompletionResult]::new('--shell', '--shell', [CompletionResultType]::ParameterName, 'The shell to write for [default: the one that runs sso]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the output')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Print what removes the variables again')
            [CompletionResult]::new('--login', '--login', [CompletionResultType]::ParameterName, 'Sign in when that is needed')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes where SSO_PROTECT asks')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes where SSO_PROTECT asks')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'sso;check' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Account id or exact name, instead of the profile''s')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Account id or exact name, instead of the profile''s')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Role (permission set), instead of the profile''s')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Role (permission set), instead of the profile''s')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config, instead of the profile''s')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config, instead of the profile''s')
            [CompletionResult]::new('--start-url', '--start-url', [CompletionResultType]::ParameterName, 'Start URL, instead of a session''s name')
            [CompletionResult]::new('--sso-region', '--sso-region', [CompletionResultType]::ParameterName, 'Region of the Identity Center instance, with --start-url')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region whose STS is asked, instead of the profile''s')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Exit with 220 where there are warnings and nothing worse')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing; the exit code says it')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing; the exit code says it')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sso;console' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Account id, instead of the profile''s')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Account id, instead of the profile''s')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Role (permission set), instead of the profile''s')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Role (permission set), instead of the profile''s')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config, instead of the profile''s')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config, instead of the profile''s')
            [CompletionResult]::new('--start-url', '--start-url', [CompletionResultType]::ParameterName, 'Start URL, instead of a session''s name')
            [CompletionResult]::new('--sso-region', '--sso-region', [CompletionResultType]::ParameterName, 'Region of the Identity Center instance, with --start-url')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region to hand on, instead of the profile''s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Where to go: a service, a path, or an https address in the console')
            [CompletionResult]::new('--destination', '--destination', [CompletionResultType]::ParameterName, 'Where to go: a service, a path, or an https address in the console')
            [CompletionResult]::new('--duration', '--duration', [CompletionResultType]::ParameterName, 'With --federate: how long the console''s session lasts, 15m to 12h [default: as long as the credentials]')
            [CompletionResult]::new('--firefox-container', '--firefox-container', [CompletionResultType]::ParameterName, 'Open in this container of Firefox; needs the extension "Open external links in a container"')
            [CompletionResult]::new('--browser-profile', '--browser-profile', [CompletionResultType]::ParameterName, 'Open with this profile of Firefox, or this profile directory of Chromium')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print the address instead of opening a browser')
            [CompletionResult]::new('--federate', '--federate', [CompletionResultType]::ParameterName, 'Sign in with the role''s credentials instead of by the access portal')
            [CompletionResult]::new('--logout-first', '--logout-first', [CompletionResultType]::ParameterName, 'With --federate: end the browser''s session with the console before')
            [CompletionResult]::new('--no-login', '--no-login', [CompletionResultType]::ParameterName, 'Never sign in to the session; exit 4 instead')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes where SSO_PROTECT asks')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes where SSO_PROTECT asks')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sso;use' {
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Account id')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Account id')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Role (permission set)')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Role (permission set)')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config [default: the only one]')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'sso-session in ~/.aws/config [default: the only one]')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region to hand on, instead of the profile''s')
            [CompletionResult]::new('--export-profile', '--export-profile', [CompletionResultType]::ParameterName, 'Let the shell hook export AWS_PROFILE instead of credentials')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Replace a file that says something else, without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Replace a file that says something else, without asking')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print what applies here as JSON')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sso;configure' {
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Session to use, or to make')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'Session to use, or to make')
            [CompletionResult]::new('--start-url', '--start-url', [CompletionResultType]::ParameterName, 'Start URL of the session')
            [CompletionResult]::new('--sso-region', '--sso-region', [CompletionResultType]::ParameterName, 'Region of the Identity Center instance, where the start URL does not say it')
            [CompletionResult]::new('--scopes', '--scopes', [CompletionResultType]::ParameterName, 'Scopes of a new session, separated by commas [default: sso:account:access]')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Account id, or a pattern as `sso roles` takes it')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Account id, or a pattern as `sso roles` takes it')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Role (permission set)')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Role (permission set)')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region of the profile')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Output of the AWS CLI, such as json')
            [CompletionResult]::new('--pick', '--pick', [CompletionResultType]::ParameterName, 'Choose account and role anew for a profile that is there')
            [CompletionResult]::new('--migrate', '--migrate', [CompletionResultType]::ParameterName, 'Move legacy profiles (sso_start_url in the profile) to sso-sessions')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'List accounts and roles anew, however young the last listing is')
            [CompletionResult]::new('--device-code', '--device-code', [CompletionResultType]::ParameterName, 'Sign in with a code to type on any device')
            [CompletionResult]::new('--no-browser', '--no-browser', [CompletionResultType]::ParameterName, 'Print the address of a sign-in instead of opening a browser')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show as a diff what would be written, and write nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Ask nothing; change a profile that is there')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Ask nothing; change a profile that is there')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sso;allow' {
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sso;deny' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sso;trust' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show every .aws-sso file that was allowed or denied')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Forget files that have changed or are gone')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'sso;trust;list' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sso;trust;prune' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print what was forgotten as JSON')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sso;trust;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show every .aws-sso file that was allowed or denied')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Forget files that have changed or are gone')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'sso;trust;help;list' {
            break
        }
        'sso;trust;help;prune' {
            break
        }
        'sso;trust;help;help' {
            break
        }
        'sso;hook' {
            [CompletionResult]::new('--shell', '--shell', [CompletionResultType]::ParameterName, 'With off: the shell to write for [default: the one that runs sso]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'sso;setup' {
            [CompletionResult]::new('--shell', '--shell', [CompletionResultType]::ParameterName, 'The shell [default: the one that runs sso]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done, and do nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sso;prompt' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'What to print [default: {profile} {left}]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sso;completions' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is decided and why; never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sso;help' {
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Sign in, or renew a sign-in')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Sign out of sessions, here and on the server')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show sessions, their expiry and their cached role credentials')
            [CompletionResult]::new('roles', 'roles', [CompletionResultType]::ParameterValue, 'List the accounts and roles that you may use')
            [CompletionResult]::new('accounts', 'accounts', [CompletionResultType]::ParameterValue, 'List the accounts that you may use')
            [CompletionResult]::new('populate', 'populate', [CompletionResultType]::ParameterValue, 'Write a profile for every role into ~/.aws/config')
            [CompletionResult]::new('credential-process', 'credential-process', [CompletionResultType]::ParameterValue, 'Print credentials for `credential_process` in ~/.aws/config')
            [CompletionResult]::new('exec', 'exec', [CompletionResultType]::ParameterValue, 'Run a command with credentials in its environment')
            [CompletionResult]::new('env', 'env', [CompletionResultType]::ParameterValue, 'Print credentials as statements for a shell')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Find out what works, what does not, and why')
            [CompletionResult]::new('console', 'console', [CompletionResultType]::ParameterValue, 'Open the AWS console of a role in a browser')
            [CompletionResult]::new('use', 'use', [CompletionResultType]::ParameterValue, 'Choose the profile or role of this directory, or show what applies here')
            [CompletionResult]::new('configure', 'configure', [CompletionResultType]::ParameterValue, 'Write a profile into ~/.aws/config, step by step or by options')
            [CompletionResult]::new('allow', 'allow', [CompletionResultType]::ParameterValue, 'Trust a directory''s .aws-sso file')
            [CompletionResult]::new('deny', 'deny', [CompletionResultType]::ParameterValue, 'Ignore a directory''s .aws-sso file')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'Show and clear up which .aws-sso files are trusted')
            [CompletionResult]::new('hook', 'hook', [CompletionResultType]::ParameterValue, 'Print the shell hook that loads credentials by directory')
            [CompletionResult]::new('setup', 'setup', [CompletionResultType]::ParameterValue, 'Add the hook and the completions to the shell''s start-up file')
            [CompletionResult]::new('prompt', 'prompt', [CompletionResultType]::ParameterValue, 'Print a segment for the shell prompt')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions of a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'sso;help;login' {
            break
        }
        'sso;help;logout' {
            break
        }
        'sso;help;status' {
            break
        }
        'sso;help;roles' {
            break
        }
        'sso;help;accounts' {
            break
        }
        'sso;help;populate' {
            break
        }
        'sso;help;credential-process' {
            break
        }
        'sso;help;exec' {
            break
        }
        'sso;help;env' {
            break
        }
        'sso;help;check' {
            break
        }
        'sso;help;console' {
            break
        }
        'sso;help;use' {
            break
        }
        'sso;help;configure' {
            break
        }
        'sso;help;allow' {
            break
        }
        'sso;help;deny' {
            break
        }
        'sso;help;trust' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show every .aws-sso file that was allowed or denied')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Forget files that have changed or are gone')
            break
        }
        'sso;help;trust;list' {
            break
        }
        'sso;help;trust;prune' {
            break
        }
        'sso;help;hook' {
            break
        }
        'sso;help;setup' {
            break
        }
        'sso;help;prompt' {
            break
        }
        'sso;help;completions' {
            break
        }
        'sso;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
