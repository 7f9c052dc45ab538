"""A provider's list as its console exports it."""

from datetime import UTC, datetime

import pytest

from reachable import upstream
from reachable.model.details import Detail
from reachable.model.errors import Meaningless
from reachable.model.upstream import Listing, ListReason
from reachable.upstream import _csv

THEN = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
BOUNCE = Listing(address="ada@example.org", reason=ListReason.BOUNCE, words="BOUNCE")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("\n\n", []),
        # SES's import has no header.
        ("ada@example.org,BOUNCE\n", [BOUNCE]),
        ("+12025550123\n", [Listing(address="+12025550123", reason=ListReason.MANUAL)]),
        # Mandrill's rejects.csv.
        (
            (
                "email,reason,detail,created_at,expires_at,last_event_at\n"
                "ada@example.org,hard-bounce,550 no such user,2023-11-14 22:13:20,2023-11-21 22:13:20,x\n"
            ),
            [
                Listing(
                    address="ada@example.org",
                    reason=ListReason.BOUNCE,
                    since=THEN,
                    until=datetime(2023, 11, 21, 22, 13, 20, tzinfo=UTC),
                    words="550 no such user",
                )
            ],
        ),
        # Mailgun's import tells no reason.
        (
            (
                "address,code,error,created_at\n"
                'ada@example.org,550,"No such mailbox","Tue, 14 Nov 2023 22:13:20 UTC"\n'
            ),
            [
                Listing(
                    address="ada@example.org", reason=ListReason.MANUAL, since=THEN, words="No such mailbox"
                )
            ],
        ),
        # A byte order mark, semicolons, blanks, other letters.
        (
            "\ufeffE-Mail Address ; Suppression-Reason\r\n ada@example.org ; HardBounce\r\n",
            [Listing(address="ada@example.org", reason=ListReason.BOUNCE, words="HardBounce")],
        ),
        (
            "Recipient\tType\nada@example.org\tnon_transactional\n",
            [Listing(address="ada@example.org", reason=ListReason.MANUAL, words="non_transactional")],
        ),
        # A short line, and a blank one between.
        (
            "email,reason\n\nada@example.org\n",
            [Listing(address="ada@example.org", reason=ListReason.MANUAL)],
        ),
    ],
)
def test_a_file_is_read_by_the_names_of_its_columns(text: str, found: list[Listing]) -> None:
    assert upstream.of_csv(text, ListReason.MANUAL) == found


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("bounce", ListReason.BOUNCE),
        ("Bounced", ListReason.BOUNCE),
        ("bounces", ListReason.BOUNCE),
        ("Bounce Rule", ListReason.BOUNCE),
        ("hardBounce", ListReason.BOUNCE),
        ("soft-bounce", ListReason.BOUNCE),
        ("Invalid", ListReason.BOUNCE),
        ("invalid email", ListReason.BOUNCE),
        ("invalid_emails", ListReason.BOUNCE),
        ("COMPLAINT", ListReason.COMPLAINT),
        ("complaints", ListReason.COMPLAINT),
        ("contactFlaggedAsSpam", ListReason.COMPLAINT),
        ("spam", ListReason.COMPLAINT),
        ("SpamComplaint", ListReason.COMPLAINT),
        ("Spam Report", ListReason.COMPLAINT),
        ("spam_reports", ListReason.COMPLAINT),
        ("List Unsubscribe", ListReason.UNSUBSCRIBED),
        ("unsub", ListReason.UNSUBSCRIBED),
        ("Unsubscribe", ListReason.UNSUBSCRIBED),
        ("unsubscribed", ListReason.UNSUBSCRIBED),
        ("unsubscribedViaApi", ListReason.UNSUBSCRIBED),
        ("unsubscribedViaEmail", ListReason.UNSUBSCRIBED),
        ("unsubscribedViaMA", ListReason.UNSUBSCRIBED),
        ("Unsubscribe Link", ListReason.UNSUBSCRIBED),
        ("unsubscribes", ListReason.UNSUBSCRIBED),
        ("carrier_opted_out", ListReason.OPT_OUT),
        ("keyword_stop", ListReason.OPT_OUT),
        ("opted out", ListReason.OPT_OUT),
        ("OPT-OUT", ListReason.OPT_OUT),
        ("STOP", ListReason.OPT_OUT),
        ("adminBlocked", ListReason.MANUAL),
        ("custom", ListReason.MANUAL),
        ("manual", ListReason.MANUAL),
        ("Manually Added", ListReason.MANUAL),
        ("ManualSuppression", ListReason.MANUAL),
        ("Compliance", ListReason.PROVIDER),
        ("provider", ListReason.PROVIDER),
        ("untold", ListReason.UNTOLD),
        # Other words for a person's wish are never taken for a bounce.
        ("Complained", ListReason.COMPLAINT),
        ("Spam Complaints", ListReason.COMPLAINT),
        ("marked as junk", ListReason.COMPLAINT),
        ("abuse report", ListReason.COMPLAINT),
        ("Unsubscribed by recipient", ListReason.UNSUBSCRIBED),
        ("User opted out", ListReason.OPT_OUT),
        ("opt_out_by_user", ListReason.OPT_OUT),
        ("Permanent Bounce", ListReason.BOUNCE),
    ],
)
def test_each_word_for_a_reason(word: str, reason: ListReason) -> None:
    [listing] = upstream.of_csv(f"email,reason\nada@example.org,{word}\n")
    assert (listing.reason, listing.words) == (reason, word)


