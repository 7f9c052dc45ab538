"""What a call that did not come about came to, by its SIP response: one table for all who place calls.

Source: RFC 3261 section 21 (responses), RFC 8197 (607) and RFC 8688 (608). Only what is said of the number
itself closes a voice: who declines, is busy or away is a person with a phone, 487 is a call that we ended
before anybody answered, and the 500s are the network's.
"""

from collections.abc import Mapping
from typing import Final

from reachable.model.delivery_event import Cause, Kind
from reachable.providers._classifications import (
    INVALID,
    OUR_SETUP,
    UNDETERMINED,
    UNREACHABLE,
    UNROUTABLE,
    Classification,
)

DECLINED: Final = Classification(Kind.FAILED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)
"""By the person, the phone or a carrier."""

SIP: Final[Mapping[str, Classification]] = {
    "404": INVALID,  # not found
    "410": INVALID,  # gone
    "484": INVALID,  # address incomplete
    "604": INVALID,  # does not exist anywhere
    "401": OUR_SETUP,  # who we are was not proven
    "402": OUR_SETUP,  # payment required
    "407": OUR_SETUP,
    "408": UNREACHABLE,  # timeout
    "480": UNREACHABLE,  # temporarily unavailable
    "486": UNREACHABLE,  # busy
    "487": UNREACHABLE,  # we ended it
    "600": UNREACHABLE,  # busy everywhere
    "500": UNREACHABLE,  # the network
    "502": UNREACHABLE,
    "503": UNREACHABLE,
    "504": UNREACHABLE,
    "488": UNROUTABLE,  # no codec in common
    "606": UNROUTABLE,
    "403": DECLINED,  # forbidden
    "603": DECLINED,
    "607": DECLINED,  # unwanted
    "608": DECLINED,  # by an intermediary
}
