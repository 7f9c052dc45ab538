"""The names under which we give a provider our own data with a message, and find it in what it says of it.

In SES tags, End User Messaging's context, or a callback URL's query (design section 1).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

MESSAGE_ID: Final = "reachable_id"
USER_ID: Final = "reachable_user"
SENT_AT: Final = "reachable_t"
"""RFC 3339. Not in SES tags, which take no colon; SES tells the time itself."""


def sent_at(metadata: Mapping[str, str]) -> datetime | None:
    """When the message was sent, by our tag; without an offset in UTC. What is no time tells nothing."""
    try:
        told = datetime.fromisoformat(metadata.get(SENT_AT, ""))
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
