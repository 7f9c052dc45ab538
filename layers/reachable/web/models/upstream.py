"""A provider's own list: what ops ask of it by a direct invoke, and what they are told."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from reachable.model.delivery_event import DIAGNOSTIC_LIMIT, Cause
from reachable.model.details import Detail
from reachable.model.errors import Meaningless
from reachable.model.page import Page
from reachable.model.status import Ground, time_of
from reachable.model.taking_over import Compared, Difference, Report
from reachable.model.upstream import DEFAULT_ACCOUNT, Listing, ListReason
from reachable.web.models.fields import Model, Time

type _Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]


class Act(StrEnum):
    """What is to be done with a provider's list."""

    LIST = "list"
    COMPARE = "compare"
    TAKE = "take"


class UpstreamIn(Model):
    """What ops want. ``csv`` is a file's text, in place of the provider's own list; ``reason`` its
    default."""

    as_: _Name = Field(alias="as")
    act: Act
    provider: _Name
    account: _Name = DEFAULT_ACCOUNT
    cursor: str | None = None
    csv: str | None = None
    reason: ListReason | None = None
    dry_run: bool = True

    @classmethod
    def of(cls, typed: object) -> Self:
        """A direct invoke's body.

        Raises:
            Meaningless: it is none.
        """
        try:
            return cls.model_validate(typed)
        except ValidationError as problem:
            wrong = ", ".join(".".join(map(str, fault["loc"])) or "all of it" for fault in problem.errors())
            raise Meaningless(Detail.UNREADABLE_WISH, wrong=wrong) from None

    @model_validator(mode="after")
    def _takes_what_it_may(self) -> Self:
        if self.act is not Act.TAKE and self.csv is not None:
            raise ValueError("only what is taken over comes from a file")
        return self


class ListingOut(Model):
    """An entry of a provider's list, in our words."""

    address: str
    reason: ListReason
    since: Time | None
    until: Time | None
    words: str | None
    place: str | None

    @classmethod
    def of(cls, listing: Listing) -> Self:
        return cls(
            address=listing.address,
            reason=listing.reason,
            since=listing.since,
            until=listing.until,
            words=listing.words[:DIAGNOSTIC_LIMIT] if listing.words else None,
            place=listing.place,
        )


class ListOut(Model):
    """A page of a provider's list."""

    items: list[ListingOut]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[Listing]) -> Self:
        return cls(items=[ListingOut.of(listing) for listing in page.items], next_cursor=page.next_cursor)


class OursOut(Model):
    """What closes an address here."""

    ground: Ground
    cause: Cause
    since: Time


class ComparedOut(Model):
    """An address that is not the same on both lists; ``held``: somebody in the roster has it."""

    address: str
    difference: Difference
    held: bool
    theirs: ListingOut | None
    ours: list[OursOut]

    @classmethod
    def of(cls, compared: Compared) -> Self:
        return cls(
            address=compared.address,
            difference=compared.difference,
            held=compared.held,
            theirs=ListingOut.of(compared.listing) if compared.listing else None,
            ours=[
                OursOut(ground=block.register.ground, cause=block.cause, since=time_of(block.at))
                for block in compared.blocks
            ],
        )


class ReportOut(Model):
    """What came of it. ``taken`` entries were written, of a dry run none; ``over`` have ended by their
    date."""

    dry_run: bool
    entries: int
    over: int
    counts: Mapping[Difference, int]
    taken: int
    differences: list[ComparedOut]
    not_held: list[str]
    unreadable: list[str]
    left_off: int
    incomplete: bool
    next_cursor: str | None

    @classmethod
    def of(cls, report: Report, *, dry_run: bool) -> Self:
        return cls(
            dry_run=dry_run,
            entries=report.entries,
            over=report.over,
            counts={difference: report.by_difference[difference] for difference in Difference},
            taken=report.taken,
            differences=[ComparedOut.of(compared) for compared in report.differences],
            not_held=list(report.not_held),
            unreadable=[text[:DIAGNOSTIC_LIMIT] for text in report.unreadable],
            left_off=report.left_off,
            incomplete=report.incomplete,
            next_cursor=report.next_cursor,
        )
