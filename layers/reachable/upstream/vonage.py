"""Vonage: opt-outs of each number that we send from, which no call reads or removes.

Source: developer.vonage.com/en/opt-out-assist/guides. The person's START takes a number off (of 10DLC
only if an opt-in keyword is registered), or Vonage's support.
"""

from typing import Final

from reachable.model.delivery_event import Channel
from reachable.model.upstream import Hindrance

CHANNEL: Final = Channel.SMS
HINDRANCE: Final = Hindrance.START
