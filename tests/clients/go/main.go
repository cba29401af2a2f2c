// Prints the role credentials that the AWS SDK for Go v2 resolves, as one line of JSON.
//
// usage:
//
//	credentials [PROFILE]        without a profile, the SDK reads the environment
//	credentials --token PROFILE  print the token of the profile's session
//	credentials --version        print the version of the SDK
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	switch {
	case len(args) == 1 && args[0] == "--version":
		fmt.Println(version())
		return nil
	case len(args) == 2 && args[0] == "--token":
		return token(ctx, args[1])
	case len(args) == 1:
		return credentials(ctx, config.WithSharedConfigProfile(args[0]))
	case len(args) == 0:
		return credentials(ctx)
	}
	return errors.New("usage: credentials [--token] [PROFILE] | --version")
}

func credentials(ctx context.Context, options ...func(*config.LoadOptions) error) error {
	loaded, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return err
	}
	keys, err := loaded.Credentials.Retrieve(ctx)
	if err != nil {
		return err
	}
	output := map[string]any{
		"AccessKeyId":     keys.AccessKeyID,
		"SecretAccessKey": keys.SecretAccessKey,
		"SessionToken":    keys.SessionToken,
		"AccountId":       keys.AccountID,
		"Provider":        keys.Source,
	}
	if keys.CanExpire {
		output["Expiration"] = keys.Expires.UTC().Format(time.RFC3339)
	}
	return json.NewEncoder(os.Stdout).Encode(output)
}

func token(ctx context.Context, profile string) error {
	loaded, err := config.LoadDefaultConfig(ctx, config.WithSharedConfigProfile(profile))
	if err != nil {
		return err
	}
	if loaded.BearerAuthTokenProvider == nil {
		return errors.New("the profile has no token provider")
	}
	token, err := loaded.BearerAuthTokenProvider.RetrieveBearerToken(ctx)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"Token":      token.Value,
		"Expiration": token.Expires.UTC().Format(time.RFC3339),
	})
}

func version() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "github.com/aws/aws-sdk-go-v2/config" {
			return module.Version
		}
	}
	return "unknown"
}
