"""The item ``reach`` of the table ``roster``: all that the gate reads, and the account status."""

from collections.abc import Iterable

from reachable.model.people import AccountStatus, Contact, RosterKind, User
from reachable.store import dynamodb
from reachable.store.roster.items import REACH, TABLE, EntityId, contact, entity_of, place, spread


def contacts(user_ids: Iterable[str]) -> dict[str, Contact]:
    """How these users can be reached, strongly consistent; who is not in the roster is not in the answer.

    1 read unit each, 100 a request.

    Raises:
        Unavailable: one of them could not be read.
    """
    keys = [place(EntityId(RosterKind.USER, id_), REACH) for id_ in set(user_ids)]
    found = (contact(item) for item in dynamodb.batch_get(TABLE, keys))
    return {contact_.user_id: contact_ for contact_ in found if contact_ is not None}


def activate(user: User) -> bool:
    """Make a pending account active; whether it was pending. 1 write unit, and 1 for each line of a list.

    The lists of pending accounts are read together with this item, so a line of theirs that a crash leaves
    behind shows nobody.
    """
    try:
        dynamodb.client().update_item(
            TableName=TABLE,
            Key=dynamodb.key(**place(entity_of(user), REACH)),
            UpdateExpression="SET account_status = :active",
            ConditionExpression="account_status = :pending",
            ExpressionAttributeValues={
                ":active": {"S": AccountStatus.ACTIVE.value},
                ":pending": {"S": AccountStatus.PENDING.value},
            },
        )
    except dynamodb.client().exceptions.ConditionalCheckFailedException:
        return False
    pending = set(spread(user, AccountStatus.PENDING)) - set(spread(user, AccountStatus.ACTIVE))
    dynamodb.batch_delete(TABLE, (place(*key) for key in sorted(pending)))
    return True
