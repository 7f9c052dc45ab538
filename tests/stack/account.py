"""An AWS account, as far as the emulator can play one for docs/first-deploy.md.

``sam`` is a command that calls SAM as the page does, and then mends the emulator: ``python -m
tests.stack.account <SAM's arguments>``.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Final

from tools import deploy, place
from tools.aws import Aws

SENDER: Final = "office@ridge.example.org"
"""The page's own, which the sample stack does not have."""
_LOCALLY: Final = (
    f"Architecture={place.ARCHITECTURE}",  # the functions run on this machine
    "TlsOnly=false",  # the emulator has no HTTPS
)


def put_sam(folder: Path) -> Path:
    """Make a folder with a command ``sam``, to be put before a path. ``-P``: not the page's copy of us."""
    command = folder / "sam"
    python = shlex.join([sys.executable, "-P", "-m", "tests.stack.account"])
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{place.ROOT}" exec {python} "$@"\n')
    command.chmod(0o755)
    return folder


def _sam(arguments: list[str]) -> int:
    """SAM with the page's arguments. In ``build`` and ``deploy`` parameters stand last."""
    command: list[str | Path] = [place.command("deploy", "sam"), *arguments]
    match arguments[0]:
        case "build":
            command += ["--parameter-overrides", *_LOCALLY]
        case "deploy":
            command += _LOCALLY
        case _:
            pass
    variables = deploy.environment() | place.aws_variables(place.state().port)
    code = subprocess.run(command, env=variables, check=False).returncode
    if code == 0 and arguments[0] == "build":
        _retain()
    if code == 0 and arguments[0] == "deploy":
        _mend(Aws(place.endpoint(place.state().port)), arguments[arguments.index("--stack-name") + 1])
    return code


def _retain() -> None:
    """MiniStack 1.5.33 deletes all of a nested stack; AWS keeps its tables, buckets and user pool.

    So here the whole nested stack is kept. It can go once a nested resource's DeletionPolicy is asked.
    """
    template = Path(".aws-sam/build/template.yaml")
    nested = r"(^  (?:Storage|ConsoleRoom|Identity):\n(?:    .*\n)*?    DeletionPolicy: )Delete$"
    text, count = re.subn(nested, r"\g<1>Retain", template.read_text("utf-8"), flags=re.MULTILINE)
    assert count == 3, "the nested stacks that are kept are called otherwise"
    template.write_text(text, "utf-8")


def _mend(aws: Aws, stack: str) -> None:
    """What the emulator takes otherwise, and events that do not come."""
    deploy.mend(aws, stack)
    [deployed] = aws.cloudformation.describe_stacks(StackName=stack)["Stacks"]
    told = {one["OutputKey"]: one["OutputValue"] for one in deployed["Outputs"]}
    aws.ses.verify_email_identity(EmailAddress=SENDER)
    aws.ses.set_identity_notification_topic(  # in place of the configuration set's events
        Identity=SENDER, NotificationType="Bounce", SnsTopic=told["SesTopicArn"]
    )


if __name__ == "__main__":
    sys.exit(_sam(sys.argv[1:]))
