"""SendGrid's signature by a key of our own, and what its classifications come to beside the server's code."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from reachable import providers
from reachable.model.delivery_event import Cause, DeliveryEvent, Kind, Permanence
from reachable.model.errors import ParseError
from reachable.providers import WebhookRequest, sendgrid
from tests.unit.providers import samples
from tests.unit.providers.rows import rows
from tests.unit.providers.samples import NOW, flipped, key, sample

URL = "https://hooks.example.com/webhooks/sendgrid"
SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
KEY = key("sendgrid")
PRIVATE = ec.generate_private_key(ec.SECP256R1())

PERMANENT, TRANSIENT, UNDETERMINED = Permanence.PERMANENT, Permanence.TRANSIENT, Permanence.UNDETERMINED


def public(private: Any) -> str:
    """The key as SendGrid's console shows it."""
    der = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def signed(body: bytes, seconds: int = int(NOW.timestamp())) -> WebhookRequest:
    signature = PRIVATE.sign(str(seconds).encode() + body, ec.ECDSA(SHA256()))
    headers = {SIGNATURE: base64.b64encode(signature).decode(), TIMESTAMP: str(seconds)}
    return WebhookRequest(url=URL, headers=headers, body=body)


def believed(request: WebhookRequest, *keys: str) -> bool:
    return samples.believed("sendgrid", request, *keys, default=public(PRIVATE))


def test_the_recorded_batch_is_believed_and_not_with_its_last_line_break_cut_or_added() -> None:
    request = sample("sendgrid", "batch-signed").request
    assert believed(request, KEY)
    assert not believed(replace(request, body=request.body + b"\r\n"), KEY)
    assert not believed(replace(request, body=request.body[:-1]), KEY)
    with_break = signed(b"[]\r\n")
    assert believed(with_break)
    assert not believed(replace(with_break, body=b"[]"))


@pytest.mark.parametrize("place", [8, 40, 80])
def test_one_bit_flipped_in_header_body_time_or_key_is_a_bad_signature(place: int) -> None:
    request = sample("sendgrid", "batch-signed").request
    body = flipped(request.body.decode(), place).encode()
    signature = flipped(request.headers[SIGNATURE], place)
    seconds = flipped(request.headers[TIMESTAMP], -1)
    assert not believed(replace(request, body=body), KEY)
    assert not believed(replace(request, headers={**request.headers, SIGNATURE: signature}), KEY)
    assert not believed(replace(request, headers={**request.headers, TIMESTAMP: seconds}), KEY)
    assert not believed(request, flipped(KEY, place))


def test_two_keys_count_at_once_also_where_the_newer_is_mistyped() -> None:
    request = signed(b"[]")
    newer = public(ec.generate_private_key(ec.SECP256R1()))
    assert believed(request, newer, public(PRIVATE))
    assert believed(request, "not base64!", public(PRIVATE))
    assert not believed(request, newer)


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "ünïcode",
        "bm8gREVS",
        "-----BEGIN PUBLIC KEY-----",
        public(ec.generate_private_key(ec.SECP384R1())),
        public(ed25519.Ed25519PrivateKey.generate()),
    ],
    ids=["empty", "no ascii", "base64", "pem", "another curve", "ed25519"],
)
def test_a_key_of_another_kind_proves_nothing(secret: str) -> None:
    assert not believed(signed(b"[]"), secret)


@pytest.mark.parametrize(
    "headers",
    [{SIGNATURE: "=="}, {SIGNATURE: "bm8gREVS"}, {SIGNATURE: "ü"}, {TIMESTAMP: "soon"}, {TIMESTAMP: ""}],
)
def test_a_malformed_header_is_a_bad_signature(headers: dict[str, str]) -> None:
    request = signed(b"[]")
    assert not believed(replace(request, headers={**request.headers, **headers}))


@pytest.mark.parametrize(
    ("away", "right"),
    [
        (timedelta(hours=25), True),
        (timedelta(hours=25, seconds=1), False),
        (timedelta(hours=-25, seconds=-1), False),
    ],
)
def test_a_retry_counts_for_a_day_and_a_replay_after_it_does_not(away: timedelta, right: bool) -> None:
    assert believed(signed(b"[]", int((NOW - away).timestamp()))) is right


def one(**fields: Any) -> DeliveryEvent | None:
    entry = {"email": "ada@example.com", "timestamp": 1789374604, "sg_event_id": "e1"} | fields
    reading = providers.read("sendgrid", json.dumps([entry]).encode(), {})
    assert reading.error is None
    return reading.events[0] if reading.events else None


def classified(event: DeliveryEvent | None) -> tuple[Kind, Permanence | None, Cause | None] | None:
    return None if event is None else (event.kind, event.permanence, event.cause)


