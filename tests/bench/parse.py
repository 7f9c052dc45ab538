"""How fast the dialects read, beside what only takes the same bytes apart.

    python -m tests.bench.parse

The standard library's json.loads (of a form: parse_qsl) and orjson.loads give dicts and lists; ``read``
gives events: addresses in normal form, times in UTC, verdicts. Where JSON lies in JSON (SNS), both take both
apart, as anybody must.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson

from reachable import providers
from reachable.providers import _addresses
from tests.bench.timing import Row, seconds, show, show_machine
from tests.unit.providers.samples import PROVIDERS, Sample, sample, samples

BATCH: Final = 1000
ADDRESSES: Final = ("ada@school.example.org", "Ada Reyes <ada@school.example.org>", "ada@bücher.example.org")

_TAGS: Final = {
    "ses:configuration-set": ["reachable"],
    "ses:source-ip": ["192.0.2.44"],
    "ses:from-domain": ["school.example.org"],
    "ses:caller-identity": ["reachable-sender"],
    "reachable_id": ["9b2d1c7e-4f0a-5c3b-8d6e-0a1b2c3d4e5f"],
    "reachable_user": ["3c8f5a1d-7e2b-5d49-a6c0-1f2e3d4c5b6a"],
}
_HEADERS: Final = {
    "From": "Example School <office@school.example.org>",
    "To": "ada@example.com",
    "Subject": "Picture day is on Friday",
    "MIME-Version": "1.0",
    "Content-Type": 'multipart/alternative; boundary="----=_Part_1_1234567890.1789374598000"',
}


def ses_bounce() -> bytes:
    """The sample's bounce with the headers and tags of a configuration set's events, in its SNS envelope."""
    envelope: dict[str, Any] = json.loads(sample("ses", "notification-bounce-noemail-sigv2").payload)
    event = json.loads(envelope["Message"])
    event["mail"] |= {
        "headersTruncated": False,
        "headers": [{"name": name, "value": value} for name, value in _HEADERS.items()],
        "commonHeaders": {
            "from": [_HEADERS["From"]],
            "to": [_HEADERS["To"]],
            "subject": _HEADERS["Subject"],
        },
        "tags": _TAGS,
    }
    return json.dumps(envelope | {"Message": json.dumps(event)}).encode()


def sendgrid_batch() -> bytes:
    """The sample's kinds of events over and over, each with its own id and address."""
    kinds = json.loads(sample("sendgrid", "batch-signed").payload)
    entries = [
        kinds[number % len(kinds)] | {"email": f"parent{number}@example.org", "sg_event_id": f"{number:022}"}
        for number in range(BATCH)
    ]
    return json.dumps(entries, separators=(",", ":")).encode()


def main() -> None:
    """Print the tables."""
    show_machine()
    show(
        "Events a second",
        ("body", "bytes", "events", "read", "standard library", "orjson", "read / std."),
        [
            _json("SES bounce in SNS", ses_bounce(), sample("ses", "notification-bounce-noemail-sigv2")),
            _json("SendGrid batch", sendgrid_batch(), sample("sendgrid", "batch-signed"), entries=BATCH),
            _form("Twilio form", sample("twilio", "undelivered-30003")),
        ],
    )
    show(
        "An address",
        ("text", "us"),
        [(text, took * 1e6) for text, took in zip(ADDRESSES, _addresses_take(), strict=True)],
    )
    show(
        "Every provider: all of its samples",
        ("provider", "samples", "events", "bodies a second", "us a body"),
        [_all_of(provider) for provider in PROVIDERS],
    )


def _addresses_take() -> list[float]:
    return seconds(*(partial(_addresses.email, text) for text in ADDRESSES))


def _json(name: str, body: bytes, like: Sample, entries: int = 1) -> Row:
    read = partial(providers.read, like.provider, body, like.headers, like.query)
    ours, standard, quick = seconds(
        read, partial(_apart, json.loads, body), partial(_apart, orjson.loads, body)
    )
    return _row(name, body, len(read().events), entries, ours, standard, entries / quick)


def _form(name: str, like: Sample) -> Row:
    read = partial(providers.read, like.provider, like.payload, like.headers, like.query)
    ours, standard = seconds(read, lambda: parse_qsl(like.payload.decode(), keep_blank_values=True))
    return _row(name, like.payload, len(read().events), 1, ours, standard, "-")


def _row(
    name: str, body: bytes, events: int, entries: int, ours: float, standard: float, quick: float | str
) -> Row:
    return name, len(body), events, entries / ours, entries / standard, quick, standard / ours


def _apart(loads: Callable[[bytes | str], Any], body: bytes) -> Any:
    value = loads(body)
    return loads(value["Message"]) if isinstance(value, dict) else value


def _all_of(provider: str) -> Row:
    calls = [(one.payload, one.headers, one.query) for one in samples(provider)]
    events = sum(len(providers.read(provider, *call).events) for call in calls)

    def read() -> None:
        for call in calls:
            providers.read(provider, *call)

    (took,) = seconds(read)
    return provider, len(calls), events, len(calls) / took, took / len(calls) * 1e6


if __name__ == "__main__":
    main()
