"""What who is on call is told, in English, as CloudWatch's alarms are: a subject in ASCII, and what to do."""

from collections.abc import Mapping, Sequence
from typing import Final

_SHOWN: Final = 10


def emergencies_lost(message_ids: Sequence[str], outcome: str, batch_ids: Sequence[str]) -> tuple[str, str]:
    """Of emergencies that go nowhere, by id: of more in this minute nobody is told again."""
    lines = [
        f"At least {len(message_ids)} emergency messages do not reach anybody: {outcome}.",
        "Who was not reached, and how else they can be: POST /messages/search by batch_id and status,",
        "or GET /messages/{id}. Among them are:",
        *(f"- batch {batch_id}" for batch_id in batch_ids[:_SHOWN]),
        *(f"- message {message_id}" for message_id in message_ids[:_SHOWN]),
        "What to do: docs/runbooks/emergencies.md.",
    ]
    return f"Reachable: emergencies do not reach people ({outcome})", "\n".join(lines)


def parked_near_their_end(by_group: Mapping[str, int], days: int) -> tuple[str, str]:
    """Of messages that are dropped unless somebody decides."""
    lines = [
        f"These are held, and nobody has decided; within {days} days so many of their messages are dropped:",
        *(f"- {group}: {many}" for group, many in sorted(by_group.items())),
        "Which: GET /batches. Let them go on, or drop them: docs/runbooks/held-batches.md.",
    ]
    return f"Reachable: held messages are dropped within {days} days", "\n".join(lines)
