"""Calls of AWS's own lists: which client, and what its errors mean whichever service answers.

Source: docs.aws.amazon.com/ses/latest/APIReference/CommonErrors (the same list in every service's
reference).
"""

from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ParamValidationError
from botocore.parsers import ResponseParserError

from reachable import aws
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.upstream import Account

_BUSY: Final = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "Throttled",
        "ThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "LimitExceededException",  # of SES: as many import jobs at once as it takes
        "SlowDown",
        "ServiceUnavailable",
        "ServiceUnavailableException",
    }
)
_DENIED: Final = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "AuthorizationErrorException",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "NotAuthorized",
        "OptInRequired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_FORBIDDEN: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_SERVER_ERROR: Final = 500


def client(account: Account, service: str) -> Any:
    """The client for an account: its ``region`` and ``endpoint_url`` may be set, else they are our own.

    Raises:
        PutOff: there is none with these: denied.
    """
    settings = account.settings or {}
    try:
        return aws.client(service, region=settings.get("region"), endpoint_url=settings.get("endpoint_url"))
    except (BotoCoreError, ValueError) as failed:
        raise PutOff(type(failed).__name__, denied=True) from None


def asked[A](ask: Callable[[], A], *, absent: Collection[str] = ()) -> A | None:
    """What a call gives; None where it fails with one of the codes that mean: there is no such thing.

    Raises:
        PutOff: throttled, down or out of reach; ``denied`` where a right is missing.
        ListUnclear: any other error, a request that botocore itself refuses, an answer that it cannot read.
    """
    try:
        return ask()
    except ClientError as failed:
        code = failed.response["Error"].get("Code", "")
        if code in absent:
            return None
        raise _refusal(code, failed.response) from None  # its text may have the address
    except NoCredentialsError:
        raise PutOff("no_credentials", denied=True) from None
    except (ParamValidationError, ResponseParserError) as failed:
        raise ListUnclear(type(failed).__name__) from None
    except BotoCoreError as failed:
        raise PutOff(type(failed).__name__) from None


def _refusal(code: str, response: Any) -> PutOff | ListUnclear:
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _BUSY or status == HTTPStatus.TOO_MANY_REQUESTS or status >= _SERVER_ERROR:
        return PutOff(code)
    if code in _DENIED or status in _FORBIDDEN:
        return PutOff(code, denied=True)
    return ListUnclear(code)
