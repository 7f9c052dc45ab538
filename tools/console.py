"""The web console's commands: build, publish; npm, as the console's own scripts want it."""

import hashlib
from pathlib import Path
from typing import Annotated, Final

import typer

from tools import deploy, deployed, digest, front, node, place
from tools import publish as publishing
from tools.aws import Aws
from tools.place import ROOT, State
from tools.steps import Failure, run, screen, step

FOLDER: Final = ROOT / "console"
BUILT: Final = FOLDER / "dist"
_INSTALLED: Final = FOLDER / "node_modules" / ".made-from"
_MADE_FROM: Final = ROOT / ".stack" / "env" / "console-made-from"
"""Of what is built: beside it, it would be published."""

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
        publishing.publish(session.client, found, BUILT)
    screen.print(f"The console is at {found.url}", markup=False, soft_wrap=True)


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


def make() -> None:
    """Bring console/dist up to date with its sources.

    Raises:
        Failure: there are none, or they cannot be built.
    """
    if not (FOLDER / "package.json").exists():
        raise Failure("There is no console/package.json.", "Is this a whole clone?")
    made_from = f"{digest.of(FOLDER)} {digest.of(ROOT / 'requirements' / 'console.txt')}"
    if (BUILT / publishing.INDEX).exists() and _read(_MADE_FROM) == made_from:
        return
    install()
    with step("Building the console (npm run build)"):
        _run_npm("run", "build")
    _MADE_FROM.write_text(made_from)


def install() -> None:
    """The console's packages, as its lock has them; nothing where they are there.

    Raises:
        Failure: npm could not install them.
    """
    made_from = digest.of(
        FOLDER / "package.json", FOLDER / "package-lock.json", ROOT / "requirements" / "console.txt"
    )
    if _read(_INSTALLED) == made_from:
        return
    with step("Installing the console's packages (npm ci)"):
        _run_npm("ci")
    _INSTALLED.parent.mkdir(exist_ok=True)  # where it needs none, npm makes no folder
    _INSTALLED.write_text(made_from)


def _run_npm(*arguments: str) -> None:
    run(
        [*node.npm(), "--prefix", FOLDER, *arguments],
        "Mend what npm's last lines name.",
        log=place.FOLDER / "console.log",
        environment=node.environment(),
    )


def _read(file: Path) -> str | None:
    return file.read_text() if file.exists() else None
