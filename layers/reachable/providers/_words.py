"""What a person texts to stop messages and to have them again: the whole text, in any case.

Source: the default keywords that the SMS providers document; each dialect names its pages.
"""

from typing import Final

from reachable.model.delivery_event import Cause, Kind
from reachable.providers._codes import Verdict

OPTED_OUT: Final = Verdict(Kind.OPTED_OUT, cause=Cause.OPT_OUT)
OPTED_IN: Final = Verdict(Kind.OPTED_IN)

_STOP: Final = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out", "arret"}
)
_START: Final = frozenset({"start", "unstop", "yes"})


def wish(text: str | None) -> Verdict | None:
    """What the text asks for; None for any other text."""
    word = (text or "").strip().lower()
    if word in _STOP:
        return OPTED_OUT
    return OPTED_IN if word in _START else None
