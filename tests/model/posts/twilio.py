"""Twilio: a form, no times of texts, our tags in the query."""

from collections.abc import Sequence
from dataclasses import replace
from email.utils import format_datetime
from typing import Final
from urllib.parse import urlencode

from tests.model.posts.said import About, Dialect, Post, Saying, entry, our_tags, told_of, without_nulls


def _undelivered(code: str) -> dict[str, str]:
    return {"MessageStatus": "undelivered", "ErrorCode": code}


_TWILIO: Final = {
    "sent": Saying("sent", {"MessageStatus": "sent"}),
    "delivered": Saying("delivered", {"MessageStatus": "delivered"}),
    "no such number": Saying("bounced", _undelivered("30005"), "invalid_address", "permanent"),
    "landline": Saying("bounced", _undelivered("30006"), "landline_or_incapable", "permanent"),
    "off": Saying("bounced", _undelivered("30003"), "inactive_or_unreachable", "transient"),
    "filtered": Saying("failed", _undelivered("30007"), "carrier_blocked_or_spam", "transient"),
    "our quota": Saying("rejected", _undelivered("30023"), "account_or_quota", "transient"),
    "refused for STOP": Saying("opted_out", _undelivered("21610"), "opt_out", for_earlier_stop=True),
    "busy": Saying("failed", {"CallStatus": "busy"}, "inactive_or_unreachable", "transient", channel="voice"),
    "fax": Saying(
        "failed",
        {"CallStatus": "completed", "AnsweredBy": "fax"},
        "landline_or_incapable",
        "undetermined",
        channel="voice",
    ),
    "no such number to call": Saying(
        "bounced",
        {"CallStatus": "failed", "SipResponseCode": "404"},
        "invalid_address",
        "permanent",
        channel="voice",
    ),
}


def _post_twilio(sayings: Sequence[tuple[Saying, About]]) -> Post:
    [(saying, about)] = sayings
    is_call = saying.channel == "voice"
    at = about.clock.tells(about.at) if is_call else None
    form = {
        ("CallSid" if is_call else "MessageSid"): about.message,
        "To": about.address,
        "Timestamp": at and format_datetime(at),
    }
    told = told_of(
        saying,
        about,
        "twilio",
        "sms",
        at=at and at.replace(microsecond=0),
        tag_sent=about.tagged,
    )
    status = saying.words.get("MessageStatus") or saying.words.get("CallStatus")
    told = replace(told, key=f"twilio {about.account} {about.message}:{status}")
    body = urlencode(without_nulls(form | saying.words)).encode()
    return entry("twilio", about, [told], body, urlencode(our_tags(about, "reachable_t", "reachable_id")))


TWILIO: Final = Dialect("twilio", "sms", _TWILIO, _post_twilio, has_accounts=True)
