"""Mandrill's signature, which covers the URL, and the words and codes that no sample shows."""

import json
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest

from reachable import providers
from reachable.model.delivery_event import Cause, DeliveryEvent, Kind, Permanence
from reachable.model.errors import ParseError
from reachable.providers import WebhookRequest, mandrill
from reachable.providers._signatures import hmac_base64
from tests.unit.providers import samples
from tests.unit.providers.rows import rows
from tests.unit.providers.samples import flipped, key, sample
from tools.webhook_signing import Call, sign

URL = "https://hooks.example.com/webhooks/mandrill"
KEY = key("mandrill")
SIGNATURE = "x-mandrill-signature"

PERMANENT, TRANSIENT, UNDETERMINED = Permanence.PERMANENT, Permanence.TRANSIENT, Permanence.UNDETERMINED
HARD, SOFT, MAYBE = (Kind.BOUNCED, PERMANENT), (Kind.BOUNCED, TRANSIENT), (Kind.BOUNCED, UNDETERMINED)
SPAM = "carrier_blocked_or_spam"


believed = partial(samples.believed, "mandrill", default=KEY)


def signed(
    *fields: tuple[str, str], url: str = URL, secret: str = KEY, body: bytes | None = None
) -> WebhookRequest:
    """``fields`` in the order in which they are signed."""
    signature = hmac_base64("sha1", secret, (url + "".join(name + value for name, value in fields)).encode())
    return WebhookRequest(
        url=url, body=urlencode(fields).encode() if body is None else body, headers={SIGNATURE: signature}
    )


def test_one_bit_flipped_in_header_body_url_or_key_is_a_bad_signature() -> None:
    request = sample("mandrill", "hard-bounce").request
    signature = request.headers[SIGNATURE]
    assert believed(request)
    for place in range(len(signature)):  # the spare bits before the padding too
        assert not believed(replace(request, headers={SIGNATURE: flipped(signature, place)}))
    for place in range(len(request.body)):
        body = flipped(request.body.decode(), place).encode()
        assert not believed(replace(request, body=body))
    for place in range(len(request.url)):
        assert not believed(replace(request, url=flipped(request.url, place)))
    for place in range(len(KEY)):
        assert not believed(request, flipped(KEY, place))


def test_what_the_stacks_own_sender_signs_is_believed() -> None:
    body = sample("mandrill", "mixed-batch").payload
    call = sign("mandrill", Call(url=f"{URL}?a=b%20c", body=body), {"secret": KEY})
    assert believed(WebhookRequest(url=call.url, headers=call.headers, body=call.body))


def test_the_url_counts_exactly_as_it_was_entered() -> None:
    entered = "https://user:word@hooks.example.com:8443/webhooks/mandrill/a?b=c"
    request = signed(("mandrill_events", "[]"), url=entered)
    assert believed(request)
    for other in (entered + "/", entered.replace(":8443", ""), entered.replace("user:word@", ""), URL):
        assert not believed(replace(request, url=other))


def test_the_fields_are_signed_in_the_order_of_their_names() -> None:
    fields = ("added", ""), ("mandrill_events", '[{"a": "ü +"}]'), ("more", "1")
    assert believed(signed(*fields))
    backwards = urlencode(fields[::-1]).encode()
    assert believed(signed(*fields, body=backwards))
    assert not believed(signed(*fields[::-1]))


def test_two_keys_count_at_once() -> None:
    request = signed(("mandrill_events", "[]"), secret="old")
    assert believed(request, "new", "old")
    assert not believed(request, "new")


@pytest.mark.parametrize("public", sorted(mandrill.PUBLIC_KEYS))
def test_a_key_that_everybody_knows_proves_nothing_and_does_not_hide_the_other(public: str) -> None:
    """The probe of a new webhook is signed with ``test-webhook``."""
    assert not believed(signed(("mandrill_events", "[]"), secret=public), public)
    assert believed(signed(("mandrill_events", "[]")), public, KEY)


@pytest.mark.parametrize("value", ["", "=", "no base64!", "ü", "\ud800", "QUJD"])
def test_a_malformed_signature_is_a_bad_signature(value: str) -> None:
    request = signed(("mandrill_events", "[]"))
    assert not believed(replace(request, headers={SIGNATURE: value}))
    assert not believed(replace(request, headers={}))


