"""The history of a credential, and its join: registers, each with its greatest mark."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

LIFTED_BY: Final[Mapping[str, frozenset[str]]] = {
    "bounce": frozenset({"staff", "consent", "proof"}),
    "manual": frozenset({"staff", "consent"}),
    "suppressed": frozenset({"staff", "consent", "release"}),
    "suppressed+complaint": frozenset({"consent", "release"}),
    "complaint": frozenset({"consent"}),
    "unsubscribed": frozenset({"consent"}),
    "unsubscribed@sms": frozenset({"consent", "start"}),
    "opt_out": frozenset({"start"}),
}
CHANNELS: Final[Mapping[str, tuple[str, ...]]] = {"email": ("email",), "phone": ("sms", "voice")}
LOWEST: Final = "0" * 16


def stamp(at: datetime, hex_: str) -> str:
    """A mark: the time with six decimals and Z, and a hex."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z#{hex_}"


def time_of(mark: str) -> datetime:
    """The time that a mark holds."""
    return datetime.fromisoformat(mark.partition("#")[0])


@dataclass(slots=True, kw_only=True)
class Item:
    """One item of a history: what it must say, and once it was seen, what it says."""

    kind: str
    moves: str | None
    marks: frozenset[str] = frozenset()
    """The whole marks that it may have, where they can be told."""
    times: frozenset[datetime] = frozenset()
    """Else the times that its mark may have."""
    causes: frozenset[str | None] = frozenset({None})
    permanence: str | None = None
    provider: str | None = None
    maybe: bool = False
    """Whether who writes it died, so that it may be there or not."""
    received: frozenset[datetime] = frozenset()
    """When a provider's event was received: it tells apart two that say the same. It may be written later, by
    whoever comes upon what was left; empty: an act of people or of ours, which may not."""
    seen: dict[str, Any] | None = None
    settled: bool = True
    """Whether the status has moved, too."""

    @property
    def mark(self) -> str:
        assert self.seen is not None
        return str(self.seen["mark"])

    @property
    def cause(self) -> str | None:
        assert self.seen is not None
        return self.seen.get("cause")

    def fits(self, raw: Mapping[str, Any]) -> bool:
        """Whether a stored item is this one."""
        if raw["kind"] != self.kind or raw.get("moves") != self.moves:
            return False
        if raw.get("cause") not in self.causes or raw.get("permanence") != self.permanence:
            return False
        if self.provider is not None and raw["provider"] != self.provider:
            return False
        if self.received and datetime.fromisoformat(raw["received_at"]) not in self.received:
            return False
        if self.moves is None:
            return True
        return raw["mark"] in self.marks if self.marks else time_of(raw["mark"]) in self.times

    def __str__(self) -> str:
        at = sorted(self.marks) or sorted(str(time) for time in self.times)
        return f"{self.kind} moving {self.moves} at {' or '.join(at)} for {self.causes}"


@dataclass(frozen=True, slots=True)
class Block:
    """A block register: its name in two parts, and what it holds."""

    ground: str
    reach: str
    item: Item

    @property
    def lifts(self) -> frozenset[str]:
        return LIFTED_BY.get(f"{self.ground}@{self.reach}") or LIFTED_BY[self.ground]

    @property
    def channels(self) -> tuple[str, ...]:
        return CHANNELS.get(self.reach, (self.reach,))


@dataclass(slots=True)
class Status:
    """Blocks and lifts: the join of a history, each register with its greatest mark."""

    blocks: list[Block]
    lifts: dict[str, str]

    @property
    def in_force(self) -> list[Block]:
        """Newest first."""
        held = [b for b in self.blocks if all(b.item.mark > self.lifts.get(by, "") for by in b.lifts)]
        return sorted(held, key=lambda block: block.item.mark, reverse=True)

    def closing(self, channel: str) -> list[Block]:
        """The blocks in force on a channel, newest first."""
        return [block for block in self.in_force if channel in block.channels]

    @property
    def registers(self) -> dict[str, str]:
        blocks = {f"{block.ground}@{block.reach}": block.item.mark for block in self.blocks}
        return blocks | {f"lift.{by}": mark for by, mark in self.lifts.items()}


def joined(items: Iterable[Item]) -> Status:
    """The status that a history gives."""
    newest: dict[str, Item] = {}
    for item in items:
        if item.moves is not None and (item.moves not in newest or newest[item.moves].mark < item.mark):
            newest[item.moves] = item
    lifts = {name.removeprefix("lift."): i.mark for name, i in newest.items() if name.startswith("lift.")}
    blocks = [
        Block(name.partition("@")[0], name.partition("@")[2], item)
        for name, item in sorted(newest.items())
        if not name.startswith("lift.")
    ]
    return Status(blocks, lifts)


def short(raw: Mapping[str, Any]) -> str:
    return f"{raw.get('kind')} moving {raw.get('moves')} at {raw.get('mark')} for {raw.get('cause')}"
