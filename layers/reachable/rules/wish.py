"""Whether a message can be sent as a client asks for it; what is wrong with one is no other's fault."""

import re
from datetime import datetime
from typing import Final

from reachable.model.delivery_event import Channel
from reachable.model.enqueue import LATEST_EXPIRY, Reason, Wish
from reachable.rules import hold

EMAIL_TEXT_LIMIT: Final = 100_000
"""Characters of an email's text."""
HTML_LIMIT: Final = 500_000
SUBJECT_LIMIT: Final = 300
TEXT_LIMIT: Final = 1500
"""Characters of a text or call: ten segments, the most that AWS End User Messaging takes (1,600 in GSM-7),
less the label.
"""
_LINE_ENDS: Final = re.compile("[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_NO_TEXT: Final = re.compile("[\x00\ud800-\udfff]")
"""NUL, and halves of a character, which neither a table nor a mail takes."""


def refusal(wish: Wish, now: datetime) -> Reason | None:
    """Why a message cannot be sent as it is; None where it can.

    One that has expired already is no refusal: a repeat of what was queued in time must not become one.
    """
    if not wish.text.strip():
        return Reason.NO_TEXT
    if wish.batch_id is not None and not hold.is_batch_id(wish.batch_id):
        return Reason.INVALID_BATCH_ID
    if wish.expires_at is not None and wish.expires_at - now > LATEST_EXPIRY:
        return Reason.EXPIRES_TOO_LATE
    if any(_NO_TEXT.search(part) for part in (wish.text, wish.subject, wish.html) if part is not None):
        return Reason.INVALID_CHARACTERS
    return _of_an_email(wish) if wish.channel is Channel.EMAIL else _of_a_text(wish)


def _of_an_email(wish: Wish) -> Reason | None:
    if not wish.subject:
        return Reason.NO_SUBJECT
    if _LINE_ENDS.search(wish.subject) or len(wish.subject) > SUBJECT_LIMIT:
        return Reason.INVALID_SUBJECT
    if len(wish.text) > EMAIL_TEXT_LIMIT or len(wish.html or "") > HTML_LIMIT:
        return Reason.TOO_LONG
    return None


def _of_a_text(wish: Wish) -> Reason | None:
    if wish.subject is not None or wish.html is not None:
        return Reason.ONLY_FOR_EMAIL
    return Reason.TOO_LONG if len(wish.text) > TEXT_LIMIT else None
