"""Tokens in the table ``messages``: what a signature that covers no body was used for.

token#<provider>#<token> / token
"""

from datetime import datetime, timedelta
from typing import Final

from reachable import settings
from reachable.store import dynamodb

TABLE: Final = settings.text("MESSAGES_TABLE")
_KEPT: Final = timedelta(days=30)
"""Longer than any dialect believes a signature's time."""


def use(provider: str, token: str, said: str, now: datetime) -> bool:
    """Use a signature's token for what was said with it; False where it was used for something else.

    1 write unit.
    """
    item = {
        "entity": f"token#{provider}#{dynamodb.bounded(token)}",
        "item": "token",
        "said": said,
        "expires_at": int((now + _KEPT).timestamp()),
    }
    stored = dynamodb.put_if_absent(TABLE, item)
    return stored is None or bool(stored["said"] == said)
