"""Amazon's own library, which has no types, as an oracle and as a client."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from typing import Any

import boto3
from botocore import auth, awsrequest, config, credentials
from tests.support.strict_s3 import ACCESS_KEY, REGION, SECRET_KEY

Request: Any = awsrequest.AWSRequest
Credentials: Any = credentials.Credentials
HeaderAuth: Any = auth.S3SigV4Auth
QueryAuth: Any = auth.S3SigV4QueryAuth
PostAuth: Any = auth.S3SigV4PostAuth
NOW = "botocore.auth.get_current_datetime"  # to be patched


def client(endpoint: str) -> Any:
    """boto3 as most programs use it, with the keys of the tests."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        config=config.Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
