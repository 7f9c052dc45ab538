"""Accept an invitation: a pending account becomes active, by who proves a credential of it."""

from datetime import datetime

from reachable.flows import recognise
from reachable.model.details import Detail
from reachable.model.errors import NotFound
from reachable.model.people import AccountStatus
from reachable.model.viewer import Token
from reachable.store import audit
from reachable.store.roster import reach


def accept(user_id: str, token: Token, now: datetime) -> None:
    """Make a pending account active, once it is on record; of an active one nothing is written.

    Raises:
        NotFound: the token proves no credential of such an account.
    """
    account = next((account for account in recognise.accounts(token) if account.id == user_id), None)
    if account is None:
        raise NotFound(Detail.PROVES_NO_ACCOUNT)
    if account.account_status is AccountStatus.ACTIVE:
        return
    details = {"subject": token.subject}  # who shares the address can accept, too
    audit.write(
        audit.AuditRecord(at=now, act=audit.Act.ACCEPTED, by=user_id, user_id=user_id, details=details)
    )
    reach.activate(account)
