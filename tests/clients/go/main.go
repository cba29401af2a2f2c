// Prints the role credentials that the AWS SDK for Go v2 resolves, as one line of JSON.
//
// usage: credentials [PROFILE]; without a profile, whatever the environment says.
// --token PROFILE prints the token of the profile's session instead, and --version the
// version of the SDK.
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

func run(ctx context.Context, words []string) error {
	switch {
	case len(words) == 1 && words[0] == "--version":
		fmt.Println(version())
		return nil
	case len(words) == 2 && words[0] == "--token":
		return token(ctx, words[1])
	case len(words) == 1:
		return credentials(ctx, config.WithSharedConfigProfile(words[0]))
	case len(words) == 0:
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
	answer := map[string]any{
		"AccessKeyId":     keys.AccessKeyID,
		"SecretAccessKey": keys.SecretAccessKey,
		"SessionToken":    keys.SessionToken,
		"AccountId":       keys.AccountID,
		"Provider":        keys.Source,
	}
	if keys.CanExpire {
		answer["Expiration"] = keys.Expires.UTC().Format(time.RFC3339)
	}
	return json.NewEncoder(os.Stdout).Encode(answer)
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
