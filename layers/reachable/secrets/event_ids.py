"""The key that signs ids of bus events, so that nobody works an address out of one by guessing."""

from functools import cache
from typing import TYPE_CHECKING, Final

from reachable import aws, settings

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

SECRET: Final = settings.text("EVENT_ID_SECRET_ARN")


def _secrets_manager() -> "SecretsManagerClient":
    made: SecretsManagerClient = aws.client("secretsmanager")
    return made


@cache
def key() -> bytes:
    """It, once a process. Secrets Manager makes it and keeps it; were it another, a repeat had another id.

    Raises:
        botocore's errors.
    """
    return _secrets_manager().get_secret_value(SecretId=SECRET)["SecretString"].encode()
