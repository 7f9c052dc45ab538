"""What who is on call is told, in English, as CloudWatch's alarms are: a subject in ASCII, and what to do."""

from collections.abc import Mapping, Sequence
from typing import Final


def emergencies_lost(message_ids: Sequence[str], outcome: str, batch_id: str | None) -> tuple[str, str]:
    """Of emergencies that go nowhere, by id: of more in this minute nobody is told again."""
    where = f"batch {batch_id}" if batch_id else "no batch"
    lines = [
        f"At least {len(message_ids)} emergency messages of {where} do not reach anybody: {outcome}.",
        "Who was not reached, and how else they can be: POST /messages/search by batch_id and status,",
        "or GET /messages/{id}. Among them are:",
        *(f"- {message_id}" for message_id in message_ids[:_SHOWN]),
        "What to do: docs/runbooks/emergencies.md.",
    ]
    return f"Reachable: emergencies do not reach people ({outcome})", "\n".join(lines)


_SHOWN: Final = 10


def parked_near_their_end(by_group: Mapping[str, int], days: int) -> tuple[str, str]:
    """Of messages that are dropped unless somebody decides."""
    lines = [
        f"These are held, and nobody has decided; within {days} days so many of their messages are dropped:",
        *(f"- {group}: {many}" for group, many in sorted(by_group.items())),
        "Let them go on, or drop them: docs/runbooks/held-batches.md.",
    ]
    return f"Reachable: held messages are dropped within {days} days", "\n".join(lines)