@pytest.mark.parametrize(
    ("type_", "classification", "status", "reason", "permanence", "cause"),
    [
        ("bounce", "Invalid Address", "5.0.0", "550 no", PERMANENT, Cause.INVALID_ADDRESS),
        ("bounce", "Invalid Address", None, None, PERMANENT, Cause.INVALID_ADDRESS),
        ("bounce", "Invalid Address", "5.1.1", None, PERMANENT, Cause.INVALID_ADDRESS),
        ("bounce", "Mailbox Unavailable", "5.1.1", None, PERMANENT, Cause.INVALID_ADDRESS),
        ("bounce", "Mailbox Unavailable", "5.2.2", None, UNDETERMINED, Cause.MAILBOX_FULL),
        ("bounce", "Technical", "5.1.1", None, PERMANENT, Cause.INVALID_ADDRESS),
        ("bounce", "Technical Failure", None, None, PERMANENT, Cause.INACTIVE_OR_UNREACHABLE),
        ("bounce", "Reputation", "5.7.1", None, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM),
        ("bounce", "Content", "4.2.1", None, PERMANENT, Cause.INACTIVE_OR_UNREACHABLE),  # on their list now
        ("bounce", "Unclassified", None, None, PERMANENT, Cause.UNKNOWN),
        ("bounce", "Something New", None, None, PERMANENT, Cause.UNKNOWN),
        ("bounce", None, "5.1.1", None, PERMANENT, Cause.INVALID_ADDRESS),
        ("blocked", "Content", "5.6.0", None, TRANSIENT, Cause.CONTENT_OR_SIZE),
        ("blocked", "Reputation", "5.1.1", None, TRANSIENT, Cause.INVALID_ADDRESS),
        ("blocked", "Frequency or Volume Too High", None, None, TRANSIENT, Cause.CARRIER_BLOCKED_OR_SPAM),
        ("blocked", "Technical Failure", None, None, TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE),
        ("blocked", "Unclassified", None, None, TRANSIENT, Cause.UNKNOWN),
        ("blocked", "Mailbox Unavailable", "4.2.2", None, TRANSIENT, Cause.MAILBOX_FULL),
        ("blocked", "Mailbox Unavailable", None, None, TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE),
        ("blocked", None, None, None, TRANSIENT, Cause.UNKNOWN),
        ("blocked", "Technical", None, "Unable to get MX info", UNDETERMINED, Cause.INVALID_ADDRESS),
        ("expired", None, "4.2.2", None, TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE),
        (None, None, "5.1.1", None, PERMANENT, Cause.INVALID_ADDRESS),
        (None, None, "4.2.2", None, TRANSIENT, Cause.MAILBOX_FULL),
        (None, None, None, None, UNDETERMINED, Cause.UNKNOWN),
        ("something new", None, None, None, UNDETERMINED, Cause.UNKNOWN),
    ],
)
def test_a_bounces_type_and_classification_beside_the_servers_code(
    type_: str | None,
    classification: str | None,
    status: str | None,
    reason: str | None,
    permanence: Permanence,
    cause: Cause,
) -> None:
    event = one(
        event="bounce", type=type_, bounce_classification=classification, status=status, reason=reason
    )
    assert classified(event) == (Kind.BOUNCED, permanence, cause)


def test_a_refusal_of_the_sender_is_no_bounce_of_the_address() -> None:
    event = one(event="bounce", type="bounce", status="5.7.26", bounce_classification="Invalid Address")
    assert classified(event) == (Kind.REJECTED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)


@pytest.mark.parametrize("reason", sorted(rows("sendgrid", "DROPS")))
def test_every_reason_of_a_drop_gives_its_classification(reason: str) -> None:
    row = rows("sendgrid", "DROPS")[reason]
    assert classified(one(event="dropped", reason=f" {reason.title()} ")) == (
        row.kind,
        row.permanence,
        row.cause,
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"reason": "Spam Content (if Spam Checker app is enabled)"},
            sendgrid.DROPS["invalid smtpapi header"],
        ),
        ({"reason": "Something New"}, sendgrid.DROPPED),
        ({}, sendgrid.DROPPED),
        ({"type": "Bounced Address"}, sendgrid.DROPS["bounced address"]),
    ],
)
def test_a_drop_for_another_reason_was_not_tried(fields: dict[str, str], expected: Any) -> None:
    row = (expected.kind, expected.permanence, expected.cause)
    assert classified(one(event="dropped", **fields)) == row


def test_a_dropped_text_that_is_no_address_names_nobody() -> None:
    assert one(event="dropped", reason="Invalid", email="Ada Lovelace") is None


@pytest.mark.parametrize(
    ("event", "fields", "kind"),
    [
        ("group_unsubscribe", {"asm_group_id": 10}, None),
        ("group_resubscribe", {"asm_group_id": 10}, None),
        ("group_resubscribe", {}, Kind.OPTED_IN),
        ("group_unsubscribe", {}, Kind.OPTED_OUT),
        ("open", {}, None),
        ("account_status_change", {"email": None}, None),
        ("something_new", {"timestamp": "never"}, None),
    ],
)
def test_what_concerns_a_group_or_nobody_gives_no_event(
    event: str, fields: dict[str, Any], kind: Kind | None
) -> None:
    found = one(event=event, **fields)
    assert (found and found.kind) == kind


