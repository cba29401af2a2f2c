"""Asks AWS who boto3 is, and stores and reads an object.

usage: identity.py [PROFILE...]; without a profile, whatever the environment says. Prints one
object for each: what the two services answered, or the code of their refusal.
"""

import json
import sys

import boto3
from botocore.exceptions import ClientError


def answer(question):
    try:
        return question()
    except ClientError as error:
        return {"Refused": error.response["Error"]["Code"]}


def judged(profile):
    session = boto3.Session(profile_name=profile)

    def caller():
        identity = session.client("sts").get_caller_identity()
        return {name: identity[name] for name in ("Account", "Arn")}

    def stored():
        s3 = session.client("s3")
        place = {"Bucket": "proof", "Key": f"by/{profile}"}
        s3.put_object(Body=b"written by boto3", **place)
        return s3.get_object(**place)["Body"].read().decode()

    return {"sts": answer(caller), "s3": answer(stored)}


print(json.dumps([judged(profile) for profile in sys.argv[1:] or [None]]))
