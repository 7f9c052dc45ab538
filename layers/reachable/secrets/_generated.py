"""Keys that Secrets Manager made and keeps: each is read once a process."""

from functools import cache
from typing import TYPE_CHECKING

from reachable import aws

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


def _secrets_manager() -> "SecretsManagerClient":
    made: SecretsManagerClient = aws.client("secretsmanager")
    return made


@cache
def key(arn: str) -> str:
    """The key of a secret.

    Raises:
        botocore's errors.
    """
    return _secrets_manager().get_secret_value(SecretId=arn)["SecretString"]
