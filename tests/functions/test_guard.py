"""The guard: a leap of bounces is told within the invocation that counts it, once, with a saved incident."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from reachable import aws as reachable_aws
from reachable.flows import guard
from reachable.log import metrics
from reachable.model.credential import Credential
from reachable.model.guard import Open, Place
from reachable.model.incident import IncidentState, Where
from reachable.rules import statistics as statistics_rules
from reachable.store import dynamodb, statistics
from reachable.store import guard as stored
from reachable.store.runs import incidents
from tests.builders import DAY, clock
from tests.functions.test_delivery_events import deliver, in_force, twilio
from tests.functions.test_messages import alarms
from tests.functions.wire import cut_off, overheard

Body = dict[str, Any] | str


@pytest.fixture(autouse=True)
def at_nine(aws: None) -> Iterator[time_machine.Traveller]:
    """It is five past nine; three weeks went well."""
    for week in statistics_rules.weeks_before(DAY.date())[-3:]:
        for by, name, sent in (
            ("provider", "ses", 5_000),
            ("domain", "gmail.com", 3_000),
            ("provider", "twilio", 500),
        ):
            statistics.count(by, week, name, {"sent": sent}, clock("09:00"))
        statistics.count("guard", week, "domain:gmail.com", {"bounced": 21}, clock("09:00"))
        statistics.count("guard", week, "account:ses", {"bounced": 35}, clock("09:00"))
    with time_machine.travel(clock("09:05"), tick=False) as traveller:
        yield traveller


def mail(number: int, domain: str = "gmail.com", sent: str = "09:00", **told: Any) -> dict[str, Any]:
    """What SES tells of a message: that it is sent, or that it came back."""
    of_it = {"timestamp": clock(sent).isoformat(), "messageId": f"m{number}", "destination": []}
    return {"mail": of_it | {"destination": [f"a{number}@{domain}"]}} | told


def bounce(number: int, domain: str = "gmail.com", sent: str = "09:00") -> dict[str, Any]:
    """Word for word what Gmail answered."""
    recipient = {
        "emailAddress": f"a{number}@{domain}",
        "status": "5.1.1",
        "diagnosticCode": "smtp; 550 5.1.1 The email account that you tried to reach does not exist.",
    }
    told = {
        "bounceType": "Permanent",
        "bounceSubType": "NoEmail",
        "timestamp": (clock(sent) + timedelta(seconds=2)).isoformat(),
        "feedbackId": f"f{number}",
        "bouncedRecipients": [recipient],
    }
    return mail(number, domain, sent, eventType="Bounce", bounce=told)


def sent(number: int, domain: str = "gmail.com", at: str = "09:00") -> dict[str, Any]:
    return mail(number, domain, at, eventType="Send", send={})


def tell(*bodies: Body, received: str = "09:05") -> None:
    """In invocations of ten."""
    for i in range(0, len(bodies), 10):
        assert deliver(*bodies[i : i + 10], received=received) == []


def leap(first: int = 0, sent: str = "09:00", received: str = "09:05") -> None:
    tell(*(bounce(number, sent=sent) for number in range(first, first + 12)), received=received)


def saved() -> list[tuple[str, Where | None]]:
    return [(incident.by, incident.where) for incident in incidents.latest(10)]


@contextmanager
def another_worker() -> Iterator[None]:
    """It knows nothing but what is written down."""
    guard.forget()
    yield


def test_a_leap_at_a_domain_is_told_once_and_saved_as_an_incident() -> None:
    tell(*(sent(number, "yahoo.com") for number in range(100, 130)))
    leap()
    [(subject, text)] = alarms()
    assert subject == "Reachable: more bounces than usual (a receiving domain)"
    assert "At gmail.com, by ses: 10 of 10 messages have bounced for good (100%), of those" in text
    assert "Usual is 0.7%, of 9,000 messages in the 3 weeks before." in text
    [incident] = incidents.latest(10)
    assert f"Saved as incident {incident.id}:" in text
    assert (incident.state, incident.by, incident.times) == (
        IncidentState.RAISED,
        "system:guard",
        {IncidentState.RAISED: clock("09:05")},
    )
    assert incident.where == Where(from_=clock("08:50"), domain="gmail.com")
    with another_worker():
        leap(first=20)
    assert alarms() == []
    assert len(incidents.latest(10)) == 1
    assert in_force(Credential.of_key("email:a1@gmail.com")) == ["bounce@email"]


def test_where_all_mail_comes_back_it_is_the_account_s_leap() -> None:
    tell(*(bounce(n, domain) for n in range(15) for domain in ("gmail.com", f"d{n % 5}.example")))
    [(subject, _)] = alarms()
    assert subject == "Reachable: more bounces than usual (a provider's code)"
    assert saved() == [
        ("system:guard", Where(from_=clock("08:50"), provider="ses", code="Permanent/NoEmail")),
    ]


def told_at_another(domain: str, *, since: str, until: str, at: str) -> None:
    """A domain's leap was told, as postmark's."""
    other = Open(
        quiets=Place(domain=domain),
        account="postmark",
        since=clock(since),
        incident_id="i",
        until=clock(until),
        claimed_until=clock(at) + timedelta(minutes=1),
        is_told=False,
    )
    claimed = stored.claim(other, clock(at))
    assert claimed is not None
    stored.note_told(other, claimed)


def test_a_leap_by_another_account_makes_no_account_s_of_this_one() -> None:
    told_at_another("yahoo.com", since="01:00", until="23:00", at="09:05")
    leap()
    assert saved() == [("system:guard", Where(from_=clock("08:50"), domain="gmail.com"))]


def test_a_code_that_is_misread_is_named() -> None:
    texts = [
        f"MessageSid=SM{n}&MessageStatus=undelivered&ErrorCode=30003&To=%2B1202555{n:04}" for n in range(12)
    ]
    found = [text.replace("30003", "30005") for text in texts]
    tell(*map(twilio, found))
    assert saved() == [("system:guard", Where(from_=clock("08:55"), provider="twilio", code="30005"))]


def test_ten_bounces_of_many_are_no_leap() -> None:
    tell(*(sent(number) for number in range(100, 170)), *(bounce(number) for number in range(10)))
    assert (alarms(), saved()) == ([], [])


def test_what_has_no_past_is_not_judged() -> None:
    tell(*(bounce(number, "closed.example") for number in range(7)))
    assert alarms() == []


def test_an_event_that_comes_again_counts_once() -> None:
    for _ in range(4):
        tell(*(bounce(number) for number in range(6)))
    assert alarms() == []


def test_only_who_counts_a_bounce_reads_anything() -> None:
    with overheard(dynamodb.client(), "BatchGetItem") as asked:
        tell(*(sent(number) for number in range(30)))
    assert [one for one in asked if "guard#" in str(one)] == []
    with overheard(dynamodb.client(), "BatchGetItem") as asked:
        tell(bounce(1))
    [read] = [one for one in asked if "guard#" in str(one)]
    # A domain, its account and a code, of three hours, from four partitions.
    assert len(read["RequestItems"]["messages"]["Keys"]) == 3 * 3 * 4


def test_a_leap_that_is_open_costs_nothing_more() -> None:
    leap()
    with overheard(dynamodb.client(), "BatchGetItem") as asked:
        tell(*(bounce(number) for number in range(50, 70)))
    assert [one for one in asked if "guard#" in str(one)] == []


def test_an_alarm_that_cannot_be_told_is_left_to_the_metric_and_told_a_minute_later(
    at_nine: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "false")
    metrics.clear_metrics()
    with cut_off(reachable_aws.client("sns"), "Publish"):
        leap()
    assert '"AlarmsNotTold":[1.0]' in capsys.readouterr().out
    assert "alarm_not_told" in caplog.messages
    [incident] = incidents.latest(10)
    leap(first=20)
    assert alarms() == []  # who saw it may still be about to
    at_nine.move_to(clock("09:06:00.5"))
    leap(first=40)
    [(_, text)] = alarms()
    assert f"Saved as incident {incident.id}:" in text
    assert '"LeapsSeen":[1.0]' in capsys.readouterr().out
    assert len(incidents.latest(10)) == 1


def test_a_leap_that_cannot_be_noted_as_told_is_told_again(
    at_nine: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    with cut_off(dynamodb.client(), "UpdateItem", "is_told"):
        leap()
    assert "alarm_not_noted" in caplog.messages
    at_nine.move_to(clock("09:07"))
    with another_worker():
        leap(first=20)
    assert len(alarms()) == 2
    assert len(incidents.latest(10)) == 1


def test_after_six_hours_it_is_told_again_by_what_was_sent_since(at_nine: time_machine.Traveller) -> None:
    leap()
    at_nine.move_to(clock("15:06"))
    leap(first=20, sent="09:03", received="15:06")  # a mail server thought about it for hours
    assert len(alarms()) == 1
    leap(first=40, sent="15:05:10", received="15:06")
    [(_, text)] = alarms()
    assert "from 2026-09-14 15:05:00 UTC on" in text
    assert [where and where.from_ for _, where in saved()] == [clock("14:55"), clock("08:50")]


def test_what_is_told_days_later_is_judged_by_when_it_was_sent(at_nine: time_machine.Traveller) -> None:
    """A reader was mended, and the dead letters come back."""
    at_nine.move_to(clock("09:05") + timedelta(days=3))
    tell(*(bounce(number) for number in range(12)))
    [(_, text)] = alarms()
    assert "from 2026-09-14 09:00:00 UTC on" in text


def test_what_fails_now_beside_what_failed_days_ago_is_two_alarms_and_no_more(
    at_nine: time_machine.Traveller,
) -> None:
    at_nine.move_to(clock("81:05"))
    for number in range(30):
        tell(bounce(number), bounce(100 + number, sent="81:00"), received="81:05")
    assert len(alarms()) == 2
    begun = [where.from_ for _, where in saved() if where is not None]
    assert sorted(begun) == [clock("08:50"), clock("80:50")]


@pytest.mark.parametrize(
    ("operation", "word", "event"),
    [
        ("UpdateItem", "guard#domain", "leaps_not_counted"),
        ("BatchGetItem", "guard#domain", "leaps_not_judged"),
        ("Query", '"guard"', "leaps_not_judged"),
        ("PutItem", "claimed_until", "leaps_not_judged"),
    ],
)
def test_what_cannot_be_counted_or_judged_fails_nothing_that_blocks(
    operation: str, word: str, event: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = dynamodb.client_of_one_attempt() if operation == "UpdateItem" else dynamodb.client()
    with cut_off(client, operation, word):
        leap()
    assert event in caplog.messages
    assert in_force(Credential.of_key("email:a11@gmail.com")) == ["bounce@email"]


def test_a_bug_of_the_guard_brings_no_event_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    dynamodb.add("messages", {"entity": "guard#domain:gmail.com#0", "item": "2026-09-14T09"}, {"zzzz": 1}, 1)
    leap()
    assert "leaps_not_judged" in caplog.messages


def test_of_two_workers_that_see_a_leap_at_once_one_tells() -> None:
    opened = _open()
    assert stored.claim(opened, clock("09:05")) is not None
    assert stored.claim(opened, clock("09:05")) is None


def test_a_claim_whose_answer_is_lost_finds_itself() -> None:
    attempts: list[int] = []

    def again(**_: Any) -> Any:
        attempts.append(1)
        return 0.0 if len(attempts) == 1 else None

    events = dynamodb.client().meta.events
    events.register_first("needs-retry.dynamodb.PutItem", again)
    mark = stored.claim(_open(), clock("09:05"))
    events.unregister("needs-retry.dynamodb.PutItem", again)
    assert len(attempts) == 2
    assert mark is not None
    stored.note_told(_open(), mark)
    assert [leap.is_told for leap in stored.leaps()] == [True]


def test_who_took_too_long_to_tell_notes_nothing_in_another_s_place() -> None:
    late = stored.claim(_open(), clock("09:05"))
    assert stored.claim(_open(), clock("09:06")) is not None
    assert late is not None
    stored.note_told(_open(), late)
    assert [leap.is_told for leap in stored.leaps()] == [False]


def test_an_hour_of_a_place_is_one_item_of_numbers_and_ends_after_a_month() -> None:
    tell(sent(1, at="09:07:59"), bounce(1, sent="09:07:59"), sent(2, at="09:08"), received="09:09")
    items = [
        dynamodb.of_wire(item)
        for item in dynamodb.client().scan(TableName="messages")["Items"]
        if item["entity"]["S"].startswith("guard#domain:gmail.com#")
    ]
    [item] = items
    assert item.pop("expires_at") == int((clock("09:05") + timedelta(days=32)).timestamp())
    assert item.pop("entity")[:-1] == "guard#domain:gmail.com#"
    assert item == {"item": "2026-09-14T09", "s07b": 1, "b07b": 1, "s08a": 1}


def test_no_address_and_no_domain_stands_in_a_log_line(caplog: pytest.LogCaptureFixture) -> None:
    leap()
    told = " ".join(str(record.__dict__) for record in caplog.records)
    assert "leap_seen" in told
    assert "gmail" not in told


def _open() -> Open:
    return Open(
        quiets=Place(domain="gmail.com"),
        account="ses",
        since=clock("08:50"),
        incident_id="i1",
        until=clock("15:05"),
        claimed_until=clock("09:06"),
        is_told=False,
    )
