"""What who is on call is told, in English, as CloudWatch's alarms are: a subject in ASCII, and what to do."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from reachable.model.guard import Leap

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


def list_denied(provider: str, account: str, why: str) -> tuple[str, str]:
    """Of a provider that does not let us at its own list: releases wait until somebody mends it."""
    lines = [
        f"{provider}, account {account}, does not let us at its list of refused addresses: {why}.",
        "After a reset such an address stays there, and messages to it go on being refused.",
        "A key is missing, or lacks the rights that docs/releases.md names. It lies in SSM, in the parameter",
        f"upstream/{provider}/{account} of this stage. What waits is tried again for about two days.",
    ]
    return f"Reachable: no access to the list of {provider}", "\n".join(lines)


def bounces_leap(leap: Leap, incident_id: str, quiet_for: timedelta) -> tuple[str, str]:
    """Of bounces that leap, by domain, account and code: ten messages at least, so that none is one family's.

    In numbers: of how many, in which time, against which past.
    """
    window, past = leap.window, leap.past
    bounced, sent = window.tally.bounced, max(window.tally.sent, window.tally.bounced)
    minutes = window.lasts / timedelta(minutes=1)
    lines = [
        f"{_at(leap)}: {bounced} of {sent} messages have bounced for good ({bounced / sent:.0%}), of those",
        f"sent within {minutes:g} minutes from {window.begins:%Y-%m-%d %H:%M:%S} UTC on.",
        f"Usual is {past.share:.1%}, of {past.sent:,} messages in the {past.weeks} weeks before.",
        "Each of these addresses is marked bad now. They may be good: a mail provider can fail, our own DNS,",
        "or how a code is read. Nothing is held by this alarm, nor is anything reset.",
        f"Saved as incident {incident_id}: POST /resets/{incident_id}/count says what it would reset.",
        f"Of more of this that is sent within {quiet_for / timedelta(hours=1):g} hours nobody is told.",
        "What to do: docs/runbooks/incidents.md.",
    ]
    return f"Reachable: more bounces than usual ({_KINDS[_kind(leap)]})", "\n".join(lines)


_KINDS: Final = {"domain": "a receiving domain", "account": "a provider", "code": "a provider's code"}


def _kind(leap: Leap) -> str:
    return str(leap.place).partition(":")[0]


def _at(leap: Leap) -> str:
    """What has leapt, in words."""
    if leap.place.domain is not None:
        return f"At {leap.place.domain}, by {leap.account}"
    return f"By {leap.account}" + (f", with code {leap.place.code}" if leap.place.code is not None else "")
