"""Release at the providers' own lists, attacked. Each test says what a school would notice where it fails."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
import time_machine

from reachable import upstream as providers
from reachable.flows import apply, release
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, Kind
from reachable.model.status import LOWEST_HEX, Lift, Lifting, mark
from reachable.model.upstream import Account, Hindrance, UpstreamState
from reachable.rules import status as status_rules
from reachable.secrets import upstream as secrets
from reachable.store.credentials import holders, registers
from tests.builders import clock, delivery_event, text_event
from tests.functions import district
from tests.functions.api import call
from tests.functions.clocks import later
from tests.functions.conftest import at_nine
from tests.functions.district import ADA
from tests.functions.lists import Lists
from tests.functions.test_reactions import (
    CONSENT,
    EMAIL,
    PHONE,
    SUPPRESSED,
    YESTERDAY,
    bounced,
    lifted,
    lists,
    number_row,
    react,
    reacted,
    reset,
    reset_phone,
    shown,
    stop,
    told,
)
from tools.stand_ins.stand_in import Ordered

__all__ = ["lists"]

pytestmark = pytest.mark.usefixtures("at_nine")
__all__ = ["at_nine"]

DAY = 86400


def at(text: str) -> int:
    return int(clock(text).timestamp())


def open_(credential: Credential = EMAIL) -> tuple[Channel, ...]:
    return status_rules.open_channels(credential.kind, registers.statuses([credential])[credential])


def is_stopped() -> bool:
    return Channel.SMS not in open_(PHONE)


# STOP that was lifted though nobody texted START


def test_our_own_removal_of_a_manual_entry_is_no_start(lists: Lists) -> None:
    """A parent who replied STOP gets texts again after staff reset a busy voice call."""
    lists.set_up("aws_sms")
    lists["aws_sms"].rows = [number_row(EndUserOptedOut=False)]
    stop()
    reset_phone()  # refused; seen listed
    later(minutes=1)
    apply.events([text_event(channel=Channel.VOICE, kind=Kind.FAILED, event_id="call")], datetime.now(UTC))
    later(minutes=1)
    reset_phone()  # lifts the call's bounce only
    reacted(PHONE)
    assert is_stopped()


def test_our_own_opt_in_by_consent_is_no_start_of_a_stop_that_is_told_late(lists: Lists) -> None:
    """A parent's STOP, told minutes late, counts for nothing: staff's reset says that they texted START."""
    lists.set_up("aws_sns_sms")
    lists["aws_sns_sms"].rows = [{"phoneNumber": PHONE.address}]
    apply.events([text_event()], datetime.now(UTC))
    reset_phone()
    reacted(PHONE)  # seen there: START
    later(minutes=3)
    reset_phone(consent=CONSENT)
    reacted(PHONE)  # we opt it in
    later(minutes=1)
    stop("aws_sns_sms", occurred_at=clock("08:59"))
    later(minutes=1)
    assert reset_phone()["outcome"] == "refused"
    assert is_stopped()


@pytest.mark.parametrize("body", [{}, {"errors": [{"code": "x"}]}, {"data": None}, None])
def test_an_answer_of_telnyx_that_tells_nothing_is_no_start(lists: Lists, body: object) -> None:
    """A STOP ends since Telnyx's gateway once answered 200 with nothing in it."""
    lists.set_up("telnyx")
    lists["telnyx"].rows = [telnyx_row("2026-09-14 08:59:00+00:00")]
    stop("telnyx")
    reset_phone()
    later(minutes=5)
    lists["telnyx"].ordered = [Ordered(200, body)]
    assert reset_phone()["outcome"] == "refused"
    assert is_stopped()


def telnyx_row(created_at: str) -> dict[str, Any]:
    told = {"from": "+1555", "to": PHONE.address, "keyword": "STOP", "messaging_profile_id": "p"}
    return told | {"created_at": created_at}


@pytest.mark.parametrize("body", [{}, {"error": {"code": 1}}, None])
def test_an_answer_of_bird_that_tells_nothing_is_no_start(lists: Lists, body: object) -> None:
    """The same of Bird."""
    lists.set_up("messagebird")
    lists["messagebird"].rows = [bird_row("keyword_stop")]
    stop("messagebird")
    reset_phone()
    later(minutes=5)
    lists["messagebird"].ordered = [Ordered(200, body)]
    assert reset_phone()["outcome"] == "refused"
    assert is_stopped()


