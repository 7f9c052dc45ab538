"""Providers' accounts."""

from collections.abc import Iterable
from typing import Self

from reachable import words
from reachable.model.provider_account import Happened, Happening, ProviderAccount, SetUp
from reachable.model.upstream import Hindrance
from reachable.web.models.fields import Model, Time


class AccountReleasesOut(Model):
    """How the releases from an account's own list go.

    ``waiting`` credentials are asked for again by themselves; those of an incident that have not been asked
    for yet it tells itself. The account is asked nothing before ``paused_until``: it did not answer, or
    (``denied``) does not know our key.
    """

    released_at: Time | None
    refused_at: Time | None
    refused_because: Hindrance | None
    unknown_at: Time | None
    unknown_because: Hindrance | None
    waiting: int
    paused_until: Time | None
    denied: bool


class ProviderOut(Model):
    """An account of a provider; ``default`` where it has one only, ``name`` as people know the provider.

    ``webhook``: whether the secret is set that signs what it posts, ``upstream``: the key to its own list;
    ``none`` where it needs none. ``heard_at`` and ``bounced_at`` are when we last received an event of it and
    one that says that a message did not arrive: to the minute.
    """

    provider: str
    account: str
    name: str
    webhook: SetUp
    upstream: SetUp
    heard_at: Time | None
    bounced_at: Time | None
    releases: AccountReleasesOut

    @classmethod
    def of(cls, shown: ProviderAccount) -> Self:
        """One account."""
        refused, unknown = shown.last.get(Happening.REFUSED), shown.last.get(Happening.UNKNOWN)
        return cls(
            provider=shown.provider,
            account=shown.account,
            name=words.provider(shown.provider),
            webhook=shown.webhook,
            upstream=shown.upstream,
            heard_at=_at(shown.last.get(Happening.HEARD)),
            bounced_at=_at(shown.last.get(Happening.BOUNCED)),
            releases=AccountReleasesOut(
                released_at=_at(shown.last.get(Happening.RELEASED)),
                refused_at=_at(refused),
                refused_because=refused.why if refused else None,
                unknown_at=_at(unknown),
                unknown_because=unknown.why if unknown else None,
                waiting=shown.waiting,
                paused_until=shown.paused_until,
                denied=shown.denied,
            ),
        )


def _at(happened: Happened | None) -> Time | None:
    return happened.at if happened else None


class ProvidersOut(Model):
    """The providers' accounts, whole."""

    items: list[ProviderOut]
    next_cursor: str | None = None

    @classmethod
    def of(cls, accounts: Iterable[ProviderAccount]) -> Self:
        """All of them."""
        return cls(items=[ProviderOut.of(account) for account in accounts])
