"""Attacks on an incident's releases in bulk (issue 28)."""

from contextlib import suppress
from typing import Any

import pytest

from reachable import upstream as providers
from reachable.buckets import incidents as bucket
from reachable.flows import apply, release_incident, reset_incident
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Kind
from reachable.model.errors import Changed
from reachable.model.incident import Incident, IncidentState
from reachable.rules import status as status_rules
from reachable.store.credentials import holders
from reachable.store.runs import incidents
from tests.builders import clock, delivery_event
from tests.functions import aftermath
from tests.functions.clocks import later
from tests.functions.conftest import at_nine
from tests.functions.lists import Lists
from tests.functions.test_release_incident import (
    MANY,
    ROWS,
    ended,
    listed,
    lists,
    numbers,
    of,
    row_ses,
    turned,
    wronged,
)
from tools.stand_ins.stand_in import Ordered, reply

__all__ = ["at_nine", "lists"]
pytestmark = pytest.mark.usefixtures("at_nine")


def test_a_complaint_on_the_list_since_it_was_read_is_not_opened(lists: Lists) -> None:
    """Read at 09:00, nobody listed. At 09:10 one complains there, told as a refusal. The lot comes at 09:40.

    From the old reading the address is 'free': lift.release then opens suppressed+complaint.
    """
    credentials = wronged()
    listed(lists, "sendgrid", [])
    read = turned(release_incident.begin(credentials), most=2)
    assert of(read, "sendgrid").to_come == MANY
    lists["sendgrid"].rows = [
        {
            "list": "spam_reports",
            "email": credentials[0].address,
            "created": clock("09:09").timestamp(),
            "ip": "x",
        }
    ]
    later(minutes=10)
    refused = delivery_event(
        address=credentials[0].address,
        event_id="2",
        provider="sendgrid",
        kind=Kind.COMPLAINED,
        cause=Cause.PROVIDER_SUPPRESSED,
        sent_at=clock("09:09"),
        occurred_at=clock("09:10"),
    )
    apply.events([refused], clock("09:10"))
    before = [str(b.register) for b in status_rules.blocks(holders.standing(credentials[0]).status)]
    assert len(before) == 1
    later(minutes=30)
    ended(read)
    after = [str(b.register) for b in status_rules.blocks(holders.standing(credentials[0]).status)]
    assert after == before


def test_one_who_begins_with_a_plus_is_somebody_else(lists: Lists) -> None:
    """+p0000@example.org is another person's mailbox than p0000@example.org."""
    credentials = wronged()
    other = Credential(CredentialKind.EMAIL, "+p0000@example.org")
    listed(lists, "sendgrid", [other])
    ended(release_incident.begin(credentials))
    assert lists["sendgrid"].rows == [ROWS["sendgrid"](other)]


def test_a_domain_spelled_by_its_letters_is_the_same(lists: Lists) -> None:
    """Ours is xn--mnchen-3ya.example; the list shows it by its letters. It is not said to be free."""
    credentials = [Credential(CredentialKind.EMAIL, f"u{i:04}@xn--mnchen-3ya.example") for i in range(MANY)]
    aftermath.bounced(credentials)
    aftermath.reset(credentials, clock("09:00"))
    lists.set_up("ses")
    spelled = [c.address.replace("xn--mnchen-3ya", "münchen") for c in credentials]
    lists["ses"].rows = [row_ses(credentials[0], EmailAddress=address) for address in spelled]
    releases, _ = ended(release_incident.begin(credentials))
    assert numbers(of(releases, "ses")).get("released", 0) == 0 or lists["ses"].rows == []


def test_a_complaint_put_on_the_list_since_it_was_read_stays_there(lists: Lists) -> None:
    """Read at 09:00 as a bounce; at 09:20 it is a complaint there (of another system's mail: no event of
    ours); the removal comes at 09:50. Look, then remove (upstream.md 0.1)."""
    credentials = wronged()
    listed(lists, "ses", credentials)
    read = turned(release_incident.begin(credentials), most=2)
    assert of(read, "ses").to_come == MANY
    lists["ses"].rows[0] |= {"Reason": "COMPLAINT", "LastUpdateTime": clock("09:20").timestamp()}
    later(minutes=50)
    ended(read)
    assert [row["EmailAddress"] for row in lists["ses"].rows] == [credentials[0].address]


