"""What every dialect promises, over all dialects and samples; a new file in ``providers`` is taken up.

A dialect's samples hold one named ``...unknown-code``, with a code that the provider never documented.
"""

import copy
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reachable import providers
from reachable.model.delivery_event import Cause, DeliveryEvent, Kind, Permanence
from reachable.model.errors import BadSignature, ParseError, UnknownProvider
from reachable.providers import Secrets, WebhookRequest
from reachable.providers._classifications import Classification
from tests.unit.providers.rows import TABLES, Row, Said
from tests.unit.providers.samples import ALL, FIELD, NOW, PROVIDERS, Sample, expected, key, samples, told

WEBHOOKS = [provider for provider in PROVIDERS if providers.takes_webhooks(provider)]
SIGNED = [one for one in ALL if one.provider in WEBHOOKS and one.signed]
FEW = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

of_every_sample = pytest.mark.parametrize("sample", ALL, ids=str)
of_every_provider = pytest.mark.parametrize("provider", PROVIDERS)
of_every_signed_sample = pytest.mark.parametrize("sample", SIGNED, ids=str)
of_every_webhook = pytest.mark.parametrize("provider", WEBHOOKS)


def read(sample: Sample, payload: bytes | None = None) -> providers.Reading:
    return providers.read(
        sample.provider, sample.payload if payload is None else payload, sample.headers, sample.query
    )


@of_every_provider
def test_a_dialect_names_its_source(provider: str) -> None:
    docstring = import_module(f"reachable.providers.{provider}").__doc__ or ""
    assert any(line.startswith("Source: ") for line in docstring.splitlines())


@of_every_provider
def test_a_dialect_has_samples(provider: str) -> None:
    assert list(samples(provider))


@of_every_sample
def test_a_sample_gives_exactly_the_events_beside_it(sample: Sample) -> None:
    events = providers.parse(sample.provider, sample.payload, sample.headers, sample.query)
    assert [told(event) for event in events] == expected(sample.expected)


@pytest.mark.parametrize("sample", FIELD, ids=str)
def test_a_case_of_the_field_gives_what_is_beside_it(sample: Sample) -> None:
    """Only the keys that it shows are compared."""
    events = [told(event) for event in read(sample).events]
    times = {"occurred_at": None, "sent_at": None}
    wanted = expected([times | event for event in sample.expected])
    assert len(events) == len(wanted)
    for event, want, shown in zip(events, wanted, sample.expected, strict=True):
        assert {name: event[name] for name in shown} == {name: want[name] for name in shown}


@of_every_sample
def test_a_sample_without_events_is_counted_as_skipped(sample: Sample) -> None:
    if not sample.expected:
        assert read(sample).skipped >= 1


@of_every_provider
def test_an_unknown_code_gives_an_unknown_cause(provider: str) -> None:
    unknown = [one for one in samples(provider) if one.name.endswith("unknown-code")]
    assert unknown
    assert {event.cause for one in unknown for event in read(one).events} == {Cause.UNKNOWN}


@pytest.mark.parametrize(("provider", "table"), TABLES, ids="-".join)
def test_a_table_has_exactly_the_rows_that_are_written_beside_the_tests(provider: str, table: str) -> None:
    held = getattr(import_module(f"reachable.providers.{provider}"), table)
    assert {spelled(key): said(row) for key, row in dict(held).items()} == TABLES[provider, table]


@of_every_provider
def test_every_table_is_written_beside_the_tests(provider: str) -> None:
    dialect = import_module(f"reachable.providers.{provider}")
    tables = {
        name for name, value in vars(dialect).items() if name.isupper() and name[0] != "_" and is_table(value)
    }
    assert tables == {table for of, table in TABLES if of == provider}


def spelled(key: str | tuple[str, ...]) -> str:
    return key if isinstance(key, str) else "/".join(key)


def said(row: Classification | Cause | Permanence | None) -> Said:
    return Row(row.kind, row.permanence, row.cause) if isinstance(row, Classification) else row