@pytest.mark.parametrize("body", [b"mandrill_events", b"\xff=1", b"a=%ff", b"&", b"a=1&" * 1001])
def test_a_body_that_is_no_form_is_a_bad_signature(body: bytes) -> None:
    assert not believed(signed(body=body))


def test_the_probe_of_a_new_webhook_is_answered_and_a_get_is_not() -> None:
    head, get = (
        providers.probe("mandrill", WebhookRequest(method=method, url=URL)) for method in ("HEAD", "GET")
    )
    assert head is not None
    assert head.status == 200
    assert get is not None
    assert (get.status, get.headers) == (405, {"allow": "HEAD, POST"})


def posted(*entries: Any) -> bytes:
    return urlencode({"mandrill_events": json.dumps(entries)}).encode()


def events(*entries: dict[str, Any]) -> tuple[DeliveryEvent, ...]:
    reading = providers.read("mandrill", posted(*entries), {})
    assert reading.error is None
    assert len(reading.events) + reading.skipped == len(entries)
    return reading.events


def entry(word: str, **message: Any) -> dict[str, Any]:
    own = {"_id": "m-1", "ts": 1789374598, "email": "ada@example.com", "metadata": []}
    return {"event": word, "_id": "m-1", "ts": 1789374604, "msg": own | message}


def one(told_: dict[str, Any]) -> DeliveryEvent | None:
    found = events(told_)
    return found[0] if found else None


type Told = tuple[Kind, Permanence | None, Cause | str | None]


def told(event: DeliveryEvent | None) -> Told | None:
    return (event.kind, event.permanence, event.cause) if event else None


@pytest.mark.parametrize("written", sorted(rows("mandrill", "BOUNCES")))
def test_every_class_of_a_bounce_gives_its_classification(written: str) -> None:
    row, words = rows("mandrill", "BOUNCES")[written], written.split("/")
    for diag in (None, "", "smtp;550 5.0.0 no", "X-Postfix; said no"):
        event = one(entry(words[0], bounce_description=words[1], diag=diag, bgtools_code=10))
        assert told(event) == (row.kind, row.permanence, row.cause)
        assert event is not None
        assert (event.provider_code, event.diagnostic) == ("/".join(words), diag or None)


@pytest.mark.parametrize(
    ("word", "class_", "diag", "expected"),
    [
        # of what the class leaves open the server tells
        ("hard_bounce", "general", "smtp;550 5.1.1 unknown", (*HARD, "invalid_address")),
        ("hard_bounce", "something_new", "smtp;550 5.2.1 disabled", (*HARD, "inactive_or_unreachable")),
        ("hard_bounce", None, "smtp;550 No such user here", (*HARD, "invalid_address")),
        ("hard_bounce", "undetermined", None, (*HARD, "unknown")),
        ("hard_bounce", "spam", None, (*HARD, "unknown")),
        ("soft_bounce", "general", None, (*SOFT, "unknown")),
        ("soft_bounce", "undetermined", "something", (*SOFT, "unknown")),
        ("soft_bounce", "general", "smtp;421 4.4.1 no answer", (*SOFT, "inactive_or_unreachable")),
        ("soft_bounce", None, "smtp;550 5.1.1 unknown", (*SOFT, "invalid_address")),
        # a hard bounce about something else than the address
        ("hard_bounce", "bad_mailbox", "smtp;552 5.2.2 over quota", (*MAYBE, "mailbox_full")),
        ("hard_bounce", "bad_mailbox", "smtp;550 5.7.1 blocked", (*MAYBE, SPAM)),
        ("hard_bounce", "bad_mailbox", "550 5.7.26 dmarc", (Kind.REJECTED, UNDETERMINED, "account_or_quota")),
        # a soft bounce stays soft, and what the server says comes before Mandrill's word
        ("soft_bounce", "mailbox_full", "smtp;550 5.7.1 blocked", (*SOFT, SPAM)),
        ("soft_bounce", "mailbox_full", "smtp;550 ???", (*SOFT, "mailbox_full")),
    ],
)  # fmt: skip
def test_a_bounce_by_its_class_and_the_servers_answer(
    word: str, class_: str | None, diag: str | None, expected: Told
) -> None:
    assert told(one(entry(word, bounce_description=class_, diag=diag))) == expected


