"""The whole of an incident on the deployed stack: raised by the guard, counted, stopped, started, undone,
while events go on coming in. Nobody holds these addresses, which are treated as all are.

``REACHABLE_INCIDENT`` says of how many: 5,000 take the emulator some ten minutes.
"""

import base64
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import batched
from typing import Any, Final
from uuid import uuid4

import pytest

from reachable.rules import guard as guard_rules
from tests.stack import queues
from tests.stack.queues import entry
from tests.stack.test_incidents import asked, ended
from tools.stack import SENDER, Stack

MANY: Final = int(os.environ.get("REACHABLE_INCIDENT", "600"))
_A_MESSAGE: Final = 50
"""Recipients of one mail, as SES takes them."""
_DEAD: Final = 8
"""Fewer than a leap needs."""
_USUAL: Final = 300
"""Mails that arrived in the weeks before."""


@dataclass(frozen=True)
class Mail:
    """A mail to some addresses, and what SES tells of it."""

    addresses: Sequence[str]
    sent_at: datetime
    told_at: datetime

    def _told(self, type_: str, **more: Any) -> dict[str, Any]:
        mail = {
            "timestamp": _ses(self.sent_at),
            "messageId": str(uuid4()),
            "source": SENDER,
            "destination": list(self.addresses),
        }
        return {"notificationType": type_, "mail": mail, **more}

    def bounce(self) -> dict[str, Any]:
        recipients = [
            {
                "emailAddress": address,
                "action": "failed",
                "status": "5.1.1",
                "diagnosticCode": "smtp; 550 5.1.1 no such user",
            }
            for address in self.addresses
        ]
        told = {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": recipients,
            "timestamp": _ses(self.told_at),
            "feedbackId": str(uuid4()),
        }
        return self._told("Bounce", bounce=told)

    def complaint(self) -> dict[str, Any]:
        told = {
            "complainedRecipients": [{"emailAddress": address} for address in self.addresses],
            "timestamp": _ses(self.told_at),
            "feedbackId": str(uuid4()),
            "complaintFeedbackType": "abuse",
        }
        return self._told("Complaint", complaint=told)

    def delivery(self) -> dict[str, Any]:
        told = {
            "timestamp": _ses(self.told_at),
            "recipients": list(self.addresses),
            "processingTimeMillis": 500,
            "smtpResponse": "250 ok",
        }
        return self._told("Delivery", delivery=told)