def is_table(value: Any) -> bool:
    try:
        rows = dict(value).values()
    except (TypeError, ValueError):
        return False
    return any(isinstance(row, Classification | Cause | Permanence) for row in rows)


def test_a_code_without_a_row_is_told_and_counts_all_the_same() -> None:
    form = b"MessageSid=SM1&MessageStatus=failed&To=%2B12025550123&ErrorCode="
    reading = providers.read("twilio", form + b"39999", {})
    assert [(event.kind, event.cause) for event in reading.events] == [(Kind.FAILED, Cause.UNKNOWN)]
    assert reading.unlisted == ("39999",)
    assert providers.read("twilio", form + b"30008", {}).unlisted == ()
    assert providers.read("twilio", form, {}).unlisted == ()


@pytest.mark.parametrize(
    ("code", "counted"),
    [
        ("x" * 40, "x" * 40),
        ("x" * 41, "other"),
        ("a b/c-d.1:2", "a b/c-d.1:2"),
        ("ada@example.org", "other"),
        ("+12025550123", "other"),
        ("12025550123", "other"),
        ("1234567", "1234567"),
        ("<script>", "other"),
    ],
)
def test_what_is_counted_of_a_code_is_short_and_nobodys_address(code: str, counted: str) -> None:
    form = urlencode(
        {"MessageSid": "SM1", "MessageStatus": "failed", "To": "+12025550123", "ErrorCode": code}
    )
    assert providers.read("twilio", form.encode(), {}).unlisted == (counted,)


TEXTS = [
    *("aws_sms", "aws_sns_sms", "bandwidth", "messagebird", "plivo", "sinch", "telnyx", "twilio", "vonage")
]


@pytest.mark.parametrize("provider", TEXTS)
def test_every_provider_of_texts_tells_which_codes_its_tables_lack(provider: str) -> None:
    codes = [
        code for one in samples(provider) if one.name.endswith("unknown-code") for code in read(one).unlisted
    ]
    assert codes


@of_every_provider
def test_every_event_of_the_samples_has_its_own_id(provider: str) -> None:
    ids = Counter(event.event_id for one in samples(provider) for event in read(one).events)
    assert [event_id for event_id, count in ids.items() if count > 1] == []


@of_every_sample
def test_the_same_body_gives_the_same_events_again(sample: Sample) -> None:
    assert read(sample) == read(sample)


@of_every_sample
def test_header_names_count_in_any_case(sample: Sample) -> None:
    shouted = replace(sample, headers={name.upper(): value for name, value in sample.headers.items()})
    assert read(shouted) == read(sample)


@of_every_provider
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[", b'"', b"\xff\xfe", b"\x00", b"null", b"1", b'"text"', b"[1]"]
)
def test_a_malformed_body_is_a_parse_error_that_names_provider_and_place(provider: str, body: bytes) -> None:
    with pytest.raises(ParseError) as caught:
        providers.parse(provider, body, {})
    assert caught.value.provider == provider
    assert caught.value.where


@of_every_sample
@FEW
@given(data=st.data())
def test_whatever_becomes_of_a_body_it_gives_events_or_one_parse_error(
    sample: Sample, data: st.DataObject
) -> None:
    """Cut short, flipped, with wrong types, nulls, missing fields, unknown words, duplicates."""
    check(sample, mutated(sample, data))


@of_every_provider
@settings(max_examples=50)
@given(body=st.binary(max_size=300), headers=st.dictionaries(st.text(max_size=20), st.text(max_size=20)))
def test_any_bytes_give_events_or_one_parse_error(
    provider: str, body: bytes, headers: dict[str, str]
) -> None:
    reading = providers.read(provider, body, headers)
    assert all(isinstance(event, DeliveryEvent) for event in reading.events)


