"""Runs moto's AWS server on loopback, in the mode that checks signatures and policies.

usage: moto.py

Creates the bucket `proof` and prints one line of JSON with the server's address and credentials
from its STS for the role of a permission set. Serves until the end of standard input.
"""

import json
import logging
import os
import sys

# Only the three calls that create the role, its policy and the credentials are not checked.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "3"

import boto3
import moto
from moto.server import ThreadedMotoServer

ROLE = "AWSReservedSSO_AdministratorAccess_0123456789abcdef"
ALLOWED = ["s3:*", "sts:GetCallerIdentity"]


def policy(**statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
url = f"http://{host}:{port}"


def client(service, key="nobody", secret="nothing", token=None):
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
    )


iam = client("iam")
role = iam.create_role(
    RoleName=ROLE,
    AssumeRolePolicyDocument=policy(Principal={"AWS": "*"}, Action="sts:AssumeRole"),
)
iam.put_role_policy(
    RoleName=ROLE, PolicyName="inline", PolicyDocument=policy(Action=ALLOWED, Resource="*")
)
assumed = client("sts").assume_role(
    RoleArn=role["Role"]["Arn"], RoleSessionName="alice@example.com"
)
keys = assumed["Credentials"]
owner = client("s3", keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
owner.create_bucket(Bucket="proof")
keys["Expiration"] = int(keys["Expiration"].timestamp() * 1000)
about = {"Version": moto.__version__, "Url": url, "Arn": assumed["AssumedRoleUser"]["Arn"]}
print(json.dumps({**about, **keys}), flush=True)
sys.stdin.read()
os._exit(0)
