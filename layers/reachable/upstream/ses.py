"""Amazon SES: the suppression list of the account, or of a tenant.

Source: docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list and -tenant-level-manage;
ses/latest/APIReference-V2. The list keeps the case of the local part, and its calls want that very case,
while sending ignores it: so an address is asked for in every spelling that is known. A slash in the
local part the calls answer with 400 (boto/boto3 2870): such an address is looked for page by page, and
goes by an import job, as more than a few at once do. A job knows no tenants. The global list can be
neither read nor changed, and is overridden by this one.

Settings, each optional: ``tenant``, ``region``, ``endpoint_url``. Rights: ses:GetSuppressedDestination,
ses:DeleteSuppressedDestination, ses:ListSuppressedDestinations, ses:CreateImportJob.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from reachable.model.delivery_event import Channel
from reachable.model.page import Page
from reachable.model.upstream import Account, Hindrance, Listing, ListReason
from reachable.upstream import _aws, _jobs, _pages, _times

CHANNEL: Final = Channel.EMAIL
TELLS_SPELLINGS: Final = True
BEHIND: Final[Mapping[str, tuple[Hindrance, timedelta | None]]] = {
    # Auto Validation: its own guess, without an entry that could go.
    "emailvalidationsuppressed": (Hindrance.OWN_GUESS, None),
    # The global list, which is asked only where the account's own is switched off.
    "suppressed": (Hindrance.NOT_YET, timedelta(days=14)),
}
_REASONS: Final[Mapping[str, ListReason]] = {
    "BOUNCE": ListReason.BOUNCE,
    "COMPLAINT": ListReason.COMPLAINT,
}
_NOT_LISTED: Final = ("NotFoundException",)
_ONE_BY_ONE: Final = 50
"""Up to so many at once are removed one by one: a job takes minutes."""
_JOB: Final = 10_000
"""Addresses that an import job removes at most."""
_PAGE: Final = 100
"""The largest that it takes is not documented."""


def look(address: str, account: Account, _: Sequence[datetime]) -> list[Listing]:
    """The entry of exactly this spelling. 1 request.

    Of an address with a slash those of all spellings: the whole list is read, since nobody knows its day.
    """
    if not address.strip():
        return []
    if "/" in address:
        read = partial(entries, account)
        return [entry for entry in _pages.each(read) if entry.address.lower() == address.lower()]
    ses = _client(account)
    answer = _aws.asked(
        lambda: ses.get_suppressed_destination(EmailAddress=address, **_tenant(account)), absent=_NOT_LISTED
    )
    return [] if answer is None else [_listing(answer["SuppressedDestination"])]


def remove(listings: Sequence[Listing], account: Account) -> list[Hindrance | None]:
    """Each by a request; many, or one with a slash, by an import job, which is not done yet: ``IN_LINE``.

    A job knows no tenants: there an address with a slash stays.
    """
    addresses = [listing.address for listing in listings if listing.address.strip()]
    singly = [address for address in addresses if "/" not in address]
    by_job = [address for address in addresses if "/" in address]
    tenant = _tenant(account)
    if len(singly) > _ONE_BY_ONE and not tenant:
        singly, by_job = [], addresses
    ses = _client(account)
    for address in singly:
        gone = partial(ses.delete_suppressed_destination, EmailAddress=address, **tenant)
        _aws.asked(gone, absent=_NOT_LISTED)
    for some in _pages.of(by_job, _JOB):
        if not tenant:
            _aws.asked(partial(_job, ses, some))
    slash = Hindrance.SUPPORT if tenant else Hindrance.IN_LINE
    return [slash if listing.address in by_job else None for listing in listings]


def bulk(account: Account) -> int:
    """So many by a job, which knows no tenants."""
    return 1 if _tenant(account) else _JOB


def _job(ses: Any, addresses: Sequence[str]) -> None:
    ses.create_import_job(
        ImportDestination={"SuppressionListDestination": {"SuppressionListImportAction": "DELETE"}},
        ImportDataSource={"S3Url": _jobs.put(addresses), "DataFormat": "JSON"},
    )


def entries(account: Account, cursor: str | None) -> Page[Listing]:
    """100 at once, or fewer."""
    token: dict[str, str] = {"NextToken": cursor} if cursor else {}
    ask = partial(_client(account).list_suppressed_destinations, PageSize=_PAGE, **token)
    answer = _aws.asked(partial(ask, **_tenant(account))) or {}
    found = tuple(_listing(summary) for summary in answer.get("SuppressedDestinationSummaries", []))
    return Page(found, answer.get("NextToken") or None)


def _listing(entry: Mapping[str, Any]) -> Listing:
    return Listing(
        address=entry["EmailAddress"],
        reason=_REASONS.get(entry.get("Reason", ""), ListReason.PROVIDER),
        since=_times.read(entry.get("LastUpdateTime")),
        words=entry.get("Reason"),
    )


def _tenant(account: Account) -> dict[str, str]:
    tenant = (account.settings or {}).get("tenant")
    return {"TenantName": str(tenant)} if tenant else {}


def _client(account: Account) -> Any:
    return _aws.client(account, "sesv2")
