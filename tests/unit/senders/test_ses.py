"""Email as SES gets it, and what SES's errors mean."""

import json
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from typing import Any, Final

import boto3
import pytest
from botocore.stub import ANY
from moto import mock_aws
from moto.ses.models import ses_backends

from reachable import providers
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Permanence
from reachable.model.errors import MessageRefused, PutOff, ReachableError, RecipientRefused
from reachable.senders import Sent, ses
from tests.unit.senders.messages import ADA, outgoing, played, told

MOTOS_ACCOUNT: Final = "123456789012"
URL: Final = "https://api.example.org/unsubscribe/" + "t" * 180


def raw(**changes: Any) -> bytes:
    return ses.message(outgoing(**changes), ADA).as_bytes()


def arrived(**changes: Any) -> EmailMessage:
    """The email, sent as bytes and read again."""
    mail = message_from_bytes(raw(**changes), policy=default)
    assert isinstance(mail, EmailMessage)
    assert all(not part.defects for part in mail.walk())
    return mail


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_an_email_has_a_text_and_an_html_part() -> None:
    mail = arrived(text="¡Mañana no hay clases!\n", html="<p>¡Mañana <b>no</b> hay clases!</p>\n")
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert body(mail, "plain") == "¡Mañana no hay clases!\n"
    assert body(mail, "html") == "<p>¡Mañana <b>no</b> hay clases!</p>\n"


def test_an_email_without_html_is_plain_text() -> None:
    mail = arrived(text="School is closed.\n")
    assert (mail.get_content_type(), body(mail, "plain")) == ("text/plain", "School is closed.\n")


def test_an_email_is_to_one_address_and_from_the_schools() -> None:
    mail = arrived()
    assert mail["To"] == "ada@example.org"
    assert mail["From"] == "Lincoln High School <office@lincoln.example>"
    assert mail["Subject"] == "Snow day"
    assert {"Reply-To", "Date", "Message-ID", "List-Unsubscribe"}.isdisjoint(mail.keys())


@pytest.mark.parametrize("name", ["", "Lincoln, Office", '"Lincoln" Office', "Escuela Niño Jesús"])
def test_a_sender_may_have_a_name_and_another_address_for_answers(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(ses, "MAIL_FROM_NAME", name)
    monkeypatch.setattr(ses, "REPLY_TO", "desk@lincoln.example")
    mail = arrived()
    assert [(one.display_name, one.addr_spec) for one in mail["From"].addresses] == [
        (name, "office@lincoln.example")
    ]
    assert mail["Reply-To"] == "desk@lincoln.example"


def test_without_a_sender_no_email_goes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ses, "MAIL_FROM", "")
    with pytest.raises(MessageRefused):
        arrived()


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x00", "\x85", "\u2028", "\u2029"])
def test_a_subject_cannot_add_a_header(break_: str) -> None:
    subject = f"Snow{break_}Bcc: eve@example.org{break_}{break_}<p>injected"
    assert arrived(subject=subject).keys() == arrived().keys()
    assert arrived(subject=subject)["Subject"] == "Snow Bcc: eve@example.org <p>injected"


def test_a_subject_that_looks_like_an_encoded_word_is_not_decoded() -> None:
    mail = arrived(subject="=?utf-8?q?Snow=0D=0ABcc=3A_eve=00?=")
    assert mail["Subject"] == "= ?utf-8?q?Snow=0D=0ABcc=3A_eve=00?="


@pytest.mark.parametrize(
    "subject",
    ["", "a" * 300, "Reunión de padres" + " de mañana" * 20, "🎒" * 60, "👩‍👩‍👧 día", 'A, "b" <c> (d): e@f'],
)
def test_a_subject_arrives_as_it_was_written(subject: str) -> None:
    assert arrived(subject=subject)["Subject"] == subject


@pytest.mark.parametrize("long", [False, True])
def test_what_goes_out_is_seven_bit_ascii_in_lines_that_smtp_takes(long: bool) -> None:
    sent = raw(
        subject="Reunión de padres " * 20,
        text=f"¡Mañana!\n{'ñ' * 5000}" if long else "¡Mañana!",
        html="<p>" + "x" * 5000 + "</p>",
        unsubscribe_url=URL,
    )
    lines = sent.split(b"\r\n")
    assert sent.isascii()
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    assert max(map(len, lines)) <= 998


def test_a_reader_can_unsubscribe_with_one_click() -> None:
    """RFC 8058. The URL is on one line: folded, it would become encoded words."""
    lines = raw(unsubscribe_url=URL).split(b"\r\n")
    assert f"List-Unsubscribe: <{URL}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines


@pytest.mark.parametrize(
    "url",
    ["https://a.example/x>, <mailto:eve@example.org", "https://a.example/x\r\nBcc: eve@example.org", "x"],
)
def test_a_url_that_breaks_out_of_its_header_is_refused(url: str) -> None:
    with pytest.raises(MessageRefused) as refused:
        raw(unsubscribe_url=url)
    assert told(refused.value) == (MessageRefused, Cause.CONTENT_OR_SIZE, "unsubscribe_url")


def test_ses_is_not_asked_for_an_address_that_it_does_not_take() -> None:
    """RFC 6531: 5.6.7. Its domain is in ASCII; there is no such form of the local part."""
    with pytest.raises(MessageRefused) as refused, played("ses"):
        ses.prepare(outgoing(), Credential(CredentialKind.EMAIL, "zoë@example.org"))()
    assert told(refused.value) == (MessageRefused, Cause.CONTENT_OR_SIZE, "5.6.7")


