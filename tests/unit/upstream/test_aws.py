"""What the errors of AWS's own lists mean, whichever of them answers."""

import socket
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

import boto3
import pytest

from reachable import aws, upstream
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.upstream import Account, Listing, ListReason
from reachable.upstream import _aws
from tools.stand_ins.aws_sns_sms import error_xml
from tools.stand_ins.stand_in import Ordered, StandIn

type Accounts = Callable[..., Account]

ADDRESS = "ada@example.org"


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize(
    ("status", "code", "denied"),
    [
        (400, "Throttling", False),
        (400, "ThrottlingException", False),
        (400, "Throttled", False),
        (400, "ThrottledException", False),
        (400, "TooManyRequestsException", False),
        (400, "RequestLimitExceeded", False),
        (400, "LimitExceededException", False),
        (400, "SlowDown", False),
        (400, "ServiceUnavailable", False),
        (400, "ServiceUnavailableException", False),
        (429, "Brandnew", False),
        (500, "Brandnew", False),
        (503, "AccessDeniedException", False),
        (400, "AccessDenied", True),
        (400, "AccessDeniedException", True),
        (400, "AuthorizationError", True),
        (400, "AuthorizationErrorException", True),
        (400, "ExpiredToken", True),
        (400, "ExpiredTokenException", True),
        (400, "InvalidClientTokenId", True),
        (400, "InvalidSignatureException", True),
        (400, "MissingAuthenticationTokenException", True),
        (400, "NotAuthorized", True),
        (400, "OptInRequired", True),
        (400, "SignatureDoesNotMatch", True),
        (400, "UnrecognizedClientException", True),
        (401, "Brandnew", True),
        (403, "Brandnew", True),
    ],
)
def test_an_error_puts_off(
    lists: dict[str, StandIn], account: Accounts, status: int, code: str, *, denied: bool
) -> None:
    lists["ses"].ordered = [Ordered(status, {"__type": code, "message": ADDRESS})]
    with pytest.raises(PutOff) as put_off:
        upstream.look(account("ses"), ADDRESS)
    assert (put_off.value.why, put_off.value.seconds, put_off.value.denied) == (code, None, denied)
    assert ADDRESS not in "".join(traceback.format_exception(put_off.value))


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize(("status", "code"), [(400, "BadRequestException"), (409, "ConflictException")])
def test_an_error_that_no_page_has_is_unclear(
    lists: dict[str, StandIn], account: Accounts, status: int, code: str
) -> None:
    lists["ses"].ordered = [Ordered(status, {"__type": code, "message": ADDRESS})]
    with pytest.raises(ListUnclear) as unclear:
        upstream.look(account("ses"), ADDRESS)
    assert unclear.value.code == code
    assert ADDRESS not in "".join(traceback.format_exception(unclear.value))


def test_a_throttled_call_is_made_again_at_once(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["ses"].ordered = [Ordered(429, {"__type": "TooManyRequestsException"})]
    assert upstream.look(account("ses"), ADDRESS) == []
    assert len(lists["ses"].calls) == 2


@pytest.mark.usefixtures("once")
def test_nobody_there_puts_off(account: Accounts, nobody: str) -> None:
    with pytest.raises(PutOff) as put_off:
        upstream.look(account("ses", endpoint_url=nobody), ADDRESS)
    assert (put_off.value.why, put_off.value.denied) == ("EndpointConnectionError", False)
    assert ADDRESS not in "".join(traceback.format_exception(put_off.value))


@pytest.mark.usefixtures("once")
def test_no_answer_puts_off(account: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "client", partial(aws.client, read_seconds=1))
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(PutOff) as put_off:
        upstream.look(account("ses", endpoint_url=f"http://127.0.0.1:{listener.getsockname()[1]}"), ADDRESS)
    assert (put_off.value.why, put_off.value.denied) == ("ReadTimeoutError", False)


def test_without_credentials_nobody_is_asked(
    lists: dict[str, StandIn], account: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it keeps those that it found
    with pytest.raises(PutOff) as put_off:
        upstream.look(account("ses"), ADDRESS)
    assert (put_off.value.why, put_off.value.denied) == ("no_credentials", True)
    assert lists["ses"].calls == []


def test_what_botocore_itself_refuses_is_unclear_and_never_sent(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    of_no_list = Listing(address="+12025550123", reason=ListReason.MANUAL)
    with pytest.raises(ListUnclear) as unclear:
        upstream.remove(account("aws_sms"), [of_no_list])
    assert unclear.value.code == "ParamValidationError"
    assert lists["aws_sms"].calls == []


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize(("status", "body"), [(400, b"<html>no</html"), (200, b"{}")])
def test_an_answer_that_botocore_cannot_read_is_unclear(
    lists: dict[str, StandIn], account: Accounts, status: int, body: bytes
) -> None:
    lists["aws_sns_sms"].ordered = [Ordered(status, body)]
    with pytest.raises(ListUnclear) as unclear:
        upstream.look(account("aws_sns_sms"), "+12025550123")
    assert unclear.value.code == "ResponseParserError"


@pytest.mark.parametrize("settings", [{"region": "us east 1"}, {"endpoint_url": "nowhere"}])
def test_a_region_or_an_address_that_is_none_is_for_us_to_mend(settings: dict[str, Any]) -> None:
    with pytest.raises(PutOff) as put_off:
        upstream.look(Account("ses", settings=settings), ADDRESS)
    assert put_off.value.denied
    aws.forget_clients()


def test_an_account_is_asked_in_its_region(lists: dict[str, StandIn], account: Accounts) -> None:
    upstream.look(account("ses", region="eu-west-1"), ADDRESS)
    assert "/eu-west-1/ses/aws4_request" in lists["ses"].called[0].headers["Authorization"]
    upstream.look(account("ses"), ADDRESS)
    assert "/us-east-1/ses/aws4_request" in lists["ses"].called[1].headers["Authorization"]


def test_an_account_of_which_nothing_is_set_is_our_own_in_our_region() -> None:
    client = _aws.client(Account("ses", settings={}), "sesv2")
    assert client.meta.endpoint_url == "https://email.us-east-1.amazonaws.com"
    aws.forget_clients()


@pytest.mark.usefixtures("once")
def test_an_error_of_sns_is_read_from_its_xml(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["aws_sns_sms"].ordered = [Ordered(429, error_xml("Throttled"))]
    with pytest.raises(PutOff) as put_off:
        upstream.look(account("aws_sns_sms"), "+12025550123")
    assert (put_off.value.why, put_off.value.denied) == ("Throttled", False)