def test_an_earlier_deferral_says_nothing_of_a_bounce() -> None:
    deferred = {"ts": 1, "type": "deferred", "diag": "451 4.7.1 greylisted"}
    event = one(entry("hard_bounce", bounce_description="invalid_domain", diag="", smtp_events=[deferred]))
    assert told(event) == (*HARD, Cause.INVALID_ADDRESS)
    assert event is not None
    assert (event.smtp_status, event.diagnostic) == (None, None)


@pytest.mark.parametrize(
    ("smtp_events", "cause", "diagnostic"),
    [
        ([], "unknown", None),
        (None, "unknown", None),
        ([{"type": "deferred", "diag": "421 later"}], "unknown", "421 later"),
        (
            [{"type": "deferred", "diag": "452 4.2.2 x"}, {"type": "deferred", "diag": "451 4.4.1 y"}],
            "inactive_or_unreachable",
            "451 4.4.1 y",
        ),
        (
            [{"type": "deferred", "diag": "452 4.2.2 x"}, {"type": "sent", "diag": "250 2.0.0 ok"}, 5],
            "mailbox_full",
            "452 4.2.2 x",
        ),
        ([{"type": "deferred", "diag": 5}, {"type": "deferred", "diag": ""}], "unknown", None),
    ],
)
def test_a_deferral_has_the_cause_of_the_last_answer(
    smtp_events: list[Any] | None, cause: str, diagnostic: str | None
) -> None:
    event = one(entry("deferral", smtp_events=smtp_events))
    assert told(event) == (Kind.DELAYED, None, cause)
    assert event is not None
    assert event.diagnostic == diagnostic


@pytest.mark.parametrize("reason", sorted(rows("mandrill", "REJECTS")))
def test_every_reason_of_a_rejection_gives_its_classification(reason: str) -> None:
    row = rows("mandrill", "REJECTS")[reason]
    event = one(entry("reject", reject={"reason": reason, "last_event_at": "2026-08-01 10:00:00"}))
    assert told(event) == (row.kind, row.permanence, row.cause)
    assert event is not None
    assert event.provider_code == f"reject/{reason}"


@pytest.mark.parametrize("reject", [None, {}, {"reason": None}, {"reason": "something-new"}])
def test_a_rejection_for_another_reason_was_not_tried(reject: dict[str, Any] | None) -> None:
    assert told(one(entry("reject", reject=reject))) == (Kind.REJECTED, UNDETERMINED, Cause.UNKNOWN)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("send", (Kind.SENT, None, None)),
        ("delivered", (Kind.DELIVERED, None, None)),
        ("spam", (Kind.COMPLAINED, None, Cause.COMPLAINT)),
        ("unsub", (Kind.OPTED_OUT, None, Cause.OPT_OUT)),
        ("open", None),
        ("click", None),
        ("inbound", None),
        ("something_new", None),
    ],
)
def test_what_else_is_told(word: str, expected: Told | None) -> None:
    event = one(entry(word, smtp_events=[{"type": "deferred", "diag": "451 4.4.1 x"}], diag="250 2.0.0 ok"))
    assert told(event) == expected
    if event is not None:
        assert (event.provider_code, event.smtp_status, event.diagnostic) == (word, None, None)


def sync(list_: str, action: str, reason: str | None, **more: Any) -> dict[str, Any]:
    reject = {"email": "Ada@Example.com", "reason": reason, "detail": "as she said", "expired": False}
    return {"type": list_, "action": action, "ts": 1789374604, "reject": reject | more}


