"""What mail servers' answers mean: enhanced codes and reply codes, as data, beside their words (`_replies`).

Source: RFC 3463 and the IANA registry of enhanced status codes (RFC 5248), RFC 5321 section 4.2 for replies,
RFC 7372 and RFC 7505; Gmail's 5.7.26-5.7.32 from its bulk sender page.
The class (4 transient, 5 permanent) says whether the server gave up; the table, what it was about.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from reachable.model.delivery_event import Cause, Kind, Permanence
from reachable.providers import _replies
from reachable.providers._classifications import Classification
from reachable.providers._meanings import (
    CONTENT,
    FULL,
    INACTIVE,
    INVALID,
    POLICY,
    SECURITY,
    SENDER,
    UNKNOWN,
    UNREACHABLE,
    Meaning,
)

ENHANCED: Final[Mapping[str, Meaning]] = {
    # Addresses
    "1.0": INVALID,  # other address status
    "1.1": INVALID,  # bad destination mailbox
    "1.2": INVALID,  # bad destination system
    "1.3": INVALID,  # bad destination syntax
    "1.4": INVALID,  # ambiguous mailbox
    "1.6": INACTIVE,  # moved, no forwarding address
    "1.7": SENDER,  # bad sender's mailbox syntax
    "1.8": SENDER,  # bad sender's system
    "1.9": UNKNOWN,  # relayed to a non-compliant mailer
    "1.10": INVALID,  # null MX
    # Mailbox
    "2.0": INACTIVE,  # other mailbox status
    "2.1": INACTIVE,  # disabled
    "2.2": FULL,  # some servers answer 552 5.2.2 to a full mailbox that will be emptied
    "2.3": CONTENT,  # message longer than allowed
    "2.4": UNKNOWN,  # mailing list expansion
    # Their system
    "3.0": UNREACHABLE,
    "3.1": UNREACHABLE,  # system full
    "3.2": UNREACHABLE,  # not accepting messages
    "3.3": UNKNOWN,  # not capable of selected features
    "3.4": CONTENT,  # message too big for the system
    "3.5": UNREACHABLE,  # misconfigured
    # Network
    "4.4": INVALID,  # unable to route
    "4.*": UNREACHABLE,  # no answer, bad connection, congestion, loop, time expired
    # Protocol, content
    "5.*": UNKNOWN,
    "6.*": CONTENT,
    # Policy
    "7.*": POLICY,
    "7.3": SECURITY,
    "7.4": SECURITY,
    "7.5": SECURITY,
    "7.6": SECURITY,
    "7.7": SECURITY,
    "7.8": SECURITY,
    "7.509": SECURITY,  # Outlook: the sending domain fails DMARC
    "7.515": SECURITY,  # Outlook: the sending domain is not authenticated as it asks of those who send much
    "7.9": SECURITY,
    "7.13": INACTIVE,  # user account disabled
    "7.17": INACTIVE,  # mailbox owner has changed (RRVS)
    "7.18": INACTIVE,  # domain owner has changed
} | {f"7.{detail}": SENDER for detail in range(20, 33)}  # DKIM, SPF, DMARC, ARC, reverse DNS, floods
"""By subject and detail; ``5.*`` stands for every detail of its subject that has no row."""

_ENHANCED_CODE: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_REPLY: Final = re.compile(r"(?:^|[\s;:(])([45]\d\d)(?=[\s-]|$)")

REPLIES: Final[Mapping[str, Meaning]] = {
    "421": UNREACHABLE,
    "450": UNREACHABLE,
    "451": UNREACHABLE,
    "452": UNREACHABLE,
    "503": SECURITY,  # a command out of its order: ours
    "521": UNREACHABLE,  # the host takes no mail
    "552": FULL,  # exceeded storage allocation
    "556": INVALID,  # null MX
} | {str(code): SECURITY for code in range(530, 539)}
"""Replies (RFC 5321) that are about one thing. 550, 551, 553, 554 are said of mailboxes and of policies."""


def enhanced_status(*texts: str | None) -> str | None:
    """The most exact enhanced code in these texts: one that tells something before ``5.0.0``."""
    generic = None
    for text in texts:
        for found in _ENHANCED_CODE.finditer(text) if text and "." in text else ():
            if found[2] != "0":
                return found[0]
            generic = generic or found[0]
    return generic


def meaning(status: str | None, diagnostic: str | None = None) -> Meaning | None:
    """What a reply is about, by the order that `_replies` argues; None where neither words nor codes tell."""
    coded = _of_status(status) if status else None
    if diagnostic is None:
        return coded
    told = _replies.told(status, diagnostic)
    if status is None or coded is None:
        return told or _replies.refusal(diagnostic) or _of_reply(diagnostic)
    if told is not None:
        return coded if _is_corrected(told, status, coded) else told
    return (_replies.refusal(diagnostic) if _is_coarse(status) else None) or coded


def _is_corrected(told: Meaning, status: str, coded: Meaning) -> bool:
    """Whether the code says what the words left open: why no mailbox, whose address, what of the message."""
    return (
        (told.vague and _is_about_addresses(status))
        or (coded.ours and not told.overrules)
        or (coded is CONTENT and told is POLICY)
    )


@lru_cache(maxsize=256)
def _of_status(status: str) -> Meaning | None:
    _, subject, detail = status.split(".")
    return ENHANCED.get(f"{int(subject)}.{int(detail)}") or ENHANCED.get(f"{int(subject)}.*")


def _is_about_addresses(status: str) -> bool:
    return status[1:3] in (".1", ".2")


def _is_coarse(status: str) -> bool:
    """It tells a subject and no more."""
    return status.endswith(".0") or status[1:4] == ".5."


def _of_reply(diagnostic: str) -> Meaning | None:
    found = _REPLY.search(diagnostic)
    return REPLIES.get(found[1]) if found else None


def bounce(said: Permanence, status: str | None, diagnostic: str | None = None) -> Classification:
    """The classification where the provider gives its own class and the server a code.

    The provider's "hard" stands unless the code is about something else than this address; its "soft"
    always stands; where the code says nothing the cause is unknown.
    """
    told = meaning(status, diagnostic)
    if told is None:
        return Classification(Kind.BOUNCED, said, Cause.UNKNOWN)
    if said is Permanence.PERMANENT and told.overrules:
        kind = Kind.REJECTED if told.ours else Kind.BOUNCED
        return Classification(kind, Permanence.UNDETERMINED, told.cause)
    return Classification(Kind.BOUNCED, said, told.cause)


def bounce_or(
    row: Classification, status: str | None, diagnostic: str | None = None, *, said: Permanence | None = None
) -> Classification:
    """What the server's words and codes tell; where they tell nothing, the row of the provider's class.

    The provider read the same reply, and its class comes last. But what stands on its own lists no server was
    asked about, and a row that is no failure (an opt-out) is no server's word: these are taken literally.
    ``said`` is the provider's "hard" or "soft", where the row's permanence is another.
    """
    if row.permanence is None or row.cause is Cause.PROVIDER_SUPPRESSED:
        return row
    told = bounce(said or row.permanence, status, diagnostic)
    if told.cause is Cause.UNKNOWN:
        return row
    return told if row.listed else told.unlisted
