"""What must be true after every run, whoever came between: each is a sentence, and yields what breaks it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Final

from tests.interleavings import wire
from tests.interleavings.school import QUEUES, Moment, Scenario, School, Seen, records, registers
from tests.interleavings.wire import Item

type Invariant = Callable[[Seen, Scenario, School], Iterator[str]]

RANKS: Final = (
    *("queued", "sending", "uncertain", "sent", "delayed", "delivered"),
    *("failed", "rejected", "bounced", "complained"),
)
"""The later word outranks the earlier."""
NOT_GIVEN: Final = ("held", "blocked", "dropped")
"""What is said of a message that was not given to a provider."""
ENDS: Final = frozenset({*RANKS, *NOT_GIVEN} - {"queued", "sending", "held"})
LIFTED_BY: Final[Mapping[str, frozenset[str]]] = {
    "bounce": frozenset({"staff", "consent", "proof"}),
    "manual": frozenset({"staff", "consent"}),
    "suppressed": frozenset({"staff", "consent", "release"}),
    "suppressed+complaint": frozenset({"consent", "release"}),
    "complaint": frozenset({"consent"}),
    "unsubscribed": frozenset({"consent"}),
    "opt_out": frozenset({"start"}),
}
BY_STAFF: Final = ("reset", "marked")
LOOKED: Final = ("viewed", "viewed_messages", "viewed_events", "viewed_message", "viewed_batch")
DECIDED: Final = ("resumed", "dropped")


def no_dedup_id_is_sent_twice(seen: Seen, _: Scenario, __: School) -> Iterator[str]:
    """No dedup id is sent twice."""
    for dedup_id, many in Counter(taken.dedup_id for taken in seen.provider.took).items():
        if many > 1:
            yield f"{dedup_id} was sent {many} times"


def what_was_refused_is_not_sent(seen: Seen, _: Scenario, __: School) -> Iterator[str]:
    """The words of a wish that was refused are sent to nobody."""
    accepted = {id_ for id_, _ in _accepted(seen)}
    for taken in seen.provider.took:
        if taken.tag not in accepted:
            yield f"{taken.words} was sent, though no call was told so"


def no_message_is_lost(seen: Seen, scenario: Scenario, _: School) -> Iterator[str]:
    """Each accepted message comes to an end, or still waits, and its end is what happened to it."""
    waiting = [body for queue in QUEUES for body in wire.waiting(queue, later=True)]
    took = {taken.tag for taken in seen.provider.took}
    by_id = {record["item"].rpartition("#")[2]: record for record in records()}
    for id_, dedup_id in set(_accepted(seen)):
        record = by_id.get(id_)
        status = "without a record" if record is None else _status(record)
        if status not in ENDS and not any(id_ in body for body in waiting):
            yield f"{dedup_id} is {status}, and on no queue"
        if (status in NOT_GIVEN or status == "queued") and id_ in took:
            yield f"{dedup_id} is {status}, and was sent"
        if status in ("sent", "delayed", "delivered", "bounced", "complained") and id_ not in took:
            yield f"{dedup_id} is {status}, and was not sent"
        assert seen.played is not None
        may_end = {scenario.ends.get(dedup_id, status)} | ({"uncertain"} if seen.played.died else set())
        if status not in may_end:
            yield f"{dedup_id} is {status}, not {scenario.ends[dedup_id]}"


def a_message_s_times_stay(seen: Seen, _: Scenario, __: School) -> Iterator[str]:
    """The time at which a message came to a status, once written, stays, so that no status goes back."""
    for before, after in pairwise(seen.moments):
        for message, times in before.times.items():
            for name, at in times.items():
                now = after.times.get(message, {}).get(name)
                if now != at and name != "at_held":
                    yield f"{name} of {message} went from {at} to {now} by {after.act}"


def a_message_is_what_providers_told(seen: Seen, _: Scenario, __: School) -> Iterator[str]:
    """A message's status is the highest that was told of it."""
    assert seen.played is not None
    for key, told in seen.told.items():
        found = [record for record in records() if _is_of(record, key)]
        if not found and not seen.played.died:
            yield f"{key} has no record"
        highest = max(told, key=RANKS.index)
        for record in found:
            if _status(record) != highest:
                yield f"{record['item']} is {_status(record)}, though {', '.join(sorted(told))} was told"


def the_status_is_the_join_of_the_history(*_: object) -> Iterator[str]:
    """The stored status of every credential is the join of its own history items."""
    joined: dict[str, dict[str, str]] = {}
    stored: dict[str, dict[str, str]] = {}
    for item in wire.items("credentials", "", "status", "event#"):
        credential, kind = item["credential"], item["item"]
        if kind == "status":
            stored[credential] = registers(item)
        elif kind.startswith("event#") and "moves" in item:
            marks = joined.setdefault(credential, {})
            marks[item["moves"]] = max(marks.get(item["moves"], ""), item["mark"])
    for credential in joined.keys() | stored.keys():
        if joined.get(credential, {}) != stored.get(credential, {}):
            yield f"{credential} is {stored.get(credential)}, its history {joined.get(credential)}"


def nobody_is_blocked_whom_no_event_named(seen: Seen, _: Scenario, __: School) -> Iterator[str]:
    """Who is blocked is whom an event or a person named, or to whom we sent what was forwarded."""
    blocked = {
        credential
        for credential, marks in seen.moments[-1].registers.items()
        if any("@" in register for register in marks)
    }
    yield from (f"{one} is blocked" for one in blocked - seen.blamed - seen.perhaps)
    yield from (f"{one} is not blocked" for one in seen.blamed - blocked)
    for record in records():
        credential = record.get("credential", "nobody")
        if {"at_bounced", "at_failed"} & record.keys() and credential not in seen.blamed | seen.perhaps:
            yield f"a message to {credential} is said to have bounced"


