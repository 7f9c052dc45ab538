"""Every command of the AWS CLI and of SAM in the pages is one that the tool has, with options that it has."""

import re
from pathlib import Path
from typing import Any, Final

import pytest

from tests import template
from tests.unit import aws_commands
from tests.unit.aws_commands import Command

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
FIRST_DEPLOY: Final = ROOT / "docs/first-deploy.md"


def _complaints(script: str) -> list[str]:
    return [told for command in aws_commands.of_script(script) for told in aws_commands.complaints(command)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_pages_commands_are_the_tools_own(page: Path) -> None:
    commands = aws_commands.of_page(page.read_text("utf-8"))
    assert [(str(one), told) for one in commands for told in aws_commands.complaints(one)] == []


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("aws ssm get-parameter --nam /a", "ssm get-parameter has no --nam"),
        ("aws ssm get-paramter --name /a", "ssm has no operation get-paramter"),
        ("aws smm get-parameter --name /a", "there is no service smm"),
        ("aws ssm get-parameter --query a", "ssm get-parameter needs --name"),
        ("aws ssm get-parameter --name", "ssm get-parameter --name: needs a value"),
        ("aws ssm get-parameter --name /a /b", "ssm get-parameter --name: takes one value, not 2"),
        ("aws ssm get-parameter /a", "ssm get-parameter: '/a' stands alone"),
        ("aws ssm get-parameter --name /a --with-decryption yes", "takes no value, not 'yes'"),
        ("aws ssm get-parameter --name /a --no-name", "ssm get-parameter has no --no-name"),
        ("aws ssm get-parameter --name /a --output", "ssm get-parameter --output takes 1 values"),
        ("aws ssm put-parameter --name /a --value b --type Secret", "'Secret' is none of"),
        ("aws ssm get-parameter --name /a --max-items 1", "ssm get-parameter has no --max-items"),
        ("aws cloudformation wait stack-gone --stack-name a", "cloudformation has no waiter stack-gone"),
        ("aws cloudformation wait stack-exists --name a", "cloudformation describe-stacks has no --name"),
        ("aws lambda invoke --function-name a", "lambda invoke needs a file for the answer"),
        ("aws s3 cp a s3://b --recursiv", "s3 cp has no --recursiv"),
        ("aws s3 cp a", "s3 cp takes 2 values, not 1"),
        (
            "aws cognito-idp admin-create-user --user-pool-id a_b --username c --user-attributes Nam=d",
            'Unknown parameter in UserAttributes[0]: "Nam"',
        ),
        (
            """aws sesv2 create-configuration-set-event-destination --configuration-set-name a
            --event-destination-name b --event-destination '{"MatchingEventTypes": ["BOUNCED"]}'""".replace(
                "\n", " "
            ),
            "'BOUNCED' is none of",
        ),
        ("aws stepfunctions start-execution --state-machine-arn a --input", "needs a value"),
        ("aws s3api delete-objects --bucket a --delete '{\"Objects\": [}'", "no JSON"),
        ("sam deploy --guided", "sam deploy has no --guided"),
        ("sam deploi", "sam has no command deploi"),
    ],
)
def test_a_wrong_command_is_told(script: str, told: str) -> None:
    [found] = _complaints(script)
    assert told in found


def test_a_misspelt_option_is_told_wherever_it_stands() -> None:
    """In a substitution, quoted, a loop, a function, behind a pipe or a file, over two lines, in a page."""
    script = """
name() { aws ssm get-parameter --nam1 /a; }   # aws ssm get-parameter --in-a-comment
while VALUE=$(aws ssm get-parameter --nam2 "$(aws ssm get-parameter --nam3 /b)"); do
  echo "$(name x | sed 's|/oauth2$||')" "aws ssm get-parameter --in-a-text" > out.json
  true && aws ssm get-parameter \\
    --nam4 /c 2> errors
done
cat <<END
aws ssm get-parameter --in-a-document
END
aws ssm get-parameter --nam5 <your name>
aws ssm get-parameter > out.json --nam7 /e
"""
    page = f"Read `aws ssm get-parameter --nam6 /d`.\n\n```sh\n{script}```\n"
    found = [told for one in aws_commands.of_page(page) for told in aws_commands.complaints(one)]
    named = [told.rpartition(" ")[2] for told in found if "has no" in told]
    assert sorted(named) == [f"--nam{number}" for number in range(1, 8)]


def test_a_right_command_is_taken() -> None:
    script = """
aws lambda invoke --function-name a --payload fileb://b.json answer.json
aws dynamodb update-table --table-name abc --no-deletion-protection-enabled --query a --output text
aws stepfunctions list-executions --state-machine-arn "$M" --max-items 1
aws s3api delete-objects --bucket b --delete file://c.json
aws sns set-sms-attributes --attributes A=b,C=100
aws cognito-idp admin-create-user --user-pool-id a_b --username c --user-attributes Name=e,Value=f Name=g
"""
    assert len(aws_commands.of_script(script)) == 6
    assert _complaints(script) == []


# docs/first-deploy.md


def _deploy() -> Command:
    commands = aws_commands.of_page(FIRST_DEPLOY.read_text("utf-8"))
    [found] = [one for one in commands if one.words[:2] == ("sam", "deploy")]
    return found


def _named() -> set[str]:
    words = _deploy().words
    return {word.partition("=")[0] for word in words[words.index("--parameter-overrides") + 1 :]}


def _parameters() -> dict[str, Any]:
    found: dict[str, Any] = template.read("template.yaml")["Parameters"]
    return found


def test_the_deploy_names_parameters_of_the_template_alone() -> None:
    assert _named() - _parameters().keys() == set()


def test_the_deploy_names_all_that_must_be_named() -> None:
    """Those without a default, and those that the page calls needed."""
    rows = re.findall(r"^\| (`[A-Z].*?) \|", FIRST_DEPLOY.read_text("utf-8"), re.MULTILINE)
    needed = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert {"Stage", "MailFrom", "AlarmEmail", "Mfa", "SmsNumber"} <= needed
    without = {name for name, known in _parameters().items() if "Default" not in known}
    assert _named() == needed | without


def test_the_deploy_asks_nobody_and_writes_no_tracked_file() -> None:
    """That it does not is watched on the emulator (tests/stack/test_first_deploy.py); ``--guided`` would."""
    assert "--no-confirm-changeset" in _deploy().words
    for page in PAGES:
        commands = aws_commands.of_page(page.read_text("utf-8"))
        assert [str(one) for one in commands if {"--guided", "-g", "--save-params"} & set(one.words)] == []
