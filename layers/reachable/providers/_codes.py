"""What mail servers' codes mean: enhanced status codes and SMTP replies, as data.

Source: RFC 3463 and the IANA registry of enhanced status codes (RFC 5248), RFC 5321 section 4.2 for replies,
RFC 7372 and RFC 7505; Microsoft's 5.7.509 and 5.7.515 and Gmail's 5.7.26-5.7.32 from their bulk sender pages.
The class (4 transient, 5 permanent) says whether the server gave up; the table, what it was about.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from reachable.model.delivery_event import Cause, Kind, Permanence
from reachable.providers._classifications import Classification


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a mail server's answer is about.

    ``permanence`` is that of class 5, where the provider itself gives no class. ``overrules``: it is about
    something else than the address, so that a provider's own "hard" is not believed. ``ours``: the server
    refused the sender, not the address.
    """

    cause: Cause
    permanence: Permanence = Permanence.UNDETERMINED
    overrules: bool = False
    ours: bool = False


_INVALID: Final = Meaning(Cause.INVALID_ADDRESS, Permanence.PERMANENT)
_INACTIVE: Final = Meaning(Cause.INACTIVE_OR_UNREACHABLE, Permanence.PERMANENT)
_UNREACHABLE: Final = Meaning(Cause.INACTIVE_OR_UNREACHABLE)
_FULL: Final = Meaning(Cause.MAILBOX_FULL, overrules=True)
_CONTENT: Final = Meaning(Cause.CONTENT_OR_SIZE, overrules=True)
_POLICY: Final = Meaning(Cause.CARRIER_BLOCKED_OR_SPAM, overrules=True)
_SECURITY: Final = Meaning(Cause.ACCOUNT_OR_QUOTA, overrules=True)
_SENDER: Final = Meaning(Cause.ACCOUNT_OR_QUOTA, overrules=True, ours=True)
_UNKNOWN: Final = Meaning(Cause.UNKNOWN)
_REFUSED: Final = Meaning(Cause.CARRIER_BLOCKED_OR_SPAM)
"""A bare 550 whose words tell nothing: where a provider gives its own class, that stands."""

ENHANCED: Final[Mapping[str, Meaning]] = {
    # Addresses
    "1.0": _INVALID,  # other address status
    "1.1": _INVALID,  # bad destination mailbox
    "1.2": _INVALID,  # bad destination system
    "1.3": _INVALID,  # bad destination syntax
    "1.4": _INVALID,  # ambiguous mailbox
    "1.6": _INACTIVE,  # moved, no forwarding address
    "1.7": _SENDER,  # bad sender's mailbox syntax
    "1.8": _SENDER,  # bad sender's system
    "1.9": _UNKNOWN,  # relayed to a non-compliant mailer
    "1.10": _INVALID,  # null MX
    # Mailbox
    "2.0": _INACTIVE,  # other mailbox status
    "2.1": _INACTIVE,  # disabled
    "2.2": _FULL,  # some servers answer 552 5.2.2 to a full mailbox that will be emptied
    "2.3": _CONTENT,  # message longer than allowed
    "2.4": _UNKNOWN,  # mailing list expansion
    # Their system
    "3.0": _UNREACHABLE,
    "3.1": _UNREACHABLE,  # system full
    "3.2": _UNREACHABLE,  # not accepting messages
    "3.3": _UNKNOWN,  # not capable of selected features
    "3.4": _CONTENT,  # message too big for the system
    "3.5": _UNREACHABLE,  # misconfigured
    # Network
    "4.0": _UNREACHABLE,
    "4.1": _UNREACHABLE,  # no answer
    "4.2": _UNREACHABLE,  # bad connection
    "4.3": _UNREACHABLE,  # directory server failure
    "4.4": Meaning(Cause.INVALID_ADDRESS),  # unable to route; faults of DNS heal
    "4.5": _UNREACHABLE,  # congestion
    "4.6": _UNREACHABLE,  # routing loop
    "4.7": _UNREACHABLE,  # delivery time expired
    # Protocol, content
    "5.*": _UNKNOWN,
    "6.*": _CONTENT,
    # Policy
    "7.*": _POLICY,
    "7.3": _SECURITY,
    "7.4": _SECURITY,
    "7.5": _SECURITY,
    "7.6": _SECURITY,
    "7.7": _SECURITY,
    "7.8": _SECURITY,
    "7.9": _SECURITY,
    "7.13": _INACTIVE,  # user account disabled
    "7.17": _INACTIVE,  # mailbox owner has changed (RRVS)
    "7.18": _INACTIVE,  # domain owner has changed
    "7.509": _SECURITY,  # Microsoft: DMARC
    "7.515": _SECURITY,  # Microsoft: bulk sender rules
} | {f"7.{detail}": _SENDER for detail in range(20, 33)}  # DKIM, SPF, DMARC, ARC, reverse DNS, floods
"""By subject and detail; ``5.*`` stands for every detail of its subject that has no row."""

