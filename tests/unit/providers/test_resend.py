"""Resend's signature, by Svix, and the words and codes that no sample shows."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from reachable import providers
from reachable.model.delivery_event import Cause, DeliveryEvent, Kind, Permanence
from reachable.providers import WebhookRequest
from reachable.providers._signatures import hmac_base64
from tests.unit.providers import samples
from tests.unit.providers.rows import rows
from tests.unit.providers.samples import NOW, flipped, key, sample
from tools.webhook_signing import Call, sign

URL = "https://hooks.example.com/webhooks/resend"
KEY = key("resend")
AT = int(NOW.timestamp())

PERMANENT, TRANSIENT, UNDETERMINED = Permanence.PERMANENT, Permanence.TRANSIENT, Permanence.UNDETERMINED
HARD, SOFT, MAYBE = (Kind.BOUNCED, PERMANENT), (Kind.BOUNCED, TRANSIENT), (Kind.BOUNCED, UNDETERMINED)
SPAM = "carrier_blocked_or_spam"


believed = partial(samples.believed, "resend", default=KEY)


def signed(
    body: bytes = b"{}", *, secret: str = KEY, seconds: str = str(AT), prefix: str = "svix"
) -> WebhookRequest:
    signing_key = base64.b64decode(secret.removeprefix("whsec_"))
    signature = hmac_base64("sha256", signing_key, f"msg_1.{seconds}.".encode() + body)
    headers = {"id": "msg_1", "timestamp": seconds, "signature": f"v1,{signature}"}
    return WebhookRequest(
        url=URL, body=body, headers={f"{prefix}-{name}": value for name, value in headers.items()}
    )


def with_header(request: WebhookRequest, name: str, value: str) -> WebhookRequest:
    return replace(request, headers={**request.headers, name: value})


def test_one_bit_flipped_in_header_body_or_key_is_a_bad_signature() -> None:
    request = sample("resend", "complained").request
    assert believed(request)
    right = request.headers["svix-signature"].index("15gBGU")
    for name, first in (("svix-id", 0), ("svix-timestamp", 0), ("svix-signature", right)):
        value = request.headers[name]
        for place in range(first, len(value)):
            assert not believed(with_header(request, name, flipped(value, place)))
    for place in range(len(request.body)):
        body = bytearray(request.body)
        body[place] ^= 1
        assert not believed(replace(request, body=bytes(body)))
    for place in range(len("whsec_"), len(KEY)):
        assert not believed(request, flipped(KEY, place))


def test_what_the_stacks_own_sender_signs_is_believed() -> None:
    call = sign("resend", Call(url=URL, body=b"{}"), {"secret": KEY})
    request = WebhookRequest(url=URL, headers=call.headers, body=call.body)
    assert believed(request, now=datetime.now(UTC))


@pytest.mark.parametrize(
    ("seconds", "right"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)]
)
def test_a_post_counts_within_five_minutes(seconds: int, right: bool) -> None:
    assert believed(signed(), now=NOW + timedelta(seconds=seconds)) is right


@pytest.mark.parametrize("seconds", ["soon", "9" * 40, f"{AT}.5", "-", "\ud800"])
def test_a_text_that_is_no_time_is_a_bad_signature(seconds: str) -> None:
    assert not believed(with_header(signed(), "svix-timestamp", seconds))


def test_two_secrets_count_at_once_and_so_do_two_signatures() -> None:
    """While a secret is rotated, the header holds a signature by each."""
    older, newer = "whsec_b2xkZXI=", "whsec_bmV3ZXI="
    assert believed(signed(secret=older), newer, older)
    assert not believed(signed(secret=older), newer)
    both = " ".join(signed(secret=one).headers["svix-signature"] for one in (newer, older))
    assert believed(with_header(signed(), "svix-signature", both), older)
    assert believed(with_header(signed(), "svix-signature", both), newer)


def test_the_names_of_the_standard_count_as_svixs_do() -> None:
    assert believed(signed(prefix="webhook"))
    mixed = dict(signed().headers) | {
        "webhook-id": "msg_2",
        "webhook-timestamp": "1",
        "webhook-signature": "v1,x",
    }
    assert believed(replace(signed(), headers=mixed))
    without_svix_id = {name: value for name, value in mixed.items() if name != "svix-id"}
    assert not believed(replace(signed(), headers=without_svix_id))


@pytest.mark.parametrize("version", ["v1a,", "v2,", "v1 ", "", "V1,"])
def test_a_signature_of_another_version_proves_nothing(version: str) -> None:
    signature = signed().headers["svix-signature"].removeprefix("v1,")
    assert not believed(with_header(signed(), "svix-signature", version + signature))


@pytest.mark.parametrize("value", ["", "v1,", "v1", " ", "v1,no base64!", "v1,ü", "v1,\ud800", "v1,QUJD v1,"])
def test_a_malformed_signature_is_a_bad_signature(value: str) -> None:
    assert not believed(with_header(signed(), "svix-signature", value))


@pytest.mark.parametrize("name", ["svix-id", "svix-timestamp", "svix-signature"])
def test_a_header_that_is_missing_is_a_bad_signature(name: str) -> None:
    headers = {other: value for other, value in signed().headers.items() if other != name}
    assert not believed(replace(signed(), headers=headers))


@pytest.mark.parametrize("secret", ["whsec_", "whsec_no base64!", "whsec_ü", "whsec_QQ", ""])
def test_a_mistyped_secret_proves_nothing_and_does_not_hide_the_other(secret: str) -> None:
    """An empty key above all, with which anybody could sign."""
    assert not believed(signed(secret="whsec_"), secret)
    assert believed(signed(), secret, KEY)


def post(type_: str, data: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": type_, "created_at": "2026-09-14T08:30:04.501Z", "data": data} | more


def mail(type_: str, **data: Any) -> dict[str, Any]:
    own = {"email_id": "m-1", "created_at": "2026-09-14T08:29:58.000Z", "to": ["ada@example.com"]}
    return post(type_, own | data)


def events(body: dict[str, Any], headers: dict[str, str] | None = None) -> tuple[DeliveryEvent, ...]:
    reading = providers.read("resend", json.dumps(body).encode(), headers or {"Svix-Id": "msg_1"})
    assert reading.error is None
    assert reading.events or reading.skipped
    return reading.events


def one(body: dict[str, Any]) -> DeliveryEvent | None:
    found = events(body)
    assert len(found) < 2
    return found[0] if found else None


type Told = tuple[Kind, Permanence | None, Cause | str | None]


def told(event: DeliveryEvent | None) -> Told | None:
    return (event.kind, event.permanence, event.cause) if event else None


@pytest.mark.parametrize("written", sorted(rows("resend", "BOUNCES")))
def test_every_type_and_subtype_gives_its_classification_in_any_case(written: str) -> None:
    row, words = rows("resend", "BOUNCES")[written], written.split("/")
    for type_, subtype in (words, (words[0].title(), words[1].upper())):
        bounce = {"type": type_, "subType": subtype, "message": "550 5.7.1 x", "diagnosticCode": []}
        event = one(mail("email.bounced", bounce=bounce))
        assert told(event) == (row.kind, row.permanence, row.cause)
        assert event is not None
        assert event.provider_code == f"{type_}/{subtype}"


@pytest.mark.parametrize(
    ("type_", "answer", "expected"),
    [
        ("Permanent", None, (*HARD, "unknown")),
        ("Permanent", "smtp; 550 5.1.1 user unknown", (*HARD, "invalid_address")),
        ("Permanent", "smtp; 550 5.5.0 mailbox unavailable", (*HARD, "invalid_address")),
        ("Permanent", "smtp; 552 5.2.2 over quota", (*MAYBE, "mailbox_full")),
        ("Permanent", "smtp; 550 5.7.1 blocked", (*MAYBE, SPAM)),
        ("Permanent", "smtp; 550 5.7.26 unauthenticated", (Kind.REJECTED, UNDETERMINED, "account_or_quota")),
        ("Transient", None, (*SOFT, "unknown")),
        ("Transient", "smtp; 550 5.1.1 user unknown", (*SOFT, "invalid_address")),
        ("Undetermined", None, (*MAYBE, "unknown")),
        ("SomethingNew", "smtp; 550 5.1.1 user unknown", (*MAYBE, "invalid_address")),
    ],
)  # fmt: skip
def test_of_a_general_bounce_the_servers_answer_tells_the_cause(
    type_: str, answer: str | None, expected: Told
) -> None:
    bounce = {"type": type_, "subType": "General", "message": "A hard bounce message."}
    event = one(mail("email.bounced", bounce=bounce | ({"diagnosticCode": [answer]} if answer else {})))
    assert told(event) == expected
    assert event is not None
    assert event.diagnostic == (answer or "A hard bounce message.")
    assert (event.smtp_status is not None) == (answer is not None)


@pytest.mark.parametrize("answers", [None, [], "550 5.1.1", [5], [None, ""], {}])
def test_without_a_readable_answer_the_message_is_kept(answers: Any) -> None:
    bounce = {"type": "Permanent", "subType": "General", "message": "No.", "diagnosticCode": answers}
    event = one(mail("email.bounced", bounce=bounce))
    assert told(event) == (*HARD, "unknown")
    assert event is not None
    assert event.diagnostic == "No."


@pytest.mark.parametrize("words", sorted(rows("resend", "TEXTS")))
def test_of_an_older_bounce_without_a_type_every_text_gives_its_classification(words: str) -> None:
    row = rows("resend", "TEXTS")[words]
    event = one(mail("email.bounced", bounce={"message": f"Resend has {words.capitalize()}."}))
    assert told(event) == (row.kind, row.permanence, row.cause)


@pytest.mark.parametrize(
    ("bounce", "expected"),
    [
        ({"message": "Something new."}, (*MAYBE, "unknown")),
        ({"message": "550 5.1.1 user unknown"}, (*MAYBE, "invalid_address")),
        ({}, (*MAYBE, "unknown")),
        (None, (*MAYBE, "unknown")),
        ({"type": "Transient", "subType": "General", "message": "a hard bounce message"}, (*SOFT, "unknown")),
    ],
)
def test_a_text_is_read_only_where_there_is_no_type(bounce: dict[str, str] | None, expected: Told) -> None:
    assert told(one(mail("email.bounced", bounce=bounce))) == expected


@pytest.mark.parametrize("words", sorted(rows("resend", "FAILURES")))
@pytest.mark.parametrize("written", ["It was: {}!", "{}"])
def test_every_reason_of_a_failure_gives_its_classification(words: str, written: str) -> None:
    row = rows("resend", "FAILURES")[words]
    for reason in (written.format(words.upper()), written.format(words).replace(" ", "_")):
        event = one(mail("email.failed", failed={"reason": reason}))
        assert told(event) == (row.kind, row.permanence, row.cause)
        assert event is not None
        assert event.provider_code == reason


@pytest.mark.parametrize("failed", [None, {}, {"reason": None}, {"reason": "mta_unreachable"}])
def test_a_failure_for_another_reason_has_an_unknown_cause(failed: dict[str, Any] | None) -> None:
    assert told(one(mail("email.failed", failed=failed))) == (Kind.FAILED, PERMANENT, Cause.UNKNOWN)


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("OnAccountSuppressionList", (*HARD, Cause.PROVIDER_SUPPRESSED)),
        (None, (*HARD, Cause.PROVIDER_SUPPRESSED)),
        ("Complaint", (Kind.COMPLAINED, None, Cause.PROVIDER_SUPPRESSED)),
    ],
)
def test_what_resend_did_not_try_is_on_its_list(type_: str | None, expected: Told) -> None:
    event = one(mail("email.suppressed", suppressed={"type": type_, "message": "It is on the list."}))
    assert told(event) == expected
    assert event is not None
    assert (event.provider_code, event.diagnostic) == (type_ or "email.suppressed", "It is on the list.")


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("email.sent", (Kind.SENT, None, None)),
        ("email.delivered", (Kind.DELIVERED, None, None)),
        ("email.delivery_delayed", (Kind.DELAYED, None, Cause.UNKNOWN)),
        ("email.complained", (Kind.COMPLAINED, None, Cause.COMPLAINT)),
        ("email.suppressed", (*HARD, Cause.PROVIDER_SUPPRESSED)),
        ("email.scheduled", None),
        ("email.opened", None),
        ("email.clicked", None),
        ("email.received", None),
        ("email.something_new", None),
        ("domain.updated", None),
        ("contact.created", None),
        ("suppression.removed", None),
    ],
)
def test_what_else_is_told(type_: str, expected: Told | None) -> None:
    assert told(one(mail(type_))) == expected


def test_what_is_left_out_is_not_read() -> None:
    assert events({"type": "domain.created", "created_at": "never", "data": None}) == ()


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("bounce", (*HARD, Cause.PROVIDER_SUPPRESSED)),
        ("complaint", (Kind.COMPLAINED, None, Cause.PROVIDER_SUPPRESSED)),
        ("Complaint", (Kind.COMPLAINED, None, Cause.PROVIDER_SUPPRESSED)),
        ("manual", None),
        ("something_new", None),
        (None, None),
    ],
)
def test_an_entry_of_the_suppression_list_is_of_its_origin(origin: str | None, expected: Told | None) -> None:
    """Its ``created_at`` is no time of sending, its ``source_id`` no id of this message."""
    entry = {
        "id": "s-1",
        "email": "Ada@Example.com",
        "origin": origin,
        "source_id": "m-1",
        "created_at": "2026-09-14T08:30:04Z",
    }
    event = one(post("suppression.added", entry))
    assert told(event) == expected
    if event is not None:
        assert (event.address, event.provider_code) == ("ada@example.com", origin)
        assert (event.sent_at, event.provider_message_id) == (None, None)


@pytest.mark.parametrize(
    ("unsubscribed", "expected"),
    [
        (True, (Kind.OPTED_OUT, None, Cause.OPT_OUT)),
        (False, (Kind.OPTED_IN, None, None)),
        (None, None),
    ],
)
def test_a_contact_tells_whether_it_is_unsubscribed(unsubscribed: bool | None, expected: Told | None) -> None:
    contact = {"id": "c-1", "email": "ada@example.com", "unsubscribed": unsubscribed}
    assert told(one(post("contact.updated", contact))) == expected
    assert told(one(post("contact.updated", contact | {"email": "Ada Lovelace"}))) is None


def test_a_contact_whose_wish_is_neither_yes_nor_no_wishes_nothing() -> None:
    body = post("contact.updated", {"email": "ada@example.com", "unsubscribed": "no"})
    assert providers.read("resend", json.dumps(body).encode(), {}) == providers.Reading(skipped=1)


BOTH = ["ada@example.com", "Bob <bob@example.com>"]


@pytest.mark.parametrize(
    "type_", ["email.sent", "email.delivered", "email.bounced", "email.suppressed", "email.failed"]
)
def test_of_several_recipients_nobody_is_blamed(type_: str) -> None:
    assert events(mail(type_, to=BOTH)) == ()
    assert events(mail(type_, to=["ada@example.com", "nobody"])) == ()


@pytest.mark.parametrize("type_", ["email.complained", "email.suppressed"])
def test_a_complaint_may_be_any_recipients(type_: str) -> None:
    found = events(mail(type_, to=[*BOTH, "nobody"], suppressed={"type": "complaint"}))
    assert [event.address for event in found] == ["ada@example.com", "bob@example.com"]
    assert {event.possible_recipients for event in found} == {3}
    assert len({event.event_id for event in found}) == 2


def test_a_recipient_that_is_listed_twice_is_one() -> None:
    event = one(mail("email.complained", to=["ada@example.com", "Ada <ADA@example.com>"]))
    assert event is not None
    assert (event.address, dict(event.metadata)) == ("ada@example.com", {})


@pytest.mark.parametrize("to", [[], ["Ada Lovelace"], [5], [None], ["ada@example.com, bob@example.com"]])
def test_a_mail_to_no_address_names_nobody(to: list[Any]) -> None:
    assert events(mail("email.complained", to=to)) == ()


@pytest.mark.parametrize("to", [None, [], {}, 0, "", "no address", [None], [[]]], ids=str)
def test_a_bounce_that_names_nobody_is_counted(to: Any) -> None:
    body = mail("email.bounced", to=to)
    assert providers.read("resend", json.dumps(body).encode(), {}) == providers.Reading(skipped=1)


def test_one_recipient_may_stand_without_a_list() -> None:
    (event,) = providers.parse("resend", json.dumps(mail("email.bounced", to="Ada@example.com")).encode(), {})
    assert (event.address, event.kind) == ("ada@example.com", Kind.BOUNCED)


@pytest.mark.parametrize(
    "tags",
    [
        {"reachable_id": "r-1", "class": "5b"},
        [{"name": "reachable_id", "value": "r-1"}, {"name": "class", "value": "5b"}, 5, {"name": []}, {}],
    ],
)
def test_tags_come_back_as_an_object_or_in_older_events_as_a_list(tags: Any) -> None:
    event = one(mail("email.delivered", tags=tags))
    assert event is not None
    assert event.metadata == {"reachable_id": "r-1", "class": "5b"}


@pytest.mark.parametrize(
    "written",
    ["2026-09-14T08:29:58.126Z", "2026-09-14T08:29:58.126719+00:00", "2026-09-14 08:29:58.126+00"],
)
def test_a_time_comes_in_several_forms(written: str) -> None:
    event = one(mail("email.delivered", created_at=written) | {"created_at": written})
    assert event is not None
    for time in (event.sent_at, event.occurred_at):
        assert time is not None
        assert time.replace(microsecond=0) == datetime(2026, 9, 14, 8, 29, 58, tzinfo=UTC)
        assert time.microsecond // 1000 == 126


def test_the_id_is_svixs_which_is_the_same_in_every_retry() -> None:
    body = mail("email.delivered")
    for headers in ({"svix-id": "msg_7"}, {"webhook-id": "msg_7"}):
        assert [event.event_id for event in events(body, headers)] == ["msg_7:ada@example.com"]


def test_without_that_header_what_happened_makes_the_id() -> None:
    (first,) = events(mail("email.delivered"), {"x": ""})
    (again,) = events(mail("email.delivered", subject="x"), {"x": ""})
    others = [
        mail("email.sent"),
        mail("email.delivered", email_id="m-2"),
        mail("email.delivered") | {"created_at": "2026-09-14T08:31:00Z"},
    ]
    assert first.event_id == again.event_id
    assert len({first.event_id, *(events(other, {"x": ""})[0].event_id for other in others)}) == 4