def a_reset_says_what_was_so(seen: Seen, _: Scenario, __: School) -> Iterator[str]:
    """What a reset answers was so at some moment of it, and what it refused whole it did not do in part."""
    for act, answers in seen.answers.items():
        span = seen.span(act)
        for answer in answers if span else []:
            for result in (answer.body or {}).get("results", []):
                kind = result.get("kind")
                if result["outcome"] == "already_good" and all(_in_force(moment, kind) for moment in span):
                    yield f"{act} says already_good of the {kind}, which was bad all the time"
            if answer.status in (409, 412):
                for credential in _lifted(span, by=act):
                    yield f"{act} was refused with {answer.status}, and had reset {credential}"


def the_audit_is_what_happened(seen: Seen, _: Scenario, __: School) -> Iterator[str]:
    """What staff did, and that alone, stands in the history and in the audit, by person and by staff."""
    history = [item for item in wire.items("credentials", "", "event#") if item.get("kind") in BY_STAFF]
    # What was asked for and lifted nothing has an outcome, and stands in the audit alone.
    kept = [item for item in wire.items("audit") if "outcome" not in (item.get("details") or {})]
    entries = [item for item in kept if item["act"] in BY_STAFF]
    by_person = {item["item"] for item in entries if item["subject"].startswith("user#")}
    by_staff = {item["item"] for item in entries if item["subject"].startswith("staff#")}
    if by_person != by_staff:
        yield f"the audit by person has {len(by_person)}, by staff member {len(by_staff)}"
    if bool(history) != bool(by_person) or len(by_person) > len(history):
        yield f"{len(history)} acts in the history, {len(by_person)} in the audit"
    done = [answer for answers in seen.answers.values() for answer in answers if _did_something(answer.body)]
    if len(done) > len(by_person):
        yield f"{len(done)} resets were answered, {len(by_person)} stand in the audit"
    decisions = sum(_state(answer.body) in DECIDED for answers in seen.answers.values() for answer in answers)
    audited = {item["item"] for item in wire.items("audit") if item["act"] not in (*BY_STAFF, *LOOKED)}
    if decisions > len(audited):
        yield f"{decisions} decisions about what is held, {len(audited)} in the audit"


def a_profile_agrees_with_the_messages(_: Seen, scenario: Scenario, school: School) -> Iterator[str]:
    """The last message that a profile shows is the newest of the person's messages, as it stands."""
    for who in scenario.pages:
        listed = school.shows(f"/users/{who.id}/messages").body["items"]
        for credential in school.shows(f"/users/{who.id}").body["credentials"]:
            value = str(credential["value"]).casefold()
            own = (one for one in listed if value in str(one["credential"]).casefold())
            shown, newest = credential["last_message"], next(own, None)
            if (shown and shown["status"]) != (newest and newest["status"]):
                yield f"{who.name}'s {credential['kind']} shows {shown}, the newest message is {newest}"


ALL: Final[tuple[Invariant, ...]] = (
    no_dedup_id_is_sent_twice,
    what_was_refused_is_not_sent,
    no_message_is_lost,
    a_message_s_times_stay,
    a_message_is_what_providers_told,
    the_status_is_the_join_of_the_history,
    nobody_is_blocked_whom_no_event_named,
    a_reset_says_what_was_so,
    the_audit_is_what_happened,
    a_profile_agrees_with_the_messages,
)


def _accepted(seen: Seen) -> Iterator[tuple[str, str]]:
    """Id and dedup id of each message that a call was told of."""
    for answers in seen.answers.values():
        for answer in answers:
            for result in (answer.body or {}).get("results", []):
                if result.get("outcome") in ("queued", "duplicate"):
                    yield result["id"], result["dedup_id"]


def _status(record: Item) -> str:
    known = [name.removeprefix("at_") for name in record if name.startswith("at_")]
    given = [status for status in RANKS[1:] if status in known]
    if given:
        return given[-1]
    return next((status for status in reversed(NOT_GIVEN) if status in known), "queued")


def _is_of(record: Item, key: str | tuple[str, str]) -> bool:
    if isinstance(key, str):
        return bool(record["item"].endswith(f"#{key}"))
    return (record.get("provider_message_id"), record.get("credential")) == key


def _in_force(moment: Moment, kind: str) -> bool:
    """Whether a block is in force on the credential of this kind that the tests reset."""
    for credential, marks in moment.registers.items():
        if credential.startswith(f"{kind}:") and any(
            "@" in register and all(mark > marks.get(f"lift.{by}", "") for by in LIFTED_BY[_ground(register)])
            for register, mark in marks.items()
        ):
            return True
    return False


def _ground(register: str) -> str:
    return register.partition("@")[0]


def _lifted(span: list[Moment], by: str) -> list[str]:
    """Whose lifts an act itself moved."""
    return [
        credential
        for before, after in pairwise(span)
        if after.act == by
        for credential, marks in after.registers.items()
        if any(
            name.startswith("lift.") and mark != before.registers.get(credential, {}).get(name)
            for name, mark in marks.items()
        )
    ]


def _state(body: object) -> str | None:
    return body.get("state") if isinstance(body, dict) else None


def _did_something(body: object) -> bool:
    """Whether an answer says that staff did something: a reset of something, a mark."""
    match body:
        case {"results": list(results)}:
            return any(result.get("outcome") == "reset" for result in results)
        case {"etag": str()}:
            return True
        case _:
            return False
