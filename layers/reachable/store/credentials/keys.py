"""The keys of the table ``credentials``, and what they tell. Pure."""

from datetime import datetime
from typing import Final

from reachable import settings
from reachable.model.credential import Credential
from reachable.model.delivery_event import EventHex

TABLE: Final = settings.text("CREDENTIALS_TABLE")

STATUS: Final = "status"
EVENTS: Final = "event#"
"""How the sort keys of the history begin."""
HOLDERS: Final = "holder#"
"""How the sort keys of holders begin."""
UPSTREAM: Final = "upstream#"
"""How the sort keys of the providers' own lists begin."""
PROOF: Final = "proof"
LAST: Final = "upstream$"
"""After them all: from the holders to here is what `holders.standing` reads."""


def status(credential: Credential) -> dict[str, str]:
    """The key of a credential's registers."""
    return _key(credential, STATUS)


def event(credential: Credential, hex_: EventHex) -> dict[str, str]:
    """The key of a history item."""
    return _key(credential, f"{EVENTS}{hex_}")


def holder(credential: Credential, user_id: str) -> dict[str, str]:
    """The key of one who holds or held a credential."""
    return _key(credential, f"{HOLDERS}{user_id}")


def upstream(credential: Credential, provider: str, account: str) -> dict[str, str]:
    """The key of how it stands on the list of an account of a provider."""
    return _key(credential, f"{UPSTREAM}{provider}#{account}")


def proof(credential: Credential) -> dict[str, str]:
    """The key of the newest sign-in with a credential that was bad."""
    return _key(credential, PROOF)


def _key(credential: Credential, item: str) -> dict[str, str]:
    return {"credential": str(credential), "item": item}


def hex_of(item: str) -> EventHex:
    """The hex in the sort key of a history item."""
    return EventHex(item.removeprefix(EVENTS))


def user_of(item: str) -> str:
    """The user in the sort key of a holder."""
    return item.removeprefix(HOLDERS)


def account_of(item: str) -> tuple[str, str]:
    """Provider and account in the sort key of how it stands on their list."""
    provider, _, account = item.removeprefix(UPSTREAM).partition("#")
    return provider, account


def time(at: datetime) -> str:
    """A time as attributes have it."""
    return at.isoformat(timespec="microseconds")
