"""SparkPost: an array; the recipients of a transmission share an id."""

import json
from collections.abc import Sequence
from typing import Final

from tests.model.posts.said import About, Dialect, Post, Saying, entry, iso, our_tags, told_of, without_nulls

_SPARKPOST: Final = {
    "sent": Saying("sent", {"type": "injection"}),
    "delivered": Saying("delivered", {"type": "delivery"}),
    "delayed": Saying("delayed", {"type": "delay", "bounce_class": "22"}, "mailbox_full"),
    "no such mailbox": Saying(
        "bounced", {"type": "bounce", "bounce_class": "10"}, "invalid_address", "permanent"
    ),
    "mailbox full": Saying("bounced", {"type": "bounce", "bounce_class": "22"}, "mailbox_full", "transient"),
    "complaint": Saying("complained", {"type": "spam_complaint"}, "complaint"),
    "unsubscribed": Saying("opted_out", {"type": "list_unsubscribe"}, "opt_out"),
}


def _post_sparkpost(sayings: Sequence[tuple[Saying, About]]) -> Post:
    entries, told = [], []
    for saying, about in sayings:
        sent, at = about.sent_clock.tells(about.sent), about.clock.tells(about.at)
        event = {
            "rcpt_to": about.address,
            "transmission_id": about.message,
            "event_id": about.number,
            "timestamp": iso(at),
            "injection_time": iso(sent),
        }
        custom = our_tags(about, "reachable_t", "reachable_id")
        entries.append(
            {"msys": {"message_event": without_nulls(event | saying.words | {"rcpt_meta": custom or None})}}
        )
        told.append(told_of(saying, about, "sparkpost", "email", sent=sent, tag_sent=about.tagged))
    return entry("sparkpost", sayings[0][1], told, json.dumps(entries).encode())


SPARKPOST: Final = Dialect("sparkpost", "email", _SPARKPOST, _post_sparkpost, shares_ids=True)
