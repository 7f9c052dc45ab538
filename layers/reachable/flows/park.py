"""Park a message that is held: no message travels a queue while it waits for a person."""

from reachable.buckets import parked
from reachable.model.group import Hold
from reachable.model.message import Outgoing
from reachable.queues import outbound
from reachable.store import groups


def park(outgoing: Outgoing, group: str, hold: Hold) -> None:
    """Put a message aside under a hold; back on its queue where that is over by now.

    Who decides first says so and then looks for what is parked: so either they find this message, or it finds
    what they said. 1 object, and 1 read unit.
    """
    parked.put(hold.id, outgoing.id, outbound.written(outgoing))
    if hold.is_still(groups.said(group)):
        return
    outbound.put(outgoing)
    parked.delete(hold.id, [outgoing.id])
