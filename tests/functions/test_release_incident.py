"""After an incident's run: released in the providers' bulk forms, turn by turn."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from werkzeug.wrappers import Request, Response

from reachable import upstream as providers
from reachable.flows import apply, release, release_incident
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Kind
from reachable.model.releases import AccountReleases, Releases
from reachable.model.status import LOWEST_HEX, Lift, Lifting, mark
from reachable.model.upstream import Account, Hindrance, Limit, UpstreamState
from reachable.rules import status as status_rules
from reachable.store import dynamodb, upstream_pace
from reachable.store.credentials import history, holders, registers
from tests import rights
from tests.builders import clock, delivery_event
from tests.functions import aftermath, wire
from tests.functions.aftermath import people
from tests.functions.clocks import later, turns_held
from tests.functions.lists import Lists, served
from tools.stand_ins.stand_in import Ordered, StandIn, reply

pytestmark = pytest.mark.usefixtures("at_nine")

YESTERDAY = 1789300800  # 2026-09-13 12:00 UTC
MANY = 30
"""More than are looked up one by one."""


@pytest.fixture
def lists(aws: None) -> Iterator[Lists]:
    with served() as known:
        yield known


def wronged(many: int = MANY, **event: Any) -> list[Credential]:
    """So many that an incident closed, and its run has reset."""
    credentials = people(many)
    aftermath.bounced(credentials, **event)
    aftermath.reset(credentials, clock("09:00"))
    return credentials


def steps(most: int) -> Callable[[], bool]:
    """It may go on for so many steps."""
    left = iter(range(most))
    return lambda: next(left, None) is not None


def turned(releases: Releases, at: datetime | None = None, most: int = 1000) -> Releases:
    """One turn, with what lies in a file between two."""
    told = json.loads(json.dumps(releases.to_json()))
    with rights.as_function("reset_incident"):
        return release_incident.turn(Releases.of_json(told), at or later(), steps(most))


def of(releases: Releases, provider: str, account: str = "default") -> AccountReleases:
    return next(a for a in releases.accounts if (a.provider, a.account) == (provider, account))


def to_the_second(at: datetime | None) -> datetime | None:
    """A time without its microseconds: so many pass in a turn."""
    return at and at.replace(microsecond=0)


def numbers(account: AccountReleases) -> dict[str, int]:
    """What became of how many."""
    names = ("to_come", "released", "refused", "unknown", "given_up", "left_alone")
    return {name: many for name in names if (many := getattr(account, name))}


def ended(releases: Releases, most: int = 400) -> tuple[Releases, int]:
    """Turn after turn, each when it says, until nothing is left; how many there were."""
    for i in range(1, most + 1):
        releases = turned(releases)
        if releases.is_done:
            return releases, i
        assert releases.next_at is not None
        wait = (releases.next_at - later()).total_seconds()
        later(seconds=max(0.0, wait))
    raise AssertionError(releases.to_json())


def row_ses(credential: Credential, **changes: Any) -> dict[str, Any]:
    told = {"EmailAddress": credential.address, "Reason": "BOUNCE", "LastUpdateTime": YESTERDAY}
    return told | changes


def row_brevo(credential: Credential, code: str = "hardBounce") -> dict[str, Any]:
    told = {"email": credential.address, "blockedAt": "2026-09-13T08:00:00Z"}
    return told | {"reason": {"code": code, "message": "x"}}


ROWS: dict[str, Callable[[Credential], dict[str, Any]]] = {
    "ses": row_ses,
    "sendgrid": lambda c: {
        "list": "bounces",
        "email": c.address,
        "created": YESTERDAY,
        "reason": "mailbox unknown",
    },
    "postmark": lambda c: {
        "stream": "outbound",
        "EmailAddress": c.address,
        "SuppressionReason": "HardBounce",
        "Origin": "Recipient",
        "CreatedAt": "2026-09-13T08:00:00Z",
    },
    "resend": lambda c: {
        "id": f"id-{c.digest}",
        "email": c.address,
        "origin": "bounce",
        "source_id": None,
        "created_at": "2026-09-13T08:00:00Z",
    },
    "brevo": row_brevo,
    "mandrill": lambda c: {
        "email": c.address,
        "reason": "hard-bounce",
        "detail": "x",
        "created_at": "2026-09-13 08:00:00",
        "expired": False,
        "subaccount": None,
    },
    "mailgun": lambda c: {
        "domain": "mg.example.org",
        "list": "bounces",
        "address": c.address,
        "code": "550",
        "error": "x",
        "created_at": "Sun, 13 Sep 2026 08:00:00 UTC",
    },
    "sparkpost": lambda c: {
        "recipient": c.address,
        "type": "transactional",
        "source": "Bounce Rule",
        "created": "2026-09-13T08:00:00+00:00",
    },
}


def listed(lists: Lists, provider: str, credentials: list[Credential]) -> None:
    lists.set_up(provider)
    lists[provider].rows = [ROWS[provider](credential) for credential in credentials]


def calls(lists: Lists, provider: str) -> Counter[str]:
    """How many calls of each kind: method and path without an address or a query."""
    cut = [call.partition("?")[0].split("%40")[0] for call in lists[provider].calls]
    return Counter(call.rstrip("0123456789p") for call in cut)


def states(credentials: list[Credential], provider: str = "ses") -> Counter[str]:
    """How they stand at a provider's default account, by what was learned."""
    known = [one for c in credentials for one in holders.standing(c).upstream if one.provider == provider]
    return Counter(one.state.value for one in known)


