"""Keep the lists of bad credentials: of one credential, they say what its status and holders say now.

May be done twice, at once, late and in any order: ``store.roster.bad_lists`` says why.
"""

from typing import Final

from reachable.model.credential import Credential
from reachable.model.history import Standing
from reachable.model.status import hex_of
from reachable.rules import bad_credentials
from reachable.rules import status as status_rules
from reachable.store.credentials import history, holders
from reachable.store.dynamodb import Item
from reachable.store.roster import bad_lists
from reachable.store.roster.items import Place

MOST: Final = 20_000
"""Lines in one turn, some two minutes' work: an address that a whole district shares has more."""


def of(credential: Credential, most: int = MOST) -> bool:
    """Make the lists say of a credential what the tables say; False where it is to be asked for again.

    1 write unit, 2 Queries, half a read unit a block, and 4 write units for each line that differs.

    Raises:
        Unavailable: others write of the same lines all the time; to be repeated.
    """
    number = bad_lists.take(credential)
    wanted = lines(holders.standing(credential))
    there = bad_lists.listed(credential)
    puts = {key: item for key, item in wanted.items() if there.get(key) != bad_lists.digest(item)}
    done = bad_lists.write(credential, number, puts, there.keys() - wanted.keys(), most)
    return done is not False  # superseded: who took a number since does it all


def lines(standing: Standing) -> dict[Place, Item]:
    """The lines that there are to be of a credential. Half a read unit a block."""
    blocks = status_rules.blocks(standing.status)
    items = history.items(standing.credential, (hex_of(block.at) for block in blocks), consistent=True)
    days = bad_credentials.days(blocks, items)
    return bad_lists.wanted(bad_credentials.lines(standing), standing.credential, days)
