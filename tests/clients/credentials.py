"""Prints the role credentials that boto3 resolves, and the name of the provider.

usage: credentials.py [PROFILE]        without a profile, boto3 reads the environment
       credentials.py --token PROFILE  print the token of the profile's session
       credentials.py --version        print the version of boto3
"""

import json
import sys

import boto3

if sys.argv[1:] == ["--version"]:
    sys.exit(print(boto3.__version__))
if sys.argv[1:2] == ["--token"]:
    token = boto3.Session(profile_name=sys.argv[2])._session.get_auth_token()
    frozen = token.get_frozen_token()
    sys.exit(print(json.dumps({"Token": frozen.token, "Expiration": str(frozen.expiration)})))
session = boto3.Session(profile_name=sys.argv[1] if len(sys.argv) > 1 else None)
credentials = session.get_credentials()
if credentials is None:
    sys.exit("boto3 found no credentials")
keys = credentials.get_frozen_credentials()
output = {
    "AccessKeyId": keys.access_key,
    "SecretAccessKey": keys.secret_key,
    "SessionToken": keys.token,
    "AccountId": keys.account_id,
    "Provider": credentials.method,
}
print(json.dumps(output))
