"""A deployed stack, wherever it is, for who has IAM's leave: names in SSM, outputs, direct invokes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tools.calls import Answer, read
from tools.loop import Mail, Unheld
from tools.steps import Failure

AS: Final = "play"
"""Who asks, for the audit."""
SENDS: Final = "sends-function"
_FUNCTIONS: Final[Mapping[str, str]] = {
    "GET /users/{id}": "ProfilesFunction",
    "GET /users/{id}/credentials/{kind}/events": "ProfilesFunction",
    "POST /users/{id}/reset": "ResetFunction",
    "POST /users/{id}/blocks": "ResetFunction",
}
"""By which output's function a route answers; the gate's own name stands in SSM."""
_TODO: Final = "Name the stage and region of the deploy: ./dev play --stage trial --region us-east-1."


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What is known of it. ``settings`` are those of the function that sends."""

    stage: str
    region: str
    names: Mapping[str, str]
    outputs: Mapping[str, str]
    origins: tuple[str, ...]
    settings: Mapping[str, str]
    session: Any = field(repr=False)

    @property
    def api_url(self) -> str:
        return self.names["api-url"]

    @property
    def mail(self) -> Mail | None:
        """None where the stack sends no mails."""
        sender = self.settings.get("MAIL_FROM")
        return Mail(sender, self.settings.get("SES_CONFIGURATION_SET", "")) if sender else None

    @property
    def webhook_secrets(self) -> str:
        """Under which path the providers' secrets stand."""
        return f"/reachable/{self.stage}/webhooks"

    def client(self, service: str) -> Any:
        """A client of AWS, of the caller's own session."""
        return self.session.client(service)

    def ask(
        self,
        route: str,
        body: object = None,
        path: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask a route by a direct invoke of its function.

        Raises:
            Unheld: the function failed.
        """
        output = _FUNCTIONS.get(route)
        wish = {"as": AS, "route": route, "path": path or {}, "headers": headers or {}, "body": body}
        answer = self.client("lambda").invoke(
            FunctionName=self.outputs[output] if output else self.names[SENDS],
            Payload=json.dumps(wish).encode(),
        )
        told = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise Unheld(f"{route} answers", told, "function error")
        return Answer(told["statusCode"], told.get("headers") or {}, read((told.get("body") or "").encode()))


def find(stage: str, stack: str, session: Any) -> Deployed:
    """The stack of a stage. Reads, and changes nothing.

    Raises:
        Failure: there is none, or AWS does not let us look.
    """
    if session.region_name is None:
        raise Failure("No region is named.", _TODO)
    try:
        names = names_below(session.client("ssm"), f"/reachable/{stage}/")
        if not names:
            raise Failure(f"SSM has no names under /reachable/{stage}/ in {session.region_name}.", _TODO)
        [told] = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        outputs = {one["OutputKey"]: one["OutputValue"] for one in told["Outputs"]}
        parameters = {one["ParameterKey"]: one["ParameterValue"] for one in told.get("Parameters", [])}
        dispatch = session.client("lambda").get_function_configuration(
            FunctionName=outputs["DispatchFunction"]
        )
    except KeyError as missing:
        raise Failure(f"{stack} has no {missing}.", "Deploy this version, or name --stack-name.") from None
    except (BotoCoreError, ClientError) as refused:
        raise Failure(f"AWS, asked what is deployed: {refused}", _TODO) from refused
    return Deployed(
        stage=stage,
        region=session.region_name,
        names=names,
        outputs=outputs,
        origins=tuple(filter(None, parameters.get("ConsoleOrigins", "").split(","))),
        settings=dispatch["Environment"]["Variables"],
        session=session,
    )


def own_session(profile: str | None, region: str | None) -> Any:
    """The caller's credentials, where boto3 finds them.

    Raises:
        Failure: there is no such profile.
    """
    try:
        return boto3.Session(profile_name=profile, region_name=region)
    except BotoCoreError as refused:
        raise Failure(str(refused), "Name a profile that aws configure list-profiles shows.") from refused


def names_below(ssm: Any, path: str) -> dict[str, str]:
    """What SSM names there, without the path."""
    pages = ssm.get_paginator("get_parameters_by_path").paginate(Path=path)
    return {one["Name"].removeprefix(path): one["Value"] for page in pages for one in page["Parameters"]}