def check(sample: Sample, payload: bytes) -> None:
    reading = read(sample, payload)
    for event in reading.events:
        wholesome(event)
    if reading.error is None:
        assert providers.parse(sample.provider, payload, sample.headers, sample.query) == list(reading.events)
    else:
        assert reading.error.provider == sample.provider
        assert reading.error.events == reading.events


def wholesome(event: DeliveryEvent) -> None:
    """An event that the rest of the house can take: of the right types, in UTC, storable."""
    assert event.address
    assert event.event_id
    assert (event.permanence is not None) == (event.kind in {Kind.BOUNCED, Kind.FAILED, Kind.REJECTED})
    for time in (event.occurred_at, event.sent_at):
        assert time is None or time.utcoffset() is not None
    for field in fields(event):
        value = getattr(event, field.name)
        if isinstance(value, str):
            value.encode()
    for value in event.metadata.values():
        value.encode()


def mutated(sample: Sample, data: st.DataObject) -> bytes:
    how = data.draw(st.sampled_from(["cut", "flipped", "structure"]))
    body = sample.payload
    if how == "cut":
        return body[: data.draw(st.integers(0, max(0, len(body) - 1)))]
    if how == "flipped":
        place = data.draw(st.integers(0, max(0, len(body) - 1)))
        return body[:place] + bytes([data.draw(st.integers(0, 255))]) + body[place + 1 :]
    if sample.payload[:1] in b"{[":
        return json.dumps(mutated_value(json.loads(body), data)).encode()
    return mutated_form(body, data)


STRANGE: Any = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(
        ["", "SomethingNew", "a@b", "<>", "5.1.1", "0", "1e999", "nan", "2026-13-40", "\x00", "9" * 400]
    ),
    # built anew each time: a later mutation may reach into them
    st.builds(list),
    st.builds(dict),
    st.builds(lambda: [[[]]]),
    st.builds(lambda: {"": None}),
)


def mutated_value(value: Any, data: st.DataObject) -> Any:
    """The value with one to three of its parts exchanged, left out or doubled; JSON within text too."""
    value = copy.deepcopy(value)
    for _ in range(data.draw(st.integers(1, 3))):
        places = list(places_in(value))
        if not places:
            return data.draw(STRANGE)
        parent, key_ = data.draw(st.sampled_from(places))
        change(parent, key_, data)
    return value


def change(parent: Any, key_: Any, data: st.DataObject) -> None:
    inner = parent[key_]
    if isinstance(inner, str) and inner[:1] in ("{", "[") and data.draw(st.booleans()):
        try:
            parent[key_] = json.dumps(mutated_value(json.loads(inner), data))
        except ValueError:
            parent[key_] = None
        return
    match data.draw(st.sampled_from(["exchange", "leave out", "double"])):
        case "exchange":
            parent[key_] = data.draw(STRANGE)
        case "leave out":
            del parent[key_]
        case _ if isinstance(parent, list):
            parent.append(copy.deepcopy(inner))
        case _:
            parent[f"{key_}New"] = copy.deepcopy(inner)


