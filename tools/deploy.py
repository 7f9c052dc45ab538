"""Build and deploy to the emulator, with the same ``sam`` and template as to a real account."""

import json
import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from tools import digest, front, place, provider_lists
from tools.aws import Aws
from tools.place import BUILD, FOLDER, ROOT, State
from tools.steps import run, step

STACK: Final = f"reachable-{place.NAME}"


def infra_digest() -> str:
    """Of the nested stacks: the emulator cannot change one in place."""
    return digest.of(ROOT / "infra")


def code_digest() -> str:
    """Of everything that is built and deployed."""
    return digest.of(
        *(ROOT / name for name in ("template.yaml", "samconfig.toml", "infra", "functions", "layers"))
    )


def build(folder: Path, log: Path) -> None:
    """What ``sam build`` alone does, for the processor of this machine.

    Raises:
        Failure: it failed.
    """
    run(
        [
            place.command("deploy", "sam"),
            "build",
            *("--template", ROOT / "template.yaml"),
            *("--build-dir", folder),
            *("--parameter-overrides", f"Architecture={place.ARCHITECTURE}"),
        ],
        "Mend what SAM's last lines name and run ./dev up again.",
        log=log,
        environment=environment(),
    )


CONSOLE: Final = "http://localhost:5173"
"""Where the console is served on a developer's machine: Vite's own port."""


def deploy(state: State) -> None:
    """Bring what is deployed up to date with the work tree; nothing where it is.

    Raises:
        Failure: it failed.
    """
    code = f"{code_digest()} {state.lists_port} {state.front_port}"  # addresses in parameters have them
    if state.code == code:
        return
    with step("Building (sam build)"):
        build(BUILD, FOLDER / "build.log")
    with step("Deploying (sam deploy)"):
        deploy_stage(place.NAME, state)
        _name_console(state)
    state.infra, state.code = infra_digest(), code
    state.save()


def deploy_stage(stage: str, state: State, **options: str) -> None:
    """Deploy what is built as a stage of its own, ``reachable-<stage>``, with other parameters where named.

    Raises:
        Failure: it failed.
    """
    parameters = {
        "Stage": stage,
        "Architecture": place.ARCHITECTURE,
        "DeletionProtection": "false",
        "TlsOnly": "false",
        "MailFrom": "office@district.example.org",
        "SignUpUrl": "https://district.example.org/sign-up",
        "SmsSender": "sns",  # the emulator has no End User Messaging
        "ConsoleOrigins": f"{CONSOLE},{front.address(state)}",
        "SignInOrigins": place.endpoint(state.port),  # buckets answer there, too
        "MessageEvents": "true",
        "DigestRoles": "school_staff",
        "BlockExpiryDays": "3650",
        "PasswordSignIn": "true",  # ./dev token
    }
    if stage == place.NAME:  # the secret of the receiver is this stage's
        parameters["EventWebhookUrl"] = provider_lists.address(state, provider_lists.WEBHOOK)
    parameters |= options
    run(
        [
            place.command("deploy", "sam"),
            "deploy",
            *("--template-file", BUILD / "template.yaml"),
            *("--config-file", ROOT / "samconfig.toml"),
            *("--stack-name", f"reachable-{stage}"),
            "--no-confirm-changeset",
            "--no-progressbar",
            "--parameter-overrides",
            *(f"{name}={value}" for name, value in parameters.items()),
        ],
        "Mend what CloudFormation's last lines name, then ./dev up again (./dev down: from nothing).",
        log=FOLDER / "deploy.log",
        environment=environment() | place.aws_variables(state.port),
    )
    mend(Aws(place.endpoint(state.port)), f"reachable-{stage}")


def mend(aws: Aws, stack: str) -> None:
    """After a deploy: what MiniStack takes otherwise than AWS does."""
    _let_secrets_be_read_by_path(aws, stack)
    _make_concurrency_a_number(aws)
    _spell_cors(aws)
    _name_addresses(aws, stack)


def local_api_url(endpoint_url: str, url: str) -> str:
    """Where an API answers: its own address, ``<id>.execute-api.localhost``, resolves nowhere."""
    api_id = str(urlsplit(url).hostname).partition(".")[0]
    return f"{endpoint_url}/_aws/execute-api/{api_id}/$default"


