"""Incidents in the table ``messages``: what became of each, and of each part of a run.

    incidents      / <incident id>         what is known of it (Incident)
    incident#<id>  / <execution>#<phase>#<number>  what one chunk of candidates came to, by outcome

A chunk's numbers are put whole, so that one that is done twice counts once.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from reachable.model.delivery_event import Cause, Channel
from reachable.model.errors import Changed
from reachable.model.incident import KEPT, PHASE_OF, Incident, IncidentState, Where
from reachable.store import dynamodb
from reachable.store.dynamodb import Item
from reachable.store.messages import items
from reachable.store.messages.keys import TABLE

_INCIDENTS: Final = "incidents"
_AT: Final = "_at"


def put(incident: Incident) -> None:
    """Save a new incident, unless it is there. 1 write unit."""
    end = items.end(min(incident.times.values()), KEPT)
    dynamodb.put_if_absent(TABLE, _item(incident) | {"expires_at": end})


def known(incident_id: str) -> Incident | None:
    """What is known of an incident. 1 read unit."""
    found = dynamodb.get(TABLE, _place(incident_id))
    return None if found is None else _incident(found)


def latest(limit: int, before: str | None = None) -> list[Incident]:
    """The newest incidents, newest first; from the one ``before`` on. One Query."""
    return list(map(_incident, dynamodb.last(TABLE, _INCIDENTS, limit, before)))


def move(
    incident_id: str,
    states: Collection[IncidentState],
    to: IncidentState,
    now: datetime,
    *,
    of: str | None = None,
    by_way_of: IncidentState | None = None,
    never: IncidentState | None = None,
    audit: Iterable[Mapping[str, Any]] = (),
    **facts: Any,
) -> Incident:
    """Bring an incident from one of these states to another, with the facts by then. 1 write and 1 read unit.

    ``of``: only where this execution is its newest; ``by_way_of``: it came to that state, too; ``never``: it
    counts no longer that it came to that one. Where the answer is lost and botocore writes it again, it finds
    itself. ``audit`` are ready Puts, of the same transaction: no act without its record, and no record
    without its act.

    Raises:
        Changed: it is in no such state, or another run's.
    """
    values: Item = {"state": to.value, f"{to}{_AT}": _time(now), **facts}
    if by_way_of is not None:
        values[f"{by_way_of}{_AT}"] = _time(now)
    if never is not None:
        values[f"{never}{_AT}"] = None
    told = {name: value for name, value in values.items() if value is not None}
    gone = [name for name, value in values.items() if value is None]
    remove = " REMOVE " + ", ".join(f"#{name}" for name in gone) if gone else ""
    wanted = {f":from{i}": {"S": state.value} for i, state in enumerate(sorted(states))}
    itself = f"(#state = :state AND #{to}{_AT} = :{to}{_AT})"
    of_run = " AND #execution = :mine" if of is not None else ""
    names = {f"#{name}": name for name in values} | ({"#execution": "execution"} if of_run else {})
    update: dict[str, Any] = {
        "TableName": TABLE,
        "Key": dynamodb.key(**_place(incident_id)),
        "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in told) + remove,
        "ConditionExpression": f"(#state IN ({', '.join(wanted)}) OR {itself}){of_run}",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": dynamodb.to_wire({f":{name}": value for name, value in told.items()})
        | wanted
        | ({":mine": {"S": of}} if of is not None else {}),
    }
    _write(update, [{"Put": put} for put in audit])
    moved = known(incident_id)
    assert moved is not None  # noqa: S101 - its condition holds
    return moved


def _write(update: dict[str, Any], puts: list[Any]) -> None:
    table = dynamodb.client()
    try:
        if puts:
            items: list[Any] = [{"Update": update}, *puts]
            table.transact_write_items(TransactItems=items)
        else:
            dynamodb.beside_transactions(lambda: table.update_item(**update))
    except table.exceptions.ConditionalCheckFailedException as refused:
        raise Changed("The incident is in another state.") from refused
    except table.exceptions.TransactionCanceledException as cancelled:
        if not dynamodb.met_another(cancelled.response):
            raise
        raise Changed("The incident is in another state.") from cancelled


def note_people(incident_id: str, people: int) -> None:
    """Write down how many people its list names. 1 write unit."""
    dynamodb.client().update_item(
        TableName=TABLE,
        Key=dynamodb.key(**_place(incident_id)),
        UpdateExpression="SET people = :people",
        ExpressionAttributeValues=dynamodb.to_wire({":people": people}),
    )


def note_chunk(incident: Incident, number: int, outcomes: Mapping[str, int], now: datetime) -> None:
    """Write down what a chunk came to in the newest execution; anew where it is done again. 1 write unit."""
    item = {
        "entity": _chunks(incident.id),
        "item": f"{_working(incident)}{number:05}",
        "outcomes": dict(outcomes),
        "expires_at": items.end(now, KEPT),
    }
    dynamodb.client().put_item(TableName=TABLE, Item=dynamodb.to_wire(item))


def chunks(incident: Incident) -> list[Mapping[str, int]]:
    """What each chunk came to that the newest execution has done, by outcome. One Query."""
    listed = dynamodb.query(
        TABLE,
        ConsistentRead=True,
        KeyConditionExpression="entity = :e AND begins_with(#i, :p)",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues={
            ":e": {"S": _chunks(incident.id)},
            ":p": {"S": _working(incident)},
        },
    )
    return [dynamodb.of_wire(item)["outcomes"] for item in listed]


def _place(incident_id: str) -> dict[str, str]:
    return {"entity": _INCIDENTS, "item": incident_id}


def _working(incident: Incident) -> str:
    """What an execution is at: the run that follows its count by itself is of the same one."""
    return f"{incident.execution}#{PHASE_OF[incident.state]}#"


def _time(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def _chunks(incident_id: str) -> str:
    return f"incident#{incident_id}"


def _item(incident: Incident) -> Item:
    return _place(incident.id) | {
        "state": incident.state.value,
        "by": incident.by,
        "note": incident.note,
        "where": incident.where and where_item(incident.where),
        "people": incident.people,
        "events": incident.events,
        "dry_run": incident.dry_run,
        "runs": incident.runs,
        "execution": incident.execution,
        **{f"{state}{_AT}": _time(at) for state, at in incident.times.items()},
    }


def where_item(where: Where) -> Item:
    """A saved window, as an attribute."""
    found = {
        "from": _time(where.from_),
        "to": where.to and _time(where.to),
        "channel": where.channel and where.channel.value,
        "provider": where.provider,
        "account": where.account,
        "domain": where.domain,
        "cause": where.cause and where.cause.value,
        "code": where.code,
        "text": where.text,
        "school": where.school,
    }
    return {name: value for name, value in found.items() if value is not None}


def _where(item: Item) -> Where:
    return Where(
        from_=datetime.fromisoformat(item["from"]),
        to=datetime.fromisoformat(item["to"]) if "to" in item else None,
        channel=Channel(item["channel"]) if "channel" in item else None,
        provider=item.get("provider"),
        account=item.get("account"),
        domain=item.get("domain"),
        cause=Cause(item["cause"]) if "cause" in item else None,
        code=item.get("code"),
        text=item.get("text"),
        school=item.get("school"),
    )


def _incident(item: Item) -> Incident:
    return Incident(
        id=item["item"],
        state=IncidentState(item["state"]),
        by=item["by"],
        note=item.get("note"),
        where=_where(item["where"]) if "where" in item else None,
        people=item.get("people"),
        events=item.get("events"),
        dry_run=item["dry_run"],
        runs=item["runs"],
        execution=item.get("execution"),
        started_by=item.get("started_by"),
        error=item.get("error"),
        times={
            state: datetime.fromisoformat(item[f"{state}{_AT}"])
            for state in IncidentState
            if f"{state}{_AT}" in item
        },
    )