@pytest.mark.parametrize("reason", sorted(rows("mandrill", "DENYLISTED")))
@pytest.mark.parametrize("list_", sorted(mandrill.DENYLISTS))
@pytest.mark.parametrize("action", sorted(mandrill.LISTINGS))
def test_every_reason_for_an_entry_of_the_denylist_gives_its_classification(
    reason: str, list_: str, action: str
) -> None:
    row = rows("mandrill", "DENYLISTED")[reason]
    event = one(sync(list_, action, reason))
    assert told(event) == (row.kind, row.permanence, row.cause)
    assert event is not None
    assert (event.address, event.provider_code) == ("ada@example.com", f"{list_}/{reason}")
    assert (event.provider_message_id, event.sent_at) == (None, None)
    assert event.occurred_at is not None


@pytest.mark.parametrize(
    "told_",
    [
        sync("blacklist", "add", "manual"),
        sync("denylist", "add", "custom"),
        sync("denylist", "add", "something-new"),
        sync("denylist", "add", None),
        sync("denylist", "remove", "spam"),
        sync("denylist", "something-new", "spam"),
        sync("whitelist", "add", "spam"),
        sync("allowlist", "add", None),
        sync("something_new", "add", "spam"),
        sync("denylist", "add", "spam", email="Ada Lovelace"),
        {"type": "whitelist", "action": "add"},
        {"type": "denylist"},
    ],
)
def test_what_else_is_told_of_a_list_gives_no_event(told_: dict[str, Any]) -> None:
    assert one(told_) is None


def test_a_message_to_no_address_names_nobody() -> None:
    assert one(entry("hard_bounce", email="Ada Lovelace")) is None
    assert one(entry("hard_bounce", email=None)) is None


def test_an_empty_object_comes_as_an_empty_list_and_tags_come_back() -> None:
    tags = {"reachable_id": "r-1", "reachable_t": "2026-09-14T08:29:50Z", "class": "5b", "user_id": 111}
    bare, tagged, earlier = events(
        entry("send", metadata=[]), entry("send", metadata=tags), entry("send", metadata=tags, ts=None)
    )
    assert bare.metadata == {}
    assert tagged.metadata == {name: value for name, value in tags.items() if name != "user_id"}
    assert tagged.sent_at is not None
    assert tagged.sent_at.isoformat() == "2026-09-14T08:29:58+00:00"
    assert earlier.sent_at is not None
    assert earlier.sent_at.isoformat() == "2026-09-14T08:29:50+00:00"


def test_an_id_is_of_message_event_and_time_since_mandrills_is_the_messages() -> None:
    bounce = entry("soft_bounce")
    first, again, *others = events(
        bounce,
        entry("soft_bounce", diag="more", opens=[{"ts": 1}]),
        entry("hard_bounce"),
        bounce | {"ts": 1789374605},
        bounce | {"_id": "m-2"},
        bounce | {"_id": None, "msg": bounce["msg"] | {"_id": None}},
        sync("denylist", "add", "spam"),
        sync("denylist", "add", "unsub"),
        sync("denylist", "change", "spam"),
        sync("blacklist", "add", "spam"),
        sync("denylist", "add", "spam", email="bob@example.com"),
        sync("denylist", "add", "spam") | {"ts": 1789374605},
    )
    assert first.event_id == again.event_id
    assert len({first.event_id, *(other.event_id for other in others)}) == len(others) + 1


def test_a_message_id_stands_in_either_place() -> None:
    within, without = events(entry("send") | {"_id": None}, entry("send", _id=None))
    assert within.provider_message_id == without.provider_message_id == "m-1"


def test_an_entry_that_cannot_be_read_costs_itself_alone() -> None:
    body = posted(entry("send"), entry("send") | {"msg": None}, 5, {"ts": 1}, entry("unsub"))
    with pytest.raises(ParseError) as caught:
        providers.parse("mandrill", body, {})
    assert caught.value.where == "mandrill_events[1].msg"
    assert [event.kind for event in caught.value.events] == [Kind.SENT, Kind.OPTED_OUT]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"other=1", "mandrill_events"),
        (b"mandrill_events=", "mandrill_events"),
        (b"mandrill_events=%5B", "mandrill_events"),
        (posted({"ts": 1}), "mandrill_events[0].event"),
        (posted(sync("denylist", "add", "spam") | {"reject": None}), "mandrill_events[0].reject"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(body: bytes, where: str) -> None:
    with pytest.raises(ParseError) as caught:
        providers.parse("mandrill", body, {})
    assert caught.value.where == where
