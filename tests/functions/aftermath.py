"""What an incident leaves: credentials that were marked bad, and what its run has reset of them."""

from datetime import datetime
from typing import Any

from reachable.flows import apply
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import event_hex
from reachable.model.history import HistoryItem, HistoryKind
from reachable.model.status import Lift, Lifting, Mark
from reachable.store.credentials import history, registers
from tests.builders import clock, delivery_event

INCIDENT = "incident-1"


def people(many: int) -> list[Credential]:
    """So many email addresses."""
    return [Credential(CredentialKind.EMAIL, f"p{i:04}@example.org") for i in range(many)]


def bounced(credentials: list[Credential], **event: Any) -> None:
    """Each bounced at eight."""
    for credential in credentials:
        told = {"sent_at": clock("08:00"), "occurred_at": clock("08:01"), "provider": "mailjet"} | event
        apply.events(
            [delivery_event(address=credential.address, event_id=f"1 {credential}", **told)], clock("08:02")
        )


def reset(credentials: list[Credential], at: datetime) -> None:
    """As an incident's run resets them: the lift has the mark of what had closed each."""
    for credential in credentials:
        closed = max(item.mark for item in history.of(credential) if item.kind is not HistoryKind.RESET)
        line(credential, closed, at)
        registers.move(credential, Lifting(Lift.STAFF, closed))


def line(credential: Credential, lift: Mark, at: datetime) -> None:
    """What a run writes into a history of its lift."""
    told = HistoryItem(
        hex=event_hex("reachable", f"{INCIDENT} {credential}"),
        kind=HistoryKind.RESET,
        provider="reachable",
        occurred_at=at,
        received_at=at,
        mark=lift,
        moves="lift.staff",
        lift=Lift.STAFF,
        incident=INCIDENT,
    )
    history.record(credential, told)
