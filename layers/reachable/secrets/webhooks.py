"""What signs the providers' webhooks: one SSM SecureString an account of a provider.

``<WEBHOOK_SECRETS>/<provider>/<account or default>`` holds ``{"secrets": [newest, older], "base_url": ...}``,
put by ``aws ssm put-parameter``. All are read by one call (a request for each ten of them), at most once a
minute a process: after five minutes, so that a secret is rotated without a deploy, on a bad signature, and
for an account that is not among them. So nothing that a caller names ever reaches SSM, and who has no secret
cannot spend its quota. Where SSM does not answer, what was read last serves on.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any, Final

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from reachable import aws, settings
from reachable.log import Event, logger
from reachable.model.errors import Unavailable, UnknownProvider
from reachable.providers import Secrets

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

PREFIX: Final = settings.text("WEBHOOK_SECRETS")
KEPT_SECONDS: Final = 300
REREAD_SECONDS: Final = 60
FIRST_READ_AGAIN_SECONDS: Final = 5
"""How soon SSM is asked again by a process that has nothing yet: each call until then is a 503."""
DEFAULT_ACCOUNT: Final = "default"

_NEVER: Final = float("-inf")


@dataclass(slots=True)
class _Kept:
    """What this process knows: the documents as they lie in SSM, by name.

    ``read`` is when they were read last, ``tried`` when SSM was asked last, on the monotonic clock.
    """

    documents: Mapping[str, str] = field(default_factory=dict)
    read: float = _NEVER
    tried: float = _NEVER


_kept: Final = _Kept()


def _ssm() -> "SSMClient":
    # Two attempts of two seconds: the last known documents must still serve before the function's time is up.
    made: SSMClient = aws.client("ssm", attempts=2, read_seconds=2)
    return made


def webhook(provider: str, account: str | None) -> Secrets:
    """The secrets of a provider's account.

    Raises:
        UnknownProvider: no secret is set for it.
        Unavailable: SSM does not answer, and nothing is known of it; or what is set cannot be read.
    """
    name = f"{PREFIX}/{provider}/{account or DEFAULT_ACCOUNT}"
    recent = _as_of_the_last(KEPT_SECONDS if name in _kept.documents else REREAD_SECONDS)
    if name in _kept.documents:
        return _understood(name)
    if recent:
        raise UnknownProvider("No secret is set for this provider's account.")
    raise Unavailable("The secrets cannot be read now. Send it again.")


def webhook_again(provider: str, account: str | None) -> Secrets | None:
    """The secrets read afresh, since those that we have did not fit; None where that was done just now.

    Raises:
        UnknownProvider: no secret is set for it any more.
        Unavailable: SSM does not answer, so nobody knows whether the secret is a new one.
    """
    before = _kept.read
    if not _as_of_the_last(REREAD_SECONDS):
        raise Unavailable("The secrets cannot be read now. Send it again.")
    return None if _kept.read == before else webhook(provider, account)


def forget() -> None:
    """Forget all: what one test put must not be known in the next one."""
    _kept.documents, _kept.read, _kept.tried = {}, _NEVER, _NEVER


def _as_of_the_last(seconds: float) -> bool:
    """Whether what we have is no older than this; it is read again where it is, and where that may be."""
    now = time.monotonic()
    if now - _kept.read < seconds:
        return True
    if now - _kept.tried < (REREAD_SECONDS if _kept.documents else FIRST_READ_AGAIN_SECONDS):
        return False
    _kept.tried = now
    try:
        _kept.documents = dict(_all())
    except (BotoCoreError, ClientError) as failed:
        code = failed.response["Error"].get("Code") if isinstance(failed, ClientError) else None
        logger.error(Event.SECRETS_NOT_READ, error=type(failed).__name__, code=code)
        return False
    _kept.read = now
    return True


def _all() -> Iterator[tuple[str, str]]:
    """Each document with its name: 10 a request, which is all that SSM gives at once."""
    token: dict[str, Any] = {}
    while True:
        page = _ssm().get_parameters_by_path(Path=PREFIX, Recursive=True, WithDecryption=True, **token)
        yield from ((parameter["Name"], parameter["Value"]) for parameter in page["Parameters"])
        if not page.get("NextToken"):
            return
        token = {"NextToken": page["NextToken"]}


def _understood(name: str) -> Secrets:
    """Read when it is asked for: what is wrong with one account's closes no other's door."""
    with suppress(ValueError, TypeError, AttributeError):
        told = orjson.loads(_kept.documents[name])
        values = told.get("secrets")
        base_url = told.get("base_url")
        if _are_secrets(values) and isinstance(base_url, str | None):
            networks = tuple(ip_network(network) for network in told.get("networks", ()))
            return Secrets(values=tuple(values), base_url=base_url, networks=networks)
    logger.error(Event.SECRETS_NOT_READ, parameter=name)
    raise Unavailable("The secret of this account cannot be read. Send it again.")


def _are_secrets(values: object) -> bool:
    """A list of texts: of a text each letter would be a secret, and an empty one lets everybody in."""
    return isinstance(values, list) and all(isinstance(value, str) and value for value in values)
