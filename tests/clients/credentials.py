"""Prints the role credentials that boto3 resolves, and which of its providers gave them.

usage: credentials.py [PROFILE]; without a profile, whatever the environment says.
--version instead prints the version of boto3.
"""

import json
import sys

import boto3

if sys.argv[1:] == ["--version"]:
    sys.exit(print(boto3.__version__))
session = boto3.Session(profile_name=sys.argv[1] if len(sys.argv) > 1 else None)
credentials = session.get_credentials()
if credentials is None:
    sys.exit("boto3 found no credentials")
keys = credentials.get_frozen_credentials()
answer = {
    "AccessKeyId": keys.access_key,
    "SecretAccessKey": keys.secret_key,
    "SessionToken": keys.token,
    "AccountId": keys.account_id,
    "Provider": credentials.method,
}
print(json.dumps(answer))
