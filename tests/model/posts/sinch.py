"""Sinch: a report a recipient; the id is the batch's."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from tests.model.posts.said import About, Dialect, Post, Saying, entry, iso, told_of, without_nulls


def _sinch(status: str, code: int) -> dict[str, Any]:
    return {"status": status, "code": code}


_SINCH: Final = {
    "sent": Saying("sent", _sinch("Dispatched", 401)),
    "delivered": Saying("delivered", _sinch("Delivered", 0)),
    "no such number": Saying("bounced", _sinch("Failed", 1), "invalid_address", "permanent"),
    "off": Saying("bounced", _sinch("Failed", 5), "inactive_or_unreachable", "transient"),
    "landline": Saying("bounced", _sinch("Failed", 11), "landline_or_incapable", "permanent"),
    "account": Saying("rejected", _sinch("Aborted", 413), "account_or_quota", "permanent"),
}


def _post_sinch(sayings: Sequence[tuple[Saying, About]]) -> Post:
    [(saying, about)] = sayings
    report = {
        "type": "recipient_delivery_report_sms",
        "batch_id": about.message,
        "recipient": about.address.removeprefix("+"),
        "at": iso(about.clock.tells(about.at)),
        "client_reference": about.tag,
    }
    told = told_of(saying, about, "sinch", "sms")
    status = f"{saying.words['status'].lower()}:{saying.words['code']}"
    told = replace(told, key=f"sinch {about.account} {about.message}:{about.address}:{status}")
    return entry("sinch", about, [told], json.dumps(without_nulls(report) | saying.words).encode())


SINCH: Final = Dialect("sinch", "sms", _SINCH, _post_sinch, shares_ids=True)
