"""Invite who has a pending account, and remind them: by the queue and the gate, as every message goes."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import batched
from typing import Final

from reachable import settings
from reachable.flows import enqueue, scope
from reachable.model.details import Detail
from reachable.model.enqueue import LIMIT, EnqueueOutcome, Queued, Reason, Wish
from reachable.model.errors import Conflict, Meaningless, TooSoon
from reachable.model.people import AccountStatus, Contact, User
from reachable.model.send import Purpose
from reachable.model.viewer import Viewer
from reachable.rules import invitation
from reachable.store import audit
from reachable.store.roster import reach

SIGN_UP_URL: Final = settings.optional("SIGN_UP_URL", "")
"""Where an invitation leads. Empty: nobody can be invited."""
DISTRICT: Final = settings.optional("MAIL_FROM_NAME", "")
DEFAULT_LANGUAGE: Final = settings.optional("DEFAULT_LANGUAGE", "en")


def new(users: Iterable[User], now: datetime) -> None:
    """Queue an invitation for each of these whose account is pending, once however often it is asked for.

    What counts is how they are stored. A read unit each, and what ``enqueue.wishes`` costs.

    Raises:
        Meaningless: there is no address to sign up at.
        Unavailable: a table or the queue did not answer; to be repeated.
    """
    contacts = reach.contacts(user.id for user in users)
    wishes = (
        _wish(contact, f"invitation:{contact.user_id}")
        for contact in contacts.values()
        if contact.account_status is AccountStatus.PENDING
    )
    for some in batched(filter(None, wishes), LIMIT, strict=False):
        enqueue.wishes(some, now)


def remind(user_id: str, viewer: Viewer, now: datetime) -> Queued:
    """Queue the invitation of a pending account again, at most once a day (UTC); the message.

    That it was asked for is on record before it goes out.

    Raises:
        NotFound: no such user in scope.
        Conflict: the account is active.
        Meaningless: the user has neither email nor phone, or there is no address to sign up at.
        TooSoon: a reminder went today.
        Unavailable: a table or the queue did not answer; to be repeated.
    """
    user = scope.user_in_scope(user_id, viewer)
    if user.account_status is not AccountStatus.PENDING:
        raise Conflict(Detail.ACCOUNT_IS_ACTIVE)
    contact = Contact(user_id=user.id, credentials=user.credentials, language=user.language)
    wish = _wish(contact, f"reminder:{user.id}:{now.astimezone(UTC).date()}")
    if wish is None:
        raise Meaningless(Detail.NO_CREDENTIAL)
    audit.write(
        audit.AuditRecord(
            at=now,
            act=audit.Act.REMINDED,
            by=viewer.id,
            user_id=user.id,
            details={"channel": wish.channel.value},
        )
    )
    [queued] = enqueue.wishes([wish], now)
    if queued.outcome is EnqueueOutcome.DUPLICATE or queued.reason is Reason.OTHER_CONTENT:
        raise TooSoon(Detail.REMINDED_TODAY, invitation.seconds_to_next_day(now))
    if queued.outcome is EnqueueOutcome.REFUSED:
        raise Meaningless(Detail.REMINDER_REFUSED, reason=str(queued.reason))
    return queued


def _wish(contact: Contact, dedup_id: str) -> Wish | None:
    """None of who can't be reached."""
    if not SIGN_UP_URL:
        raise Meaningless(Detail.NOWHERE_TO_SIGN_UP)
    words = invitation.invitation(
        contact.credentials, contact.language, DEFAULT_LANGUAGE, district=DISTRICT, url=SIGN_UP_URL
    )
    if words is None:
        return None
    return Wish(
        user_id=contact.user_id,
        channel=words.channel,
        purpose=Purpose.INVITATION,
        dedup_id=dedup_id,
        text=words.text,
        subject=words.subject,
    )
