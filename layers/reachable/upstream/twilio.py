"""Twilio: opt-outs of each Messaging Service or number, which no call reads.

Source: twilio.com/docs/messaging/tutorials/advanced-opt-out, .../features/consent-api and
twilio.com/docs/api/errors/21610: only a text that is refused tells of an entry. The Consent API could
opt a number in, but what it states is that the person has consented, so we never call it: START is the
only lift, as it is at Twilio itself for US toll-free numbers.
"""

from typing import Final

from reachable.model.delivery_event import Channel
from reachable.model.upstream import Hindrance

CHANNEL: Final = Channel.SMS
HINDRANCE: Final = Hindrance.START
