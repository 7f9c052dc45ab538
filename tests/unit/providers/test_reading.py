"""Addresses, times, tags and entries, as providers write them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachable.model.delivery_event import Channel, DeliveryEvent, Kind
from reachable.providers import _addresses, _reading, _tags, _times
from reachable.providers._reading import Entries, Finding, Record, Unreadable


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ada@example.org", "ada@example.org"),
        ("ADA.L+x@Example.ORG", "ada.l+x@example.org"),
        ("<ada@example.org>", "ada@example.org"),
        ("Ada <ADA@example.org>", "ada@example.org"),
        ('"Lovelace, Ada" <ada@example.org>', "ada@example.org"),
        ("ada@bücher.example.org", "ada@xn--bcher-kva.example.org"),
        ("Åse <ÅSE@example.org>", "åse@example.org"),
        ("ada@example.org, bob@example.org", None),  # two: nobody is guessed
        ("Ada <ada@example.org>, Bob <bob@example.org>", None),
        ("ada", None),
        ("ada@", None),
        ("@example.org", None),
        ("", None),
        (None, None),
        ("(" * 320, None),
        ("a" * 400 + "@example.org", None),
        ("ada@school.local", None),  # an address that nobody can have
        ("Ada <ada@ab--cd.org>", None),
    ],
)
def test_an_email_address_in_normal_form(text: str | None, address: str | None) -> None:
    assert _addresses.email(text) == address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("+12025550123", "+12025550123"),
        ("12025550123", "+12025550123"),
        (" 31612345678 ", "+31612345678"),
        ("24273", None),
        ("02025550123", None),
        ("1234567890123456", None),
        ("SCHOOL", None),
        ("whatsapp:+12025550123", None),
        ("+١٢٣٤٥٦٧٨٩", None),
        ("", None),
        (None, None),
    ],
)
def test_a_phone_number_in_normal_form(text: str | None, address: str | None) -> None:
    assert _addresses.phone(text) == address


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_nobodys(text: str) -> None:
    for address in (_addresses.email(text), _addresses.phone(text)):
        assert address is None or address == address.lower()


T = datetime(2026, 9, 14, 8, 30, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "value", "time"),
    [
        (_times.iso, "2026-09-14T08:30:04Z", T),
        (_times.iso, "2026-09-14T08:30:04.501Z", T.replace(microsecond=501000)),
        (_times.iso, "2026-09-14T03:30:04.0000000-05:00", T),
        (_times.iso, "2026-09-14 08:30:04", T),
        (_times.compact, "20260914083004", T),
        (_times.epoch, 1789374604, T),
        (_times.epoch, "1789374604", T),
        (_times.epoch, 1789374604.5, T.replace(microsecond=500000)),
        (_times.epoch, 1789374604000, T),
        (_times.rfc2822, "Mon, 14 Sep 2026 08:30:04 +0000", T),
        (_times.rfc2822, "Mon, 14 Sep 2026 10:30:04 +0200", T),
        (_times.rfc2822, "Mon, 14 Sep 2026 08:30:04 -0000", T),
    ],
)
def test_a_time_in_every_form(form: Callable[[object], datetime], value: object, time: datetime) -> None:
    found = form(value)
    assert found == time
    assert found.tzinfo is UTC


@pytest.mark.parametrize("form", [_times.iso, _times.compact, _times.epoch, _times.rfc2822])
@pytest.mark.parametrize(
    "value",
    [
        "",
        "then",
        "nan",
        "1e999",
        "00000000000000",
        "0001-01-01T00:00:00+14:00",
        "Fri, 31 Dec 9999 23:59:59 -1400",
        10**30,
        True,
        None,
        [],
    ],
)
def test_what_is_no_time_is_a_value_error(form: Callable[[object], datetime], value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        form(value)


def test_tags_are_ours_and_a_few_short_others() -> None:
    others: dict[str, Any] = {f"k{n}": "v" for n in range(9)} | {"long": "x" * 200, "number": 3, "empty": []}
    kept = _tags.tags({"reachable_id": ["m1"], "reachable_t": "2026-09-14T08:30:04Z"} | others)
    assert kept == {
        "reachable_id": "m1",
        "reachable_t": "2026-09-14T08:30:04Z",
        "k0": "v",
        "k1": "v",
        "k2": "v",
        "k3": "v",
        "k4": "v",
    }
    assert _tags.sent_at(kept) == T
    assert _tags.sent_at({}) is None
    assert _tags.tags(None) == {}


def test_one_text_alone_is_our_message_id() -> None:
    assert _tags.of_message_id("m1") == {"reachable_id": "m1"}
    assert _tags.of_message_id("m" * 1024) == {}  # Bandwidth's tag may be so long; a history item may not
    assert _tags.of_message_id(None) == {}


def event(record: Record) -> list[Finding]:
    address = record.text("to")
    return [
        DeliveryEvent(
            provider="x", channel=Channel.EMAIL, kind=Kind.SENT, address=address, event_id=record.where
        )
    ]


def test_one_malformed_entry_among_a_thousand_costs_only_itself() -> None:
    entries: list[Any] = [{"to": f"{number}@example.org"} for number in range(1000)]
    entries[500] = {"to": ["no text"]}
    entries[700] = "no object"
    reading = _reading.gather("x", lambda: Entries(entries).each(event))
    assert len(reading.events) == 998
    assert reading.error is not None
    assert (reading.error.where, reading.error.why) == ("[500].to", "no text")
    assert reading.error.events == reading.events


def test_what_gives_nothing_is_counted() -> None:
    assert _reading.gather("x", lambda: Entries([{}, {}]).each(lambda _record: [])).skipped == 2
    assert _reading.gather("x", lambda: Entries(["a"]).each_text(lambda _text: [None])).skipped == 1
    assert _reading.gather("x", list).skipped == 1


RECORD = Record(
    {
        "text": "t",
        "number": 5,
        "float": 1.5,
        "none": None,
        "empty": "",
        "yes": True,
        "record": {"a": 1},
        "list": [1],
    },
    "[3]",
)


def test_a_record_gives_what_is_there() -> None:
    assert RECORD.text("text") == "t"
    assert RECORD.maybe_text("number") == "5"
    assert RECORD.maybe_text("float") == "1.5"
    assert RECORD.maybe_flag("yes") is True
    assert RECORD.record("record").text("a") == "1"
    assert RECORD.inner("record").text("a") == "1"
    assert len(RECORD.entries("list")) == 1
    assert len(RECORD.maybe_entries("list")) == 1
    assert Record({"at": "2026-09-14T08:30:04Z"}).maybe_time("at", _times.iso) == T


@pytest.mark.parametrize("nothing", [None, "", [], {}, True, "text", {"a": 1}, [1]], ids=str)
def test_what_may_be_missing_may_be_nonsense(nothing: Any) -> None:
    record = Record({"it": nothing})
    for record in (Record({"it": nothing}), Record({})):
        assert isinstance(record.maybe_text("it"), str | None)
        assert record.maybe_flag("it") in {True, None}
        assert record.maybe_time("it", _times.iso) is None
        assert record.maybe_time("it", _times.epoch) is None
        assert isinstance(record.maybe_record("it"), Record | None)
        assert record.inner("it").maybe_text("b") is None
        assert len(record.maybe_entries("it")) in {0, 1}


@pytest.mark.parametrize(
    ("value", "there"),
    [
        (None, False),
        ("", False),
        ([], False),
        ({}, False),
        (0, True),
        (False, True),
        ("x", True),
        ([0], True),
    ],
)
def test_what_holds_nothing_is_not_there(value: Any, there: bool) -> None:
    assert ("it" in Record({"it": value})) is there
    assert "other" not in Record({"it": value})


def test_an_id_is_made_of_message_time_and_what_else_is_told() -> None:
    record = Record({"b": 1, "a": 2})
    assert record.id_of("m-1", "9", "bounce", None, "x") == "m-1:9:bounce:x"
    assert record.id_of("m-1", None, "bounce") == "m-1:bounce"
    assert record.id_of(None, "9", "bounce") == "9:bounce"


def test_of_an_event_that_tells_neither_message_nor_time_all_its_fields_are_the_id() -> None:
    """So that the next one is not taken for a repeat of this one, and a repeat is."""
    first = Record({"b": 1, "a": 2}).id_of(None, None, "bounce")
    assert first.endswith(":bounce")
    assert Record({"a": 2, "b": 1}).id_of(None, None, "bounce") == first
    assert Record({"a": 2, "b": 3}).id_of(None, None, "bounce") != first


@pytest.mark.parametrize(
    ("read", "where"),
    [
        (lambda: RECORD.text("missing"), "[3].missing"),
        (lambda: RECORD.text("empty"), "[3].empty"),
        (lambda: RECORD.text("yes"), "[3].yes"),
        (lambda: RECORD.text("record"), "[3].record"),
        (lambda: RECORD.record("missing"), "[3].missing"),
        (lambda: RECORD.record("list"), "[3].list"),
        (lambda: RECORD.record("record").record("b"), "[3].record.b"),
        (lambda: RECORD.entries("missing"), "[3].missing"),
        (lambda: RECORD.entries("text"), "[3].text"),
        (lambda: _reading.json_record(b"[]"), "$"),
        (lambda: _reading.json_entries(b"3"), "$"),
        (lambda: _reading.json_value("{", "Message"), "Message"),
        (lambda: _reading.form(b"&" * 2000 + b"a=b"), "$"),
        (lambda: _reading.form(b"a=%ff", strict=True), "$"),
        (lambda: list(Entries([1], "to").each_text(lambda _text: [])), None),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(read: Callable[[], object], where: str | None) -> None:
    if where is None:  # an entry's error is an outcome, so that the others go on
        found = read()
        assert isinstance(found, list)
        assert [problem.where for problem in found] == ["to[0]"]
        return
    with pytest.raises(Unreadable) as caught:
        read()
    assert caught.value.where == where


def test_a_json_object_alone_is_a_list_of_one() -> None:
    assert len(_reading.json_entries(b"{}")) == 1
    assert len(_reading.json_entries(b"[{},{}]")) == 2


@given(
    st.one_of(
        st.text("ab%+&=2Ff;é ", max_size=40).map(str.encode),
        st.dictionaries(st.text(max_size=9), st.text(max_size=9)).map(lambda form: urlencode(form).encode()),
        st.binary(max_size=30),
    )
)
def test_a_form_is_read_as_the_standard_library_reads_it(body: bytes) -> None:
    try:
        standard = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        with pytest.raises(ValueError, match=r"."):
            _reading.form_fields(body)
    else:
        assert _reading.form_fields(body) == standard


def test_of_a_repeated_form_field_the_first_counts() -> None:
    assert _reading.form(b"a=1&a=2&b=").fields == {"a": "1", "b": ""}


def test_a_place_within_lists_and_records_is_spelled_from_the_top() -> None:
    def read(record: Record) -> list[Finding]:
        return [None] if record.record("a").text("b") else []

    found = [*RECORD.entries("list").each(read), *_reading.json_entries(b'[{"a": {}}]').each(read)]
    places = [finding.where for finding in found if isinstance(finding, Unreadable)]
    assert places == ["[3].list[0]", "[0].a.b"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (rb'{"a":"\ud83d"}', {"a": "\ufffd"}),
        (b'{"a":"caf\xe9"}', {"a": "caf\ufffd"}),
        (b'{"a":NaN,"b":-Infinity}', {"a": None, "b": None}),
        (b'{"a":[NaN,1e999,18446744073709551616,"x"]}', {"a": [None, float("inf"), 2.0**64, "x"]}),
    ],
)
def test_a_body_that_is_no_strict_json_is_read_without_what_is_wrong_in_it(
    written: bytes, value: Any
) -> None:
    assert _reading.json_value(written) == value


def test_what_lies_too_deep_is_left_out_and_a_depth_without_end_is_no_json() -> None:
    deep = _reading.json_record(b'{"id":"1","custom":' + b"[" * 1100 + b"]" * 1100 + b"}")
    assert deep.maybe_text("id") == "1"
    assert len(deep.id_of(None, None)) == 32
    with pytest.raises(Unreadable):
        _reading.json_value(b"[" * 1_000_000)


def test_a_depth_that_is_read_and_not_written_has_a_digest() -> None:
    fields = _reading.json_value(b'{"a":' + b"[" * 400 + b"]" * 400 + b"}")
    assert len(_reading.digest(fields)) == 64


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (" 40010 ", "40010"),
        (40010.0, "40010"),
        ("40010.00", "40010"),
        ("5.1.1", "5.1.1"),
        ("5.5", "5.5"),
        ("a.0", "a.0"),
        (" ", None),
        (None, None),
    ],
)
def test_a_code_has_no_blanks_around_it_and_no_fraction(value: object, code: str | None) -> None:
    assert Record({"code": value}).maybe_code("code") == code


def test_a_form_costs_no_more_than_its_own_faulty_fields_unless_it_is_strict() -> None:
    assert _reading.form(b"a=%E9&b&&c=1&").fields == {"a": "\ufffd", "b": "", "c": "1"}
    for faulty in (b"a=%E9", b"a=1&b", b"a=1&"):
        with pytest.raises(Unreadable):
            _reading.form(faulty, strict=True)
