"""What a sign-in with a credential says of the bounces from before it (design section 5, `LiftOnProof`).

Who signs in by what was sent to a credential shows that it works: for all who have it, since that is a fact
of the address. It says nothing of what its holders wish.
"""

from datetime import datetime

from reachable.model.status import LOWEST_HEX, Block, Lift, Lifting, Mark, Status, mark
from reachable.rules import disclosure
from reachable.rules import status as status_rules


def of_sign_in(status: Status, signed_in_at: datetime, now: datetime) -> Lifting | None:
    """What a sign-in lifts; None where no bounce in force is older, or one of those is a wish.

    What a clock puts into the future counts from now. The hex is the lowest, so that what was sent at the
    moment of the sign-in stays closed: the sign-in says nothing of it.
    """
    at = mark(min(signed_in_at, now), LOWEST_HEX)
    older = [block for block in status_rules.blocks(status) if _lifts(at, block)]
    if not older or any(map(disclosure.is_wish, older)):
        return None
    return Lifting(Lift.PROOF, at)


def is_against(block: Block, proved_at: datetime) -> bool:
    """Whether a sign-in speaks against a block: a bounce that is older, and no wish."""
    return _lifts(mark(proved_at, LOWEST_HEX), block) and not disclosure.is_wish(block)


def _lifts(at: Mark, block: Block) -> bool:
    return Lift.PROOF in status_rules.lifted_by(block.register) and block.at < at
