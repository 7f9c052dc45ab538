"""The raw archive read with today's tables: what they would not close is saved, counted and freed."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pytest
import time_machine

from reachable.flows import apply, compare_archive
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause
from reachable.queues import delivery_events
from reachable.queues.delivery_events import Entry
from reachable.store import dynamodb
from reachable.store.credentials import history
from tests.builders import clock, delivery_event
from tests.functions import incidents
from tests.functions.district import ADA, FAR, PENDING
from tests.functions.incidents import act, move, shown, work
from tests.functions.streams import reacting

pytestmark = pytest.mark.usefixtures("at_nine", "bus", "state_machine")

SAMPLES: Final = Path("tests/samples/postmark")
TODAY: Final = date(2026, 9, 14)
EMAILS: Final = {
    name: user.credentials[CredentialKind.EMAIL].address
    for name, user in (("ada", ADA), ("far", FAR), ("penny", PENDING))
}
"""As the provider names them."""


def came(*told: tuple[str, str], raw: str = "raw/2026/09/14/1.jsonl", archived: bool = True) -> None:
    """Posts of Postmark, each a sample about somebody, that an older dialect took for bounces for good."""
    entries, events = [], []
    for name, who in told:
        sample = (SAMPLES / f"{name}.json").read_text()
        text = re.sub("ada@example.com", EMAILS[who], sample, flags=re.IGNORECASE)
        entries.append(Entry(provider="postmark", received_at=clock("09:00"), body=text.encode()))
        [id_] = [line.split(":")[1].strip(" ,") for line in text.splitlines() if '"ID"' in line]
        events.append(
            delivery_event(
                provider="postmark",
                address=EMAILS[who],
                event_id=id_,
                cause=Cause.INVALID_ADDRESS,
                occurred_at=clock("08:59"),
                sent_at=clock("08:58"),
            )
        )
    with reacting():
        assert apply.events(events, clock("09:00"), raw=raw).failed is None
    if archived:
        delivery_events.archive(raw, entries)


def of(who: str) -> Credential:
    return Credential.of_key(f"email:{EMAILS[who]}")


def in_force(who: str) -> list[str]:
    return incidents.in_force(of(who))


def compared(days: list[date] | None = None, provider: str | None = None) -> Any:
    return compare_archive.compare(days or [TODAY], provider)


def test_what_today_s_tables_would_not_close_is_freed_by_the_same_run(
    at_nine: time_machine.Traveller,
) -> None:
    came(("blocked", "ada"), ("hard-bounce", "far"), ("dmarc-policy", "penny"))
    found = compared()
    assert dict(found.counts) == {"free": 2, "same": 1}
    assert set(found.free) == {of("ada"), of("penny")}
    assert found.otherwise == {}
    assert [in_force(who) for who in EMAILS] == [["bounce@email"]] * 3  # it frees nobody itself

    move(at_nine, 60)
    incident_id = compare_archive.save(found, [TODAY], "postmark", "Mended.", datetime.now(UTC))
    raised = shown(incident_id)
    assert (raised["state"], raised["events"], raised["by"], raised["actions"]) == (
        "raised",
        2,
        "system:replay",
        ["count"],
    )
    assert incidents.api("POST", f"/resets/{incident_id}/count").status == 202
    work(incident_id)
    assert shown(incident_id)["counts"]["outcome"] == {"reset": 2}
    act(incident_id, "start")
    assert [in_force(who) for who in EMAILS] == [[], ["bounce@email"], []]
    assert [item.note for item in history.of(of("ada")) if item.kind.value == "reset"] == ["Mended."]
    assert compared().free == {}


def test_who_has_bounced_rightly_too_is_left_alone(at_nine: time_machine.Traveller) -> None:
    came(("blocked", "ada"), ("hard-bounce", "far"))
    with reacting():
        apply.events([delivery_event(event_id="true", occurred_at=clock("08:00"))], clock("09:00"))
    found = compared()
    assert set(found.free) == {of("ada")}
    move(at_nine, 60)
    incident_id = compare_archive.save(found, [TODAY], None, "Mended.", datetime.now(UTC))
    incidents.api("POST", f"/resets/{incident_id}/count")
    work(incident_id)
    assert shown(incident_id)["counts"]["outcome"] == {"left_alone": 1}


@pytest.mark.parametrize(
    ("days", "provider", "counts"),
    [
        ([TODAY], None, {"free": 1}),
        ([TODAY], "postmark", {"free": 1}),
        ([TODAY], "ses", {}),
        ([date(2026, 9, 13)], None, {}),
        ([date(2026, 9, 13), TODAY], None, {"free": 1}),
    ],
)
def test_it_compares_what_came_on_those_days_from_whom_it_is_asked(
    days: list[date], provider: str | None, counts: dict[str, int]
) -> None:
    came(("blocked", "ada"))
    assert dict(compared(days, provider).counts) == counts


def test_what_is_not_kept_any_more_is_counted_and_nobody_s_to_free() -> None:
    came(("blocked", "ada"), archived=False)
    found = compared()
    assert (dict(found.counts), found.free) == ({"gone": 1}, {})


def test_what_nobody_can_read_today_frees_nobody() -> None:
    came(("blocked", "ada"), archived=False)
    broken = Entry(provider="postmark", received_at=clock("09:00"), body=b"{")
    delivery_events.archive("raw/2026/09/14/1.jsonl", [broken])
    found = compared()
    assert (dict(found.counts), found.free) == ({"unreadable": 1}, {})


def test_that_it_was_saved_stands_in_the_audit() -> None:
    came(("blocked", "ada"))
    incident_id = compare_archive.save(compared(), [TODAY], None, "Mended.", clock("09:30"))
    [record] = map(dynamodb.of_wire, dynamodb.scan("audit"))
    assert (record["act"], record["by"], record["details"]) == (
        "saved_incident",
        "system:replay",
        {"incident": incident_id, "note": "Mended."},
    )
