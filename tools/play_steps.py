"""What ``./dev play`` tries, step by step: each ends as a line that says what was tried, seen and held."""

import json
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from reachable.model.people import RosterKind, id_of
from tools import calls, deployed, loop
from tools.calls import Answer
from tools.deployed import Deployed
from tools.loop import Unheld, Webhook, must
from tools.steps import Failure, until

OWN_ACCOUNT: Final = "play"
"""The webhook account of Twilio's that a play makes for itself, where the stack has none."""
_DEFAULT_ACCOUNT: Final = "default"
_SECRET_SEEN_WITHIN_SECONDS: Final = 90
"""The webhooks function looks for a new secret once a minute."""
_AREA_CODES: Final = ("208", "307", "406", "505", "605", "701", "802", "907")
"""In each of them 555-0100 to 555-0199 are kept for fiction (nanpa.com)."""
_NEW_NUMBERS_TRIED: Final = 5
_CHECK: Final = "/sends/check"
_TEXT: Final = "A test of your school's messages (Reachable). There is nothing to do."
_CHANNELS: Final = {"email": "email", "phone": "sms"}


class Outcome(StrEnum):
    """What became of a step."""

    HELD = "held"
    NOT = "did not hold"
    LEFT_OUT = "left out"


class LeftOut(Exception):
    """A step for which the stack, or the caller, has set nothing."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller asks for beside the loop: a user to reset, a number to text. How long to wait."""

    user: str = ""
    text: str = ""
    seconds: float = 120


