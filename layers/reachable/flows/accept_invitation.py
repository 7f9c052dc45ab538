"""Accept an invitation: a pending account becomes active, by who proves a credential of it."""

from datetime import datetime
from uuid import uuid4

from reachable.flows import recognise
from reachable.model.errors import NotFound
from reachable.model.viewer import Token
from reachable.store import audit, roster


def accept(user_id: str, token: Token, now: datetime) -> None:
    """Make a pending account active; of an active one nothing is written.

    Raises:
        NotFound: the token proves no credential of such an account.
    """
    if user_id not in {account.id for account in recognise.accounts(token)}:
        raise NotFound("This token proves no credential of such an account.")
    if roster.activate(user_id):
        entry = audit.Entry(id=uuid4().hex, at=now, act=audit.Act.ACCEPTED, by=user_id, user_id=user_id)
        audit.write(entry)