def test_every_word_of_the_table_is_one_of_those() -> None:
    assert len(_csv.REASONS) == 38


@pytest.mark.parametrize(
    "column",
    [
        "Address",
        "contact",
        "destination",
        "email",
        "E-mail address",
        "number",
        "OptedOutNumber",
        "phone",
        "Phone Number",
        "recipient",
    ],
)
def test_each_name_for_the_column_of_addresses(column: str) -> None:
    [listing] = upstream.of_csv(f"reason,{column}\nbounce,ada@example.org\n")
    assert listing.address == "ada@example.org"


@pytest.mark.parametrize(
    "column",
    [
        "added_at",
        "blockedAt",
        "created",
        "Created At",
        "date",
        "LastUpdateTime",
        "OptedOutTimestamp",
        "since",
        "timestamp",
    ],
)
def test_each_name_for_the_column_of_dates(column: str) -> None:
    [listing] = upstream.of_csv(f"email,reason,{column}\nada@example.org,bounce,1700000000\n")
    assert listing.since == THEN


@pytest.mark.parametrize("column", ["category", "list", "source", "Suppression Reason", "type"])
def test_each_name_for_the_column_of_reasons(column: str) -> None:
    [listing] = upstream.of_csv(f"email,{column}\nada@example.org,spam\n")
    assert listing.reason is ListReason.COMPLAINT


@pytest.mark.parametrize(
    "column", ["description", "detail", "Details", "diagnostic", "error", "message", "words"]
)
def test_each_name_for_the_column_of_words(column: str) -> None:
    [listing] = upstream.of_csv(f"email,reason,{column}\nada@example.org,bounce,no such user\n")
    assert listing.words == "no such user"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        # The best column counts, wherever it stands.
        ("type,email,source\ntransactional,ada@example.org,Spam Complaint\n", ListReason.COMPLAINT),
        ("list,email,reason\nfamilies,ada@example.org,unsub\n", ListReason.UNSUBSCRIBED),
        # Postmark's word for an unsubscribe, and for what its customer put there.
        (
            "EmailAddress,SuppressionReason,Origin\nada@example.org,ManualSuppression,Recipient\n",
            ListReason.UNSUBSCRIBED,
        ),
        (
            "EmailAddress,SuppressionReason,Origin\nada@example.org,ManualSuppression,Customer\n",
            ListReason.MANUAL,
        ),
    ],
)
def test_of_several_columns_the_one_that_tells_why_counts(text: str, reason: ListReason) -> None:
    [listing] = upstream.of_csv(text, ListReason.BOUNCE)
    assert listing.reason is reason


def test_what_a_sheet_is_told_to_take_for_text_is_a_number() -> None:
    [listing] = upstream.of_csv("address,reason\n'+12025550123,opt_out\n")
    assert listing.address == "+12025550123"


@pytest.mark.parametrize(
    ("text", "detail", "pointer"),
    [
        ("name,reason\nAda,bounce\n", Detail.NO_ADDRESS_COLUMN, "/csv"),
        ("email\nada@example.org\n", Detail.NO_LIST_REASON, "/reason"),
        ("email,reason\nada@example.org,whatever\n", Detail.NO_LIST_REASON, "/reason"),
        ('email,reason\n"ada@example.org"x,bounce\n', Detail.NOT_A_CSV, "/csv"),
        ('email,reason\n"ada@example.org,bounce\n', Detail.NOT_A_CSV, "/csv"),
    ],
)
def test_what_cannot_be_read_says_what_is_missing(text: str, detail: Detail, pointer: str) -> None:
    with pytest.raises(Meaningless) as refused:
        upstream.of_csv(text)
    assert (refused.value.detail, refused.value.pointer) == (detail, pointer)