def places_in(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key_ in keys:
        yield value, key_
        yield from places_in(value[key_])


def mutated_form(body: bytes, data: st.DataObject) -> bytes:
    fields_ = body.split(b"&")
    place = data.draw(st.integers(0, len(fields_) - 1))
    name, _, _ = fields_[place].partition(b"=")
    match data.draw(st.sampled_from(["exchange", "leave out", "double"])):
        case "exchange":
            fields_[place] = name + b"=" + data.draw(st.binary(max_size=12))
        case "leave out":
            del fields_[place]
        case _:
            fields_.append(fields_[place])
    return b"&".join(fields_)


@of_every_signed_sample
def test_a_signed_sample_is_believed_with_the_older_of_two_secrets(sample: Sample) -> None:
    secrets = Secrets(values=("bmV3ZXIgdGhhbiB0aGF0", key(sample.provider)))
    providers.verify(sample.provider, sample.request, secrets, NOW)


@of_every_signed_sample
def test_a_signed_sample_is_not_believed_with_another_secret(sample: Sample) -> None:
    right = key(sample.provider)
    wrong = Secrets(values=(right[:-2] + ("B" if right[-2] == "A" else "A") + right[-1],))
    with pytest.raises(BadSignature):
        providers.verify(sample.provider, sample.request, wrong, NOW)


@of_every_signed_sample
def test_nothing_is_believed_without_a_secret(sample: Sample) -> None:
    with pytest.raises(BadSignature):
        providers.verify(sample.provider, sample.request, Secrets(values=("", " ")), NOW)


@of_every_signed_sample
@FEW
@given(data=st.data())
def test_a_malformed_proof_is_a_bad_signature_and_nothing_else(sample: Sample, data: st.DataObject) -> None:
    """Each header in turn: gone, cut, flipped, or text that is no base64, no ASCII, no number."""
    if not sample.headers:
        return
    name = data.draw(st.sampled_from(sorted(sample.headers)))
    given_ = sample.headers[name]
    text = data.draw(
        st.one_of(st.text(max_size=30), st.integers(0, len(given_)).map(lambda end: given_[:end]))
    )
    body = data.draw(st.one_of(st.just(sample.request.body), st.binary(max_size=40)))
    request = replace(sample.request, headers={**sample.headers, name: text}, body=body)
    try:
        providers.verify(sample.provider, request, Secrets(values=(key(sample.provider),)), NOW)
    except BadSignature:
        return


@of_every_signed_sample
@FEW
@given(secret=st.text(max_size=40))
def test_a_malformed_key_is_a_bad_signature_and_nothing_else(sample: Sample, secret: str) -> None:
    with pytest.raises(BadSignature):
        providers.verify(sample.provider, sample.request, Secrets(values=(secret,)), NOW)


@of_every_signed_sample
def test_only_mailguns_signature_leaves_the_body_out(sample: Sample) -> None:
    assert bool(providers.one_use(sample.provider, sample.request)) == (sample.provider == "mailgun")


@of_every_webhook
def test_a_call_without_any_header_or_body_is_not_believed(provider: str) -> None:
    request = replace(next(samples(provider)).request, headers={}, body=b"", query="")
    with pytest.raises(BadSignature):
        providers.verify(provider, request, Secrets(values=(key(provider),)), NOW)


@of_every_webhook
def test_a_probe_is_answered_and_a_call_is_not_taken_for_one(provider: str) -> None:
    request = next(samples(provider)).request
    answer = providers.probe(provider, replace(request, method="HEAD"))
    assert answer is not None
    assert answer.status == 200
    assert providers.probe(provider, request) is None
    assert providers.answer(provider, request).status == 200


def test_a_provider_that_comes_by_queue_takes_no_webhook() -> None:
    assert not providers.takes_webhooks("ses")
    with pytest.raises(UnknownProvider):
        providers.verify("ses", WebhookRequest(url=""), Secrets(values=("x",)), NOW)


def test_of_a_get_the_query_is_the_payload() -> None:
    call = WebhookRequest(method="GET", url="https://h/w?a=b", query="a=b", body=b"x")
    assert call.payload == b"a=b"
    assert replace(call, method="POST").payload == b"x"


def test_a_dialect_whose_own_import_fails_is_not_an_unknown_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> None:
        raise ModuleNotFoundError("no module named jwt", name="jwt")

    monkeypatch.setattr(providers, "import_module", fail)
    with pytest.raises(ModuleNotFoundError):
        providers.parse("not_imported_yet", b"", {})


@pytest.mark.parametrize(
    "provider", ["", "nobody", "_codes", "_signatures", "__init__", "ses.x", "../ses", "SES "]
)
def test_an_unknown_provider_is_told(provider: str) -> None:
    with pytest.raises(UnknownProvider):
        providers.parse(provider, b"{}", {})
    assert not providers.takes_webhooks(provider)
