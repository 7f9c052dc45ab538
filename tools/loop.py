"""The steps of the loop, each with what must hold: of ``./dev demo`` over HTTP, of ``./dev play`` by invoke.

A step asks, looks at the answer and gives it; one that is not as it should be is ``Unheld``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urlencode
from uuid import uuid4

from tools import calls
from tools.calls import Answer
from tools.steps import Failure, until
from tools.webhook_signing import Call, sign

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient

_FORM: Final = "application/x-www-form-urlencoded"
_UNKNOWN_NUMBER: Final = "30005"
_TODO: Final = "The functions' log tells what they said."


class Unheld(Failure):
    """A step's answer is not as it should be.

    Args:
        what: should be so.
        saw: what was answered instead.
        code: the same in a word, in which nobody's address and no account can stand.
    """

    def __init__(self, what: str, saw: object, code: str) -> None:
        super().__init__(f"Not as it should be: {what}. The answer was: {saw}", _TODO)
        self.code = code


class Ask(Protocol):
    """Asks the stack by a route, such as ``GET /users/{id}``; ``path`` has what stands in its braces."""

    def __call__(
        self,
        route: str,
        body: object = None,
        path: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Mail:
    """How the stack's mails go out."""

    sender: str
    configuration_set: str = ""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A provider's webhook, and what proves a post to it."""

    url: str
    secret: str


def must(so: bool, what: str, saw: object, code: str = "unlike") -> None:
    """Go on only where it is so.

    Raises:
        Unheld: it is not.
    """
    if not so:
        raise Unheld(what, saw, code)


def answered(answer: Answer, what: str, status: HTTPStatus = HTTPStatus.OK) -> Any:
    """The body of an answer that has this status."""
    must(answer.status == status, f"{what} answers {status}", answer, f"status {answer.status}")
    return answer.body


def gate(ask: Ask, recipient: Mapping[str, str]) -> dict[str, Any]:
    """What the gate says of one message."""
    told = answered(ask("POST /sends/check", {"recipients": [recipient]}), "POST /sends/check")
    verdict: dict[str, Any] = told["results"][0]
    return verdict


def passes(ask: Ask, recipient: Mapping[str, str]) -> dict[str, Any]:
    """The gate lets it pass."""
    verdict = gate(ask, recipient)
    must(verdict["send"] is True, "the gate lets it pass", verdict, f"blocked {verdict['reason']}")
    return verdict


def stops(ask: Ask, recipient: Mapping[str, str]) -> dict[str, Any]:
    """The gate stops it, and says why."""
    verdict = gate(ask, recipient)
    must(verdict["send"] is False and bool(verdict["reason"]), "the gate stops it", verdict, "send")
    return verdict


def soon_stops(ask: Ask, recipient: Mapping[str, str], seconds: float) -> dict[str, Any]:
    """The gate stops it once it knows of the failure, and says why."""
    until(lambda: gate(ask, recipient)["send"] is False, seconds)
    return stops(ask, recipient)


def profile(ask: Ask, user_id: str) -> dict[str, Any]:
    """A user as a User Manager sees them."""
    shown: dict[str, Any] = answered(ask("GET /users/{id}", path={"id": user_id}), "GET /users/{id}")
    return shown


def credential(ask: Ask, user_id: str, kind: str) -> dict[str, Any]:
    """One credential of a user's profile."""
    found: dict[str, Any] = next(one for one in profile(ask, user_id)["credentials"] if one["kind"] == kind)
    return found


def history(ask: Ask, user_id: str, kind: str) -> list[dict[str, Any]]:
    """What happened to a credential, newest first."""
    route = "GET /users/{id}/credentials/{kind}/events"
    items: list[dict[str, Any]] = answered(ask(route, path={"id": user_id, "kind": kind}), route)["items"]
    return items


def mark(ask: Ask, user_id: str, kind: str, note: str) -> str:
    """Mark a credential bad by hand. The profile's etag after it."""
    route = "POST /users/{id}/blocks"
    wish = {"credential": kind, "ground": "manual", "note": note}
    return str(answered(ask(route, wish, {"id": user_id}), route)["etag"])


def reset(ask: Ask, user_id: str, kind: str, note: str, etag: str | None = None) -> dict[str, Any]:
    """Reset Status of one credential; with an etag only where nothing has happened since."""
    route = "POST /users/{id}/reset"
    wish = {"credentials": [kind], "note": note}
    headers = {"if-match": etag} if etag else None
    result: dict[str, Any] = answered(ask(route, wish, {"id": user_id}, headers), route)["results"][0]
    must(result["outcome"] == "reset", "the block is lifted", result, str(result["outcome"]))
    return result


def send_mail(ses: "SESClient", mail: Mail, address: str) -> str:
    """A mail through SES, as the stack's own go: its sender and configuration set. SES's id of it."""
    message: dict[str, Any] = {
        "Source": mail.sender,
        "Destination": {"ToAddresses": [address]},
        "Message": {"Subject": {"Data": "Spring concert"}, "Body": {"Text": {"Data": "Doors open at six."}}},
    }
    if mail.configuration_set:
        message["ConfigurationSetName"] = mail.configuration_set
    return ses.send_email(**message)["MessageId"]


def post_as_twilio(webhook: Webhook, phone: str) -> Answer:
    """Twilio's status callback of a text to a number that does not exist, signed as Twilio signs."""
    sid = f"SM{uuid4().hex}"
    fields = {
        "AccountSid": "AC00000000000000000000000000000000",
        "ApiVersion": "2010-04-01",
        "ErrorCode": _UNKNOWN_NUMBER,
        "From": "+12025550100",
        "MessageSid": sid,
        "MessageStatus": "undelivered",
        "SmsSid": sid,
        "SmsStatus": "undelivered",
        "To": phone,
    }
    call = Call(url=webhook.url, headers={"content-type": _FORM}, body=urlencode(fields).encode())
    signed = sign("twilio", call, {"secret": webhook.secret})
    return calls.call(signed.method, signed.url, signed.body, signed.headers)