_ENHANCED_CODE: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_REPLY: Final = re.compile(r"(?:^|[\s;:(])([45]\d\d)(?=[\s-]|$)")

_NO_SUCH_MAILBOX: Final = (
    "unknown",
    "not exist",
    "no such",
    "invalid",
    "disabled",
    "not found",
    "mailbox unavailable",
)
_REFUSAL: Final = ("block", "spam", "policy", "refused", "denied", "blacklist", "reputation", "listed")
_SIZE: Final = ("size", "too large", "too big")
_STORAGE: Final = ("storage", "full", "quota")
_ANY: Final = ("",)

_NOT_TAKEN: Final = ((_NO_SUCH_MAILBOX, _INVALID), (_REFUSAL, _POLICY))
REPLIES: Final[Mapping[str, tuple[tuple[tuple[str, ...], Meaning], ...]]] = {
    "421": ((_ANY, _UNREACHABLE),),
    "450": ((_ANY, _UNREACHABLE),),
    "451": ((_ANY, _UNREACHABLE),),
    "452": ((_STORAGE, _FULL), (_ANY, _UNREACHABLE)),
    "521": ((_ANY, _UNREACHABLE),),  # the host takes no mail
    "550": (*_NOT_TAKEN, (_ANY, _REFUSED)),
    "551": (*_NOT_TAKEN, (_ANY, _REFUSED)),
    "552": ((_SIZE, _CONTENT), (_ANY, _FULL)),
    "553": (*_NOT_TAKEN, (_ANY, _REFUSED)),
    "554": _NOT_TAKEN,
    "556": ((_ANY, _INVALID),),  # null MX
} | {str(code): ((_ANY, _SECURITY),) for code in range(530, 539)}
"""Bare replies (RFC 5321): by words of their text, the first that fits; no row, no meaning."""


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
    """What a status or, where it tells nothing, the text of a reply is about; None where neither does."""
    if status is not None:
        told = _of_status(status)
        if told is not None:
            return _by_text(status, told, diagnostic)
    return _of_reply(diagnostic) if diagnostic else None


@lru_cache(maxsize=256)
def _of_status(status: str) -> Meaning | None:
    _, subject, detail = status.split(".")
    return ENHANCED.get(f"{int(subject)}.{int(detail)}") or ENHANCED.get(f"{int(subject)}.*")


def _by_text(status: str, told: Meaning, diagnostic: str | None) -> Meaning:
    """Hotmail and Outlook answer a dead mailbox with 5.5.0 and say so only in words."""
    if status.endswith(".5.0") and diagnostic and "mailbox unavailable" in diagnostic.lower():
        return _INVALID
    return told


def _of_reply(diagnostic: str) -> Meaning | None:
    """A bare SMTP reply (RFC 5321), whose text says what the code leaves open."""
    found = _REPLY.search(diagnostic)
    if found is None:
        return None
    text = diagnostic.lower()
    rows = REPLIES.get(found[1], ())
    return next((told for words, told in rows if any(word in text for word in words)), None)


def bounce(said: Permanence, status: str | None, diagnostic: str | None = None) -> Classification:
    """The classification where the provider gives its own class and the server a code.

    The provider's "hard" stands unless the code is about something else than this address; its "soft"
    always stands; where the code says nothing the cause is unknown.
    """
    told = meaning(status, diagnostic)
    if told is None or told is _REFUSED:
        return Classification(Kind.BOUNCED, said, Cause.UNKNOWN)
    if said is Permanence.PERMANENT and told.overrules:
        kind = Kind.REJECTED if told.ours else Kind.BOUNCED
        return Classification(kind, Permanence.UNDETERMINED, told.cause)
    return Classification(Kind.BOUNCED, said, told.cause)
