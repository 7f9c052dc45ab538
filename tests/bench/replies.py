"""What the tables make of real replies of mail servers, against what people made of them.

    python -m tests.bench.replies FILE             # JSON lines, as ../shared/replies/README.md describes them
    python -m tests.bench.replies FILE --wrong     # and the id of each that is not right

Each reply is read as if a provider had said "hard bounce" of it, which is the worst case: who says nothing of
its own leaves all to the server's words. Replies of class 5 only, as in that page's table: a living address
that is closed loses mail, a dead one that stays open loses reputation. The replies are others' words and stay
where they are; of the file a random third, by id, was set aside before the tables were made.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Annotated, Any, Final

import typer

from reachable.model.delivery_event import Channel, DeliveryEvent, Permanence
from reachable.providers import _codes
from tests.bench.timing import Row, seconds, show, show_machine
from tests.builders import change_by

SEED: Final = 2025
PARTS: Final = 3
"""One part of so many was set aside."""
COLUMNS: Final = ("replies", "living closed", "of", "dead left open", "of", "right cause, %")


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply, and what people made of it beside what we made of it."""

    id: str
    receiver: str
    fault: str
    cause: str
    blocks: bool
    told: str
    closes: bool


def main(file: Path, wrong: Annotated[bool, typer.Option()] = False) -> None:
    """Print the tables."""
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    hard = [line for line in lines if line["klass"] == 5]
    answers = [_answer(line) for line in hard]
    aside = _aside(line["id"] for line in lines)
    show_machine()
    _show("Replies", [("all", answers), *_parts(answers, aside)])
    _show("By kind of fault", _by(answers, lambda answer: answer.fault))
    _show("By receiver", _by(answers, lambda answer: answer.receiver))
    if wrong:
        _show_wrong(answers)
    (took,) = seconds(partial(_read_all, [(_status(line), line["reply"]) for line in hard]))
    show("Reading", ("us a reply",), [(took / len(hard) * 1e6,)])


def _aside(ids: Iterable[str]) -> frozenset[str]:
    shuffled = sorted(ids)
    Random(SEED).shuffle(shuffled)
    return frozenset(shuffled[: len(shuffled) // PARTS])


def _parts(answers: Sequence[Answer], aside: frozenset[str]) -> list[tuple[str, list[Answer]]]:
    return [
        ("two thirds, learned from", [answer for answer in answers if answer.id not in aside]),
        ("a third, set aside", [answer for answer in answers if answer.id in aside]),
    ]


def _answer(line: Mapping[str, Any]) -> Answer:
    label = line["label"]
    found = _codes.bounce(Permanence.PERMANENT, _status(line), line["reply"])
    event = DeliveryEvent(
        provider="bench",
        channel=Channel.EMAIL,
        kind=found.kind,
        permanence=found.permanence,
        cause=found.cause,
        address="ada@example.com",
        event_id=line["id"],
        smtp_status=_status(line),
    )
    return Answer(
        id=line["id"],
        receiver=line["receiver"],
        fault=f"{label['about']}: {label['cause']}",
        cause=label["cause"],
        blocks=label["blocks"],
        told=str(found.cause),
        closes=change_by(event, datetime.now(UTC)) is not None,
    )


def _status(line: Mapping[str, Any]) -> str | None:
    return _codes.enhanced_status(line["status"], line["reply"])


def _read_all(replies: Sequence[tuple[str | None, str]]) -> None:
    for status, reply in replies:
        _codes.bounce(Permanence.PERMANENT, status, reply)


def _by(answers: Sequence[Answer], name: Callable[[Answer], str]) -> list[tuple[str, list[Answer]]]:
    names = sorted({name(answer) for answer in answers})
    groups = [(one, [answer for answer in answers if name(answer) == one]) for one in names]
    return sorted(groups, key=lambda group: -len(group[1]))


def _show(title: str, groups: Iterable[tuple[str, Sequence[Answer]]]) -> None:
    show(title, ("", *COLUMNS), [_row(name, answers) for name, answers in groups if answers])


def _row(name: str, answers: Sequence[Answer]) -> Row:
    living = [answer for answer in answers if not answer.blocks]
    dead = [answer for answer in answers if answer.blocks]
    return (
        name,
        len(answers),
        sum(answer.closes for answer in living),
        len(living),
        sum(not answer.closes for answer in dead),
        len(dead),
        round(100 * sum(answer.told == answer.cause for answer in answers) / len(answers)),
    )


def _show_wrong(answers: Iterable[Answer]) -> None:
    rows: list[Row] = [
        (answer.id, answer.receiver, answer.cause, answer.told, _harm(answer))
        for answer in answers
        if answer.told != answer.cause or answer.closes != answer.blocks
    ]
    show("Not right", ("id", "receiver", "is", "told", ""), rows or [("", "", "", "", "none")])


def _harm(answer: Answer) -> str:
    if answer.closes == answer.blocks:
        return ""
    return "closes a living address" if answer.closes else "leaves a dead one open"


if __name__ == "__main__":
    typer.run(main)