def told(credential: Credential) -> list[tuple[str, str, Hindrance | None]]:
    """What its history tells of releases, the oldest first."""
    kinds = {"released", "releasing", "release_refused", "release_unknown"}
    items = [item for item in history.of(credential) if item.kind.value in kinds]
    items.sort(key=lambda item: (item.occurred_at, item.provider))
    return [(item.provider, item.kind.value, item.hindrance) for item in items]


def alarms() -> list[str]:
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="alarms")["QueueUrl"]
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"])["Subject"] for message in messages]


def put_off_at(stand_in: StandIn, call: int) -> None:
    """It says to wait to its next call of this number."""
    answer, made = stand_in.answer, iter(range(1, 1000))

    def answered(request: Request, path: str) -> Response:
        return reply(503) if next(made) == call else answer(request, path)

    vars(stand_in)["answer"] = answered


# Where it begins


def test_it_begins_with_each_account_that_is_set_up_or_named_by_what_was_told(lists: Lists) -> None:
    lists.set_up("ses")
    lists.set_up("sendgrid", account="north")
    first, second = wronged(2)
    apply.events(
        [delivery_event(address=second.address, event_id="2", sent_at=clock("09:00"))], clock("09:02")
    )
    releases = release_incident.begin([first, first, second])
    assert [(one.provider, one.account, one.left) for one in releases.accounts] == [
        ("mailjet", "default", (str(first),)),  # no list: its support
        ("sendgrid", "north", (str(first),)),
        ("ses", "default", (str(first),)),
    ]
    assert (releases.is_done, releases.next_at, releases.ends_at) == (False, None, None)
    assert lists["ses"].calls == []


def test_who_has_no_call_says_who_can_and_a_missing_key_is_told_ops_once(lists: Lists) -> None:
    credentials = wronged(3)
    other = Credential(CredentialKind.EMAIL, "other@example.org")
    aftermath.bounced([other], provider="sendgrid")
    aftermath.reset([other], clock("09:00"))
    releases, turns = ended(release_incident.begin([*credentials, other]))
    assert turns == 1
    assert numbers(of(releases, "mailjet")) == {"refused": 3}
    assert numbers(of(releases, "sendgrid")) == {"unknown": 1}
    assert told(credentials[0]) == [("mailjet", "release_refused", Hindrance.SUPPORT)]
    assert told(other) == [("sendgrid", "release_unknown", Hindrance.NOT_SET_UP)]
    assert alarms() == ["Reachable: no access to the list of sendgrid"]


# In bulk


@pytest.mark.parametrize(
    ("provider", "made"),
    [
        ("sendgrid", {"DELETE /sendgrid/v3/suppression/bounces": 1}),
        (
            "postmark",
            {"POST /postmark/message-streams/outbound/suppressions/delete": 1},
        ),
        ("resend", {"POST /resend/suppressions/batch/remove": 1}),
        ("mailgun", {"DELETE /mailgun/v3/mg.example.org/bounces/": MANY}),
        ("sparkpost", {"DELETE /sparkpost/api/v1/suppression-list/": MANY}),
        ("mandrill", {"POST /mandrill/api/1.0/rejects/delete": MANY}),
    ],
)
def test_many_go_by_one_request_where_a_provider_has_one_for_many(
    lists: Lists, provider: str, made: dict[str, int]
) -> None:
    credentials = wronged()
    elsewhere = Credential(CredentialKind.EMAIL, "elsewhere@example.org")
    listed(lists, provider, [*credentials, elsewhere])
    releases, turns = ended(release_incident.begin(credentials))
    assert turns == 1
    assert numbers(of(releases, provider)) == {"released": MANY}
    assert lists[provider].rows == [ROWS[provider](elsewhere)]
    assert {
        call: many
        for call, many in calls(lists, provider).items()
        if "/delete" in call or "DELETE" in call or "/remove" in call
    } == made
    assert told(credentials[0])[-1] == (provider, "released", None)
    assert states(credentials, provider) == {"released": MANY}


