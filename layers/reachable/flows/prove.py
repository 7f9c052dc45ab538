"""Take a sign-in for proof that a credential works, where a bounce says that it does not.

Off at first (`LiftOnProof`): the proof is written down for staff, who decide. Turned on, it opens the
credential. May be done twice, and by several at once: what is written is the same, or the newer stays.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from reachable import settings
from reachable.aws import FAILURES
from reachable.log import Event, logger
from reachable.model.delivery_event import OURS, event_hex
from reachable.model.history import HistoryItem, HistoryKind, Standing
from reachable.model.status import Lifting, register_name, time_of
from reachable.rules import proof
from reachable.rules import status as status_rules
from reachable.store.credentials import history, keys, proofs, registers

LIFTS: Final = settings.optional("LIFT_ON_PROOF", default="false") == "true"
"""Whether a proof opens the credential by itself."""


def by_sign_in(standing: Standing, signed_in_at: datetime, now: datetime) -> Standing:
    """How a credential stands after a sign-in that its token proves it by.

    Nothing is written where no bounce in force is older. Else 1 write unit a sign-in; where it lifts, 2. What
    cannot be written is logged, fails nobody, and is tried anew when the same token comes again.
    """
    lifting = proof.of_sign_in(standing.status, signed_in_at, now)
    if lifting is None:
        return standing
    try:
        return _lifted(standing, lifting, now) if LIFTS else _told(standing, time_of(lifting.at))
    except FAILURES as failed:
        logger.error(Event.PROOF_NOT_KEPT, error=type(failed).__name__)
        return standing


def _told(standing: Standing, at: datetime) -> Standing:
    if standing.proved_at is not None and standing.proved_at >= at:
        return standing
    proofs.learn(standing.credential, at)
    return replace(standing, proved_at=at)


def _lifted(standing: Standing, lifting: Lifting, now: datetime) -> Standing:
    """History first: a repeat finds the item there, and moves what did not move."""
    at = time_of(lifting.at)
    item = HistoryItem(
        hex=event_hex(OURS, f"proof {keys.time(at)}"),
        kind=HistoryKind.PROVED,
        provider=OURS,
        occurred_at=at,
        received_at=now,
        mark=lifting.at,
        moves=register_name(lifting),
        lift=lifting.by,
    )
    history.record(standing.credential, item)
    registers.move(standing.credential, lifting)
    return replace(standing, status=status_rules.join(standing.status, [lifting]))
