"""What signs the providers' webhooks: one SSM SecureString an account of a provider.

``<WEBHOOK_SECRETS>/<provider>/<account or default>`` holds ``{"secrets": [newest, older], "base_url": ...}``,
put by ``aws ssm put-parameter``. All are read by one call (a request for each ten of them), at most once a
minute a process: after five minutes, so that a secret is rotated without a deploy, on a bad signature, and
for an account that is not among them. So nothing that a caller names ever reaches SSM, and who has no secret
cannot spend its quota. Where SSM does not answer, what was read last serves on.
"""

from contextlib import suppress
from ipaddress import ip_network
from typing import Final

import orjson

from reachable import settings
from reachable.log import Event, logger
from reachable.model.errors import Unavailable, UnknownProvider
from reachable.model.upstream import DEFAULT_ACCOUNT
from reachable.providers import Secrets
from reachable.secrets._documents import KEPT_SECONDS, REREAD_SECONDS, Documents

PREFIX: Final = settings.text("WEBHOOK_SECRETS")

_kept: Final = Documents(PREFIX)


def webhook(provider: str, account: str | None) -> Secrets:
    """The secrets of a provider's account.

    Raises:
        UnknownProvider: no secret is set for it.
        Unavailable: SSM does not answer, and nothing is known of it; or what is set cannot be read.
    """
    name = f"{PREFIX}/{provider}/{account or DEFAULT_ACCOUNT}"
    recent = _kept.as_of_the_last(KEPT_SECONDS if name in _kept.known else REREAD_SECONDS)
    if name in _kept.known:
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
    if not _kept.as_of_the_last(REREAD_SECONDS):
        raise Unavailable("The secrets cannot be read now. Send it again.")
    return None if _kept.read == before else webhook(provider, account)


def forget() -> None:
    """Forget all: what one test put must not be known in the next one."""
    _kept.forget()


def _understood(name: str) -> Secrets:
    """Read when it is asked for: what is wrong with one account's closes no other's door."""
    with suppress(ValueError, TypeError, AttributeError):
        told = orjson.loads(_kept.known[name])
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
