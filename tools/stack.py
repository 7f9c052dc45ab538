"""A running local stack as its users meet it: the API over HTTP, tokens, and AWS beside it.

The demo and the stack tests use the same one.
"""

import base64
import json
import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from reachable.model import addresses
from reachable.model.people import RosterKind, id_of
from tools import calls, deploy, emulator, front, place, webhook_secrets
from tools.aws import Aws
from tools.calls import Answer
from tools.place import State
from tools.sample_district import LOGINS
from tools.steps import Failure, until

SENDER: Final = "office@district.example.org"
"""Whom the local stack's mails come from."""

_KINDS: Final[Mapping[str, str]] = {
    "Table": "tables",
    "QueueUrl": "queues",
    "TopicArn": "topics",
    "Bucket": "buckets",
    "Function": "functions",
    "StateMachineArn": "state_machines",
}
"""How an output's name ends, and in which map of ``./dev outputs`` it stands."""
_DASHED: Final = frozenset({"queues"})
_PATIENCE_SECONDS: Final = 180
"""Many times what anything takes: a machine may be slow, and to wait costs nothing where it is not."""
_RENEWED_SECONDS: Final = 30 * 60


@dataclass(frozen=True, slots=True)
class SampleUser:
    """A login of the sample district, as the roster has it."""

    user_id: str
    sourced_id: str
    credentials: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Everything that ``./dev outputs`` tells, and how to use it."""

    endpoint_url: str
    region: str
    api_url: str
    console_url: str
    user_pool_id: str
    event_bus: str
    tables: Mapping[str, str]
    queues: Mapping[str, str]
    topics: Mapping[str, str]
    buckets: Mapping[str, str]
    functions: Mapping[str, str]
    state_machines: Mapping[str, str]
    webhooks: Mapping[str, Mapping[str, str]]
    users: Mapping[str, SampleUser]
    aws: Aws = field(repr=False)
    clients: Mapping[str, str] = field(repr=False)
    """Cognito's app clients: ``staff`` and ``sends``."""
    password: str = field(repr=False)
    """Of every sample login."""
    _tokens: dict[str, tuple[str, float]] = field(init=False, repr=False, default_factory=dict)
    """By login, and since when: one is good for an hour."""

    def api(
        self,
        method: str,
        path: str,
        body: object = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Call the API with a JSON body."""
        sent = {"content-type": "application/json"} if body is not None else {}
        sent |= {"authorization": f"Bearer {token}"} if token else {}
        data = json.dumps(body).encode() if body is not None else None
        return self.call(method, f"{self.api_url}{path}", data, sent | dict(headers or {}))

    def call(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Any HTTP call, such as a provider's; asked again as long as the answer is 503, as all should."""
        return calls.call(method, url, body, headers, calls.PATIENT)

    def token(self, login: str) -> str:
        """An access token, good for half an hour at least: of a sample login, or of the machine client.

        Raises:
            Failure: there is no such login.
        """
        token, since = self._tokens.get(login, ("", -math.inf))
        if time.monotonic() - since > _RENEWED_SECONDS:
            token, _ = self._tokens[login] = (self._new_token(login), time.monotonic())
        return token

    def _new_token(self, login: str) -> str:
        if login == "sends":
            return self._machine_token()
        if login not in self.users:
            raise Failure(f"There is no login {login}.", f"Take one of: {', '.join([*self.users, 'sends'])}.")
        return self._sign_in(login)["AccessToken"]

    def id_token(self, login: str) -> str:
        """The other token that a sign-in gives, which proves nothing to the API."""
        return self._sign_in(login)["IdToken"]

    def wait_until[T](
        self, found: Callable[[], T | None], what: str = "it", within: float = _PATIENCE_SECONDS
    ) -> T:
        """Ask again and again until the answer is true-ish; gives that answer.

        Raises:
            Failure: it was not so within so many seconds.
        """
        if answer := until(found, within, pause=0.25):
            return answer
        raise Failure(f"Waited {within:.0f} s for {what}, in vain.", f"The emulator's log is {emulator.LOG}.")

    def described(self) -> dict[str, Any]:
        """What ``./dev outputs`` prints (design, section 7)."""
        return {
            "endpoint_url": self.endpoint_url,
            "region": self.region,
            "api_url": self.api_url,
            "console_url": self.console_url,
            "user_pool_id": self.user_pool_id,
            "event_bus": self.event_bus,
            "tables": dict(self.tables),
            "queues": dict(self.queues),
            "topics": dict(self.topics),
            "buckets": dict(self.buckets),
            "functions": dict(self.functions),
            "state_machines": dict(self.state_machines),
            "webhooks": {provider: dict(known) for provider, known in self.webhooks.items()},
            "users": {
                login: {
                    "user_id": user.user_id,
                    "sourced_id": user.sourced_id,
                    "credentials": list(user.credentials),
                }
                for login, user in self.users.items()
            },
        }

    def _sign_in(self, login: str) -> Mapping[str, str]:
        answer = self.aws.cognito.initiate_auth(
            ClientId=self.clients["staff"],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": login, "PASSWORD": self.password},
        )
        result = answer["AuthenticationResult"]
        return {"AccessToken": result["AccessToken"], "IdToken": result["IdToken"]}

    def _machine_token(self) -> str:
        client = self.aws.cognito.describe_user_pool_client(
            UserPoolId=self.user_pool_id, ClientId=self.clients["sends"]
        )["UserPoolClient"]
        pair = base64.b64encode(f"{client['ClientId']}:{client['ClientSecret']}".encode()).decode()
        answer = self.call(
            "POST",
            f"{self.endpoint_url}/oauth2/token",
            urlencode({"grant_type": "client_credentials", "scope": "reachable/sends"}).encode(),
            {"authorization": f"Basic {pair}", "content-type": "application/x-www-form-urlencoded"},
        )
        return str(answer.body["access_token"])


def running() -> Stack:
    """The stack that REACHABLE_STACK names.

    Raises:
        Failure: it is not up.
    """
    state = place.state()
    if state.code is None or not emulator.is_up(state):
        raise Failure(f"The stack {place.NAME} is not up.", "Run ./dev up.")
    return describe(state)


def describe(state: State, name: str = deploy.STACK) -> Stack:
    """What CloudFormation says of a deployed stack."""
    aws = Aws(place.endpoint(state.port))
    [deployed] = aws.cloudformation.describe_stacks(StackName=name)["Stacks"]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in deployed["Outputs"]}
    api_url = deploy.local_api_url(aws.endpoint_url, outputs["ApiUrl"])
    return Stack(
        endpoint_url=aws.endpoint_url,
        region=place.REGION,
        api_url=api_url,
        console_url=front.address(state) if name == deploy.STACK else outputs["ConsoleUrl"],
        user_pool_id=outputs["UserPoolId"],
        event_bus=outputs["EventBus"],
        **_maps(outputs),
        webhooks=webhook_secrets.senders(state, api_url),
        users={login: _user(login) for login in LOGINS},
        aws=aws,
        clients={"staff": outputs["StaffClientId"], "sends": outputs["SendsClientId"]},
        password=state.password,
    )


def _maps(outputs: Mapping[str, str]) -> dict[str, dict[str, str]]:
    maps: dict[str, dict[str, str]] = {kind: {} for kind in _KINDS.values()}
    for name, value in outputs.items():
        for ending, kind in _KINDS.items():
            if name.endswith(ending):
                joint = "-" if kind in _DASHED else "_"
                maps[kind][re.sub(r"(?<!^)(?=[A-Z])", joint, name.removesuffix(ending)).lower()] = value
    return maps


def _user(login: str) -> SampleUser:
    known = LOGINS[login]
    found = [
        *([addresses.email(known.email)] if known.email else []),
        *([addresses.phone(known.phone, "US")] if known.phone else []),
    ]
    return SampleUser(
        id_of(RosterKind.USER, known.sourced_id), known.sourced_id, tuple(str(one) for one in found)
    )
