"""What we sign the event webhook with: an SSM SecureString, ``{"secrets": ["whsec_...", "whsec_..."]}``.

The newest first; each signs, so that a receiver takes the new one before the old one goes. It is read again
after five minutes (where there is none, after one); where SSM does not answer, what was read last serves on.
"""

from base64 import b64decode
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import orjson

from reachable import settings
from reachable.log import Event, logger
from reachable.model.errors import Unavailable
from reachable.secrets._documents import KEPT_SECONDS, REREAD_SECONDS, Document

if TYPE_CHECKING:
    from standardwebhooks import Webhook

NAME: Final = settings.text("EVENT_WEBHOOK_SECRET")
_PREFIX: Final = "whsec_"
_LEAST_BYTES: Final = 24
"""Of a secret, as the specification has it."""

_kept: Final = Document(NAME)


def signers() -> list["Webhook"]:
    """One for each secret, the newest first.

    Raises:
        Unavailable: none is set, it cannot be read, or SSM does not answer and nothing is known of it.
    """
    _kept.as_of_the_last(KEPT_SECONDS if NAME in _kept.known else REREAD_SECONDS)
    if NAME not in _kept.known:
        raise Unavailable("No secret is known that could sign.")
    with suppress(ValueError, TypeError, AttributeError):
        secrets = orjson.loads(_kept.known[NAME]).get("secrets")
        if isinstance(secrets, list) and secrets:
            return [_signer(secret) for secret in secrets]
    logger.error(Event.SECRETS_NOT_READ, parameter=NAME)
    raise Unavailable("The secret cannot be read.")


def forget() -> None:
    """Forget all: what one test put must not be known in the next one."""
    _kept.forget()


def _signer(secret: str) -> "Webhook":
    """What signs with a secret.

    Raises:
        ValueError: it is none, of bytes enough and in base64 after its prefix.
    """
    from standardwebhooks import Webhook  # for this one function

    text = secret.removeprefix(_PREFIX)
    key = b64decode(text + "=" * (-len(text) % 4), validate=True)  # the library's own skips what is no base64
    if not secret.startswith(_PREFIX) or len(key) < _LEAST_BYTES:
        raise ValueError(_PREFIX)
    return Webhook(key)
