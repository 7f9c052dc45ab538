"""Texts from people: STOP, START, or a word on which the provider does not act."""

import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from tests.model.posts.said import About, Post, entry, iso, without_nulls
from tests.model.told import Told


def text_from(provider: str, phone: str, words: str, about: About) -> Post:
    """A person texts STOP or START, or says it in other words."""
    kind, cause = _MEANT[words]
    told = Told(
        key=f"{provider} {about.account} {about.number}",
        provider=provider,
        channel="sms",
        kind=kind,
        cause=cause,
        address=phone,
        received=about.received,
        at=about.clock.tells(about.at) if provider == "sinch" else None,
    )
    if provider == "twilio":
        form = {"SmsSid": about.number, "SmsStatus": "received", "From": phone, "To": "+12025550100"}
        return entry("twilio", about, [told], urlencode(form | {"Body": words}).encode())
    report = {
        "type": "mo_text",
        "id": about.number,
        "from": phone.removeprefix("+"),
        "body": words,
        "received_at": iso(about.clock.tells(about.at)),
    }
    return entry("sinch", about, [told], json.dumps(without_nulls(report)).encode())


_MEANT: Final[Mapping[str, tuple[str, str | None]]] = {
    "STOP": ("opted_out", "opt_out"),
    "START": ("opted_in", None),
    "ARRET": ("opted_out", "revocation"),  # a carrier's word in Canada, on which Twilio does not act
}
