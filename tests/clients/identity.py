"""Gets the caller identity from STS, and writes and reads an object in S3, with boto3.

usage: identity.py [PROFILE...]; without a profile, boto3 reads the environment.

Prints a list with one object per profile: the results of both services, or their error codes.
"""

import json
import sys

import boto3
from botocore.exceptions import ClientError


def result_of(call):
    try:
        return call()
    except ClientError as error:
        return {"Refused": error.response["Error"]["Code"]}


def check(profile):
    session = boto3.Session(profile_name=profile)

    def get_caller():
        identity = session.client("sts").get_caller_identity()
        return {name: identity[name] for name in ("Account", "Arn")}

    def store_object():
        s3 = session.client("s3")
        key = {"Bucket": "proof", "Key": f"by/{profile}"}
        s3.put_object(Body=b"written by boto3", **key)
        return s3.get_object(**key)["Body"].read().decode()

    return {"sts": result_of(get_caller), "s3": result_of(store_object)}


print(json.dumps([check(profile) for profile in sys.argv[1:] or [None]]))
