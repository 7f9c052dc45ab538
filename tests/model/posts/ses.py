"""Amazon SES, as SNS puts it on the queue, raw or in its envelope."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from tests.model.posts.said import About, Dialect, Post, Saying, by_sns, iso, our_tags, told_of, without_nulls


def _ses_bounce(type_: str, subtype: str, **recipient: str) -> dict[str, Any]:
    return {"name": "bounce", "type": "Bounce", "recipients": "bouncedRecipients", "recipient": recipient} | {
        "told": {"bounceType": type_, "bounceSubType": subtype}
    }


def _ses_complaint(**told: str) -> dict[str, Any]:
    return {"name": "complaint", "type": "Complaint", "recipients": "complainedRecipients", "told": told}


_SES: Final = {
    "sent": Saying("sent", {"name": "send", "type": "Send"}),
    "delivered": Saying("delivered", {"name": "delivery", "type": "Delivery"}),
    "delayed": Saying(
        "delayed",
        {
            "name": "deliveryDelay",
            "type": "DeliveryDelay",
            "recipients": "delayedRecipients",
            "told": {"delayType": "MailboxFull"},
        },
        "mailbox_full",
    ),
    "rejected": Saying("rejected", {"name": "reject", "type": "Reject"}, "content_or_size", "permanent"),
    "no such mailbox": Saying("bounced", _ses_bounce("Permanent", "NoEmail"), "invalid_address", "permanent"),
    "mailbox full": Saying("bounced", _ses_bounce("Transient", "MailboxFull"), "mailbox_full", "transient"),
    "out of office": Saying("bounced", _ses_bounce("Transient", "General"), "unknown", "transient"),
    "undetermined": Saying("bounced", _ses_bounce("Undetermined", "Undetermined"), "unknown", "undetermined"),
    "content": Saying("bounced", _ses_bounce("Transient", "ContentRejected"), "content_or_size", "transient"),
    "suppressed": Saying(
        "bounced", _ses_bounce("Permanent", "Suppressed"), "provider_suppressed", "permanent"
    ),
    "unsubscribed": Saying("opted_out", _ses_bounce("Permanent", "UnsubscribedRecipient"), "opt_out"),
    "complaint": Saying("complained", _ses_complaint(complaintFeedbackType="abuse"), "complaint"),
    "complaint on list": Saying(
        "complained",
        _ses_complaint(complaintSubType="OnAccountSuppressionList"),
        "provider_suppressed",
    ),
}


def _post_ses(sayings: Sequence[tuple[Saying, About]], wrap: Callable[[str, datetime], str]) -> Post:
    """All recipients in one event: those that are named, and in ``destination`` all of the message."""
    saying, about = sayings[0]
    words, name = saying.words, saying.words["name"]
    addresses = [one.address for _, one in sayings]
    recipients = [{"emailAddress": one} | words.get("recipient", {}) for one in addresses]
    sent = about.sent_clock.tells(about.sent)
    record = {
        "eventType": words["type"],
        "mail": without_nulls(
            {
                "timestamp": iso(sent),
                "messageId": about.message,
                "destination": addresses,
                "tags": {name: [value] for name, value in our_tags(about, "reachable_id").items()} or None,
            }
        ),
        name: without_nulls(
            {"timestamp": iso(about.clock.tells(about.at)), "feedbackId": about.number}
            | words.get("told", {})
            | {words.get("recipients", "recipients"): addresses if name == "delivery" else recipients}
        ),
    }
    several = len(addresses) if saying.kind == "complained" else 1
    at = {"at": sent} if name == "send" else {"at": None} if name == "reject" else {}
    told = [
        told_of(saying, one, "ses", "email", sent=sent, possible_recipients=several, **at)
        for _, one in sayings
    ]
    told = [replace(one, key=f"{one.key}:{one.address}") for one in told]
    body = json.dumps(record)
    return Post(tuple(told), about.received, wrap(body, about.received))


SES: Final = Dialect("ses", "email", _SES, lambda s: _post_ses(s, lambda body, _: body), shares_ids=True)
SES_BY_SNS: Final = Dialect("ses", "email", _SES, lambda s: _post_ses(s, by_sns), shares_ids=True)
