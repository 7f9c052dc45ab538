"""AWS End User Messaging SMS: an opt-out list.

Source: botocore's model of pinpoint-sms-voice-v2;
docs.aws.amazon.com/sms-voice/latest/userguide/opt-out-lists and /quotas. A number that is not listed is
an error, ResourceNotFoundException, as is a list that there is not: the kind of resource tells them
apart. A number that replied STOP (EndUserOptedOut) only its own START takes off, and of US toll-free
numbers the carrier keeps the list; any number once in 30 days.

Settings, each optional: ``lists`` (names or ARNs, else ``Default``), ``region``, ``endpoint_url``.
Rights: sms-voice:DescribeOptedOutNumbers, sms-voice:DeleteOptedOutNumber on each list.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from botocore.exceptions import ClientError

from reachable.model.delivery_event import Channel
from reachable.model.errors import ListUnclear
from reachable.model.page import Page
from reachable.model.upstream import Account, Hindrance, Limit, Listing, ListReason
from reachable.upstream import _aws, _http, _pages, _times

CHANNEL: Final = Channel.SMS
LIMIT: Final = Limit(calls=10, seconds=1, each=2)
_LISTS: Final = ("Default",)
_NOT_LISTED: Final = ("ResourceNotFoundException",)
_A_LIST: Final = "opt-out-list"
_NOT_YET: Final = "PHONE_NUMBER_CANNOT_BE_OPTED_IN"
_PAGE: Final = 100


def look(address: str, account: Account, _: Sequence[datetime]) -> list[Listing]:
    """The entries on each list. A request a list."""
    if not address.strip():
        return []
    found: list[Listing] = []
    for list_ in _lists(account):
        answer = _asked(_numbers(account, list_, OptedOutNumbers=[address]))
        # An answer that does not tell is unclear, and proves no START.
        found += (
            _listing(number, list_) for number in (answer["OptedOutNumbers"] if answer is not None else ())
        )
    return found


def remove(listings: Sequence[Listing], account: Account) -> list[Hindrance | None]:
    """Each by a request."""
    return [_remove(listing, account) for listing in listings]


def _remove(listing: Listing, account: Account) -> Hindrance | None:
    def delete() -> Hindrance | None:
        try:
            _client(account).delete_opted_out_number(
                OptOutListName=listing.place, OptedOutNumber=listing.address
            )
        except ClientError as failed:
            if failed.response.get("Reason") == _NOT_YET:  # by all signs the 30 days
                return Hindrance.NOT_YET
            raise
        return None

    return _asked(delete) if listing.address.strip() else None


def entries(account: Account, cursor: str | None) -> Page[Listing]:
    """100 of one list after the other."""
    lists = _lists(account)
    list_, token = _pages.read_token(cursor, lists)
    more: dict[str, str] = {"NextToken": token} if token else {}
    answer = _asked(_numbers(account, list_, MaxResults=_PAGE, **more)) or {}
    found = tuple(_listing(number, list_) for number in answer.get("OptedOutNumbers", []))
    return Page(found, _pages.after_token(list_, answer.get("NextToken"), lists))


def _numbers(account: Account, list_: str, **which: Any) -> Callable[[], Mapping[str, Any]]:
    return partial(_client(account).describe_opted_out_numbers, OptOutListName=list_, **which)


def _asked[A](ask: Callable[[], A]) -> A | None:
    """What a call gives; None where the number is not on the list."""

    def asked() -> A:
        try:
            return ask()
        except ClientError as failed:
            if failed.response.get("ResourceType") == _A_LIST:
                raise ListUnclear("no_such_list") from None
            raise

    return _aws.asked(asked, absent=_NOT_LISTED)


def _listing(number: Mapping[str, Any], list_: str) -> Listing:
    own = bool(number.get("EndUserOptedOut"))
    return Listing(
        address=number["OptedOutNumber"],
        reason=ListReason.OPT_OUT if own else ListReason.MANUAL,
        since=_times.read(number.get("OptedOutTimestamp")),
        place=list_,
    )


def _lists(account: Account) -> list[str]:
    return _http.texts(account, "lists", _LISTS)


def _client(account: Account) -> Any:
    return _aws.client(account, "pinpoint-sms-voice-v2")