@pytest.mark.parametrize(("response", "cause"), [("421 later", Cause.UNKNOWN), ("451 4.4.1 x", None)])
def test_a_delay_has_the_cause_of_its_code(response: str, cause: Cause | None) -> None:
    event = one(event="deferred", response=response, attempt="3")
    assert classified(event) == (Kind.DELAYED, None, cause or Cause.INACTIVE_OR_UNREACHABLE)


def test_custom_arguments_are_told_from_sendgrids_own_fields() -> None:
    event = one(
        event="processed", reachable_id="m1", campaign="spring", category=["a"], ip="192.0.2.1", tls=1
    )
    assert event is not None
    assert event.metadata == {"reachable_id": "m1", "campaign": "spring"}


def test_a_message_is_sent_when_it_is_processed_unless_our_tag_tells() -> None:
    processed, tagged = one(event="processed"), one(event="processed", reachable_t="2026-09-14T08:29:58Z")
    delivered = one(event="delivered")
    assert processed is not None
    assert tagged is not None
    assert delivered is not None
    assert processed.sent_at == processed.occurred_at
    assert tagged.sent_at is not None
    assert processed.occurred_at is not None
    assert tagged.sent_at < processed.occurred_at
    assert delivered.sent_at is None


def test_a_drop_without_an_id_is_told_by_its_message_and_time() -> None:
    entry = {"event": "dropped", "reason": "Invalid", "sg_event_id": None, "smtp-id": "<a@b>"}
    first, again, later = one(**entry), one(**entry, tls=1), one(**entry | {"timestamp": 1789374605})
    assert first is not None
    assert again is not None
    assert later is not None
    assert first.event_id == again.event_id != later.event_id


def test_an_entry_that_cannot_be_read_costs_itself_alone() -> None:
    body = [{"event": [], "email": "ada@example.com"}, {"event": "open"}, 1]
    body += [{"event": "delivered", "email": "bob@example.com", "sg_event_id": "e2"}]
    with pytest.raises(ParseError) as caught:
        providers.parse("sendgrid", json.dumps(body).encode(), {})
    assert caught.value.where == "[0].event"
    assert [event.address for event in caught.value.events] == ["bob@example.com"]


OWN_FIELDS = [
    *("asm_group_id", "attempt", "bounce_classification", "category", "cert_err", "email", "event", "ip"),
    *(
        "marketing_campaign_id",
        "marketing_campaign_name",
        "newsletter",
        "pool",
        "reason",
        "response",
        "send_at",
    ),
    *("sg_content_type", "sg_event_id", "sg_machine_open", "sg_message_id", "sg_template_id"),
    *(
        "sg_template_name",
        "singlesend_id",
        "singlesend_name",
        "smtp-id",
        "status",
        "template_id",
        "timestamp",
    ),
    *("tls", "type", "url", "url_offset", "useragent"),
]


@pytest.mark.parametrize("name", OWN_FIELDS)
def test_a_field_of_sendgrids_own_is_no_tag(name: str) -> None:
    event = one(**{"event": "delivered", name: "delivered" if name == "event" else "ada@example.com"})
    assert event is not None
    assert event.metadata == {}


def test_an_event_has_sendgrids_id_and_the_message_that_the_send_call_returned() -> None:
    event = one(event="delivered", sg_event_id="e-9", sg_message_id="m-1.filter0001.2-0", custom="x")
    assert event is not None
    assert (event.event_id, event.provider_message_id, event.metadata) == ("e-9", "m-1", {"custom": "x"})


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"event": "dropped", "reason": "Bounced Address"}, "Bounced Address"),
        ({"event": "dropped"}, "dropped"),
        ({"event": "bounce", "type": "blocked", "bounce_classification": "Reputation"}, "blocked/Reputation"),
        ({"event": "bounce", "type": "bounce"}, "bounce"),
        ({"event": "bounce"}, "bounce"),
        ({"event": "deferred", "reason": "later"}, "deferred"),
    ],
)
def test_the_code_is_sendgrids_own_word(fields: dict[str, str], code: str) -> None:
    event = one(**fields)
    assert event is not None
    assert event.provider_code == code


@pytest.mark.parametrize("which", ["sg_message_id", "smtp-id"])
def test_two_drops_without_an_id_are_two_where_their_messages_differ(which: str) -> None:
    drop = {"event": "dropped", "reason": "Invalid", "sg_event_id": None}
    first, other = one(**drop | {which: "a"}), one(**drop | {which: "b"})
    assert first is not None
    assert other is not None
    assert first.event_id != other.event_id


def test_a_drop_for_a_new_reason_closes_nothing_and_is_told() -> None:
    reading = providers.read(
        "sendgrid", b'[{"event": "dropped", "email": "a@example.com", "reason": "New"}]', {}
    )
    assert [classified(event) for event in reading.events] == [(Kind.REJECTED, UNDETERMINED, Cause.UNKNOWN)]
    assert reading.unlisted == ("New",)