def _name_addresses(aws: Aws, stack: str) -> None:
    """In SSM: those that MiniStack gives resolve nowhere. It can go once they do."""
    [deployed] = aws.cloudformation.describe_stacks(StackName=stack)["Stacks"]
    [url] = [one["OutputValue"] for one in deployed["Outputs"] if one["OutputKey"] == "ApiUrl"]
    names = {
        "api-url": local_api_url(aws.endpoint_url, url),
        "token-endpoint": f"{aws.endpoint_url}/oauth2/token",
    }
    for name, value in names.items():
        full = f"/reachable/{stack.removeprefix('reachable-')}/{name}"
        aws.ssm.put_parameter(Name=full, Value=value, Type="String", Overwrite=True)


def _name_console(state: State) -> None:
    """In SSM: CloudFront's names resolve nowhere here, so people come to the front."""
    Aws(place.endpoint(state.port)).ssm.put_parameter(
        Name=f"/reachable/{place.NAME}/console-url",
        Value=front.address(state),
        Type="String",
        Overwrite=True,
    )


def _let_secrets_be_read_by_path(aws: Aws, stack: str) -> None:
    """MiniStack 1.5.33 asks IAM for GetParametersByPath on ``*``; AWS on the path, as in the template.

    It can go once MiniStack asks for the path.
    """
    [deployed] = aws.cloudformation.describe_stacks(StackName=stack)["Stacks"]
    allowed = {"Effect": "Allow", "Action": "ssm:GetParametersByPath", "Resource": "*"}
    for output in deployed["Outputs"]:
        if not output["OutputKey"].endswith("Function"):
            continue
        function = aws.functions.get_function_configuration(FunctionName=output["OutputValue"])
        if not _READ_BY_PATH & function.get("Environment", {}).get("Variables", {}).keys():
            continue
        aws.iam.put_role_policy(
            RoleName=function["Role"].rpartition("/")[2],
            PolicyName="secrets-by-path-on-the-emulator",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
        )


_READ_BY_PATH: Final = frozenset({"WEBHOOK_SECRETS", "UPSTREAM_ACCOUNTS"})
"""A function that knows such a path reads it."""


def _make_concurrency_a_number(aws: Aws) -> None:
    """MiniStack 1.5.33 keeps a number that comes by a parameter as text, and its poller compares it with one.

    It can go once MiniStack makes a number of it, as CloudFormation does.
    """
    for mapping in aws.functions.list_event_source_mappings()["EventSourceMappings"]:
        most = mapping.get("ScalingConfig", {}).get("MaximumConcurrency")
        if most is not None:
            aws.functions.update_event_source_mapping(
                UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": int(most)}
            )


def _spell_cors(aws: Aws) -> None:
    """MiniStack 1.5.33 keeps a CORS configuration in CloudFormation's spelling and looks for the API's own.

    It can go once MiniStack translates it.
    """
    kept: dict[str, Any] = {}

    def note(http_response: Any, **_: Any) -> None:
        kept.update(json.loads(http_response.content))

    aws.gateway.meta.events.register("after-call.apigatewayv2.GetApi", note)
    for api in aws.gateway.get_apis()["Items"]:
        aws.gateway.get_api(ApiId=api["ApiId"])  # botocore itself drops the words that it does not know
        if "AllowOrigins" in kept["corsConfiguration"]:
            aws.gateway.update_api(ApiId=api["ApiId"], CorsConfiguration=kept["corsConfiguration"])


def environment() -> dict[str, str]:
    """What ``sam`` and the makefiles read."""
    variables = place.clean_environment() | {
        "ARCHITECTURE": place.ARCHITECTURE,
        "AWS_DEFAULT_REGION": place.REGION,
        "SAM_CLI_TELEMETRY": "0",
        "UV": place.uv(),
        "UV_PYTHON": sys.executable,  # where pyenv is, uv finds no 3.13 in SAM's scratch folders
    }
    if sys.platform == "darwin":  # there the emulator runs the functions on the Mac itself
        cpu = "aarch64" if place.ARCHITECTURE == "arm64" else "x86_64"
        variables["PLATFORM"] = f"{cpu}-apple-darwin"
    return variables
