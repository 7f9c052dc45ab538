"""What is known of each provider's account as a whole, in the table ``messages``.

    providers / <provider>#<account>                       when what happened last, and why
    upstream#<provider>#<account> / waits#<hash>           a credential whose release waits for it

Beside the last stands the account's pace (`upstream_pace`). All end by themselves.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from reachable.model.credential import Credential
from reachable.model.provider_account import Happened, Happening
from reachable.model.upstream import Hindrance
from reachable.store import dynamodb
from reachable.store.dynamodb import Item
from reachable.store.messages import items, keys
from reachable.store.messages.keys import TABLE

KEPT: Final = timedelta(days=731)
"""As long as the statistics."""
_WAITS_LONGER: Final = timedelta(days=1)
"""So much later than it was to be asked again nobody waits any more: it was reset, or closed, since."""
_ALL: Final = "providers"
_WAITS: Final = "waits#"

type Last = Mapping[Happening, Happened]


def note(provider: str, account: str, what: Happening, happened: Happened, now: datetime) -> None:
    """Keep when something happened last, unless something later is known. 1 write unit, tried once."""
    table = dynamodb.client_of_one_attempt()
    told = {"at": keys.time(happened.at.astimezone(UTC)), "why": happened.why.value if happened.why else ""}
    try:
        table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(entity=_ALL, item=f"{provider}#{account}"),
            UpdateExpression="SET #what = :told, expires_at = :end",
            ConditionExpression="attribute_not_exists(#what) OR #what.#at < :at",
            ExpressionAttributeNames={"#what": what.value, "#at": "at"},
            ExpressionAttributeValues=dynamodb.to_wire(
                {":told": told, ":at": told["at"], ":end": items.end(now, KEPT)}
            ),
        )
    except table.exceptions.ConditionalCheckFailedException:
        return


def known() -> dict[tuple[str, str], Last]:
    """What happened last, by provider and account. 1 Query."""
    found = dynamodb.query(
        TABLE, KeyConditionExpression="entity = :e", ExpressionAttributeValues={":e": {"S": _ALL}}
    )
    return {_names(item["item"]["S"]): _last(dynamodb.of_wire(item)) for item in found}


def wait(provider: str, account: str, credential: Credential, until: datetime) -> None:
    """Keep that a credential's release waits for an account. 1 write unit, tried once."""
    end = items.end(until, _WAITS_LONGER)
    item = dynamodb.to_wire(_place(provider, account, credential) | {"expires_at": end})
    dynamodb.client_of_one_attempt().put_item(TableName=TABLE, Item=item)


def wait_no_more(provider: str, account: str, credential: Credential) -> None:
    """It waits no more. 1 write unit, tried once."""
    place = dynamodb.key(**_place(provider, account, credential))
    dynamodb.client_of_one_attempt().delete_item(TableName=TABLE, Key=place)


def waiting(provider: str, account: str, now: datetime) -> int:
    """How many credentials' releases wait for an account. A read unit for about 80 of them."""
    found = dynamodb.query(
        TABLE,
        KeyConditionExpression="entity = :e AND begins_with(#i, :w)",
        FilterExpression="expires_at > :now",
        ProjectionExpression="#i",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues=dynamodb.to_wire(
            {":e": _entity(provider, account), ":w": _WAITS, ":now": int(now.timestamp())}
        ),
    )
    return sum(1 for _ in found)


def _last(item: Item) -> dict[Happening, Happened]:
    told = {what: item[what.value] for what in Happening if what.value in item}
    return {
        what: Happened(datetime.fromisoformat(one["at"]), Hindrance(one["why"]) if one["why"] else None)
        for what, one in told.items()
    }


def _names(item: str) -> tuple[str, str]:
    provider, _, account = item.partition("#")
    return provider, account


def _entity(provider: str, account: str) -> str:
    return f"upstream#{provider}#{account}"


def _place(provider: str, account: str, credential: Credential) -> dict[str, str]:
    return {"entity": _entity(provider, account), "item": f"{_WAITS}{credential.digest}"}