@pytest.mark.parametrize("wrong", [{"id": "m.1"}, {"user_id": ""}, {"id": "m" * 257}, {"id": "m-1\n"}])
def test_an_id_that_no_tag_can_hold_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(MessageRefused), played("ses"):
        ses.prepare(outgoing(**wrong), ADA)()


def test_the_tags_come_back_as_the_dialect_reads_them() -> None:
    sent = outgoing(id="m_1-2")
    with played("ses") as aws:
        request: dict[str, Any] = {
            "Destinations": ["ada@example.org"],
            "RawMessage": ANY,
            "Tags": [
                {"Name": "reachable_id", "Value": "m_1-2"},
                {"Name": "reachable_user", "Value": sent.user_id},
            ],
        }
        aws.add_response("send_raw_email", {"MessageId": "ses-1"}, request)
        assert ses.prepare(sent, ADA)() == Sent("ses", "ses-1", None)
    event = {
        "eventType": "Send",
        "mail": {
            "messageId": "ses-1",
            "timestamp": "2026-09-14T08:30:04.501Z",
            "destination": ["ada@example.org"],
            "tags": {tag["Name"]: [tag["Value"]] for tag in request["Tags"]},
        },
        "send": {},
    }
    (read,) = providers.parse("ses", json.dumps(event).encode(), {})
    assert read.metadata == {"reachable_id": "m_1-2", "reachable_user": sent.user_id}
    assert read.provider_message_id == "ses-1"


def test_the_configuration_set_is_named_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ses, "CONFIGURATION_SET", "school")
    with played("ses") as aws:
        request = {"Destinations": ANY, "RawMessage": ANY, "Tags": ANY, "ConfigurationSetName": "school"}
        aws.add_response("send_raw_email", {"MessageId": "ses-1"}, request)
        ses.prepare(outgoing(), ADA)()


SUPPRESSED: Final = (RecipientRefused, Cause.PROVIDER_SUPPRESSED, Permanence.PERMANENT, "MessageRejected")
ERRORS: Final[list[tuple[str, str, tuple[Any, ...]]]] = [
    ("Throttling", "Maximum sending rate exceeded.", (PutOff, None)),
    ("Throttling", "Daily message quota exceeded.", (PutOff, 600)),
    ("ThrottlingException", "Daily message quota exceeded", (PutOff, 600)),
    ("TooManyRequestsException", "", (PutOff, None)),
    ("ServiceUnavailable", "Service is down", (PutOff, None)),
    ("MessageRejected", "Address blacklisted.", SUPPRESSED),
    ("MessageRejected", "Recipient is on the suppression list", SUPPRESSED),
    (
        "MessageRejected",
        "Email address is not verified. The following identities failed the check in region US-EAST-1: x@y.z",
        (MessageRefused, Cause.ACCOUNT_OR_QUOTA, "MessageRejected"),
    ),
    (
        "MessageRejected",
        "Sending suspended for this account.",
        (MessageRefused, Cause.ACCOUNT_OR_QUOTA, "MessageRejected"),
    ),
    ("MessageRejected", "Account is paused", (MessageRefused, Cause.ACCOUNT_OR_QUOTA, "MessageRejected")),
    ("MessageRejected", "Illegal content", (MessageRefused, Cause.CONTENT_OR_SIZE, "MessageRejected")),
    *(
        (code, "", (MessageRefused, Cause.ACCOUNT_OR_QUOTA, code))
        for code in (
            "MailFromDomainNotVerifiedException",
            "ConfigurationSetDoesNotExist",
            "ConfigurationSetSendingPausedException",
            "AccountSendingPausedException",
        )
    ),
    (
        "InvalidParameterValue",
        "Local address contains control or whitespace",
        (MessageRefused, Cause.CONTENT_OR_SIZE, "InvalidParameterValue"),
    ),
    ("ValidationError", "", (MessageRefused, Cause.CONTENT_OR_SIZE, "ValidationError")),
    ("Brandnew", "", (MessageRefused, Cause.UNKNOWN, "Brandnew")),
]


@pytest.mark.parametrize(("code", "words", "expected"), ERRORS)
def test_an_error_means(code: str, words: str, expected: tuple[Any, ...]) -> None:
    with played("ses") as aws:
        aws.add_client_error("send_raw_email", code, words)
        with pytest.raises(ReachableError) as failed:
            ses.prepare(outgoing(), ADA)()
    assert told(failed.value) == expected


def test_each_row_of_the_tables_is_tried() -> None:
    tried = {(code, words.lower()) for code, words, _ in ERRORS}
    assert set(ses.BY_CODE) <= {code for code, _ in tried}
    for code, part, _ in ses.BY_WORDS:
        assert any(one == code and part in words for one, words in tried), (code, part)


def test_ses_as_moto_plays_it_takes_the_email() -> None:
    with mock_aws():
        boto3.client("ses").verify_domain_identity(Domain="lincoln.example")
        sent = ses.prepare(outgoing(subject="Día de nieve", html="<p>Nieve</p>"), ADA)()
        (taken,) = ses_backends[MOTOS_ACCOUNT]["us-east-1"].sent_messages
    assert (sent.provider, sent.provider_message_id) == ("ses", taken.id)
    assert set(taken.destinations) == {"ada@example.org"}
    mail = message_from_bytes(taken.raw_data.encode(), policy=SMTP)
    assert (mail["To"], mail["Subject"]) == ("ada@example.org", "Día de nieve")


def test_ses_as_moto_plays_it_refuses_a_sender_that_is_not_verified() -> None:
    with mock_aws(), pytest.raises(MessageRefused):
        ses.prepare(outgoing(), ADA)()
