"""One attempt at a call of AWS, and what it means to a message when it fails.

The services that send take no token by which they would know a repeat, so botocore must not repeat a call:
what certainly did not go out is put off, what may have gone out is uncertain. A sender's file has the table
of its own service's errors; what any service answers stands here.

Source: docs.aws.amazon.com/ses/latest/APIReference/CommonErrors (the same list in every service's reference);
botocore.retries.standard for the words of throttling, botocore.httpsession for the errors of the wire.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from typing import Any, Final

from botocore import exceptions as wire
from botocore.parsers import ResponseParserError

from reachable import aws
from reachable.model.delivery_event import Cause, Permanence
from reachable.model.errors import MessageRefused, PutOff, ReachableError, RecipientRefused, SendUncertain

READ_SECONDS: Final = 20
"""How long a provider may think: who gives up too early does not know what became of the message."""
IDLE_SECONDS: Final = 5
"""A connection that was idle for longer is not used again.

AWS closes it meanwhile, a sleeping worker does not notice, and the next request on it fails as if it had been
lost (psf/requests#4506, boto/botocore#2787). Elsewhere botocore repeats the call, which we must not.
"""


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing was taken for now. ``seconds``: how long the documentation says to wait.

    ``denied``: not before a person gives us leave; the message waits for that as long as it may.
    """

    seconds: int | None = None
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Theirs:
    """Nothing was taken because of who it is for."""

    cause: Cause
    permanence: Permanence | None = None


@dataclass(frozen=True, slots=True)
class Ours:
    """Nothing was taken because of the message, the sender or the account."""

    cause: Cause


type Meaning = Later | Theirs | Ours
"""A row of a table of errors."""
type ByCode = Mapping[str, Meaning]
"""By error code."""
type ByWords = tuple[tuple[str, str, Meaning], ...]
"""By error code and a part of its text, in lower case; the first that fits, and before the code alone."""

ACCOUNT: Final = Ours(Cause.ACCOUNT_OR_QUOTA)
CONTENT: Final = Ours(Cause.CONTENT_OR_SIZE)
DENIED: Final = Later(denied=True)
"""A policy, a key or a clock of ours is wrong: nothing of the message, which must not end for it."""

ANY_SERVICE: Final[ByCode] = {
    "Throttling": Later(),
    "ThrottlingException": Later(),
    "Throttled": Later(),
    "ThrottledException": Later(),
    "RequestThrottled": Later(),
    "RequestThrottledException": Later(),
    "TooManyRequestsException": Later(),
    "RequestLimitExceeded": Later(),
    "SlowDown": Later(),
    "ServiceUnavailable": Later(),
    "ServiceUnavailableException": Later(),
    "AccessDenied": DENIED,
    "AccessDeniedException": DENIED,
    "ExpiredToken": DENIED,
    "ExpiredTokenException": DENIED,
    "InvalidClientTokenId": DENIED,
    "UnrecognizedClientException": DENIED,
    "SignatureDoesNotMatch": DENIED,
    "IncompleteSignature": DENIED,
    "IncompleteSignatureException": DENIED,
    "InvalidSignatureException": DENIED,  # our clock, too
    "MissingAuthenticationTokenException": DENIED,
    "MissingAuthenticationToken": DENIED,
    "NotAuthorized": DENIED,
    "OptInRequired": DENIED,
    "RequestExpired": DENIED,  # our clock
}
"""Any other code: 4xx are refused, and of 5xx nobody knows what was done."""

_NOT_CONNECTED: Final = (wire.ConnectTimeoutError, wire.EndpointConnectionError, wire.ProxyConnectionError)
_LOST: Final = (wire.HTTPClientError, wire.ConnectionError, ResponseParserError)
"""The connection broke, no answer came in time, or one that cannot be read."""

_using: Final = Lock()
_last_used: Final[dict[str, float]] = {}
"""When each service was called last, on the monotonic clock."""


@dataclass(frozen=True, slots=True)
class AwsError:
    """AWS's error. ``words``, in lower case, are for comparing alone: they may name a person's address."""

    code: str
    words: str
    details: Mapping[str, Any]

    @classmethod
    def of(cls, response: Mapping[str, Any]) -> "AwsError":
        """As botocore has read it; ``details`` are the error's own fields."""
        error = response["Error"]
        return cls(error.get("Code", ""), error.get("Message", "").lower(), response)

    def meaning(self, by_words: ByWords, by_code: ByCode) -> Meaning | None:
        """What a service's tables say of it."""
        told = (meaning for code, words, meaning in by_words if code == self.code and words in self.words)
        return next(told, None) or by_code.get(self.code)

    @property
    def reason(self) -> str | None:
        """What End User Messaging says more exactly than its code."""
        return self.details.get("Reason")

    @property
    def status(self) -> int:
        """The HTTP status."""
        return int(self.details["ResponseMetadata"]["HTTPStatusCode"])

    @property
    def retry_after(self) -> int | None:
        """Seconds to wait, where the header tells them."""
        told = self.details["ResponseMetadata"].get("HTTPHeaders", {}).get("retry-after", "")
        return int(told) if told.isdecimal() else None


def client(service: str) -> Any:
    """The client of this process for a service, without connections that have been idle."""
    made = aws.client(service, attempts=1, read_seconds=READ_SECONDS)
    with _using:
        now = time.monotonic()
        if now - _last_used.get(service, now) > IDLE_SECONDS:
            made.close()  # its idle connections; it opens others
        _last_used[service] = now
        return made


def attempt[A](call: Callable[[], A], meaning: Callable[[AwsError], Meaning | None]) -> A:
    """What the call answers; ``meaning`` is the service's own table of errors.

    Raises:
        PutOff, RecipientRefused, MessageRefused, SendUncertain: as `senders.Attempt` says.
    """
    try:
        return call()
    except wire.ClientError as refused:
        answer = AwsError.of(refused.response)
        # Without botocore's error, whose text may hold the recipient's address: it must get into no log.
        raise _error(answer, meaning(answer) or ANY_SERVICE.get(answer.code)) from None
    except wire.ParamValidationError:
        raise MessageRefused(Cause.CONTENT_OR_SIZE, "ParamValidationError") from None
    except _NOT_CONNECTED as problem:
        raise PutOff("no connection to the provider") from problem
    except _LOST as problem:
        raise SendUncertain("The provider's answer did not come or cannot be read.") from problem


def _error(answer: AwsError, meaning: Meaning | None) -> ReachableError:
    code = answer.reason or answer.code
    match meaning:
        case Later(seconds, denied):
            return PutOff(code, answer.retry_after or seconds, denied=denied)
        case Theirs(cause, permanence):
            return RecipientRefused(cause, permanence, code)
        case Ours(cause):
            return MessageRefused(cause, code)
        case None if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            return PutOff(code, answer.retry_after)
        case None if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return SendUncertain(f"The provider failed while it had the message: {code}.")
        case None:
            return MessageRefused(Cause.UNKNOWN, code)
