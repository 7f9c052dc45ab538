"""Bandwidth: no list at all for long and short codes; toll-free opt-outs are kept by the network.

Source: dev.bandwidth.com/docs/messaging, which has no call that reads or removes one. The person's START
(or UNSTOP) opens a toll-free number again.
"""

from typing import Final

from reachable.model.delivery_event import Channel
from reachable.model.upstream import Hindrance

CHANNEL: Final = Channel.SMS
HINDRANCE: Final = Hindrance.START
