"""Only what tells whom and what can cost an event: all other places of all samples get nonsense, or nothing.

A message without custom data comes with ``[]`` where the documentation has ``{}``; ids go missing, new forms
come. `DECISIVE` are the fields that tell whom and what, literally: all that is not there is optional.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import pytest

from reachable import providers
from tests.unit.providers.samples import ALL, FIELD, Sample

DECISIVE: Final[Mapping[str, frozenset[str]]] = {
    "aws_sms": frozenset(
        {
            *("Message", "Type", "Records", "Sns", "detail", "detail-type", "eventType", "isFinal"),
            *("destinationPhoneNumber", "originationNumber", "messageBody", "messageStatusDescription"),
            *("eventTimestamp", "messageRequestTimestamp"),  # of UNKNOWN: whether a receipt can still come
        }
    ),
    "aws_sns_sms": frozenset({"status", "delivery", "destination", "providerResponse"}),
    "bandwidth": frozenset(
        {
            *("type", "to", "errorCode", "text", "from", "eventType", "direction", "cause"),
            *("answerTime", "sipResponseCode"),
        }
    ),
    "brevo": frozenset({"event", "email", "reason"}),
    "mailgun": frozenset(
        {"event-data", "event", "recipient", "severity", "reason", "code", "enhanced-code", "message", "to"}
    ),
    "mailjet": frozenset({"event", "email", "error", "hard_bounce", "comment", "smtp_reply", "mj_list_id"}),
    "mandrill": frozenset(
        {"mandrill_events", "event", "email", "bounce_description", "diag", "reason", "type", "action"}
    ),
    "messagebird": frozenset(
        {
            *("status", "recipient", "statusErrorCode", "statusReason", "originator"),
            *("body", "payload", "message"),
        }
    ),
    "plivo": frozenset(
        {"Status", "To", "ErrorCode", "Text", "From", "CallStatus", "Direction", "HangupCauseName", "Type"}
    ),
    "postmark": frozenset(
        {
            *("RecordType", "Type", "Email", "Recipient", "Details", "SuppressSending"),
            *("SuppressionReason", "Origin"),
        }
    ),
    "resend": frozenset(
        {
            *("type", "to", "email", "subType", "message", "diagnosticCode", "reason", "origin"),
            "unsubscribed",
        }
    ),
    "sendgrid": frozenset(
        {"event", "email", "type", "reason", "response", "status", "bounce_classification", "asm_group_id"}
    ),
    "ses": frozenset(
        {
            *("Message", "Type", "Records", "Sns", "detail", "detail-type", "eventType", "notificationType"),
            *("bounceType", "bounceSubType", "complaintSubType", "complaintFeedbackType", "delayType"),
            *("emailAddress", "recipients", "destination", "status", "diagnosticCode", "action"),
            "unsubscribeAll",
        }
    ),
    "sinch": frozenset({"type", "recipient", "recipients", "status", "code", "from", "body"}),
    "sparkpost": frozenset(
        {
            *("type", "bounce_class", "raw_reason", "reason", "error_code", "fbtype"),
            *("rcpt_to", "raw_rcpt_to"),
        }
    ),
    "telnyx": frozenset(
        {
            *("event_type", "phone_number", "status", "code", "title", "detail", "text"),
            *("to", "cc", "from", "direction", "hangup_cause"),
        }
    ),
    "twilio": frozenset(
        {
            *("MessageStatus", "SmsStatus", "ErrorCode", "To", "From", "Body", "OptOutType"),
            *("CallStatus", "Direction", "SipResponseCode", "AnsweredBy"),
        }
    ),
    "vonage": frozenset(
        {
            *("status", "err-code", "msisdn", "to", "from", "text", "channel", "type", "number", "title"),
            *("code", "detail", "sip_code", "direction"),
        }
    ),
}
NONSENSE: Final[tuple[Any, ...]] = (None, "", [], {}, 0, "no json", ["x"], True)
type Place = tuple[Any, ...]


def with_nonsense(sample: Sample) -> Iterator[tuple[Place, bytes]]:
    """Each optional place of a body with each nonsense in it, and without it."""
    decisive = DECISIVE[sample.provider]
    if sample.payload.lstrip()[:1] in {b"{", b"["}:
        whole = json.loads(sample.payload)
        for place in optional(whole, decisive):
            yield place, json.dumps(changed(whole, place)).encode()
            for nonsense in NONSENSE:
                yield place, json.dumps(changed(whole, place, [nonsense])).encode()
        return
    fields = parse_qsl(sample.payload.decode(), keep_blank_values=True)
    for name, value in fields:
        inner = [place[1:] for place in optional({name: value}, decisive) if len(place) > 1]
        texts = ["", "0", "[]", "{}", "no json"] if name not in decisive else []
        texts += [changed({name: value}, (name, *place))[name] for place in inner]
        texts += [changed({name: value}, (name, *place), [one])[name] for place in inner for one in NONSENSE]
        for text in texts:
            yield (name,), urlencode([(key, text if key == name else kept) for key, kept in fields]).encode()
        if name not in decisive:
            yield (name,), urlencode([(key, kept) for key, kept in fields if key != name]).encode()


def optional(value: Any, decisive: frozenset[str]) -> Iterator[Place]:
    """The places below which nothing is decisive, and within those that are decisive what is not."""
    for key, inner in entries(value):
        if key in decisive and not isinstance(unwrapped(inner), dict | list):
            continue
        if key not in decisive and not isinstance(key, int) and not holds(inner, decisive):
            yield (key,)
        yield from ((key, *place) for place in optional(unwrapped(inner), decisive))


def holds(value: Any, decisive: frozenset[str]) -> bool:
    return any(key in decisive or holds(inner, decisive) for key, inner in entries(unwrapped(value)))


def entries(value: Any) -> list[tuple[Any, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def unwrapped(value: Any) -> Any:
    """JSON within a text, taken apart."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def changed(value: Any, place: Place, new: list[Any] | None = None) -> Any:
    """The value with another at that place, or without it."""
    key, *rest = place
    copy = dict(value) if isinstance(value, dict) else list(value)
    if rest:
        inner = changed(unwrapped(copy[key]), tuple(rest), new)
        copy[key] = json.dumps(inner) if isinstance(copy[key], str) else inner
    elif new is None:
        del copy[key]
    else:
        copy[key] = new[0]
    return copy