def test_ses_takes_a_job_which_is_not_done_yet(lists: Lists) -> None:
    """60 addresses: none is asked for by itself, and the job's file has them as the list spells them."""
    credentials = wronged(60)
    listed(lists, "ses", credentials)
    lists["ses"].rows += [row_ses(credentials[0], EmailAddress="P0000@example.org")]
    first = turned(release_incident.begin(credentials))
    assert calls(lists, "ses") == {
        "GET /ses/v2/email/suppression/addresses": 1,
        "POST /ses/v2/email/import-jobs": 1,
    }
    [file] = boto3.client("s3").list_objects_v2(Bucket="results", Prefix="upstream/")["Contents"]
    body = boto3.client("s3").get_object(Bucket="results", Key=file["Key"])["Body"].read()
    addresses = [json.loads(line)["emailAddress"] for line in body.splitlines()]
    assert sorted(addresses) == ["P0000@example.org", *(c.address for c in credentials)]
    ses = of(first, "ses")
    assert (numbers(ses), states(credentials)) == ({"to_come": 60}, {"releasing": 60})
    assert to_the_second(ses.next_at) == clock("09:01")
    assert ses.ends_at == ses.next_at

    early = turned(first, clock("09:00:30"))
    assert (early, len(lists["ses"].calls)) == (first, 2)

    lists["ses"].rows = [row_ses(credential) for credential in credentials[5:]]  # it has not come to them
    later(minutes=2)
    second = turned(first)
    assert numbers(of(second, "ses")) == {"to_come": 55, "released": 5}
    assert told(credentials[7])[-1] == ("ses", "releasing", Hindrance.NO_ANSWER)
    lists["ses"].rows = [row_ses(credentials[7])]  # as few as that go by themselves
    releases, _ = ended(second)
    assert numbers(of(releases, "ses")) == {"released": 60}
    assert lists["ses"].rows == []
    assert calls(lists, "ses") == {
        "GET /ses/v2/email/suppression/addresses": 3,
        "POST /ses/v2/email/import-jobs": 2,
        "DELETE /ses/v2/email/suppression/addresses/": 1,
    }


def test_each_spelling_that_stands_on_the_list_of_ses_goes_whoever_knows_it(lists: Lists) -> None:
    credentials = wronged()
    lists.set_up("ses")
    spelled = ["P0000@example.org", "p0000@EXAMPLE.org", "p0001@example.org", "xp0000@example.org"]
    lists["ses"].rows = [row_ses(credentials[0], EmailAddress=address) for address in spelled]
    releases, _ = ended(release_incident.begin(credentials))
    assert [row["EmailAddress"] for row in lists["ses"].rows] == ["xp0000@example.org"]
    assert numbers(of(releases, "ses")) == {"released": MANY}


def test_few_are_looked_up_one_by_one(lists: Lists) -> None:
    credentials = wronged(3)
    listed(lists, "ses", credentials[:1])
    releases, _ = ended(release_incident.begin(credentials))
    assert numbers(of(releases, "ses")) == {"released": 3}
    assert [call.partition("%40")[0] for call in sorted(lists["ses"].calls)] == [
        "DELETE /ses/v2/email/suppression/addresses/p0000",
        "GET /ses/v2/email/suppression/addresses/p0000",
        "GET /ses/v2/email/suppression/addresses/p0001",
        "GET /ses/v2/email/suppression/addresses/p0002",
    ]


def test_what_is_no_bounce_there_stays_and_is_said(lists: Lists) -> None:
    credentials = wronged()
    listed(lists, "ses", credentials)
    lists["ses"].rows[0]["Reason"] = "COMPLAINT"
    lists["ses"].rows[1]["LastUpdateTime"] = clock("09:30").timestamp()  # after the reset
    later(hours=1)
    releases, _ = ended(release_incident.begin(credentials))
    assert [row["EmailAddress"] for row in lists["ses"].rows] == ["p0000@example.org", "p0001@example.org"]
    assert numbers(of(releases, "ses")) == {"released": MANY - 2, "refused": 2}
    assert told(credentials[0])[-1] == ("ses", "release_refused", Hindrance.CONSENT)
    assert told(credentials[1])[-1] == ("ses", "release_refused", Hindrance.LISTED_AGAIN)


@pytest.mark.parametrize("many", [3, MANY])
def test_sns_says_no_reason_so_numbers_stay_without_consent(many: int, lists: Lists) -> None:
    """Few are looked up one by one."""
    numbers_ = [Credential(CredentialKind.PHONE, f"+1202555{i:04}") for i in range(many)]
    for number in numbers_:
        registers.move(number, Lifting(Lift.STAFF, mark(clock("08:00"), LOWEST_HEX)))
    # A run's line of the history, as of any other.
    for number in numbers_:
        aftermath.line(number, mark(clock("08:00"), LOWEST_HEX), clock("09:00"))
    lists.set_up("aws_sns_sms")
    lists["aws_sns_sms"].rows = [{"phoneNumber": number.address} for number in numbers_[:2]]
    releases, _ = ended(release_incident.begin(numbers_))
    assert numbers(of(releases, "aws_sns_sms")) == {"released": many - 2, "refused": 2}
    assert told(numbers_[0]) == [("aws_sns_sms", "release_refused", Hindrance.START)]
    assert len(lists["aws_sns_sms"].rows) == 2


