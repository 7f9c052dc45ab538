"""What who is on call is told, in English, as CloudWatch's alarms are: a subject in ASCII, and what to do."""

from collections.abc import Mapping


def emergencies_lost(many: int, outcome: str, batch_id: str | None) -> tuple[str, str]:
    """Of emergencies that go nowhere: at least so many in this minute."""
    where = f"batch {batch_id}" if batch_id else "messages without a batch"
    lines = [
        f"At least {many} emergency messages of {where} do not reach anybody: {outcome}.",
        'Who they were for, and how else each can be reached: POST /messages/search, {"batch_id": ...}.',
        "What to do: docs/runbooks/emergencies.md.",
    ]
    return f"Reachable: emergencies do not reach people ({outcome})", "\n".join(lines)


def parked_near_their_end(by_group: Mapping[str, int], days: int) -> tuple[str, str]:
    """Of messages that are dropped unless somebody decides."""
    lines = [
        f"These are held, and nobody has decided; within {days} days so many of their messages are dropped:",
        *(f"- {group}: {many}" for group, many in sorted(by_group.items())),
        "Let them go on, or drop them: docs/runbooks/held-batches.md.",
    ]
    return f"Reachable: held messages are dropped within {days} days", "\n".join(lines)