@dataclass(frozen=True, slots=True)
class Line:
    """One step: ``saw`` is for who plays; ``code`` a word in which no address and no account can stand."""

    step: str
    tried: str
    outcome: Outcome
    saw: str
    code: str | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``act`` answers what it saw, and raises where it does not hold."""

    name: str
    tried: str
    act: Callable[[], str]


@dataclass(slots=True)
class Play:
    """One play on one stack. ``account`` is Twilio's in SSM; None where the play puts a secret of its own."""

    deployed: Deployed
    wishes: Wishes
    address: str
    phone: str
    account: str | None
    own_secret: str = ""
    """Of the play's own account, once it may stand in SSM."""

    def played(self) -> Iterator[Line]:
        """Each step as it ends."""
        return (_line(step) for step in self.steps())

    def cleaned(self) -> Line | None:
        """Take away what the play put, whatever came of it; None where it put nothing."""
        if not self.own_secret:
            return None
        return _line(Step("clean-up", "the play's own secret is taken away", self._take_away))

    def steps(self) -> Sequence[Step]:
        """What it tries."""
        steps = [
            Step("stack", "the names stand in SSM and the API answers", self._stack),
            Step("gate", "the gate answers a direct invoke", self._gate),
            Step("no-token", "without a good token the API answers 401", self._no_token),
            Step("cors", "a console of ConsoleOrigins may call, another page may not", self._cors),
            Step("bounce", "a mail bounces, and the gate stops the next one", self._bounce),
            Step("failed-text", "a signed post says that a text failed, and the gate stops it", self._twilio),
            Step("wrong-signature", "a post with a wrong signature answers 401", self._wrong_signature),
            Step("unknown-account", "a post to an account unknown answers 404", self._unknown_account),
            Step("reset", "a mark by hand closes, a reset opens, both told as of the play", self._reset),
        ]
        if self.wishes.text:
            steps.append(Step("text", "a text goes out", self._text))
        return steps

    def _stack(self) -> str:
        must(deployed.SENDS in self.deployed.names, f"SSM names {deployed.SENDS}", "no such name", "no name")
        answer = calls.call("GET", f"{self.deployed.api_url}/openapi.json")
        loop.answered(answer, "GET /openapi.json")
        return f"{len(self.deployed.names)} names, GET /openapi.json 200 at {self.deployed.api_url}"

    def _gate(self) -> str:
        return _told(loop.passes(self.deployed.ask, self._mail_to()))

    def _no_token(self) -> str:
        url = f"{self.deployed.api_url}{_CHECK}"
        for headers in ({}, {"authorization": "Bearer nobodys"}):
            answer = calls.call("POST", url, b"{}", {"content-type": "application/json"} | headers)
            loop.answered(answer, f"POST {_CHECK}", HTTPStatus.UNAUTHORIZED)
        return "401 without a token, 401 with a false one"

    def _cors(self) -> str:
        if not self.deployed.origins:
            raise LeftOut("ConsoleOrigins names none")
        origin = self.deployed.origins[0]
        allowed = self._allowed(origin)
        must(allowed in {origin, "*"}, f"the API lets {origin} call", allowed, "not allowed")
        stranger = "https://stranger.example"
        if allowed != "*":
            other = self._allowed(stranger)
            must(other != stranger, "no other page may call", other, "stranger allowed")
        return f"{origin} may call, {stranger} may not"

    def _allowed(self, origin: str) -> str | None:
        asked = {
            "origin": origin,
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,content-type",
        }
        answer = calls.call("OPTIONS", f"{self.deployed.api_url}{_CHECK}", headers=asked)
        return answer.headers.get("access-control-allow-origin")

    def _bounce(self) -> str:
        if self.deployed.mail is None:
            raise LeftOut("MailFrom is empty, so the stack sends no mails")
        loop.passes(self.deployed.ask, self._mail_to())
        began = time.monotonic()
        sent = loop.send_mail(self.deployed.client("ses"), self.deployed.mail, self.address)
        verdict = loop.soon_stops(self.deployed.ask, self._mail_to(), self.wishes.seconds)
        return f"SES took it as {sent}; {time.monotonic() - began:.1f} s later: {_told(verdict)}"

    def _twilio(self) -> str:
        webhook = self._webhook()
        self._take_a_number_that_is_good()
        patience = self.wishes.seconds if self.account else _SECRET_SEEN_WITHIN_SECONDS
        answers: list[Answer] = []

        def taken() -> bool:
            answers.append(loop.post_as_twilio(webhook, self.phone))
            return answers[-1].status == HTTPStatus.OK

        until(taken, patience, pause=5)
        loop.answered(answers[-1], "POST /webhooks/twilio")
        verdict = loop.soon_stops(self.deployed.ask, self._text_to(self.phone), self.wishes.seconds)
        return f"200 to {webhook.url}; {_told(verdict)}"

    def _take_a_number_that_is_good(self) -> None:
        """Not one of an earlier play."""
        for _ in range(_NEW_NUMBERS_TRIED):
            if loop.gate(self.deployed.ask, self._text_to(self.phone))["send"]:
                return
            self.phone = nobodys_number()
        loop.passes(self.deployed.ask, self._text_to(self.phone))

    def _wrong_signature(self) -> str:
        url = self._webhook().url
        answer = loop.post_as_twilio(Webhook(url, secrets.token_hex(16)), self.phone)
        loop.answered(answer, "a post with a wrong signature", HTTPStatus.UNAUTHORIZED)
        return "401"

    def _unknown_account(self) -> str:
        url = f"{self.deployed.api_url}/webhooks/twilio/{OWN_ACCOUNT}-{uuid4().hex}"
        answer = loop.post_as_twilio(Webhook(url, secrets.token_hex(16)), self.phone)
        loop.answered(answer, "a post to an unknown account", HTTPStatus.NOT_FOUND)
        return "404"

    def _webhook(self) -> Webhook:
        """Where Twilio posts and what it signs with: as SSM has it, else of an account of the play's own."""
        if self.account is None:
            if not self.own_secret:
                self._put_own_secret()
            return Webhook(f"{self.deployed.api_url}/webhooks/twilio/{OWN_ACCOUNT}", self.own_secret)
        name = f"{self.deployed.webhook_secrets}/twilio/{self.account}"
        told = self.deployed.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
        try:
            document = json.loads(told)
            base, secret = document.get("base_url") or self.deployed.api_url, str(document["secrets"][0])
        except (ValueError, KeyError, IndexError, AttributeError, TypeError) as problem:
            what = f'{name} is {{"secrets": ["..."], "base_url": "..."}}'
            raise Unheld(what, type(problem).__name__, "secret not readable") from problem
        account = "" if self.account == _DEFAULT_ACCOUNT else f"/{self.account}"
        return Webhook(f"{base.rstrip('/')}/webhooks/twilio{account}", secret)

    @property
    def _own_parameter(self) -> str:
        return f"{self.deployed.webhook_secrets}/twilio/{OWN_ACCOUNT}"

    def _put_own_secret(self) -> None:
        secret = secrets.token_hex(16)
        document = {"secrets": [secret], "base_url": self.deployed.api_url}
        self.own_secret = secret  # before it is put: what may have been put is taken away
        self.deployed.client("ssm").put_parameter(
            Name=self._own_parameter, Type="SecureString", Value=json.dumps(document), Overwrite=True
        )

    def _take_away(self) -> str:
        self.deployed.client("ssm").delete_parameter(Name=self._own_parameter)
        return f"{self._own_parameter} is deleted; the function forgets it within five minutes"

    def _reset(self) -> str:
        if not self.wishes.user:
            raise LeftOut("no user is named (--user)")
        ask, user_id = self.deployed.ask, id_of(RosterKind.USER, self.wishes.user)
        good = [one for one in loop.profile(ask, user_id)["credentials"] if one["status"] == "good"]
        if not good:
            raise LeftOut("nothing of this user is good now, and a reset would lift what must stay")
        kind = str(min(good, key=lambda one: one["shared"])["kind"])
        recipient = {"user_id": user_id, "channel": _CHANNELS[kind]}
        loop.passes(ask, recipient)
        etag = loop.mark(ask, user_id, kind, "A play of the loop; it is reset at once.")
        try:
            shown = loop.credential(ask, user_id, kind)
            must(shown["status"] == "bad" and bool(shown["reason"]), "the profile says why", shown)
            loop.stops(ask, recipient)
        finally:
            loop.reset(ask, user_id, kind, "The play of the loop is over.", etag)
        status = loop.credential(ask, user_id, kind)["status"]
        must(status == "good", "the profile shows it good again", status, str(status))
        loop.passes(ask, recipient)
        acts = [one for one in loop.history(ask, user_id, kind) if one["by"] is not None]
        told = [(one["kind"], one["by"]) for one in acts[:2]]
        by = f"aws:{deployed.AS}"
        must([who for _, who in told] == [by, by], f"its history names {by} twice", told)
        return f"{kind}: bad ({shown['reason']}), reset, good again; its history names {by}"

    def _text(self) -> str:
        number, settings = self.wishes.text, self.deployed.settings
        loop.passes(self.deployed.ask, self._text_to(number))
        if settings.get("SMS_SENDER") == "sns":
            kind = {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}}
            sent = self.deployed.client("sns").publish(
                PhoneNumber=number, Message=_TEXT, MessageAttributes=kind
            )
        else:
            named = {
                "OriginationIdentity": settings.get("SMS_ORIGINATION_IDENTITY"),
                "ConfigurationSetName": settings.get("SMS_CONFIGURATION_SET"),
            }
            sent = self.deployed.client("pinpoint-sms-voice-v2").send_text_message(
                DestinationPhoneNumber=number,
                MessageBody=_TEXT,
                MessageType="TRANSACTIONAL",
                **{name: value for name, value in named.items() if value},
            )
        return f"taken as {sent['MessageId']}; whether it came, only {number} knows"

    def _mail_to(self) -> dict[str, str]:
        return {"credential": f"email:{self.address}", "channel": "email"}

    @staticmethod
    def _text_to(number: str) -> dict[str, str]:
        return {"credential": f"phone:{number}", "channel": "sms"}