# Whose it is


def test_who_bounced_again_meanwhile_stays_there(lists: Lists) -> None:
    """Also where it bounces between the reading of the list and the removal."""
    credentials = wronged()
    listed(lists, "sendgrid", credentials)
    begun = release_incident.begin(credentials)
    again(credentials[0])
    read = turned(begun, most=2)  # both accounts' first step
    assert of(read, "sendgrid").to_come == MANY
    again(credentials[1])
    releases, _ = ended(read)
    assert [row["email"] for row in lists["sendgrid"].rows] == ["p0000@example.org", "p0001@example.org"]
    assert numbers(of(releases, "sendgrid")) == {"released": MANY - 2, "left_alone": 2}
    assert [one for one in told(credentials[1]) if one[0] == "sendgrid"] == []


def again(credential: Credential) -> None:
    told = delivery_event(
        address=credential.address,
        event_id=f"2 {credential}",
        provider="sendgrid",
        sent_at=clock("09:00"),
        occurred_at=clock("09:01"),
    )
    apply.events([told], datetime.now(UTC))


@pytest.mark.parametrize(("to_come", "looks"), [(MANY, 0), (3, 3)])
def test_what_was_read_minutes_ago_is_looked_at_anew(lists: Lists, to_come: int, looks: int) -> None:
    """The list is read anew; where few are left each is looked up. No event tells us of the complaint."""
    credentials = wronged()
    listed(lists, "ses", credentials[:to_come])
    read = turned(release_incident.begin(credentials), most=3 if looks else 2)
    assert of(read, "ses").to_come == to_come
    lists["ses"].rows[0]["Reason"] = "COMPLAINT"
    later(minutes=6)
    lists["ses"].calls.clear()
    releases, _ = ended(read)
    assert [row["EmailAddress"] for row in lists["ses"].rows] == [credentials[0].address]
    assert numbers(of(releases, "ses")) == {"released": MANY - 1, "refused": 1}
    assert calls(lists, "ses")["GET /ses/v2/email/suppression/addresses/"] == looks


@pytest.mark.parametrize("minutes", [4, 6])
def test_a_complaint_that_comes_to_us_since_the_list_was_read_is_not_opened(
    lists: Lists, minutes: int
) -> None:
    """Told as a refusal: what the list did not have when it was read."""
    credentials = wronged()
    listed(lists, "sendgrid", [])
    read = turned(release_incident.begin(credentials), most=2)
    told_ = {"list": "spam_reports", "email": credentials[0].address, "ip": "x"}
    lists["sendgrid"].rows = [told_ | {"created": clock("09:01").timestamp()}]
    refused = delivery_event(
        address=credentials[0].address,
        event_id="2",
        provider="sendgrid",
        kind=Kind.COMPLAINED,
        cause=Cause.PROVIDER_SUPPRESSED,
        sent_at=clock("09:01"),
        occurred_at=clock("09:02"),
    )
    apply.events([refused], later(minutes=2))
    later(minutes=minutes - 2)
    releases, _ = ended(read)
    assert numbers(of(releases, "sendgrid")) == {"released": MANY - 1, "refused": 1}
    blocks = status_rules.blocks(holders.standing(credentials[0]).status)
    assert [str(block.register) for block in blocks] == ["suppressed+complaint@email"]


def test_a_list_that_takes_too_long_to_be_read_is_not_gone_by(lists: Lists) -> None:
    """A page was read at 09:00, the last one ten minutes later: each is looked up."""
    credentials = wronged()
    listed(lists, "sendgrid", credentials)
    put_off_at(lists["sendgrid"], 2)
    read = turned(release_incident.begin(credentials))
    lists["sendgrid"].rows = [
        {"list": "bounces", "email": "q@example.org", "created": YESTERDAY, "reason": "x"}
    ]
    later(minutes=10)
    releases, _ = ended(read)
    assert numbers(of(releases, "sendgrid")) == {"released": MANY}
    assert calls(lists, "sendgrid")["GET /sendgrid/v3/suppression/bounces/"] == MANY


def test_what_staff_reset_since_is_left_to_that_reset(lists: Lists) -> None:
    credentials = wronged(2)
    listed(lists, "sendgrid", credentials)
    begun = release_incident.begin(credentials)
    registers.move(credentials[0], Lifting(Lift.STAFF, mark(clock("09:30"), LOWEST_HEX)))
    releases, _ = ended(begun)
    assert numbers(of(releases, "sendgrid")) == {"released": 1, "left_alone": 1}
    assert release.credential(credentials[0], clock("09:31")) is None
    assert told(credentials[0])[-1] == ("sendgrid", "released", None)


