"""SendGrid: an array, times in seconds; the recipients of a personalization share an id."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from tests.model.posts.said import About, Dialect, Post, Saying, entry, our_tags, told_of, without_nulls

_BOUNCE_511: Final = {"event": "bounce", "type": "bounce", "status": "5.1.1"}
_SENDGRID: Final = {
    "sent": Saying("sent", {"event": "processed"}),
    "delivered": Saying("delivered", {"event": "delivered"}),
    "no such mailbox": Saying(
        "bounced",
        _BOUNCE_511 | {"reason": "550 5.1.1 no such user"},
        "invalid_address",
        "permanent",
        smtp_status=True,
    ),
    "suppressed": Saying(
        "bounced", {"event": "dropped", "reason": "Bounced Address"}, "provider_suppressed", "permanent"
    ),
    "complaint on list": Saying(
        "complained", {"event": "dropped", "reason": "Spam Reporting Address"}, "provider_suppressed"
    ),
    "complaint": Saying("complained", {"event": "spamreport"}, "complaint"),
    "unsubscribed": Saying("opted_out", {"event": "unsubscribe"}, "opt_out"),
    "opted in": Saying("opted_in", {"event": "group_resubscribe"}),
}


def _seconds(at: datetime | None) -> int | None:
    """As SendGrid writes it; one that no count of seconds can tell, in milliseconds."""
    if at is None:
        return None
    return int(at.timestamp() * (1000 if at.year > 5000 else 1))  # a count of seconds ends in 5138


def _post_sendgrid(sayings: Sequence[tuple[Saying, About]]) -> Post:
    entries, told = [], []
    for place, (saying, about) in enumerate(sayings):
        at = about.clock.tells(about.at)
        entries.append(
            without_nulls(
                {
                    "email": about.address,
                    "timestamp": _seconds(at),
                    "sg_message_id": f"{about.message}.recv-{place}",
                    "sg_event_id": about.number,
                }
            )
            | saying.words
            | our_tags(about, "reachable_t", "reachable_id")
        )
        cut = at and at.replace(microsecond=0)
        told.append(told_of(saying, about, "sendgrid", "email", at=cut, tag_sent=about.tagged))
    return entry("sendgrid", sayings[0][1], told, json.dumps(entries).encode())


SENDGRID: Final = Dialect("sendgrid", "email", _SENDGRID, _post_sendgrid, shares_ids=True, has_accounts=True)
