"""For which accounts of providers a secret is set in SSM: by their names alone, no secret is read.

Who asks has no right to read one. Asked for at most once a minute a process; kept for five.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reachable.model.errors import Unavailable
from reachable.secrets import upstream, webhooks
from reachable.secrets._documents import KEPT_SECONDS, Documents, ssm

_AT_ONCE: Final = 50


@dataclass(slots=True)
class _Names(Documents):
    """The names below a path: 50 a request."""

    def _all(self) -> Iterator[tuple[str, str]]:
        pages = (
            ssm()
            .get_paginator("describe_parameters")
            .paginate(
                ParameterFilters=[{"Key": "Path", "Option": "Recursive", "Values": [self.path]}],
                PaginationConfig={"PageSize": _AT_ONCE},
            )
        )
        return ((parameter["Name"], "") for page in pages for parameter in page["Parameters"])


_webhooks: Final = _Names(webhooks.PREFIX)
_upstream: Final = _Names(upstream.PREFIX)


def of_webhooks() -> set[tuple[str, str]]:
    """Provider and account of each webhook secret.

    Raises:
        Unavailable: SSM does not answer, and nothing is known yet.
    """
    return _of(_webhooks)


def of_upstream() -> set[tuple[str, str]]:
    """Those of each key to a provider's own list; AWS's own that are ours to ask need none.

    Raises:
        Unavailable: as `of_webhooks`.
    """
    return _of(_upstream) | upstream.of_aws()


def forget() -> None:
    """Forget all: what one test put must not be known in the next one."""
    for names in (_webhooks, _upstream):
        names.forget()


def _of(names: _Names) -> set[tuple[str, str]]:
    if not names.as_of_the_last(KEPT_SECONDS) and not names.known:
        raise Unavailable("The names of the providers' accounts cannot be read now.")
    found = (name.removeprefix(f"{names.path}/").partition("/") for name in names.known)
    return {(provider, account) for provider, _, account in found}
