"""Plivo: do-not-disturb of each source and destination (10DLC: of a campaign).

Source: plivo.com/docs/sms/concepts/dnd-service and the official SDK plivo/plivo-python, where no call
reads or removes an entry. A text to such a number fails with the code 200. The person's START takes it
off, or Plivo's support.
"""

from typing import Final

from reachable.model.delivery_event import Channel
from reachable.model.upstream import Hindrance

CHANNEL: Final = Channel.SMS
HINDRANCE: Final = Hindrance.START