def test_a_confirmed_release_lifts_what_the_list_refused_meanwhile(lists: Lists) -> None:
    """Of a provider with two accounts once both have let it go."""
    credentials = wronged(2)
    lists.set_up("sendgrid")
    lists.set_up("sendgrid", account="north", subuser="north")
    refused = delivery_event(
        address=credentials[0].address,
        event_id="2",
        provider="sendgrid",
        cause=Cause.PROVIDER_SUPPRESSED,
        sent_at=clock("09:00"),
        occurred_at=clock("09:01"),
    )
    begun = release_incident.begin(credentials)
    apply.events([refused], later(minutes=2))
    releases, _ = ended(begun)
    assert [numbers(of(releases, "sendgrid", name)) for name in ("default", "north")] == [
        {"released": 2},
        {"released": 2},
    ]
    statuses = registers.statuses(credentials)
    assert [set(statuses[credential].lifted) for credential in credentials] == [
        {Lift.STAFF, Lift.RELEASE},
        {Lift.STAFF, Lift.RELEASE},
    ]


# Cut, twice, at once


def test_a_turn_that_is_cut_goes_on_where_it_was(lists: Lists) -> None:
    credentials = wronged(MANY)
    listed(lists, "sendgrid", credentials[:10])
    releases = release_incident.begin(credentials)
    seen = []
    for _ in range(20):
        releases = turned(releases, most=1)
        seen.append(numbers(of(releases, "sendgrid")))
        assert "mailbox unknown" not in json.dumps(releases.to_json())
        if releases.is_done:
            break
    assert releases.is_done
    # By turns with Mailjet: read; those that are not listed; those that are.
    assert [one for i, one in enumerate(seen) if i == 0 or one != seen[i - 1]] == [
        {"to_come": 30},
        {"to_come": 10, "released": 20},
        {"released": 30},
    ]
    assert calls(lists, "sendgrid")["DELETE /sendgrid/v3/suppression/bounces"] == 1
    assert len([call for call in lists["sendgrid"].calls if call.startswith("GET")]) == 4


def test_a_turn_that_is_done_again_from_what_was_before_changes_nothing(lists: Lists) -> None:
    """Whoever died before what came of it was put into the file."""
    credentials = wronged()
    listed(lists, "sendgrid", credentials[:10])
    begun = release_incident.begin(credentials)
    first = turned(begun)
    lines = [told(credential) for credential in credentials]
    lists["sendgrid"].rows = [ROWS["sendgrid"](credentials[3])]  # listed anew: nobody's business of ours
    later(minutes=5)
    again_ = turned(begun)
    assert numbers(of(again_, "sendgrid")) == numbers(of(first, "sendgrid")) == {"released": MANY}
    assert [told(credential) for credential in credentials] == lines
    assert len(lists["sendgrid"].rows) == 1


