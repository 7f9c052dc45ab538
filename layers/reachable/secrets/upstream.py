"""The accounts of providers whose own lists we may ask: one SSM SecureString an account.

``<UPSTREAM_ACCOUNTS>/<provider>/<account or default>`` holds ``{"key": ..., "base_url": ...}`` and whatever
else the provider's file in ``upstream`` names as its settings, put by ``aws ssm put-parameter``. AWS's own
lists need no key, since IAM guards them: ``AWS_LISTS`` names them, and a document adds their settings.
"""

from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from reachable import settings
from reachable.log import Event, logger
from reachable.model.errors import Unavailable
from reachable.model.upstream import DEFAULT_ACCOUNT, Account
from reachable.secrets._documents import KEPT_SECONDS, Documents

PREFIX: Final = settings.text("UPSTREAM_ACCOUNTS")


class _AwsList(StrEnum):
    """AWS's own lists, which IAM guards."""

    SES = "ses"
    AWS_SMS = "aws_sms"
    AWS_SNS_SMS = "aws_sns_sms"


AWS_LISTS: Final = settings.each("AWS_LISTS", _AwsList)
"""Those of them that are ours to ask."""
_ADDRESSES: Final = ("base_url", "endpoint_url")
_HERE: Final = frozenset({"127.0.0.1", "localhost"})

_kept: Final = Documents(PREFIX)


def accounts() -> list[Account]:
    """All that are set up, each with its settings, by provider and name.

    A document that cannot be read makes an account without settings: of it ops are told as of a missing key.

    Raises:
        Unavailable: SSM does not answer, and nothing is known yet.
    """
    recent = _kept.as_of_the_last(KEPT_SECONDS)
    if not recent and not _kept.known:
        raise Unavailable("The accounts of the providers cannot be read now.")
    found = {(provider, name): Account(provider, name, {}) for provider, name in of_aws()}
    for name, document in _kept.known.items():
        provider, _, account = name.removeprefix(f"{PREFIX}/").partition("/")
        found[provider, account] = Account(provider, account, _settings(name, document))
    return [found[key] for key in sorted(found)]


def of_aws() -> set[tuple[str, str]]:
    """Provider and account of AWS's own lists that are ours to ask: they need no document."""
    return {(list_.value, DEFAULT_ACCOUNT) for list_ in AWS_LISTS}


def forget() -> None:
    """Forget all: what one test put must not be known in the next one."""
    _kept.forget()


def _settings(name: str, document: str) -> dict[str, Any] | None:
    try:
        told = orjson.loads(document)
    except ValueError:
        told = None
    if isinstance(told, dict) and all(_is_address(told[name]) for name in _ADDRESSES if name in told):
        return told
    logger.error(Event.SECRETS_NOT_READ, parameter=name)
    return None


def _is_address(told: object) -> bool:
    """A key goes nowhere in the clear, but to this machine."""
    if not isinstance(told, str):
        return False
    try:
        address = urlsplit(told)
    except ValueError:
        return False
    return address.scheme == "https" or (address.scheme == "http" and address.hostname in _HERE)