def prepared(on: Deployed, wishes: Wishes) -> Play:
    """A play, ready to be told and begun. Reads the names of Twilio's secrets, not the secrets.

    Raises:
        Failure: AWS does not let us look.
    """
    path = f"{on.webhook_secrets}/twilio/"
    try:
        pages = on.client("ssm").get_paginator("get_parameters_by_path").paginate(Path=path)
        found = {one["Name"].removeprefix(path) for page in pages for one in page["Parameters"]}
    except (BotoCoreError, ClientError) as refused:
        raise Failure(f"AWS, asked for the names under {path}: {refused}", "See the IAM policy.") from refused
    accounts = sorted(found - {OWN_ACCOUNT}, key=lambda account: (account != _DEFAULT_ACCOUNT, account))
    return Play(
        deployed=on,
        wishes=wishes,
        address=f"bounce+{uuid4().hex}@simulator.amazonses.com",
        phone=nobodys_number(),
        account=accounts[0] if accounts else None,
    )


def nobodys_number() -> str:
    """A number kept for fiction."""
    return f"+1{secrets.choice(_AREA_CODES)}55501{secrets.randbelow(100):02}"


def _line(step: Step) -> Line:
    began = time.monotonic()

    def ended(outcome: Outcome, saw: str, code: str | None = None) -> Line:
        return Line(step.name, step.tried, outcome, saw, code, time.monotonic() - began)

    try:
        return ended(Outcome.HELD, step.act())
    except LeftOut as why:
        return ended(Outcome.LEFT_OUT, str(why))
    except Unheld as unheld:
        return ended(Outcome.NOT, unheld.what, unheld.code)
    except ClientError as refused:
        return ended(Outcome.NOT, str(refused), refused.response["Error"].get("Code", "error of AWS"))
    except Exception as broken:  # noqa: BLE001 - whatever a stack answers, the steps go on to the table
        return ended(Outcome.NOT, f"{type(broken).__name__}: {broken}", type(broken).__name__)


def _told(verdict: dict[str, Any]) -> str:
    said = "send" if verdict["send"] else f"do not send: {verdict['reason']}"
    return f"the gate says of {verdict['credential']}: {said}"
