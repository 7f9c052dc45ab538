"""What a line of a list means: the same as a recipient of `POST /sends/check`, whatever stands in it."""

from typing import Any, Final

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel
from reachable.model.details import Detail
from reachable.model.errors import Meaningless
from reachable.model.people import RosterKind, id_of
from reachable.model.send import Alternative, Purpose, Recipient, Verdict
from reachable.web import bulk_check
from reachable.web.bulk_check import BulkCheckIn, Lines
from reachable.web.models.sends import VerdictOut
from tests.builders import clock

ADA: Final = Credential(CredentialKind.EMAIL, "ada@example.org")
INVALID: Final = Recipient(invalid=True)
ALL: Final = ("user_id", "sourced_id", "credential", "channel", "purpose")


def of_csv(line: str | bytes, *columns: str, **defaults: str) -> Recipient | None:
    typed = line.encode() if isinstance(line, str) else line
    return Lines(columns or ALL, defaults, "US").recipient(typed)


def of_json(line: str | bytes, **defaults: str) -> Recipient | None:
    return Lines(None, defaults, "US").recipient(line.encode() if isinstance(line, str) else line)


@pytest.mark.parametrize(
    ("csv", "json", "recipient"),
    [
        ("u1,,,email,", '{"user_id": "u1", "channel": "email"}', Recipient("u1", channel=Channel.EMAIL)),
        (",ada,,,", '{"sourced_id": "ada"}', Recipient(id_of(RosterKind.USER, "ada"))),
        (
            ",,email:ADA@Example.org,email,emergency",
            '{"credential": "email:ADA@Example.org", "channel": "email", "purpose": "emergency"}',
            Recipient(credential=ADA, channel=Channel.EMAIL, purpose=Purpose.EMERGENCY),
        ),
        (
            ",,phone:(202) 555-0123,sms,",
            '{"credential": "phone:(202) 555-0123", "channel": "sms"}',
            Recipient(credential=Credential(CredentialKind.PHONE, "+12025550123"), channel=Channel.SMS),
        ),
        (
            ",,email:none,email,",
            '{"credential": "email:none", "channel": "email"}',
            Recipient(channel=Channel.EMAIL, invalid=True),
        ),
        ("u1,ada,,,", '{"user_id": "u1", "sourced_id": "ada"}', INVALID),
        (",,,email,", '{"channel": "email"}', INVALID),
        ("u1,,,fax,", '{"user_id": "u1", "channel": "fax"}', INVALID),
        ("u1,,,,party", '{"user_id": "u1", "purpose": "party"}', INVALID),
        ("u" * 101, '{"user_id": "' + "u" * 101 + '"}', INVALID),
    ],
)
def test_a_line_names_whom_the_api_would_ask_about(csv: str, json: str, recipient: Recipient) -> None:
    assert of_csv(csv) == of_json(json) == recipient


@pytest.mark.parametrize(
    ("line", "recipient"),
    [
        ("u1,sms\r\n", Recipient("u1", channel=Channel.SMS)),
        (' "u1" , sms ', INVALID),  # something after a closing quotation mark
        (' "u1", "sms"', Recipient("u1", channel=Channel.SMS)),
        ('"u,1",sms', Recipient("u,1", channel=Channel.SMS)),
        ('"u""1",sms', Recipient('u"1', channel=Channel.SMS)),
        ("u1", Recipient("u1")),  # spreadsheets leave out the last commas
        ("u1,sms,,,", Recipient("u1", channel=Channel.SMS)),  # or add some
        ("u1,sms,x", INVALID),
        ('"u1,sms', INVALID),
        ('u1,"sms\n', INVALID),
        (b"u\xe9,sms", INVALID),
        (b"\xff\n", INVALID),
        ("", None),
        ("  \r\n", None),
        (",\n", None),
    ],
)
def test_a_row_of_a_csv(line: str | bytes, recipient: Recipient | None) -> None:
    assert of_csv(line, "user_id", "channel") == recipient