def bird_row(reason: str, **changes: Any) -> dict[str, Any]:
    told = {"id": "ssu_1", "destination": PHONE.address, "originator": "+1555", "reason": reason}
    return told | {"effective_at": "2026-09-14T08:59:00Z"} | changes


def sinch_row() -> dict[str, Any]:
    return {"list": "OPT_OUT_ALL", "identity": PHONE.address.lstrip("+")}


def test_an_app_of_sinch_that_is_not_there_is_no_start(lists: Lists) -> None:
    """Somebody mistypes the app's id in SSM: all who replied STOP and are reset get texts again."""
    lists.set_up("sinch")
    lists["sinch"].rows = [sinch_row()]
    stop("sinch")
    reset_phone()
    later(minutes=5)
    lists.set_up("sinch", app="app-2")
    assert reset_phone()["outcome"] == "refused"
    assert is_stopped()


def test_a_broken_document_asks_no_other_list_for_start(
    lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A typo in the account's document: its STOPs are looked for on the default list, and are over."""
    lists.set_up("aws_sms", lists=["School"])
    monkeypatch.setenv("AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2", f"{lists._url}/aws_sms")
    lists["aws_sms"].rows = [number_row(OptOutListName="School")]
    stop()
    reset_phone()
    later(minutes=5)
    lists.put("aws_sms", '{"lists": ["School"],}')
    assert reset_phone()["outcome"] == "refused"
    assert is_stopped()


def test_a_stop_at_one_account_is_not_over_by_the_list_of_another(lists: Lists) -> None:
    """STOP to both of the district's numbers, START to one: the other texts again."""
    lists.set_up("aws_sms")
    lists.set_up("aws_sms", "north", lists=["North"])
    rows = [number_row(), number_row(OptOutListName="North")]
    lists["aws_sms"].rows = rows
    stop()
    reset_phone()
    later(minutes=5)
    lists["aws_sms"].rows = rows[1:]
    assert reset_phone()["outcome"] == "refused"
    assert is_stopped()


def test_a_manual_entry_that_an_admin_takes_off_is_no_start(lists: Lists) -> None:
    """STOP to a number whose list we do not ask; the admin tidies a manual entry of another list."""
    lists.set_up("aws_sms")
    lists["aws_sms"].rows = [number_row(EndUserOptedOut=False)]
    stop()
    reset_phone()
    lists["aws_sms"].rows = []
    later(minutes=5)
    assert reset_phone()["outcome"] == "refused"
    assert is_stopped()


def test_a_newer_stop_that_telnyx_lists_is_seen_whatever_its_day(lists: Lists) -> None:
    """STOP in May, START, STOP in June, whose event is late: staff press reset, texts go out again."""
    lists.set_up("telnyx")
    lists["telnyx"].rows = [telnyx_row("2026-09-14 08:59:00+00:00")]
    stop("telnyx")
    reset_phone()
    later(days=20)
    lists["telnyx"].rows = [telnyx_row("2026-10-04 08:58:00+00:00")]
    assert reset_phone()["outcome"] == "refused"
    assert is_stopped()


def test_a_stop_that_comes_between_reading_and_removing_is_left(
    lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    """STOP is applied while SNS is asked: opted in."""
    lists.set_up("aws_sns_sms")
    lists["aws_sns_sms"].rows = [{"phoneNumber": PHONE.address}]
    apply.events([text_event()], datetime.now(UTC))
    reset_phone(consent=CONSENT)
    look = providers.look

    def and_stop(*args: Any) -> Any:
        found = look(*args)
        stop("aws_sns_sms", occurred_at=clock("09:00"))
        return found

    monkeypatch.setattr(providers, "look", and_stop)
    reacted(PHONE)
    assert lists["aws_sns_sms"].rows


# Consent


def test_consent_is_not_for_what_the_person_said_minutes_after_it(lists: Lists) -> None:
    """Consent at 09:00, marked as spam at 09:05, taken off at 09:06 by a retry."""
    lists.set_up("ses")
    lists["ses"].ordered = [
        Ordered(429, {"message": "x"}, {"x-amzn-ErrorType": "TooManyRequestsException"})
    ] * 3
    bounced()
    reset(consent=CONSENT)
    reacted()
    assert told()[-1][1] == "releasing"
    lists["ses"].ordered = []
    lists["ses"].rows = [
        {"EmailAddress": "ada@example.org", "Reason": "COMPLAINT", "LastUpdateTime": at("09:05")}
    ]
    later(minutes=6)
    reacted()
    assert lists["ses"].rows


def test_sendgrids_undated_unsubscribe_after_the_consent_stays(lists: Lists) -> None:
    """The person unsubscribes at SendGrid after the consent, and a retry takes it off."""
    lists.set_up("sendgrid")
    lists["sendgrid"].ordered = [Ordered(503)]
    bounced(provider="sendgrid")
    reset(consent=CONSENT)
    reacted()
    later(hours=3)
    lists["sendgrid"].rows = [{"list": "unsubscribes", "email": "ada@example.org", "created": at("11:00")}]
    reacted()
    assert lists["sendgrid"].rows


def test_sparkpost_tells_when_an_entry_was_updated(lists: Lists) -> None:
    """An entry of last year became a complaint yesterday, after the consent: taken off."""
    lists.set_up("sparkpost")
    registers.move(EMAIL, Lifting(Lift.CONSENT, mark(clock("09:00") - timedelta(days=5), LOWEST_HEX)))
    row = {
        "recipient": "ada@example.org",
        "type": "transactional",
        "source": "Spam Complaint",
        "description": "x",
        "created": "2025-09-14T08:00:00+00:00",
        "updated": "2026-09-13T08:00:00+00:00",
    }
    lists["sparkpost"].rows = [row]
    bounced(provider="sparkpost", sent_at=clock("08:00"), occurred_at=clock("08:00"))
    reset()
    reacted()
    assert lists["sparkpost"].rows


def test_brevos_newer_complaint_is_not_lifted_with_an_older_one(lists: Lists) -> None:
    """Consented after an unsubscribe; a complaint since, whose event was lost: both are gone."""
    lists.set_up("brevo")
    registers.move(EMAIL, Lifting(Lift.CONSENT, mark(clock("09:00") - timedelta(days=5), LOWEST_HEX)))
    row = {"email": "ada@example.org", "senderEmail": "a@b.example"}
    lists["brevo"].rows = [
        row
        | {"blockedAt": "2026-09-08T08:00:00Z", "reason": {"code": "unsubscribedViaEmail", "message": "x"}},
        row
        | {"blockedAt": "2026-09-13T08:00:00Z", "reason": {"code": "contactFlaggedAsSpam", "message": "x"}},
    ]
    bounced(provider="brevo", sent_at=clock("08:00") - timedelta(days=6), occurred_at=clock("08:00"))
    reset()
    reacted()
    assert "contactFlaggedAsSpam" in [one["reason"]["code"] for one in lists["brevo"].rows]


def test_a_complaint_of_1970_is_not_covered_by_any_consent_ever(lists: Lists) -> None:
    """A complaint whose date SendGrid tells as 0 is taken off by a reset without consent."""
    lists.set_up("sendgrid")
    registers.move(EMAIL, Lifting(Lift.CONSENT, mark(clock("09:00") - timedelta(days=500), LOWEST_HEX)))
    lists["sendgrid"].rows = [{"list": "spam_reports", "email": "ada@example.org", "created": 0}]
    bounced(provider="sendgrid", sent_at=clock("08:00"))
    reset()
    reacted()
    assert lists["sendgrid"].rows


# What a release lifts


def test_a_release_at_one_account_lifts_no_complaint_of_another(lists: Lists) -> None:
    """North's account refuses her since she complained; without her consent she is shown good."""
    lists.set_up("sendgrid")
    lists.set_up("sendgrid", "north", subuser="north")
    complained = delivery_event(
        provider="sendgrid", kind=Kind.COMPLAINED, permanence=None, sent_at=clock("08:00"), **SUPPRESSED
    )
    apply.events([complained], datetime.now(UTC))
    bounced(event_id="2", sent_at=clock("08:30"))
    look = providers.look

    def of_north(account: Account, *rest: Any) -> Any:
        if account.name == "north":
            lists["sendgrid"].rows = [
                {"list": "spam_reports", "email": "ada@example.org", "created": YESTERDAY}
            ]
        found = look(account, *rest)
        lists["sendgrid"].rows = []
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(providers, "look", of_north)
        reset()
        reacted()
    assert ("sendgrid", "release_refused", Hindrance.CONSENT) in told()
    assert open_() == ()


# Garbage


OTHERS = "victim@example.org"


@pytest.mark.parametrize(
    ("provider", "row", "answer"),
    [
        (
            "ses",
            {"EmailAddress": OTHERS, "Reason": "BOUNCE", "LastUpdateTime": YESTERDAY},
            {
                "SuppressedDestination": {
                    "EmailAddress": OTHERS,
                    "Reason": "BOUNCE",
                    "LastUpdateTime": YESTERDAY,
                }
            },
        ),
        (
            "sendgrid",
            {"list": "bounces", "email": OTHERS, "created": YESTERDAY, "reason": "x"},
            [{"email": OTHERS, "created": YESTERDAY, "reason": "x"}],
        ),
        (
            "sparkpost",
            {
                "recipient": OTHERS,
                "type": "transactional",
                "source": "Bounce Rule",
                "created": "2026-09-13T08:00:00Z",
            },
            {"results": [{"recipient": OTHERS, "type": "transactional", "source": "Bounce Rule"}]},
        ),
        (
            "resend",
            {"id": "1", "email": OTHERS, "origin": "bounce", "created_at": "2026-09-13T08:00:00Z"},
            {"id": "1", "email": OTHERS, "origin": "bounce"},
        ),
        (
            "mailgun",
            {"domain": "mg.example.org", "list": "bounces", "address": OTHERS, "code": "550"},
            {"address": OTHERS, "code": "550"},
        ),
        (
            "mandrill",
            {"email": OTHERS, "reason": "hard-bounce", "expired": False},
            [{"email": OTHERS, "reason": "hard-bounce"}],
        ),
        (
            "postmark",
            {
                "stream": "outbound",
                "EmailAddress": OTHERS,
                "SuppressionReason": "HardBounce",
                "Origin": "Recipient",
            },
            {
                "Suppressions": [
                    {"EmailAddress": OTHERS, "SuppressionReason": "HardBounce", "Origin": "Recipient"}
                ]
            },
        ),
    ],
)
def test_an_answer_that_lists_somebody_else_frees_nobody_else(
    lists: Lists, provider: str, row: dict[str, Any], answer: object
) -> None:
    """Somebody whom nobody reset is taken off a list."""
    lists.set_up(provider)
    lists[provider].rows = [row]
    lists[provider].ordered = [Ordered(200, answer)]
    bounced(provider=provider)
    reset()
    reacted()
    assert lists[provider].rows == [row]


GARBAGE = [
    b"<html>welcome</html>",
    [],
    {},
    "null",
    '"x"',
    "7",
    [[]],
    [None],
    {"data": 7},
    {"data": [7]},
    {"data": [{}]},
    {"results": [{}]},
    {"contacts": [{"email": ["ada@example.org"], "reason": 7}]},
    {"SuppressedDestination": {}},
    {"SuppressedDestination": None},
    {"OptedOutNumbers": [{}]},
    {"OptedOutNumbers": None},
    {"Suppressions": [{"EmailAddress": 7}]},
    "[" * 100_000,
    {"identities": [{}], "next_page_token": {"a": 1}},
]
CAN_BE_ASKED = [
    "ses",
    "sendgrid",
    "mailgun",
    "postmark",
    "sparkpost",
    "resend",
    "brevo",
    "mandrill",
    "aws_sms",
    "aws_sns_sms",
    "telnyx",
    "sinch",
    "messagebird",
]


@pytest.mark.parametrize(
    ("provider", "document"),
    [
        ("aws_sms", {"region": ["us-east-1"]}),
        ("aws_sms", {"region": 7}),
        ("aws_sms", {"region": {"a": "b"}}),
        ("aws_sms", {"region": "../../evil"}),
        ("sendgrid", {"key": "k", "subuser": "a\r\nx: y"}),
        ("sendgrid", {"key": "k", "subuser": "ü☃"}),
        ("sendgrid", {"key": "k", "base_url": "https://[::1"}),
        ("sendgrid", {"key": "k", "base_url": "https://127.0.0.1:99999"}),
        ("sendgrid", {"key": "k\nx: y"}),
        ("sendgrid", {"key": ["k"]}),
        ("mailgun", {"key": "k", "domains": {"a": 1}}),
        ("mailgun", {"key": "k", "domains": [["a"]]}),
        ("telnyx", {"key": "k", "profiles": [{}]}),
        ("sinch", {"key": "k", "secret": "s", "project": "p", "app": "a", "region": {}}),
        ("sinch", {"key": "k", "secret": "s", "project": "p", "app": "a", "region": "evil.example/#"}),
    ],
)
def test_a_strange_document_costs_no_reset_and_no_other_provider(
    lists: Lists, provider: str, document: dict[str, Any]
) -> None:
    """Reset Status answers 500 for everybody with a STOP; releases of all end as dead letters."""
    if "base_url" not in document and provider != "aws_sms":
        document = {"base_url": f"{lists._url}/{provider}"} | document
    lists.put(provider, json.dumps({"endpoint_url": f"{lists._url}/{provider}"} | document))
    kind = PHONE if providers.channel(provider) is Channel.SMS else EMAIL
    if kind is PHONE:
        stop(provider)
        apply.events(
            [text_event(channel=Channel.VOICE, kind=Kind.FAILED, event_id="call")], datetime.now(UTC)
        )
    else:
        bounced(provider=provider)
    answer = reset(credentials=[kind.kind.value])
    assert answer.status == 200
    assert react(json.dumps({"credential": str(kind)})) == {"batchItemFailures": []}


# Two of one


def test_a_double_click_on_a_listed_address_is_no_conflict(lists: Lists) -> None:
    """Staff press Reset twice: 409."""
    lists.set_up("ses")
    lists["ses"].rows = [
        {"EmailAddress": "ada@example.org", "Reason": "COMPLAINT", "LastUpdateTime": YESTERDAY}
    ]
    bounced()
    reset()
    reacted()
    later(minutes=5)
    assert reset(credentials=["email"]).status == 200
    assert reset(credentials=["email"]).status == 200


def test_a_clock_that_steps_back_leaves_no_stale_picture(lists: Lists) -> None:
    """One worker's clock ran an hour ahead: what is learned in that hour is thrown away."""
    lists.set_up("ses")
    lists["ses"].rows = [
        {"EmailAddress": "ada@example.org", "Reason": "COMPLAINT", "LastUpdateTime": YESTERDAY}
    ]
    bounced()
    reset()
    release.credential(EMAIL, clock("10:00"))
    later(minutes=5)
    reset(consent=CONSENT, credentials=["email"])
    reacted()
    assert lists["ses"].rows == []
    [known] = holders.standing(EMAIL).upstream
    assert known.state is UpstreamState.RELEASED


# Loops


# Stale pictures


def test_a_provider_that_the_district_has_left_is_not_told_for_ever(lists: Lists) -> None:
    """The account is gone from SSM; every profile goes on to say that SendGrid may refuse."""
    lists.set_up("sendgrid")
    lists["sendgrid"].rows = [{"list": "spam_reports", "email": "ada@example.org", "created": YESTERDAY}]
    bounced()
    reset()
    reacted()
    boto3.client("ssm").delete_parameter(Name=f"{secrets.PREFIX}/sendgrid/default")
    secrets.forget()
    later(minutes=5)
    reset(credentials=["email"])
    reacted()
    later(minutes=5)
    [_result] = reset(credentials=["email"]).body["results"]
    assert "sendgrid" not in [one["provider"] for one in shown()["upstream"] if one["state"] == "refused"]


# Time


def test_a_reset_answers_in_its_29_seconds_where_providers_hang(
    lists: Lists, monkeypatch: pytest.MonkeyPatch, at_nine: time_machine.Traveller
) -> None:
    """The office presses Reset and gets an error of the gateway."""
    for name in ("default", "north", "south"):
        lists.set_up("telnyx", name)
    stop("telnyx")
    apply.events([text_event(channel=Channel.VOICE, kind=Kind.FAILED, event_id="call")], datetime.now(UTC))
    spent = hanging(monkeypatch)
    reset(credentials=["phone"])
    assert sum(spent) < 29


def hanging(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Each provider takes the connection and says nothing; how long each call took."""
    from urllib3.exceptions import ReadTimeoutError

    from reachable.upstream import _http

    spent: list[float] = []

    def hang(*_: Any, timeout: Any, **__: Any) -> Any:
        spent.append(timeout.read_timeout)
        raise ReadTimeoutError(None, "", "")  # type: ignore[arg-type]

    monkeypatch.setattr(_http._pool, "request", hang)
    return spent


def test_a_reset_reads_no_list_of_10000_in_its_29_seconds(
    lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A district with many STOPs: Reset Status times out for each of them."""
    lists.set_up("sinch")
    lists["sinch"].rows = [{"list": "OPT_OUT_ALL", "identity": f"1202{i:07}"} for i in range(5_000)]
    stop("sinch")
    reset(credentials=["phone"])
    assert len(lists["sinch"].calls) < 58  # half a second each


def test_an_address_with_a_slash_reads_no_list_of_20000_for_each_spelling(lists: Lists) -> None:
    """One such address: its batch of five is killed after 120 seconds, and ends as dead letters."""
    lists.set_up("ses")
    lists["ses"].rows = [
        {"EmailAddress": f"x{i}@example.org", "Reason": "BOUNCE", "LastUpdateTime": YESTERDAY}
        for i in range(20_000)
    ]
    slash = Credential(CredentialKind.EMAIL, "a/b@example.org")
    apply.events([delivery_event(address=slash.address, spelling="A/b@example.org")], datetime.now(UTC))
    registers.move(slash, Lifting(Lift.STAFF, mark(clock("09:00:01"), LOWEST_HEX)))
    reacted(slash)
    assert len(lists["ses"].calls) <= 200


# Private


def test_no_address_is_logged_of_what_a_provider_calls_a_code(
    lists: Lists, caplog: pytest.LogCaptureFixture
) -> None:
    """A provider's error repeats the address: it stands in our log for months."""
    lists.set_up("postmark")
    lists["postmark"].ordered = [Ordered(422, {"ErrorCode": "no stream for ada@example.org"})]
    lists.set_up("ses")
    lists["ses"].ordered = [
        Ordered(400, {"message": "x"}, {"x-amzn-ErrorType": "BadRequest for ada@example.org"})
    ]
    bounced(provider="postmark")
    reset()
    reacted()
    assert [record.getMessage() for record in caplog.records if "ada@example.org" in str(vars(record))] == []


# The second round


@pytest.mark.parametrize("body", [{}, b"<html>maintenance</html>", {"OptedOutNumbers": None}])
def test_an_answer_of_end_user_messaging_that_tells_nothing_is_no_start(lists: Lists, body: object) -> None:
    """A proxy's page in place of AWS's answer ends a STOP."""
    lists.set_up("aws_sms")
    lists["aws_sms"].rows = [number_row()]
    stop()
    reset_phone()
    later(minutes=5)
    lists["aws_sms"].ordered = [Ordered(200, body)]
    reset(credentials=["phone"])
    assert is_stopped()


def test_a_stop_elsewhere_that_is_told_after_start_was_seen_counts(lists: Lists) -> None:
    """STOP to Twilio at 08:58, told at 09:10; at 09:05 AWS's list told START of another STOP."""
    lists.set_up("aws_sms")
    lists["aws_sms"].rows = [number_row()]
    stop(occurred_at=clock("08:00"))
    reset_phone()
    lists["aws_sms"].rows = []
    later(minutes=5)
    assert reset_phone()["outcome"] == "already_good"
    later(minutes=5)
    stop("twilio", event_id="t", occurred_at=clock("08:58"))
    assert is_stopped()


@pytest.mark.parametrize("body", [{}, {"SuppressedDestination": {}}, b"<html>welcome</html>"])
def test_one_providers_nonsense_keeps_no_other_from_being_asked(lists: Lists, body: object) -> None:
    """SES's answer is cut off: SparkPost is never asked, and the reset ends as a dead letter."""
    lists.set_up("ses")
    lists.set_up("sparkpost")
    lists["ses"].ordered = [Ordered(200, body) for _ in range(20)]
    bounced()
    reset()
    failed = react(json.dumps({"credential": str(EMAIL)}))
    assert ("sparkpost", "released", None) in told()
    assert failed == {"batchItemFailures": []}


def test_a_slow_provider_costs_no_reset(lists: Lists, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sinch answers each call in 9 seconds: the gateway gives up, and nothing is reset."""
    from reachable.upstream import _http

    lists.set_up("sinch")
    stop("sinch")
    apply.events([text_event(channel=Channel.VOICE, kind=Kind.FAILED, event_id="call")], datetime.now(UTC))
    spent, request = [], _http._pool.request

    def slowly(*args: Any, **named: Any) -> Any:
        spent.append(9)
        return request(*args, **named)

    monkeypatch.setattr(_http._pool, "request", slowly)
    reset(credentials=["phone"])
    assert sum(spent) < 29


@pytest.mark.parametrize("provider", ["brevo", "telnyx"])
def test_a_block_of_the_year_1_is_released_all_the_same(lists: Lists, provider: str) -> None:
    """A list was taken over whose console writes 0001-01-01 for no date: its resets are dead letters."""
    from reachable.model.status import Block, BlockRegister, Ground, Reach

    lists.set_up(provider)
    credential, reach = (EMAIL, Reach.EMAIL) if provider == "brevo" else (PHONE, Reach.SMS)
    block = Block(
        BlockRegister(Ground.SUPPRESSED, reach),
        mark(datetime(1, 1, 1, tzinfo=UTC), LOWEST_HEX),
        Cause.PROVIDER_SUPPRESSED,
        None,
        provider,
    )
    registers.move(credential, block)
    assert reset(credentials=[credential.kind.value]).status == 200
    assert react(json.dumps({"credential": str(credential)})) == {"batchItemFailures": []}


def test_a_provider_that_was_never_set_up_wakes_nobody_every_hour(lists: Lists) -> None:
    """A district that gives no key of SendGrid's: an alarm an hour for three days after each reset."""
    bounced(provider="sendgrid")
    reset()
    now, turns = datetime.now(UTC), 0
    while (again := release.credential(EMAIL, now)) is not None:
        turns += 1
        now = max(again, now + timedelta(seconds=1))
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="alarms")["QueueUrl"]
    many = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    assert int(many["Attributes"]["ApproximateNumberOfMessages"]) <= 3, turns


HOSTILE = [
    "",
    "@",
    "@example.org",
    " ",
    ".",
    "..",
    "/",
    "../",
    "a/b@example.org",
    "a#b@example.org",
    "a?x=1@example.org",
    "a%2F..%2F@example.org",
    "%00@example.org",
    "a+b@example.org",
    '"a b"@example.org',
    "a&b=c@example.org",
    "a\r\nx: y@example.org",
    "ü@xn--bcher-kva.example",
    "*@example.org",
    "a" * 255 + "@example.org",
    "a'or'1@example.org",
]


@pytest.mark.parametrize(
    "provider", ["sendgrid", "mailgun", "postmark", "sparkpost", "resend", "brevo", "mandrill", "ses"]
)
def test_no_address_frees_others_or_fails_for_ever(lists: Lists, provider: str) -> None:
    """One strange address clears a list, or ends as a dead letter."""
    lists.set_up(provider)
    rows: dict[str, Any] = {
        "sendgrid": {"list": "bounces", "email": OTHERS, "created": YESTERDAY},
        "mailgun": {"domain": "mg.example.org", "list": "bounces", "address": OTHERS},
        "postmark": {"stream": "outbound", "EmailAddress": OTHERS, "SuppressionReason": "HardBounce"},
        "sparkpost": {"recipient": OTHERS, "type": "transactional", "source": "Bounce Rule"},
        "resend": {"id": "1", "email": OTHERS, "origin": "bounce"},
        "brevo": {"email": OTHERS, "blockedAt": "2026-09-14T08:00:00Z", "reason": {"code": "hardBounce"}},
        "mandrill": {"email": OTHERS, "reason": "hard-bounce", "expired": False},
        "ses": {"EmailAddress": OTHERS, "Reason": "BOUNCE", "LastUpdateTime": YESTERDAY},
    }
    lists[provider].rows = [rows[provider]]
    failed = []
    for address in HOSTILE:
        credential = Credential(CredentialKind.EMAIL, address)
        registers.move(credential, Lifting(Lift.STAFF, mark(clock("09:00"), LOWEST_HEX)))
        if react(json.dumps({"credential": str(credential)})) != {"batchItemFailures": []}:
            failed.append(address)
        later(minutes=15)
    assert lists[provider].rows == [rows[provider]]
    assert failed == []


@pytest.mark.parametrize(
    ("operation", "words"),
    [("PutItem", "event#"), ("UpdateItem", "lift.release"), ("UpdateItem", "upstream#ses")],
)
def test_what_dies_between_is_made_good(lists: Lists, fail: Any, operation: str, words: str) -> None:
    """Held: history, status and item are made good by the next one."""
    lists.set_up("ses")
    lists["ses"].rows = [{"EmailAddress": "ada@example.org", "Reason": "BOUNCE", "LastUpdateTime": YESTERDAY}]
    bounced()
    reset()
    later(minutes=1)
    bounced(event_id="2", sent_at=clock("09:00:30"), occurred_at=clock("09:00:30"), **SUPPRESSED)
    fail(operation, words)
    assert react(json.dumps({"credential": str(EMAIL)}))["batchItemFailures"]
    later(minutes=12)
    reacted()
    assert told() == [("ses", "released", None)]
    assert shown()["status"] == "good"
    assert lists["ses"].rows == []


def test_without_the_extended_permission_nothing_of_upstream_shows(lists: Lists) -> None:
    """Held."""
    from functions.profiles.app import handler as profiles

    lists.set_up("ses")
    lists["ses"].rows = [
        {"EmailAddress": "ada@example.org", "Reason": "COMPLAINT", "LastUpdateTime": YESTERDAY}
    ]
    bounced()
    before = call(profiles, "GET", f"/users/{ADA.id}", district.teacher()).body
    reset()
    reacted()
    answer = call(profiles, "GET", f"/users/{ADA.id}", district.teacher()).body
    text = json.dumps(answer)
    assert all(not one["upstream"] for one in answer["credentials"])
    assert "Amazon" not in text
    assert "provider_still_blocks" not in text
    assert "credentials/upstream" in answer["hidden"]
    assert before["credentials"][0]["status"] == "bad"


@pytest.mark.parametrize("before", ["look", "remove", "record", "move", "learn"])
def test_a_second_worker_at_every_switch_point_leaves_the_same(
    lists: Lists, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    """Held: two workers of one message."""
    from reachable.store.credentials import history
    from reachable.store.credentials import upstream as items

    lists.set_up("ses")
    lists["ses"].rows = [{"EmailAddress": "ada@example.org", "Reason": "BOUNCE", "LastUpdateTime": YESTERDAY}]
    bounced()
    reset()
    later(minutes=1)
    owner = {"look": providers, "remove": providers, "record": history, "move": registers, "learn": items}[
        before
    ]
    real = getattr(owner, before)
    begun: list[int] = []

    def other_first(*args: Any) -> Any:
        if not begun:
            begun.append(1)
            later(seconds=1)
            reacted()
        return real(*args)

    monkeypatch.setattr(owner, before, other_first)
    reacted()
    assert told() == [("ses", "released", None)]
    assert lifted() == {Lift.STAFF, Lift.RELEASE}
    assert holders.standing(EMAIL).upstream[0].state is UpstreamState.RELEASED


@pytest.mark.parametrize("before", ["look", "remove", "record", "move", "learn"])
def test_a_bounce_at_every_switch_point_stays(
    lists: Lists, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    """Held: what failed again meanwhile closes it."""
    from reachable.store.credentials import history
    from reachable.store.credentials import upstream as items

    lists.set_up("ses")
    lists["ses"].rows = [{"EmailAddress": "ada@example.org", "Reason": "BOUNCE", "LastUpdateTime": YESTERDAY}]
    bounced()
    reset()
    later(minutes=1)
    owner = {"look": providers, "remove": providers, "record": history, "move": registers, "learn": items}[
        before
    ]
    real = getattr(owner, before)
    begun: list[int] = []

    def bounce_first(*args: Any) -> Any:
        if not begun:
            begun.append(1)
            bounced(event_id="2", sent_at=clock("09:00:30"), occurred_at=clock("09:00:30"))
        return real(*args)

    monkeypatch.setattr(owner, before, bounce_first)
    reacted()
    assert open_() == ()


@pytest.mark.parametrize("before", ["look", "record", "move", "learn"])
def test_a_second_stop_at_every_switch_point_of_start_stays(
    lists: Lists, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    """A STOP of 09:04:59, applied while the reset of 09:05 looks at the list: lifted."""
    from reachable.store.credentials import history
    from reachable.store.credentials import upstream as items

    lists.set_up("aws_sms")
    lists["aws_sms"].rows = [number_row()]
    stop(occurred_at=clock("08:00"))
    reset_phone()
    lists["aws_sms"].rows = []
    later(minutes=5)
    owner = {"look": providers, "record": history, "move": registers, "learn": items}[before]
    real = getattr(owner, before)
    begun: list[int] = []

    def stop_first(*args: Any) -> Any:
        found = real(*args) if before == "look" else None
        if not begun:
            begun.append(1)
            lists["aws_sms"].rows = [number_row()]
            stop(event_id="again", occurred_at=clock("09:05:00") + timedelta(milliseconds=1))
        return found if before == "look" else real(*args)

    later(seconds=1)
    monkeypatch.setattr(owner, before, stop_first)
    reset_phone()
    assert is_stopped()