@pytest.mark.parametrize("before", ["entries", "remove", "record", "learn"])
def test_two_turns_at_once_release_all_and_count_all(
    lists: Lists, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    from reachable.store.credentials import upstream as items

    credentials = wronged()
    listed(lists, "sendgrid", credentials)
    begun = release_incident.begin(credentials)
    owner = {"entries": providers, "remove": providers, "record": history, "learn": items}[before]
    real = getattr(owner, before)
    others: list[Any] = []

    def other_first(*args: Any) -> Any:
        if not others:
            others.append(None)
            others[0] = turned(begun, later(seconds=1))
        return real(*args)

    monkeypatch.setattr(owner, before, other_first)
    mine, _ = ended(begun)
    assert lists["sendgrid"].rows == []
    assert numbers(of(mine, "sendgrid")) == {"released": MANY}
    assert numbers(of(others[0], "sendgrid")) == {"released": MANY}
    assert [told(credential)[-1] for credential in credentials] == [("sendgrid", "released", None)] * MANY


def test_who_goes_while_another_reads_by_numbers_is_released_all_the_same(lists: Lists) -> None:
    """Another turn says that who moved before its offset is free; who has it on the list takes it off."""
    credentials = wronged()
    listed(lists, "sendgrid", credentials)
    read = turned(release_incident.begin(credentials), most=2)
    hidden, lists["sendgrid"].rows = lists["sendgrid"].rows, []
    other = turned(release_incident.begin(credentials), later(seconds=30))  # a slow machine reads for seconds
    assert numbers(of(other, "sendgrid")) == {"released": MANY}
    lists["sendgrid"].rows = hidden
    later(seconds=1)
    ended(read)
    assert lists["sendgrid"].rows == []


@pytest.mark.parametrize(
    ("operation", "words"), [("PutItem", "event#"), ("UpdateItem", "upstream#sendgrid"), ("Query", "p0004")]
)
def test_what_fails_of_one_is_its_own_and_comes_again(lists: Lists, operation: str, words: str) -> None:
    credentials = wronged()
    listed(lists, "sendgrid", credentials)
    begun = release_incident.begin(credentials)
    with wire.cut_off(dynamodb.client(), operation, words, "p0004"):
        first = turned(begun)
    assert numbers(of(first, "sendgrid")) == {"to_come": 1, "released": MANY - 1}
    assert of(first, "sendgrid").next_at is not None
    releases, _ = ended(first)
    assert numbers(of(releases, "sendgrid")) == {"released": MANY}
    assert lists["sendgrid"].rows == []


def test_what_fails_each_time_is_given_up_after_days(lists: Lists) -> None:
    credentials = wronged(2)
    lists.set_up("sendgrid")
    begun = release_incident.begin(credentials)
    with wire.cut_off(dynamodb.client(), "Query", "p0001"):
        releases, _ = ended(begun)
    assert later() - clock("09:00") > timedelta(days=1)
    assert numbers(of(releases, "sendgrid")) == {"released": 1, "given_up": 1}


# Nobody who answers


def test_an_account_that_is_denied_holds_up_no_other_and_is_told_once(lists: Lists) -> None:
    credentials = wronged()
    listed(lists, "postmark", credentials)
    lists.set_up("sendgrid", key="wrong")
    first = turned(release_incident.begin(credentials))
    assert numbers(of(first, "postmark")) == {"released": MANY}
    denied = of(first, "sendgrid")
    assert numbers(denied) == {"to_come": MANY}
    assert told(credentials[0])[-1] == ("sendgrid", "release_unknown", Hindrance.NOT_SET_UP)
    assert to_the_second(denied.next_at) == clock("10:00")
    assert (denied.ends_at, first.ends_at) == (None, None)
    assert len(lists["sendgrid"].calls) == 1
    assert alarms() == ["Reachable: no access to the list of sendgrid"]

    lists.set_up("sendgrid")
    later(hours=1, minutes=1)
    releases, _ = ended(first)
    assert numbers(of(releases, "sendgrid")) == {"released": MANY}


def test_a_provider_that_says_wait_is_asked_again_then(lists: Lists) -> None:
    credentials = wronged()
    listed(lists, "sendgrid", credentials)
    lists["sendgrid"].ordered = [Ordered(429, headers={"retry-after": "600"})]
    first = turned(release_incident.begin(credentials))
    assert numbers(of(first, "sendgrid")) == {"to_come": MANY}
    assert told(credentials[0])[-1] == ("sendgrid", "releasing", Hindrance.NO_ANSWER)
    assert of(first, "sendgrid").ends_at is None
    later(minutes=5)
    assert turned(first) == first
    assert len(lists["sendgrid"].calls) == 1
    later(minutes=6)
    releases, _ = ended(first)
    assert numbers(of(releases, "sendgrid")) == {"released": MANY}


def test_a_long_list_is_read_on_where_it_was_put_off(lists: Lists) -> None:
    credentials = wronged()
    listed(lists, "sendgrid", credentials)
    put_off_at(lists["sendgrid"], 2)
    second = turned(release_incident.begin(credentials))
    assert numbers(of(second, "sendgrid")) == {"to_come": MANY}
    assert [one for one in told(credentials[0]) if one[0] == "sendgrid"] == []
    closed = upstream_pace.closed(Account("sendgrid"), later())
    assert of(second, "sendgrid").next_at == (closed and closed.until)
    releases, _ = ended(second)
    assert numbers(of(releases, "sendgrid")) == {"released": MANY}
    assert [call.partition("?")[0] for call in lists["sendgrid"].calls if call.startswith("GET")] == [
        "GET /sendgrid/v3/suppression/bounces",
        "GET /sendgrid/v3/suppression/invalid_emails",
        "GET /sendgrid/v3/suppression/invalid_emails",
        "GET /sendgrid/v3/suppression/spam_reports",
        "GET /sendgrid/v3/suppression/unsubscribes",
    ]


def test_a_cursor_that_is_taken_no_longer_costs_one_more_reading(lists: Lists) -> None:
    credentials = wronged()
    listed(lists, "sendgrid", credentials)
    put_off_at(lists["sendgrid"], 2)
    second = turned(release_incident.begin(credentials))
    lists["sendgrid"].ordered = [Ordered(400)]
    releases, _ = ended(second)
    assert numbers(of(releases, "sendgrid")) == {"released": MANY}
    assert lists["sendgrid"].rows == []


def test_a_provider_that_never_answers_is_given_up_after_days(lists: Lists) -> None:
    credentials = wronged()
    lists.set_up("sendgrid")
    lists["sendgrid"].ordered = [Ordered(503) for _ in range(100)]
    releases, turns = ended(release_incident.begin(credentials))
    assert turns == 16
    assert later() - clock("09:00") > timedelta(days=1)
    assert len(lists["sendgrid"].calls) == 16
    assert numbers(of(releases, "sendgrid")) == {"given_up": MANY}
    [known] = [one for one in holders.standing(credentials[0]).upstream if one.provider == "sendgrid"]
    assert (known.state, known.hindrance) == (UpstreamState.UNKNOWN, Hindrance.GAVE_UP)


def test_an_account_that_others_find_closed_for_days_is_given_up(lists: Lists) -> None:
    credentials = wronged()
    lists.set_up("sendgrid")
    account, releases = Account("sendgrid"), release_incident.begin(credentials)
    for _ in range(5):
        upstream_pace.close(account, datetime.now(UTC) + timedelta(hours=25), later(), denied=False)
        releases = turned(releases)
        later(hours=24)  # somebody else asks an hour before, and is put off
    assert lists["sendgrid"].calls == []
    assert numbers(of(releases, "sendgrid")) == {"given_up": MANY}


@pytest.mark.parametrize("many", [2, MANY])
def test_an_answer_that_nobody_understands_is_unknown_and_done_with(lists: Lists, many: int) -> None:
    credentials = wronged(many)
    lists.set_up("sendgrid")
    lists["sendgrid"].ordered = [Ordered(418) for _ in range(many)]
    releases, turns = ended(release_incident.begin(credentials))
    assert turns == 1
    assert numbers(of(releases, "sendgrid")) == {"unknown": many}
    assert told(credentials[0])[-1] == ("sendgrid", "release_unknown", Hindrance.CANNOT_BE_ASKED)


def test_a_removal_that_is_put_off_is_done_later(lists: Lists) -> None:
    credentials = wronged()
    listed(lists, "sendgrid", credentials)
    put_off_at(lists["sendgrid"], 5)  # after the four lists
    first = turned(release_incident.begin(credentials))
    assert numbers(of(first, "sendgrid")) == {"to_come": MANY}
    assert states(credentials, "sendgrid") == {"releasing": MANY}
    releases, _ = ended(first)
    assert numbers(of(releases, "sendgrid")) == {"released": MANY}
    assert lists["sendgrid"].rows == []


def refuses(stand_in: StandIn, *taken_not: bytes, halves: Callable[[], Response] | None = None) -> list[int]:
    """It takes no removal with one of these in it; once it has refused one, it answers with ``halves``. How
    many addresses each removal had."""
    answer, sizes = stand_in.answer, []

    def answered(request: Request, path: str) -> Response:
        if request.method != "DELETE":
            return answer(request, path)
        data = request.get_data(cache=True)
        sizes.append(data.count(b"@"))
        if halves is not None and len(sizes) > 1:
            return halves()
        return reply(400) if any(name in data for name in taken_not) else answer(request, path)

    vars(stand_in)["answer"] = answered
    return sizes


def test_an_address_that_is_not_taken_costs_nobody_else_the_removal(lists: Lists) -> None:
    credentials = wronged()
    listed(lists, "sendgrid", credentials)
    sizes = refuses(lists["sendgrid"], b"p0003@")
    releases, _ = ended(release_incident.begin(credentials))
    assert numbers(of(releases, "sendgrid")) == {"released": MANY - 1, "unknown": 1}
    assert [row["email"] for row in lists["sendgrid"].rows] == ["p0003@example.org"]
    assert told(credentials[3])[-1] == ("sendgrid", "release_unknown", Hindrance.CANNOT_BE_ASKED)
    assert sizes == [30, 15, 15, 7, 8, 3, 4, 2, 2, 1, 1]


def test_a_provider_that_takes_nobody_is_not_asked_of_each(
    lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reachable.rules.release_incident.HALVINGS", 4)
    credentials = wronged()
    listed(lists, "sendgrid", credentials)
    sizes = refuses(lists["sendgrid"], b"@")
    releases, _ = ended(release_incident.begin(credentials))
    assert numbers(of(releases, "sendgrid")) == {"unknown": MANY}
    assert sizes == [30, 15, 15, 7, 8, 7, 8]


def test_a_half_that_is_put_off_comes_again_with_the_other(lists: Lists) -> None:
    credentials = wronged()
    listed(lists, "sendgrid", credentials)
    sizes = refuses(lists["sendgrid"], b"p0003@", halves=lambda: reply(503))
    first = turned(release_incident.begin(credentials))
    assert (numbers(of(first, "sendgrid")), sizes) == ({"to_come": MANY}, [30, 15])


# A line before a provider


def test_brevo_takes_300_an_hour_and_each_profile_says_about_when_its_turn_is(lists: Lists) -> None:
    credentials = wronged(60)
    listed(lists, "brevo", credentials[5:])
    first = turned(release_incident.begin(credentials))
    brevo = of(first, "brevo")
    assert numbers(brevo) == {"to_come": 55, "released": 5}
    assert states(credentials, "brevo") == {"released": 5, "releasing": 55}
    waiting = [holders.standing(c).upstream[0] for c in (credentials[5], credentials[59])]
    assert [one.hindrance for one in waiting] == [Hindrance.IN_LINE, Hindrance.IN_LINE]
    assert [to_the_second(one.retry_after) for one in waiting] == [clock("09:00:12"), clock("09:11")]
    assert to_the_second(brevo.ends_at) == clock("09:11")
    # 25 turns of 12 seconds, all at once when the last has come.
    assert to_the_second(brevo.next_at) == clock("09:04:48")
    assert calls(lists, "brevo") == {"GET /brevo/v3/smtp/blockedContacts": 1}

    # Who is reset by staff meanwhile waits five minutes at most.
    person = Credential(CredentialKind.EMAIL, "person@example.org")
    registers.move(person, Lifting(Lift.STAFF, mark(clock("09:00"), LOWEST_HEX)))
    assert to_the_second(release.credential(person, later())) == clock("09:05")

    releases, turns = ended(first)
    assert turns == 4  # one too early, then 25, 25 and 5
    assert lists["brevo"].rows == []
    assert numbers(of(releases, "brevo")) == {"released": 60}
    assert to_the_second(later()) == clock("09:11")
    assert told(credentials[59])[-2:] == [
        ("brevo", "releasing", Hindrance.IN_LINE),
        ("brevo", "released", None),
    ]


def test_the_list_of_a_slow_account_is_read_again(lists: Lists) -> None:
    credentials = wronged(2)
    listed(lists, "brevo", credentials)
    releases = turned(release_incident.begin(credentials))
    lists["brevo"].rows = [row_brevo(credentials[0], "contactFlaggedAsSpam")]
    later(hours=2)
    releases, _ = ended(releases)
    assert numbers(of(releases, "brevo")) == {"refused": 1, "released": 1}
    assert len(lists["brevo"].rows) == 1


def test_resend_takes_five_calls_a_second_pages_too(lists: Lists, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = wronged(10)
    others = [Credential(CredentialKind.EMAIL, f"other{i}@example.org") for i in range(550)]
    listed(lists, "resend", [*others, *credentials])
    monkeypatch.setattr("reachable.rules.release_incident.FEW", 5)
    with turns_held() as turns:
        releases, _ = ended(release_incident.begin(credentials))
    assert numbers(of(releases, "resend")) == {"released": 10}
    assert calls(lists, "resend") == {
        "GET /resend/suppressions": 6,
        "POST /resend/suppressions/batch/remove": 1,
    }
    # Five pages once the fifth turn has come; the next five turns, then one for the removal.
    assert turns.lasted == pytest.approx(2, abs=0.001)


def test_few_take_a_place_in_the_line_each_and_keep_it(lists: Lists) -> None:
    """Two calls each of five a second: the sixth waits for two seconds, and nobody waits for longer."""
    credentials = wronged(12)
    listed(lists, "resend", credentials)
    first = turned(release_incident.begin(credentials))
    waiting = of(first, "resend").to_come
    assert waiting == 6
    assert states(credentials, "resend") == {"released": 6, "releasing": 6}
    closed = later(seconds=10)  # by then each one's turn has come
    second = turned(first, closed)
    assert numbers(of(second, "resend")) == {"released": 12}
    assert lists["resend"].rows == []
    assert upstream_pace.take(Account("resend"), Limit(calls=5, seconds=1), closed) == closed


def test_numbers_go_one_by_one_by_the_rate_of_their_list(lists: Lists) -> None:
    numbers_ = [Credential(CredentialKind.PHONE, f"+1202555{i:04}") for i in range(MANY)]
    for number in numbers_:
        registers.move(number, Lifting(Lift.STAFF, mark(clock("08:00"), LOWEST_HEX)))
        aftermath.line(number, mark(clock("08:00"), LOWEST_HEX), clock("09:00"))
    lists.set_up("aws_sms")
    row = {"OptedOutTimestamp": YESTERDAY, "OptOutListName": "Default"}
    lists["aws_sms"].rows = [
        row | {"OptedOutNumber": number.address, "EndUserOptedOut": i == 0}
        for i, number in enumerate(numbers_[:12])
    ]
    releases, _ = ended(release_incident.begin(numbers_))
    assert numbers(of(releases, "aws_sms")) == {"released": MANY - 1, "refused": 1}
    assert [row["OptedOutNumber"] for row in lists["aws_sms"].rows] == [numbers_[0].address]