@pytest.mark.parametrize(
    ("line", "recipient"),
    [
        ('  {"user_id": "u1"}  \r\n', Recipient("u1")),
        ('{"user_id": "u1", "channel": null, "purpose": null}', Recipient("u1")),
        ('{"user_id": "u1", "name": "Ada"}', INVALID),
        ('{"user_id": 1}', INVALID),
        ("{}", INVALID),
        ('["u1"]', INVALID),
        ('"u1"', INVALID),
        ("u1,sms", INVALID),
        ('{"user_id": "u1"} {"user_id": "u2"}', INVALID),
        ('{"user_id": "u1"', INVALID),
        ('{"user_id": "\\ud800"}', INVALID),
        (b'{"user_id": "\xe9"}', INVALID),
        ("[" * 5_000, INVALID),
        ("\n", None),
    ],
)
def test_a_line_of_json(line: str | bytes, recipient: Recipient | None) -> None:
    assert of_json(line) == recipient


@given(
    st.binary(max_size=80) | st.text(alphabet='{}[]",:\\u \tuser_idchannelsms0é', max_size=80).map(str.encode)
)
def test_no_line_stops_a_check(line: bytes) -> None:
    """Whatever stands in it, it names somebody, or nobody, or is invalid."""
    for lines in (Lines(None, {}, "US"), Lines(ALL, {}, "US"), Lines(("user_id",), {}, "US")):
        assert lines.recipient(line) is None or isinstance(lines.recipient(line), Recipient)


@pytest.mark.parametrize("line", ["u1,", '{"user_id": "u1"}', '{"user_id": "u1", "channel": null}'])
def test_what_a_line_does_not_tell_the_input_does(line: str) -> None:
    defaults = {"channel": "sms", "purpose": "emergency"}
    read = of_json if line.startswith("{") else of_csv
    assert read(line, **defaults) == Recipient("u1", channel=Channel.SMS, purpose=Purpose.EMERGENCY)


def test_what_a_line_tells_stands_against_the_input() -> None:
    assert of_csv("u1,,,email,", channel="sms") == Recipient("u1", channel=Channel.EMAIL)


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (b"user_id\n", ("user_id",)),
        (b" User_ID , Channel \r\n", ("user_id", "channel")),
        (b'"credential","purpose",,\n', ("credential", "purpose")),
        (",".join(ALL).encode(), ALL),
    ],
)
def test_the_header_names_the_columns(header: bytes, columns: tuple[str, ...]) -> None:
    assert bulk_check.columns(header) == columns


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"\n",
        b"channel,purpose\n",
        b"user_id,user_id\n",
        b"user_id,chanel\n",
        b"user_id,,channel\n",
        b"user_id;channel\n",
        b"8c1f,email\n",
        b'"user_id\n',
        b"\xff\n",
        b"\x1f\x8b\x08",
    ],
)
def test_a_header_that_names_something_else_refuses_the_list(header: bytes) -> None:
    """Else a misspelt column would silently be taken for one that is not there."""
    with pytest.raises(Meaningless) as refused:
        bulk_check.columns(header)
    assert refused.value.detail is Detail.WRONG_COLUMNS
    assert refused.value.values == {"whom": "credential, sourced_id, user_id", "how": "channel, purpose"}


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.jsonl", "2026/a b.jsonl.gz"])
def test_the_input_names_an_object(name: str) -> None:
    assert BulkCheckIn.of({"key": f"checks/{name}"}).key == f"checks/{name}"


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ({}, "key"),
        ([], "all of it"),
        ({"key": "work/a.csv"}, "key"),
        ({"key": "checks/.csv"}, "key"),
        ({"key": "checks/a.xlsx"}, "key"),
        ({"key": "checks/a.csv\n"}, "key"),
        ({"key": "checks/a.csv", "channel": "fax"}, "channel"),
        ({"key": "checks/a.csv", "chanel": "sms"}, "chanel"),
    ],
)
def test_an_input_that_is_none_is_refused_with_where_it_is_wrong(typed: Any, named: str) -> None:
    with pytest.raises(Meaningless) as refused:
        BulkCheckIn.of(typed)
    assert (refused.value.detail, refused.value.values) == (Detail.UNREADABLE_INPUT, {"wrong": named})


def test_an_answer_is_that_of_the_api_after_its_line() -> None:
    verdict = Verdict(
        send=False,
        channel=Channel.EMAIL,
        credential=ADA,
        reason=Cause.MAILBOX_FULL,
        since=clock("09:00"),
        alternatives=(Alternative(Channel.SMS, Credential(CredentialKind.PHONE, "+12025550123")),),
    )
    told = bulk_check.told(7, verdict)
    assert told.endswith(b"}\n")
    assert orjson.loads(told) == {"line": 7} | VerdictOut.of(verdict).model_dump(mode="json")
