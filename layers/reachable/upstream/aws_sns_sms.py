"""Amazon SNS: the numbers of the account that replied STOP to a text, of one region.

Source: docs.aws.amazon.com/sns/latest/dg/sms_manage and sns/latest/api. An entry tells neither a reason
nor a date: all came by STOP. A number can be opted in once in 30 days; before that the answer is
InvalidParameter ("latest opt in is too recent", 18F/identity-idp, lib/telephony), which SNS says of a
malformed number, too.

Settings, each optional: ``region``, ``endpoint_url``. Rights: sns:CheckIfPhoneNumberIsOptedOut,
sns:ListPhoneNumbersOptedOut, sns:OptInPhoneNumber.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from botocore.exceptions import ClientError

from reachable.model.delivery_event import Channel
from reachable.model.errors import ListUnclear
from reachable.model.page import Page
from reachable.model.upstream import Account, Hindrance, Listing, ListReason
from reachable.upstream import _aws

CHANNEL: Final = Channel.SMS
_NOT_YET: Final = "InvalidParameter"


def look(address: str, account: Account, _: Sequence[datetime]) -> list[Listing]:
    """Its entry. 1 request."""
    if not address.strip():
        return []
    ask = partial(_client(account).check_if_phone_number_is_opted_out, phoneNumber=address)
    told = (_aws.asked(ask) or {}).get("isOptedOut")
    if told is None:
        raise ListUnclear("not_told")
    return [_listing(address)] if told else []


def remove(listings: Sequence[Listing], account: Account) -> list[Hindrance | None]:
    """Each by a request."""
    return [_remove(listing, account) for listing in listings]


def _remove(listing: Listing, account: Account) -> Hindrance | None:
    def opt_in() -> Hindrance | None:
        try:
            _client(account).opt_in_phone_number(phoneNumber=listing.address)
        except ClientError as failed:
            if failed.response["Error"].get("Code") == _NOT_YET:
                return Hindrance.NOT_YET
            raise
        return None

    return _aws.asked(opt_in) if listing.address.strip() else None


def entries(account: Account, cursor: str | None) -> Page[Listing]:
    """100 at once."""
    more: dict[str, str] = {"nextToken": cursor} if cursor else {}
    answer = _aws.asked(partial(_client(account).list_phone_numbers_opted_out, **more)) or {}
    return Page(tuple(map(_listing, answer.get("phoneNumbers", []))), answer.get("nextToken") or None)


def _listing(number: str) -> Listing:
    return Listing(address=number, reason=ListReason.UNTOLD)


def _client(account: Account) -> Any:
    return _aws.client(account, "sns")