def _ses(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ago(**span: float) -> datetime:
    return datetime.now(UTC) - timedelta(**span)


@dataclass(frozen=True)
class World:
    """The domain that fails, and who is there."""

    stack: Stack
    domain: str
    account: str
    """Of its own: a leap keeps the guard quiet of its account for hours."""
    alarms: queues.Ear

    def addresses(self, name: str, many: int) -> list[str]:
        return [f"{name}-{i:04}@{self.domain}" for i in range(many)]

    def tell(self, *told: dict[str, Any]) -> None:
        """What SES tells, on the queue as an entry of ours."""
        for event in told:
            body = base64.b64encode(json.dumps(event).encode()).decode()
            message = entry("ses", body=body) | {"account": self.account}
            self.stack.aws.sqs.send_message(
                QueueUrl=self.stack.queues["delivery-events"], MessageBody=json.dumps(message)
            )

    def bounced(self, addresses: Sequence[str], sent_at: datetime, told_at: datetime) -> None:
        for some in batched(addresses, _A_MESSAGE, strict=False):
            self.tell(Mail(some, sent_at, told_at).bounce())

    def bad(self, addresses: Sequence[str]) -> set[str]:
        """Those of them that the gate stops."""
        found: set[str] = set()
        for some in batched(addresses, 1000, strict=False):
            wish = {"recipients": [{"credential": f"email:{one}", "channel": "email"} for one in some]}
            answer = self.stack.api("POST", "/sends/check", wish, self.stack.token("sends"))
            assert answer.status == 200, answer.body
            results = answer.body["results"]
            found |= {one for one, told in zip(some, results, strict=True) if not told["send"]}
        return found

    def wait_for(self, addresses: Sequence[str], bad: Sequence[str], within: int = 600) -> None:
        """Until just these of them are bad."""
        wanted = set(bad)
        self.stack.wait_until(lambda: self.bad(addresses) == wanted, f"{len(wanted)} to be bad", within)

    def items(self, addresses: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        """All that stands of them, as it stands."""
        return {
            address: self.stack.aws.dynamodb.query(
                TableName=self.stack.tables["credentials"],
                KeyConditionExpression="credential = :c",
                ExpressionAttributeValues={":c": {"S": f"email:{address}"}},
                ConsistentRead=True,
            )["Items"]
            for address in addresses
        }


@pytest.fixture
def world(stack: Stack) -> Iterator[World]:
    """A domain with a past of mails that arrived, and a queue on which the alarms are heard."""
    with queues.alarms(stack) as ear:
        name = f"december-{uuid4().hex[:8]}"
        made = World(stack, f"{name}.example.org", name, ear)
        for some in batched(made.addresses("usual", _USUAL), _A_MESSAGE, strict=False):
            made.tell(Mail(some, ago(days=12), ago(days=12)).delivery())
        stack.wait_until(lambda: _sent(made) >= guard_rules.OWN_PAST, "the weeks before")
        yield made


def _sent(world: World) -> int:
    """How many messages to the domain are known."""
    answer = world.stack.api("GET", "/statistics?by=domain", token=world.stack.token("user_manager"))
    return sum(row["sent"] for row in answer.body["items"] if row["domain"] == world.domain)


def heard(world: World) -> str:
    """The guard's alarm about this domain."""

    def found() -> str | None:
        body = world.alarms.of(world.domain)
        return str(json.loads(body)["Message"]) if body else None

    return world.stack.wait_until(found, "the guard's alarm")


def test_an_incident_is_raised_counted_stopped_started_and_undone_while_events_go_on(world: World) -> None:
    stack = world.stack
    wrong, dead = world.addresses("wrong", MANY), world.addresses("dead", _DEAD)
    complained, again = world.addresses("complained", 10), world.addresses("again", 30)
    everybody = [*wrong, *dead, *complained, *again]

    # Before: some are dead, which is told long before the window.
    world.bounced(dead, ago(days=3), ago(days=3))
    world.wait_for(dead, dead)
    outside = world.items(dead)

    # The domain fails in the middle of a sending; the guard says so while it goes on.
    world.bounced([*wrong, *complained, *again], ago(seconds=30), ago(seconds=20))
    raised = _raised(world)
    for one in complained:  # of several that are named at once it could be anybody's
        world.tell(Mail([one], ago(seconds=40), ago(seconds=5)).complaint())
    world.wait_for(everybody, everybody)
    stack.wait_until(lambda: _events(world, complained) == 2 * len(complained), "the complaints")
    _bounced_again(world, again)

    counted = _counted(world, raised, MANY + 40)
    # Those that bounced again are of the window, too: it has no end, and was counted after.
    assert counted["counts"]["outcome"] == {"reset": MANY + 30, "left_alone": 10}
    assert counted["counts"]["domain"] == {world.domain: MANY + 30}
    assert len(counted["examples"]) == 10
    assert world.bad(everybody) == set(everybody)

    late = wrong[:40]
    outcome = _run_halfway_and_on(world, raised, late)
    assert outcome["reset"] + outcome["left_alone"] == MANY + 40
    world.wait_for(everybody, [*late, *dead, *complained])
    assert world.items(dead) == outside

    # The undo is undone: as before, and what bounced meanwhile stays closed.
    asked(stack, "POST", f"/resets/{raised}/undo")
    undone = ended(stack, raised, 900)
    assert undone["state"] == "undone", undone
    assert undone["undo"]["counts"]["outcome"] == {"restored": outcome["reset"]}
    world.wait_for(everybody, everybody)
    assert world.items(dead) == outside


def _raised(world: World) -> str:
    """The incident that the guard has saved of this domain, and tells of."""
    alarm = heard(world)
    assert "docs/runbooks/incidents.md" in alarm
    [raised] = [
        one
        for one in asked(world.stack, "GET", "/resets?limit=200")["items"]
        if (one["where"] or {}).get("domain") == world.domain
    ]
    assert (raised["by"], raised["state"], raised["actions"]) == ("system:guard", "raised", ["count"])
    assert raised["id"] in alarm
    return str(raised["id"])


def _counted(world: World, incident: str, many: int) -> dict[str, Any]:
    """Counted until all stand on the lists, which follow a storm by a while."""

    def whole() -> dict[str, Any] | None:
        asked(world.stack, "POST", f"/resets/{incident}/count")
        counted = ended(world.stack, incident, 600)
        assert counted["state"] == "counted", counted
        return counted if sum(counted["counts"]["outcome"].values()) >= many else None

    return world.stack.wait_until(whole, "all to be counted", 900)


def _bounced_again(world: World, addresses: Sequence[str]) -> None:
    """Of a later message, before anybody counts."""
    before = _events(world, addresses)
    world.bounced(addresses, ago(seconds=1), ago(seconds=0))
    wanted = before + len(addresses)
    world.stack.wait_until(lambda: _events(world, addresses) == wanted, "the later bounces")


def _run_halfway_and_on(world: World, incident: str, late: Sequence[str]) -> dict[str, int]:
    """Started, stopped where it has begun, and started again; some bounce of what is sent meanwhile."""
    stack = world.stack
    asked(stack, "POST", f"/resets/{incident}/start")

    def begun() -> bool:
        run = asked(stack, "GET", f"/resets/{incident}")["run"]
        return bool(run and run["parts_done"])

    stack.wait_until(begun, "the first part", 300)
    stopping = stack.api("POST", f"/resets/{incident}/stop", token=stack.token("user_manager"))
    assert stopping.status in (202, 409)  # a small one may be through
    world.bounced(late, ago(seconds=0), ago(seconds=0))
    if stopping.status == HTTPStatus.ACCEPTED:
        stopped = ended(stack, incident, 600)
        assert stopped["state"] in ("stopped", "done"), stopped
        if stopped["state"] == "stopped":
            assert stopped["run"]["counts"]["outcome"]["reset"] > 0
            asked(stack, "POST", f"/resets/{incident}/start")
    done = ended(stack, incident, 900)
    assert done["state"] == "done", done
    found: dict[str, int] = {"left_alone": 0, **done["run"]["counts"]["outcome"]}
    return found


def _events(world: World, addresses: Sequence[str]) -> int:
    return sum(
        item["item"]["S"].startswith("event#") for items in world.items(addresses).values() for item in items
    )
