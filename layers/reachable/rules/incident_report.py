"""What an incident's candidates came to, for people: lines, numbers, a table. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from reachable.model.history import Standing
from reachable.model.incident import Candidate, Judged, Line, Numbers, Outcome
from reachable.model.people import Holder
from reachable.model.status import Block, time_of
from reachable.model.times import rfc3339

EXAMPLES: Final = 10
LEFT_ALONE: Final = 200
"""So many of them by name in the API's answer; the report has all."""
_HOLDERS: Final = 25
"""Named of one credential."""
_NAMES: Final = 500
"""Domains, or schools, that are counted by name; the rest under none."""
_BY: Final = ("outcome", "cause", "domain", "school", "account")
_CHANGED: Final = frozenset({Outcome.RESET, Outcome.RESTORED})
COLUMNS: Final = ("sourced_id", "name", "credential", "outcome", "cause", "since", "because")


def line(standing: Standing, judged: Judged, accounts: Iterable[str] = ()) -> Line:
    """What a credential came to; ``accounts`` are to be asked to release it."""
    newest = judged.blocks[0] if judged.blocks else None
    current: Sequence[Holder] = standing.current
    return Line(
        outcome=judged.outcome,
        kind=standing.credential.kind.value,
        credential=str(standing.credential),
        domain=standing.credential.domain,
        cause=newest.cause.value if newest is not None else None,
        since=_since(newest) if newest is not None else None,
        holders=tuple((holder.user_id, holder.sourced_id, holder.name) for holder in current[:_HOLDERS]),
        schools=tuple(sorted({school for holder in current for school in holder.schools})),
        accounts=tuple(accounts),
        others=tuple((block.register.ground, block.cause, _since(block)) for block in judged.others),
    )


def nobody(candidate: Candidate) -> Line:
    """Somebody whom a list names and nobody knows."""
    return Line(outcome=Outcome.UNKNOWN_USER, listed=candidate.user_id)


def _since(block: Block) -> str:
    return rfc3339(time_of(block.at))


def numbers(lines: Iterable[Line]) -> Numbers:
    """How many by outcome; of those that are reset, or closed again, by cause, domain, school and account."""
    found: dict[str, Counter[str]] = {by: Counter() for by in _BY}
    for told in lines:
        found["outcome"][told.outcome] += 1
        if told.outcome not in _CHANGED:
            continue
        found["cause"][told.cause or ""] += 1
        found["domain"][told.domain or ""] += 1
        found["school"].update(told.schools or ("",))
        found["account"].update(told.accounts)
    return found


def total(parts: Iterable[Numbers]) -> dict[str, dict[str, int]]:
    """All parts together, the largest names first; what is of more names than we tell, under none."""
    found: dict[str, Counter[str]] = {by: Counter() for by in _BY}
    for part in parts:
        for by, names in part.items():
            found[by].update(names)
    return {by: _largest(names) for by, names in found.items()}


def _largest(names: Counter[str]) -> dict[str, int]:
    ranked = names.most_common()
    kept = dict(ranked[:_NAMES])
    rest = sum(many for _, many in ranked[_NAMES:])
    return kept | ({"": kept.get("", 0) + rest} if rest else {})


def summary(lines: Iterable[Line]) -> dict[str, Any]:
    """Ten examples of what changes, and the first whom the run leaves alone."""
    examples: list[Mapping[str, Any]] = []
    left: list[Mapping[str, Any]] = []
    for told in lines:
        if told.outcome in _CHANGED and len(examples) < EXAMPLES:
            examples.append(told.plain())
        elif told.outcome not in _CHANGED and len(left) < LEFT_ALONE:
            left.append(told.plain())
    return {"examples": examples, "left_alone": left}


def rows(lines: Iterable[Line]) -> list[dict[str, object]]:
    """The report: a row for each who holds a credential; no address is in it."""
    return [
        {
            "sourced_id": sourced_id,
            "name": name,
            "credential": told.kind,
            "outcome": told.outcome.value,
            "cause": told.cause,
            "since": told.since,
            "because": "; ".join(" ".join(other) for other in told.others),
        }
        for told in lines
        for _, sourced_id, name in (told.holders or (("", told.listed or "", ""),))
    ]
