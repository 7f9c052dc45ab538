"""The school on the stage: what people, clients, providers and queues do there, and what was seen of it.

Everything goes by the handlers, as in Lambda, and what is read afterwards is read raw from the tables.
"""

import base64
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, override

import boto3

from reachable.model.people import User
from tests.functions import district
from tests.functions.api import Answer, call
from tests.functions.district import ADA, COMMUNICATIONS, CONTEXT, Context
from tests.interleavings import wire
from tests.interleavings.process import Process
from tests.interleavings.schedule import Act, Call, Choose, Played, play
from tests.interleavings.wire import Item, Provider, Snapshot, Wire

MACHINE: Final = {"token_use": "access", "scope": "reachable/sends"}
QUEUES: Final = ("outbound-urgent", "outbound")
"""Those that feed dispatch."""
LATER_SECONDS: Final = 20 * 60
"""Longer than any claim lasts, and than the queue hides a message or delays one."""
_HIDDEN_SECONDS: Final = 600
_ROUNDS: Final = 5
_ENVIRONMENT: Final = {
    "HOLD_MINIMUM": "2",
    "HOLD_BOUNCE_SHARE": "0.5",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
    "RAW_RETENTION_DAYS": "0",  # an archive that nobody reads is no part of a race
}


class _LongContext(Context):
    """Of a function that may run for 15 minutes."""

    @override
    def get_remaining_time_in_millis(self) -> int:
        return 900_000


_LONG: Final[Any] = _LongContext()


type Told = str | tuple[str, str]
"""Of which message something is told: our id of it, or the provider's and the credential."""


class ComesAgain(Exception):
    """It was not done, and whoever asked for it asks again: a queue, or a client that was answered a 5xx."""


@cache
def _processes() -> tuple[Process, ...]:
    """One for each act of a scenario; made once, since importing all takes a second."""
    return tuple(Process(_ENVIRONMENT) for _ in range(4))


@dataclass(slots=True)
class Moment:
    """How the tables stand after a turn: registers by credential, and the times of each message."""

    act: str
    registers: dict[str, dict[str, str]]
    times: dict[str, dict[str, str]]


