"""Mailjet: no call reads or lifts what it blocks, only its support, asked by whoever runs the account.

Source: documentation.mailjet.com/hc/en-us/articles/360043102273 (blocked addresses; ``preblocked`` is a
list of all its customers) and github.com/mailjet/api-documentation. The calls on contacts are about
marketing mail alone.
"""

from typing import Final

from reachable.model.delivery_event import Channel
from reachable.model.upstream import Hindrance

CHANNEL: Final = Channel.EMAIL
HINDRANCE: Final = Hindrance.SUPPORT
