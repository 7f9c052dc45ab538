"""What a mail server's answer can be about: the values in the tables of `_codes`, `_phrases`, `_replies`."""

from dataclasses import dataclass
from typing import Final

from reachable.model.delivery_event import Cause


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a mail server's answer is about.

    ``overrules``: it is about something else than an address that is gone, so that a provider's own "hard"
    is not believed. ``ours``: the server refused the sender, not the address. ``vague``: where the code is
    about addresses or mailboxes, it knows better.
    """

    cause: Cause
    overrules: bool = False
    ours: bool = False
    vague: bool = False


INVALID: Final = Meaning(Cause.INVALID_ADDRESS)
UNAVAILABLE: Final = Meaning(Cause.INVALID_ADDRESS, vague=True)
INACTIVE: Final = Meaning(Cause.INACTIVE_OR_UNREACHABLE)
UNREACHABLE: Final = Meaning(Cause.INACTIVE_OR_UNREACHABLE, overrules=True)
"""The system that has the mailbox is down, or cannot be found: it heals."""
FULL: Final = Meaning(Cause.MAILBOX_FULL, overrules=True)
CONTENT: Final = Meaning(Cause.CONTENT_OR_SIZE, overrules=True)
POLICY: Final = Meaning(Cause.CARRIER_BLOCKED_OR_SPAM, overrules=True)
SECURITY: Final = Meaning(Cause.ACCOUNT_OR_QUOTA, overrules=True)
"""Relaying, encryption, logging in: how we came, not who we are."""
SENDER: Final = Meaning(Cause.ACCOUNT_OR_QUOTA, overrules=True, ours=True)
UNKNOWN: Final = Meaning(Cause.UNKNOWN)