@dataclass(slots=True)
class Seen:
    """What one run gave, for the invariants to judge.

    Of the events that were applied, ``blamed`` are the credentials that they close. ``perhaps`` are those
    besides that may be closed: of who died at it, and where a forwarded mail bounced. ``told`` is what they
    say of messages.
    """

    provider: Provider
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    moments: list[Moment] = field(default_factory=list)
    blamed: set[str] = field(default_factory=set)
    perhaps: set[str] = field(default_factory=set)
    told: dict[Told, set[str]] = field(default_factory=dict)
    played: Played | None = None

    def span(self, act: str) -> list[Moment]:
        """The moments from before an act began to where it ended."""
        turns = [n for n, moment in enumerate(self.moments) if moment.act == act]
        return self.moments[turns[0] - 1 : turns[-1] + 1] if turns else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is done side by side, and what must have become of messages, by dedup id, at the end of it.

    ``ends`` are for who does not die; ``pages`` the people whose profile must agree with their messages.
    """

    acts: Sequence[Act]
    ends: Mapping[str, str] = field(default_factory=dict)
    pages: Sequence[User] = ()
    afterwards: Callable[[], object] = lambda: None


class School:
    """A district in moto's tables, and its acts."""

    def __init__(self, plugged: Wire) -> None:
        self.wire = plugged
        self.seen = Seen(plugged.provider)
        self._sqs = boto3.client("sqs")
        self._before: tuple[Snapshot, Seen, datetime] | None = None
        district.import_()

    # What is done. Each gives an act; ``at_once`` does it before the curtain.

    def at_once(self, act: Act) -> None:
        """Do it as part of what has been before."""
        with _processes()[0]:
            act.run()

    def asks(self, name: str, *messages: Mapping[str, Any]) -> Act:
        """A sending system asks for messages, and asks again where it gets no answer."""
        body = {"messages": list(messages)}
        return self._calls(name, "messages", "POST", "/messages", MACHINE, body, repeats=True)

    def works(self, name: str) -> Act:
        """A dispatch worker takes what waits on the queues; what it fails to do comes again by itself."""

        def run() -> None:
            for queue in QUEUES:
                if wire.waiting(queue):
                    self._work_off(queue)

        return Act(name, run, ready=lambda: any(map(wire.waiting, QUEUES)))

    def dispatches(self, name: str, body: str) -> Act:
        """A dispatch worker has this message from the queue, which another may have too."""

        def run() -> None:
            if self._handle("dispatch", [_record(body)]):
                raise ComesAgain

        return Act(name, run, repeats=True)

    def sweeps(self, name: str) -> Act:
        """The schedule has what is parked swept; it comes again by itself."""

        def run() -> None:
            Process.handler("sweep")({"sweep": "decided"}, _LONG)

        return Act(name, run, repeats=True)

    def hears(
        self,
        name: str,
        body: str | Callable[[], str],
        *,
        blames: Sequence[str] = (),
        perhaps: Sequence[str] = (),
        tells: Callable[[], Mapping[Told, str]] = dict,
        ready: Callable[[], bool] = lambda: True,
    ) -> Act:
        """The delivery events function has this from its queue, until it has applied it."""

        def run() -> None:
            self.seen.perhaps.update(blames, perhaps)
            if self._handle("delivery_events", [_record(body if isinstance(body, str) else body())]):
                raise ComesAgain
            self.seen.blamed.update(blames)
            for message, status in tells().items():
                self.seen.told.setdefault(message, set()).add(status)

        return Act(name, run, ready=ready, repeats=True)

    def resets(self, name: str, who: User = ADA, if_match: str | None = None, **body: Any) -> Act:
        """A staff member resets; whose call dies does not try again."""
        headers = {"if-match": if_match} if if_match else {}
        path = f"/users/{who.id}/reset"
        return self._calls(name, "reset", "POST", path, district.manager(), body, headers)

    def marks(self, name: str, who: User = ADA, *, blames: str, **body: str) -> Act:
        """A staff member marks a credential bad by hand."""
        path = f"/users/{who.id}/blocks"
        return self._calls(name, "reset", "POST", path, district.manager(), body, blames=blames)

    def unsubscribes(self, name: str, url: str, blames: str) -> Act:
        """A person presses a mail's own link, and again where no answer comes."""
        path = f"/unsubscribe/{url.rpartition('/')[2]}"
        event = {
            "version": "2.0",
            "routeKey": "POST /unsubscribe/{token}",
            "rawPath": path,
            "rawQueryString": "",
            "headers": {"content-type": "application/x-www-form-urlencoded"},
            "requestContext": {
                "http": {"method": "POST", "path": path, "sourceIp": "192.0.2.1"},
                "stage": "$default",
            },
            "body": base64.b64encode(b"List-Unsubscribe=One-Click").decode(),
            "isBase64Encoded": True,
        }

        def run() -> None:
            self.seen.perhaps.add(blames)
            answer = Process.handler("unsubscribe")(event, CONTEXT)
            if answer["statusCode"] >= 500:
                raise ComesAgain
            self.seen.answers.setdefault(name, []).append(Answer(answer["statusCode"], {}, None))
            self.seen.blamed.add(blames)

        return Act(name, run, repeats=True)

    def decides(self, name: str, batch: str, decision: str) -> Act:
        """A Communications Administrator lets a held batch go on (``resume``), or drops it."""
        path = f"/batches/{batch}/{decision}"
        return self._calls(name, "messages", "POST", path, COMMUNICATIONS, None, repeats=True)

    def cancels(self, name: str, batch: str) -> Act:
        """A sending system cancels a batch."""
        body = {"batch_id": batch}
        return self._calls(name, "messages", "POST", "/messages/cancel", MACHINE, body, repeats=True)

    def shows(self, path: str) -> Answer:
        """What a User Manager is shown."""
        with _processes()[0]:
            return call(Process.handler("profiles"), "GET", path, district.manager())

    def _calls(
        self,
        name: str,
        function: str,
        method: str,
        path: str,
        claims: Mapping[str, Any],
        body: object,
        headers: Mapping[str, str] | None = None,
        *,
        blames: str | None = None,
        repeats: bool = False,
    ) -> Act:
        def run() -> None:
            self.seen.perhaps.update([blames] if blames else [])
            answer = call(Process.handler(function), method, path, claims, body, headers=headers)
            self.seen.answers.setdefault(name, []).append(answer)
            if answer.status >= 500:
                raise ComesAgain
            self.seen.blamed.update([blames] if blames else [])

        return Act(name, run, repeats=repeats)

    def _work_off(self, queue: str) -> None:
        url = f"https://sqs.us-east-1.amazonaws.com/{wire.ACCOUNT}/{queue}"
        received = self._sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=_HIDDEN_SECONDS,
            MessageSystemAttributeNames=["All"],
        ).get("Messages", [])
        records = [_record(one["Body"], str(n)) for n, one in enumerate(received)]
        failed = self._handle("dispatch", records) if records else []
        for record, one in zip(records, received, strict=True):
            if record["messageId"] not in failed:
                self._sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])

    def _handle(self, function: str, records: Sequence[Item]) -> list[str]:
        """Which of a batch failed."""
        answer = Process.handler(function)({"Records": list(records)}, CONTEXT)
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    # A run

    def curtain(self) -> None:
        """All that has been before is done: each run begins here."""
        self.seen.moments.append(_moment(""))
        self._before = (Snapshot(), deepcopy(self.seen), datetime.now(UTC))

    def run(self, scenario: Scenario, choose: Choose) -> Played:
        """Play the scenario by a schedule, then let time pass until nothing is left to do."""
        assert self._before is not None
        snapshot, seen, now = self._before
        snapshot.restore()
        self.seen = deepcopy(seen)
        self.wire.provider = self.seen.provider
        self.wire.clock.move_to(now)
        random.seed(0)  # by which shards are chosen: the same schedule makes the same calls
        acts = [
            Act(act.name, act.run, act.ready, act.repeats, process)
            for act, process in zip(scenario.acts, _processes(), strict=False)
        ]
        played = self.seen.played = play(acts, choose, self._look)
        self._settle(acts, played)
        scenario.afterwards()
        self.seen.moments.append(_moment(""))
        return played

    def _look(self, act: str, called: Call | None) -> None:
        moment = self.seen.moments[-1]
        wrote = called is not None and any(place.startswith(("cred", "mess")) for place in called.writes)
        now = _moment(act) if wrote else Moment(act, moment.registers, moment.times)
        self.seen.moments.append(now)

    def _settle(self, acts: Sequence[Act], played: Played) -> None:
        for error in played.errors.values():
            if not isinstance(error, ComesAgain):
                raise error
        for act in acts:
            self.wire.pass_(LATER_SECONDS)
            if act.repeats and (act.name in played.died or act.name in played.errors):
                _again(act)
        worker, begun = self.works("the queue"), {name for name, _ in played.calls}
        for turn in range(_ROUNDS):
            self.wire.pass_(LATER_SECONDS)
            if _is_something_left() or turn in (0, _ROUNDS - 1):
                self.at_once(self.sweeps("the schedule"))
            if worker.ready():
                self.at_once(worker)
        for act in acts:
            if act.repeats and act.name not in begun | played.died and act.ready():
                _again(act)


