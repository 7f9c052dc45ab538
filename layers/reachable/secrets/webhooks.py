"""What signs the providers' webhooks: one SSM SecureString an account of a provider.

``<WEBHOOK_SECRETS>/<provider>/<account or default>`` holds ``{"secrets": [newest, older], "base_url": ...}``,
put by ``aws ssm put-parameter``. It is read again after five minutes, so that a secret is rotated without a
deploy, and on a bad signature, at most once a minute for each account.
"""

import time
from typing import TYPE_CHECKING, Any, Final

import orjson

from reachable import aws, settings
from reachable.model.errors import UnknownProvider

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

PREFIX: Final = settings.text("WEBHOOK_SECRETS")
KEPT_SECONDS: Final = 300
REREAD_SECONDS: Final = 60
DEFAULT_ACCOUNT: Final = "default"

_read: Final[dict[str, tuple[float, dict[str, Any]]]] = {}
"""When each parameter was read last, on the monotonic clock, and what it held."""


def _ssm() -> "SSMClient":
    made: SSMClient = aws.client("ssm", read_seconds=3)
    return made


def webhook(provider: str, account: str | None) -> dict[str, Any]:
    """The document of a provider's account.

    Raises:
        UnknownProvider: no secret is set for it.
    """
    name = _name(provider, account)
    at, document = _read.get(name, (0.0, {}))
    return document if document and time.monotonic() - at < KEPT_SECONDS else _load(name)


def webhook_again(provider: str, account: str | None) -> dict[str, Any] | None:
    """The document read afresh, since what we have did not fit; None where that was done just now."""
    name = _name(provider, account)
    at, _ = _read.get(name, (0.0, {}))
    return None if time.monotonic() - at < REREAD_SECONDS else _load(name)


def _name(provider: str, account: str | None) -> str:
    return f"{PREFIX}/{provider}/{account or DEFAULT_ACCOUNT}"


def _load(name: str) -> dict[str, Any]:
    try:
        value = _ssm().get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    except _ssm().exceptions.ParameterNotFound as missing:
        _read.pop(name, None)
        raise UnknownProvider("No secret is set for this provider's account.") from missing
    document: dict[str, Any] = orjson.loads(value)
    _read[name] = (time.monotonic(), document)
    return document
