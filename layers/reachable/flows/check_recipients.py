"""Check a whole list: the steps that the state machine infra/check_recipients.asl.json calls.

divide -> check (a chunk each, side by side) -> summarise. Each may be repeated: it reads what an earlier step
put into the bucket and puts its own objects anew. What a line says, and how an answer is told, is the API's
own (``web``) and handed in.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import batched
from typing import Any, Final, Self

from reachable import aws
from reachable.buckets import results
from reachable.flows import check as gate
from reachable.flows import divide_recipients
from reachable.model.delivery_event import Channel
from reachable.model.details import Detail
from reachable.model.errors import Meaningless
from reachable.model.send import RECIPIENTS_LIMIT, Purpose, Recipient, Refusal, Verdict

type ReadHeader = Callable[[bytes], tuple[str, ...]]
"""The columns that a CSV's first line names; raises ``Meaningless``."""
type ReadLine = Callable[[bytes], Recipient | None]
"""Whom a line names: nobody where it is blank."""
type Tell = Callable[[int, Verdict], bytes]
"""A line's number and the gate's answer to it, as a line of the results."""

_SENT: Final = "send"
_EXEMPTED: Final = "exempted"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkCheck:
    """One bulk check, as the state machine carries it from step to step.

    ``channel`` and ``purpose`` count where a row tells none; ``columns`` are a CSV's, None of JSON Lines.
    """

    execution: str
    started_at: datetime
    key: str
    channel: Channel | None
    purpose: Purpose
    columns: tuple[str, ...] | None = None

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The check that ``plain`` spelled out."""
        return cls(
            execution=plain["execution"],
            started_at=datetime.fromisoformat(plain["started_at"]),
            key=plain["key"],
            channel=Channel(plain["channel"]) if plain["channel"] else None,
            purpose=Purpose(plain["purpose"]),
            columns=tuple(plain["columns"]) if plain["columns"] else None,
        )

    def plain(self) -> dict[str, Any]:
        """In JSON's values."""
        return {
            "execution": self.execution,
            "started_at": self.started_at.isoformat(),
            "key": self.key,
            "channel": self.channel,
            "purpose": self.purpose,
            "columns": self.columns,
        }


def divide(this: BulkCheck, read_header: ReadHeader) -> tuple[BulkCheck, str, int]:
    """Divide the list into chunks: the check with its columns, the key of the chunks' list, how many.

    Costs a put for each 5,000 lines; holds one chunk in memory.

    Raises:
        NotFound: there is no such object.
        Meaningless: it cannot be read as what its name says, or there is nobody in it.
        TooLarge: it has more than 10,000,000 lines.
    """
    listed: list[dict[str, Any]] = []
    with results.opened(this.key) as stream:
        rows = divide_recipients.lines(stream)
        first_line = 1
        if this.key.removesuffix(".gz").endswith(".csv"):
            this, first_line = replace(this, columns=read_header(next(rows, b""))), 2
        for chunk in divide_recipients.chunks(rows, first_line):
            key = results.put_chunk(this.execution, chunk.number, chunk.lines)
            listed.append({"number": chunk.number, "first_line": chunk.first_line, "key": key})
    if not listed:
        raise Meaningless(Detail.NO_RECIPIENTS)
    return this, results.put_chunks(this.execution, listed), len(listed)


def check(this: BulkCheck, chunk: Mapping[str, Any], read: ReadLine, tell: Tell) -> None:
    """Ask the gate about one chunk, and put its answers, in order, and what was counted of them.

    Costs what the gate does (``flows.check``), a get and two puts.

    Raises:
        Unavailable: a status cannot be read; to be repeated.
    """
    numbered = enumerate(results.chunk(chunk["key"]), chunk["first_line"])
    asked = [(number, recipient) for number, line in numbered if (recipient := read(line)) is not None]
    answers: list[bytes] = []
    counts: Counter[str] = Counter()
    for batch in batched(asked, RECIPIENTS_LIMIT, strict=False):
        verdicts = gate.recipients([recipient for _, recipient in batch])
        answers += [tell(number, verdict) for (number, _), verdict in zip(batch, verdicts, strict=True)]
        counts.update(_SENT if verdict.send else str(verdict.reason) for verdict in verdicts)
        counts[_EXEMPTED] += sum(verdict.exempted for verdict in verdicts)
    results.put_answers(this.execution, chunk["number"], answers, counts)


def summarise(this: BulkCheck, chunks: int, now: datetime) -> dict[str, Any]:
    """Put what all chunks gave together, and give it. Costs a get for each chunk, some side by side.

    ``blocked`` counts by the answers' ``reason``; ``exempted`` are among those to send.
    """
    counted = partial(results.counted, this.execution)
    counts: Counter[str] = Counter()
    for chunk in aws.side_by_side(counted, range(chunks)):
        counts.update(chunk)
    exempted, sent = counts.pop(_EXEMPTED, 0), counts.pop(_SENT, 0)
    invalid = counts.pop(Refusal.INVALID_RECIPIENT, 0)
    summary = {
        "execution": this.execution,
        "key": this.key,
        "total": sent + invalid + counts.total(),
        "send": sent,
        "exempted": exempted,
        "blocked": dict(sorted(counts.items())),
        "invalid": invalid,
        "chunks": chunks,
        "started_at": this.started_at.isoformat(),
        "seconds": round((now - this.started_at).total_seconds(), 1),
    }
    return summary | {"summary_key": results.put_summary(this.execution, summary)}