def _is_something_left() -> bool:
    """Whether a message waits on a queue, now or later, or is parked: else a sweep finds nothing to do."""
    return bool(wire.parked()) or any(wire.waiting(queue, later=True) for queue in QUEUES)


def _again(act: Act) -> None:
    for _ in range(_ROUNDS):
        try:
            with act.within:
                act.run()
        except ComesAgain:
            continue
        return
    raise AssertionError(f"{act.name} fails for ever.")


def _record(body: str, id_: str = "0") -> Item:
    """A record of a queue, as Lambda hands it over."""
    return {
        "messageId": id_,
        "receiptHandle": "r",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": str(int(datetime.now(UTC).timestamp() * 1000)),
        },
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:queue",
        "awsRegion": "us-east-1",
    }


def _moment(act: str) -> Moment:
    return Moment(
        act,
        {item["credential"]: registers(item) for item in wire.items("credentials", "", "status")},
        {
            item["item"]: {name: value for name, value in item.items() if name.startswith("at_")}
            for item in records()
        },
    )


def records() -> Iterator[Item]:
    """The messages' records: those of people, and of addresses that several share."""
    for owner in ("user#", "address#"):
        yield from (item for item in wire.items("messages", owner) if not item["item"].startswith("last#"))


def registers(status: Item) -> dict[str, str]:
    """A status item's marks by register."""
    return {name: value["at"] for name, value in status.items() if isinstance(value, dict) and "at" in value}


def letter(dedup_id: str, who: User = ADA, words: str = "", **more: Any) -> dict[str, Any]:
    """A wish for an email; its subject begins with its dedup id."""
    subject = f"{dedup_id} {words}".strip()
    wish = {"user_id": who.id, "channel": "email", "subject": subject, "text": subject, "dedup_id": dedup_id}
    return wish | more


@contextmanager
def school() -> Iterator[School]:
    """A school at ten in the morning of the tests' day."""
    with wire.plugged(datetime(2026, 9, 14, 10, tzinfo=UTC)) as plugged:
        yield School(plugged)
