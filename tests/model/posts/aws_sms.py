"""AWS End User Messaging, by which dispatch sends texts."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tests.model.posts.said import (
    About,
    Dialect,
    Post,
    Saying,
    by_sns,
    milliseconds,
    our_tags,
    told_of,
    without_nulls,
)

_AWS_SMS: Final = {
    "sent": Saying("sent", {"eventType": "TEXT_SENT"}),
    "delivered": Saying("delivered", {"eventType": "TEXT_DELIVERED"}),
    "no such number": Saying("bounced", {"eventType": "TEXT_INVALID"}, "invalid_address", "permanent"),
    "off": Saying("bounced", {"eventType": "TEXT_UNREACHABLE"}, "inactive_or_unreachable", "transient"),
    "carrier": Saying("bounced", {"eventType": "TEXT_BLOCKED"}, "carrier_blocked_or_spam", "undetermined"),
    "spam": Saying("failed", {"eventType": "TEXT_SPAM"}, "carrier_blocked_or_spam", "transient"),
}


def _post_aws_sms(sayings: Sequence[tuple[Saying, About]]) -> Post:
    [(saying, about)] = sayings
    sent, at = about.sent_clock.tells(about.sent), about.clock.tells(about.at)
    record = {
        "eventTimestamp": at and int(at.timestamp() * 1000),
        "messageRequestTimestamp": sent and int(sent.timestamp() * 1000),
        "isFinal": True,
        "messageId": about.message,
        "destinationPhoneNumber": about.address,
        "context": our_tags(about, "reachable_t", "reachable_id") or None,
    }
    body = json.dumps(without_nulls(record | dict(saying.words)))
    told = told_of(
        saying, about, "aws_sms", "sms", sent=milliseconds(sent), at=milliseconds(at), tag_sent=about.tagged
    )
    time = record["eventTimestamp"]
    told = replace(told, key=f"aws_sms {about.message}:{saying.words['eventType']}:{time}")
    return Post((told,), about.received, by_sns(body, about.received))


AWS_SMS: Final = Dialect("aws_sms", "sms", _AWS_SMS, _post_aws_sms)