def test_one_address_that_a_provider_refuses_costs_nobody_else_the_release(lists: Lists) -> None:
    """A bulk request of which it does not take one address."""
    credentials = wronged()
    listed(lists, "sendgrid", credentials)
    stand_in = lists["sendgrid"]
    answer = stand_in.answer

    def answered(request: Any, path: str) -> Any:
        if request.method == "DELETE" and b"p0003@" in request.get_data(cache=True):
            return reply(400, {"errors": [{"message": "invalid email p0003"}]})
        return answer(request, path)

    vars(stand_in)["answer"] = answered
    releases, _ = ended(release_incident.begin(credentials))
    assert numbers(of(releases, "sendgrid")).get("released", 0) >= MANY - 1


STATES_A_TURN = 9
"""Events of Wait, Release, 'What is next?': 2, 5, 2."""


def _loops(releases: Any, most: int) -> int:
    """As the state machine and its function come again: between 5 and 900 seconds."""
    for i in range(1, most + 1):
        now = later()
        releases = turned(releases, now)
        if releases.is_done:
            return i
        again = releases.next_at or now
        later(seconds=min(max(int((again - now).total_seconds()), 5), 900))
    return most


def test_a_provider_that_says_tomorrow_does_not_end_the_execution(lists: Lists) -> None:
    """25,000 events an execution (Step Functions' quotas): then it fails, and no Catch sees it."""
    credentials = wronged(1)
    lists.set_up("sendgrid")
    lists["sendgrid"].ordered = [Ordered(429, headers={"retry-after": "86400"}) for _ in range(100)]
    loops = _loops(release_incident.begin(credentials), 3000)
    assert loops * STATES_A_TURN < 25_000


def test_twenty_thousand_at_brevo_do_not_end_the_execution(lists: Lists) -> None:
    """300 an hour: 100 of them are played; 200 times as many take 200 times as long."""
    credentials = wronged(100)
    listed(lists, "brevo", credentials)
    loops = _loops(release_incident.begin(credentials), 3000)
    assert loops * STATES_A_TURN * 200 < 25_000


def _running(execution: str = "e1") -> Incident:
    incidents.put(
        Incident(
            id=aftermath.INCIDENT,
            state=IncidentState.RUNNING,
            by="staff",
            execution=execution,
            times={IncidentState.RUNNING: clock("09:00")},
        )
    )
    found = incidents.known(aftermath.INCIDENT)
    assert found is not None
    return found


def test_a_stop_is_heeded_within_a_turn(lists: Lists, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody stops it while a turn reads the list; a turn lasts up to 13 minutes, and looks at no stop."""
    credentials = wronged()
    listed(lists, "sendgrid", credentials)
    running = _running()
    bucket.put_releases(running.id, release_incident.begin(credentials).to_json())
    real = providers.entries
    seen: list[int] = []

    def stopped_first(*args: Any) -> Any:
        if not seen:
            seen.append(1)
            incidents.move(running.id, [IncidentState.RUNNING], IncidentState.STOPPING, clock("09:00"))
        return real(*args)

    monkeypatch.setattr(providers, "entries", stopped_first)
    monkeypatch.setattr(reset_incident, "_LOOKED_FOR_SECONDS", 0)  # no time passes here
    reset_incident.release(running, later(), lambda: True)
    known = incidents.known(running.id)
    assert known is not None
    assert (known.state, len(lists["sendgrid"].rows)) == (IncidentState.STOPPED, MANY)


def test_a_turn_of_an_execution_that_is_over_writes_over_nothing(
    lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An execution was ended by hand while its function still works; started again, the run resets two more,
    and puts down what it has to release. The first one's turn ends then, and puts its own in its place."""
    credentials = wronged()
    listed(lists, "sendgrid", credentials)
    running = _running()
    first = release_incident.begin(credentials[:-2])
    bucket.put_releases(running.id, first.to_json())
    real = providers.entries
    seen: list[int] = []

    def another_first(*args: Any) -> Any:
        if not seen:
            seen.append(1)
            incidents.move(
                running.id, [IncidentState.RUNNING], IncidentState.RUNNING, clock("09:01"), execution="e2"
            )
            bucket.put_releases(running.id, release_incident.begin(credentials).to_json())
        return real(*args)

    monkeypatch.setattr(providers, "entries", another_first)
    with suppress(Changed):
        reset_incident.release(running, later(), lambda: True)
    newest = incidents.known(running.id)
    assert newest is not None
    assert newest.execution == "e2"
    while reset_incident.release(newest, later(minutes=2), lambda: True) is not None:
        pass
    assert lists["sendgrid"].rows == []
