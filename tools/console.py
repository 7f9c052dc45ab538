"""The web console's commands: build, publish; npm, as the console's own scripts want it."""

import hashlib
from pathlib import Path
from typing import Annotated, Final

import typer
from botocore.exceptions import BotoCoreError, ClientError

from tools import deploy, deployed, digest, front, node, place
from tools import publish as publishing
from tools.aws import Aws
from tools.place import ROOT, State
from tools.steps import Failure, run, step

FOLDER: Final = ROOT / "console"
BUILT: Final = FOLDER / "dist"
_NODE: Final = ROOT / "requirements" / "console.txt"

console: Final = typer.Typer(no_args_is_help=True, help="The web console: build it, and npm for its folder.")


@console.command()
def build() -> None:
    """Build it into console/dist; nothing where it is what its sources say."""
    make()


@console.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def npm(context: typer.Context) -> None:
    """Call npm in console/, such as: npm run lint. Its packages are installed first."""
    install()
    code = node.call(FOLDER, *context.args)
    if code:
        raise typer.Exit(code)


def publish(
    stage: Annotated[str, typer.Option(help="The stage, as it was deployed.")] = "prod",
    region: Annotated[str | None, typer.Option(help="Its region; else the credentials' own.")] = None,
    profile: Annotated[str | None, typer.Option(help="The profile of the AWS CLI to use.")] = None,
    stack_name: Annotated[str, typer.Option(help="CloudFormation's name; else reachable-<stage>.")] = "",
) -> None:
    """Build the web console and put it where a deployed stack serves it."""
    session = deployed.own_session(profile, region)
    if session.region_name is None:
        raise Failure("No region is named.", "Name it: ./dev publish --region us-east-1.")
    found = publishing.find(session.client, stack_name or f"reachable-{stage}")
    make()
    with step(f"Publishing the console to {found.bucket}"):
        try:
            publishing.publish(session.client, found, BUILT)
        except (BotoCoreError, ClientError) as refused:
            raise Failure(f"AWS: {refused}", "docs/console.md tells what it needs leave for.") from refused
    print(found.url)


def bring(state: State) -> None:
    """Have the local stack serve what is in console/, at the front's address.

    Raises:
        Failure: it cannot be built.
    """
    aws = Aws(place.endpoint(state.port))
    [told] = aws.cloudformation.describe_stacks(StackName=deploy.STACK)["Stacks"]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in told["Outputs"]}
    make()
    found = publishing.find(aws.client, deploy.STACK)
    published = hashlib.sha256(
        f"{digest.of(BUILT)} {found.bucket}".encode() + found.settings.as_json()
    ).hexdigest()
    if state.console != published:
        with step("Publishing the console"):
            publishing.publish(aws.client, found, BUILT)
        state.console = published
        state.save()
    api_url = deploy.local_api_url(aws.endpoint_url, outputs["ApiUrl"])
    front.start(state, api_url, outputs["ConsoleUrl"].removeprefix("https://"))


def make(folder: Path = FOLDER) -> None:
    """Bring the console's ``dist`` up to date with its sources.

    Raises:
        Failure: there are none, or they cannot be built.
    """
    if not (folder / "package.json").exists():
        raise Failure(f"There is no {folder}/package.json.", "Is this a whole clone?")
    built_from = folder / "node_modules" / ".built-from"  # beside what is built it would be published
    wanted = digest.of(folder, _NODE)
    if (folder / "dist" / publishing.INDEX).exists() and _read(built_from) == wanted:
        return
    install(folder)
    with step("Building the console (npm run build)"):
        _run_npm(folder, "run", "build")
    built_from.write_text(wanted)


def install(folder: Path = FOLDER) -> None:
    """The console's packages, as its lock has them; nothing where they are there.

    Raises:
        Failure: npm could not install them.
    """
    made_from = folder / "node_modules" / ".made-from"
    wanted = digest.of(folder / "package.json", folder / "package-lock.json", _NODE)
    if _read(made_from) == wanted:
        return
    with step("Installing the console's packages (npm ci)"):
        _run_npm(folder, "ci")
    made_from.parent.mkdir(exist_ok=True)  # where it needs none, npm makes no folder
    made_from.write_text(wanted)


def _run_npm(folder: Path, *arguments: str) -> None:
    run(
        [*node.npm(), "--prefix", folder, *arguments],
        "Mend what npm's last lines name.",
        log=place.FOLDER / "console.log",
        environment=node.environment(),
    )


def _read(file: Path) -> str | None:
    return file.read_text() if file.exists() else None