def told(reading: providers.Reading) -> list[tuple[Any, ...]]:
    return [(event.address, event.kind, event.permanence, event.cause) for event in reading.events]


@pytest.mark.parametrize("sample", [*ALL, *FIELD], ids=str)
def test_nonsense_where_nothing_is_decided_costs_no_event(sample: Sample) -> None:
    expected = told(providers.read(sample.provider, sample.payload, sample.headers, sample.query))
    for place, body in with_nonsense(sample):
        reading = providers.read(sample.provider, body, sample.headers, sample.query)
        assert (place, reading.error, told(reading)) == (place, None, expected), body
        again = providers.read(sample.provider, body, sample.headers, sample.query)
        assert [event.event_id for event in again.events] == [event.event_id for event in reading.events]


@pytest.mark.parametrize("sample", ALL, ids=str)
@pytest.mark.parametrize("query", [{}, {"reachable_t": "no time"}, {"reachable_id": ""}, {"x": "y" * 5000}])
def test_nonsense_in_the_callback_address_costs_no_event(sample: Sample, query: dict[str, str]) -> None:
    if sample.method == "GET":
        return
    expected = told(providers.read(sample.provider, sample.payload, sample.headers, sample.query))
    reading = providers.read(sample.provider, sample.payload, sample.headers, query)
    assert (reading.error, told(reading)) == (None, expected)


def test_every_provider_says_what_is_decisive() -> None:
    assert {sample.provider for sample in ALL} == set(DECISIVE)
