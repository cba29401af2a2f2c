module completions {

  # Credentials for AWS IAM Identity Center: sign in once, use them everywhere
  export extern sso [
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  # Sign in, or renew a sign-in
  export extern "sso login" [
    --profile(-p): string     # The session of this profile
    --session(-s): string     # sso-session in ~/.aws/config
    --start-url: string       # Start URL, instead of a session's name
    --sso-region: string      # Region of the Identity Center instance, with --start-url
    --all                     # All sessions, legacy profiles' too
    --force                   # Sign in even when signed in; ends the old session first
    --device-code             # Show a code to type on any device; with --no-browser nothing opens here
    --use-device-code         # Show a code to type on any device; with --no-browser nothing opens here
    --no-browser              # Print the address instead of opening a browser
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help
    ...sessions: string       # Session names, start URLs, or profile names
  ]

  # Sign out of sessions, here and on the server
  export extern "sso logout" [
    --profile(-p): string     # The session of this profile
    --session(-s): string     # sso-session in ~/.aws/config
    --start-url: string       # Start URL, instead of a session's name
    --sso-region: string      # Region of the Identity Center instance, with --start-url
    --all                     # All sessions, legacy profiles' too
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help
    ...sessions: string       # Session names, start URLs, or profile names
  ]

  # Show sessions, their expiry and their cached role credentials
  export extern "sso status" [
    --profile(-p): string     # The session of this profile
    --session(-s): string     # sso-session in ~/.aws/config
    --start-url: string       # Start URL, instead of a session's name
    --sso-region: string      # Region of the Identity Center instance, with --start-url
    --json                    # Print JSON
    --quiet(-q)               # Print nothing; the exit code says it
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help
    name?: string             # Session name, start URL, profile name, or a part of a session's
  ]

  def "nu-complete sso roles sort" [] {
    [ "name" "id" "role" "role-id" ]
  }

  # List the accounts and roles that you may use
  export extern "sso roles" [
    --profile(-p): string     # The session of this profile
    --session(-s): string     # sso-session in ~/.aws/config
    --start-url: string       # Start URL, instead of a session's name
    --sso-region: string      # Region of the Identity Center instance, with --start-url
    --account(-a): string     # Only accounts with this id or a name like this; may be repeated
    --role(-r): string        # Only roles with a name like this; may be repeated
    --sort: string@"nu-complete sso roles sort" # The order of rows, and of columns [default: name]
    --json                    # Print a JSON array of objects
    --jsonl                   # Print a JSON object on each line
    --csv                     # Print comma-separated values (RFC 4180), with a header
    --tsv                     # Print tab-separated values, with a header
    --no-header               # Leave out the header of the table, of --csv and of --tsv
    --refresh                 # Ask the portal, however young the last listing is
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete sso accounts sort" [] {
    [ "id" "name" ]
  }

  # List the accounts that you may use
  export extern "sso accounts" [
    --profile(-p): string     # The session of this profile
    --session(-s): string     # sso-session in ~/.aws/config
    --start-url: string       # Start URL, instead of a session's name
    --sso-region: string      # Region of the Identity Center instance, with --start-url
    --account(-a): string     # Only accounts with this id or a name like this; may be repeated
    --sort: string@"nu-complete sso accounts sort" # The order of rows, and of columns [default: name]
    --json                    # Print a JSON array of objects
    --jsonl                   # Print a JSON object on each line
    --csv                     # Print comma-separated values (RFC 4180), with a header
    --tsv                     # Print tab-separated values, with a header
    --no-header               # Leave out the header of the table, of --csv and of --tsv
    --refresh                 # Ask the portal, however young the last listing is
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete sso populate include_region" [] {
    [ "default" "always" ]
  }

  def "nu-complete sso populate region_style" [] {
    [ "short" "long" ]
  }

  def "nu-complete sso populate account_name_case" [] {
    [ "capitalize" "casefold" "lower" "title" "upper" ]
  }

  def "nu-complete sso populate role_name_case" [] {
    [ "capitalize" "casefold" "lower" "title" "upper" ]
  }

  # Write a profile for every role into ~/.aws/config
  export extern "sso populate" [
    --profile(-p): string     # The session of this profile
    --session(-s): string     # sso-session in ~/.aws/config
    --start-url: string       # Start URL, instead of a session's name
    --sso-region: string      # Region of the Identity Center instance, with --start-url
    --region: string          # Region of the profiles; several make a profile for each
    --region-for: string      # Regions of some roles: CHOICE=REGION[,REGION…]; the first that fits counts
    --include: string         # Only these roles; may be repeated
    --exclude: string         # None of these roles; may be repeated
    --set: string             # A key of every profile, such as output=json; may be repeated
    --credential-process      # Profiles that only call sso, instead of sso_session, account and role
    --name: string            # Name template
    --components: string      # Components, separated by commas; an unknown one is taken literally
    --separator: string       # What stands between components [default: .]
    --sep: string             # What stands between components [default: .]
    --include-region: string@"nu-complete sso populate include_region" # When the region is a part of the name [default: default]
    --region-style: string@"nu-complete sso populate region_style" # How default_style_region is written [default: short]
    --trim-account-name: string # What goes from an account's name; may be repeated
    --trim-role-name: string  # What goes from a role's name; may be repeated
    --account-name-case: string@"nu-complete sso populate account_name_case" # Letters of an account's name, before it is trimmed
    --role-name-case: string@"nu-complete sso populate role_name_case" # Letters of a role's name, before it is trimmed
    --profile-name-process: string # A command that prints the name, or SKIP; it is given account name, account id, role, region, short region, and the region's index and count
    --safe-account-names      # In account names only blanks and brackets become a dash, as in aws-sso-util
    --raw-account-names       # Account names as they are
    --dry-run                 # Show the changes instead of writing them
    --prune                   # Remove generated profiles whose role is not granted any more
    --adopt                   # Take over profiles that aws-sso-util, granted or somebody by hand has made
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help (see more with '--help')
  ]

  # Print credentials for `credential_process` in ~/.aws/config
  export extern "sso credential-process" [
    --profile(-p): string     # Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]
    --account(-a): string     # Account id, instead of the profile's
    --role(-r): string        # Role (permission set), instead of the profile's
    --session(-s): string     # sso-session in ~/.aws/config, instead of the profile's
    --start-url: string       # Start URL, instead of a session's name
    --sso-region: string      # Region of the Identity Center instance, with --start-url
    --region: string          # Region to hand on, instead of the profile's
    --login                   # Sign in when that is needed; without a terminal only in a browser, for at most 50 s
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help
  ]

  # Run a command with credentials in its environment
  export extern "sso exec" [
    --profile(-p): string     # Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]
    --account(-a): string     # Account id, instead of the profile's
    --role(-r): string        # Role (permission set), instead of the profile's
    --session(-s): string     # sso-session in ~/.aws/config, instead of the profile's
    --start-url: string       # Start URL, instead of a session's name
    --sso-region: string      # Region of the Identity Center instance, with --start-url
    --region: string          # Region to hand on, instead of the profile's
    --no-login                # Never sign in; exit 4 instead
    --yes(-y)                 # Answer yes where SSO_PROTECT asks
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help
    ...command: string        # The command and its arguments [default: $SHELL]
  ]

  def "nu-complete sso env shell" [] {
    [ "bash" "zsh" "sh" "fish" "elvish" "pwsh" "nu" "cmd" ]
  }

  def "nu-complete sso env format" [] {
    [ "shell" "dotenv" "json" ]
  }

  # Print credentials as statements for a shell
  export extern "sso env" [
    --profile(-p): string     # Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]
    --account(-a): string     # Account id, instead of the profile's
    --role(-r): string        # Role (permission set), instead of the profile's
    --session(-s): string     # sso-session in ~/.aws/config, instead of the profile's
    --start-url: string       # Start URL, instead of a session's name
    --sso-region: string      # Region of the Identity Center instance, with --start-url
    --region: string          # Region to hand on, instead of the profile's
    --shell: string@"nu-complete sso env shell" # The shell to write for [default: the one that runs sso]
    --format: string@"nu-complete sso env format" # The form of the output
    --unset                   # Print what removes the variables again
    --login                   # Sign in when that is needed
    --yes(-y)                 # Answer yes where SSO_PROTECT asks
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help (see more with '--help')
  ]

  # Find out what works, what does not, and why
  export extern "sso check" [
    --profile(-p): string     # Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]
    --account(-a): string     # Account id or exact name, instead of the profile's
    --role(-r): string        # Role (permission set), instead of the profile's
    --session(-s): string     # sso-session in ~/.aws/config, instead of the profile's
    --start-url: string       # Start URL, instead of a session's name
    --sso-region: string      # Region of the Identity Center instance, with --start-url
    --region: string          # Region whose STS is asked, instead of the profile's
    --strict                  # Exit with 220 where there are warnings and nothing worse
    --json                    # Print JSON
    --quiet(-q)               # Print nothing; the exit code says it
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help
  ]

  # Open the AWS console of a role in a browser
  export extern "sso console" [
    --profile(-p): string     # Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]
    --account(-a): string     # Account id, instead of the profile's
    --role(-r): string        # Role (permission set), instead of the profile's
    --session(-s): string     # sso-session in ~/.aws/config, instead of the profile's
    --start-url: string       # Start URL, instead of a session's name
    --sso-region: string      # Region of the Identity Center instance, with --start-url
    --region: string          # Region to hand on, instead of the profile's
    --destination(-d): string # Where to go: a service, a path, or an https address in the console
    --print                   # Print the address instead of opening a browser
    --federate                # Sign in with the role's credentials instead of by the access portal
    --duration: string        # With --federate: how long the console's session lasts, 15m to 12h [default: as long as the credentials]
    --logout-first            # With --federate: end the browser's session with the console before
    --no-login                # Never sign in to the session; exit 4 instead
    --yes(-y)                 # Answer yes where SSO_PROTECT asks
    --firefox-container: string # Open in this container of Firefox; needs the extension "Open external links in a container"
    --browser-profile: string # Open with this profile of Firefox, or this profile directory of Chromium
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help
  ]

  # Choose the profile or role of this directory, or show what applies here
  export extern "sso use" [
    --account(-a): string     # Account id
    --role(-r): string        # Role (permission set)
    --session(-s): string     # sso-session in ~/.aws/config [default: the only one]
    --region: string          # Region to hand on, instead of the profile's
    --export-profile          # Let the shell hook export AWS_PROFILE instead of credentials
    --yes(-y)                 # Replace a file that says something else, without asking
    --json                    # Print what applies here as JSON
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help
    profile?: string          # Profile in ~/.aws/config
  ]

  # Write a profile into ~/.aws/config, step by step or by options
  export extern "sso configure" [
    --pick                    # Choose account and role anew for a profile that is there
    --migrate                 # Move legacy profiles (sso_start_url in the profile) to sso-sessions
    --session(-s): string     # Session to use, or to make
    --start-url: string       # Start URL of the session
    --sso-region: string      # Region of the Identity Center instance, where the start URL does not say it
    --scopes: string          # Scopes of a new session, separated by commas [default: sso:account:access]
    --account(-a): string     # Account id, or a pattern as `sso roles` takes it
    --role(-r): string        # Role (permission set)
    --region: string          # Region of the profile
    --output: string          # Output of the AWS CLI, such as json
    --refresh                 # List accounts and roles anew, however young the last listing is
    --device-code             # Sign in with a code to type on any device
    --no-browser              # Print the address of a sign-in instead of opening a browser
    --dry-run                 # Show as a diff what would be written, and write nothing
    --yes(-y)                 # Ask nothing; change a profile that is there
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help
    ...profiles: string       # The profile; with --migrate several, or none for all legacy ones
  ]

  # Trust a directory's .aws-sso file
  export extern "sso allow" [
    --yes(-y)                 # Do not ask
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help
    path?: path               # The .aws-sso file, or its directory [default: the nearest]
  ]

  # Ignore a directory's .aws-sso file
  export extern "sso deny" [
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help
    path?: path               # The .aws-sso file, or its directory [default: the nearest]
  ]

  # Show and clear up which .aws-sso files are trusted
  export extern "sso trust" [
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help
  ]

  # Show every .aws-sso file that was allowed or denied
  export extern "sso trust list" [
    --json                    # Print JSON
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help
  ]

  # Forget files that have changed or are gone
  export extern "sso trust prune" [
    --json                    # Print what was forgotten as JSON
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help
  ]

  # Print this message or the help of the given subcommand(s)
  export extern "sso trust help" [
  ]

  # Show every .aws-sso file that was allowed or denied
  export extern "sso trust help list" [
  ]

  # Forget files that have changed or are gone
  export extern "sso trust help prune" [
  ]

  # Print this message or the help of the given subcommand(s)
  export extern "sso trust help help" [
  ]

  def "nu-complete sso hook script" [] {
    [ "bash" "zsh" "fish" "off" ]
  }

  def "nu-complete sso hook shell" [] {
    [ "bash" "zsh" "fish" ]
  }

  # Print the shell hook that loads credentials by directory
  export extern "sso hook" [
    --shell: string@"nu-complete sso hook shell" # With off: the shell to write for [default: the one that runs sso]
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help (see more with '--help')
    script: string@"nu-complete sso hook script" # The shell
  ]

  def "nu-complete sso setup shell" [] {
    [ "bash" "zsh" "fish" ]
  }

  # Add the hook and the completions to the shell's start-up file
  export extern "sso setup" [
    --shell: string@"nu-complete sso setup shell" # The shell [default: the one that runs sso]
    --dry-run                 # Say what would be done, and do nothing
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help
  ]

  # Print a segment for the shell prompt
  export extern "sso prompt" [
    --format: string          # What to print [default: {profile} {left}]
    --json                    # Print JSON
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help
  ]

  def "nu-complete sso completions shell" [] {
    [ "bash" "zsh" "fish" "elvish" "powershell" "nushell" ]
  }

  # Print the completions of a shell
  export extern "sso completions" [
    --verbose(-v)             # Say on stderr what is decided and why; never a secret
    --help(-h)                # Print help
    shell: string@"nu-complete sso completions shell" # The shell
  ]

  # Print this message or the help of the given subcommand(s)
  export extern "sso help" [
  ]

  # Sign in, or renew a sign-in
  export extern "sso help login" [
  ]

  # Sign out of sessions, here and on the server
  export extern "sso help logout" [
  ]

  # Show sessions, their expiry and their cached role credentials
  export extern "sso help status" [
  ]

  # List the accounts and roles that you may use
  export extern "sso help roles" [
  ]

  # List the accounts that you may use
  export extern "sso help accounts" [
  ]

  # Write a profile for every role into ~/.aws/config
  export extern "sso help populate" [
  ]

  # Print credentials for `credential_process` in ~/.aws/config
  export extern "sso help credential-process" [
  ]

  # Run a command with credentials in its environment
  export extern "sso help exec" [
  ]

  # Print credentials as statements for a shell
  export extern "sso help env" [
  ]

  # Find out what works, what does not, and why
  export extern "sso help check" [
  ]

  # Open the AWS console of a role in a browser
  export extern "sso help console" [
  ]

  # Choose the profile or role of this directory, or show what applies here
  export extern "sso help use" [
  ]

  # Write a profile into ~/.aws/config, step by step or by options
  export extern "sso help configure" [
  ]

  # Trust a directory's .aws-sso file
  export extern "sso help allow" [
  ]

  # Ignore a directory's .aws-sso file
  export extern "sso help deny" [
  ]

  # Show and clear up which .aws-sso files are trusted
  export extern "sso help trust" [
  ]

  # Show every .aws-sso file that was allowed or denied
  export extern "sso help trust list" [
  ]

  # Forget files that have changed or are gone
  export extern "sso help trust prune" [
  ]

  # Print the shell hook that loads credentials by directory
  export extern "sso help hook" [
  ]

  # Add the hook and the completions to the shell's start-up file
  export extern "sso help setup" [
  ]

  # Print a segment for the shell prompt
  export extern "sso help prompt" [
  ]

  # Print the completions of a shell
  export extern "sso help completions" [
  ]

  # Print this message or the help of the given subcommand(s)
  export extern "sso help help" [
  ]

}

export use completions *
