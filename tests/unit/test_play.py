"""``./dev play`` without a stack: what it says, what it asks, and what it makes of bad answers."""

import io
import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import boto3
import pytest
import typer
from botocore.stub import Stubber

from tools import deployed, play, play_steps
from tools.deployed import Deployed
from tools.play_steps import Line, Outcome, Play, Wishes
from tools.steps import Failure

_NOBODY_LISTENS: Final = "http://127.0.0.1:1"
_SETTINGS: Final = {
    "MAIL_FROM": "office@ridge.example.org",
    "SES_CONFIGURATION_SET": "ours",
    "SMS_SENDER": "aws_sms",
    "SMS_ORIGINATION_IDENTITY": "pool-1",
    "SMS_CONFIGURATION_SET": "",
}
_HELD: Final = Line("gate", "the gate answers", Outcome.HELD, "send to bounce@x.example", None, 0.34)
_LEFT_OUT: Final = Line("cors", "a console may call", Outcome.LEFT_OUT, "none is set", None, 0.0)
_UNHELD: Final = Line("bounce", "a mail bounces", Outcome.NOT, "arn:aws:iam::123456789012", "send", 120.06)


class Session:
    """boto3's, whose clients answer what is put for them and refuse all else."""

    region_name: Final = "us-east-1"

    def __init__(self) -> None:
        self.stubbers: dict[str, Stubber] = {}
        self.clients: dict[str, Any] = {}

    def stub(self, service: str) -> Stubber:
        if service not in self.clients:
            client: Any = boto3.client  # its stubs want each service by name
            self.clients[service] = client(
                service, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
            )
            self.stubbers[service] = Stubber(self.clients[service])
            self.stubbers[service].activate()
        return self.stubbers[service]

    def client(self, service: str) -> Any:
        self.stub(service)
        return self.clients[service]


def parameters(path: str, values: Mapping[str, str]) -> dict[str, Any]:
    return {"Parameters": [{"Name": f"{path}{name}", "Value": value} for name, value in values.items()]}


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    """Of an account in which a stage ``trial`` stands, of which may be read what tells of it."""
    made = Session()
    path, twilio = "/reachable/trial/", "/reachable/trial/webhooks/twilio/"
    names = {"api-url": _NOBODY_LISTENS, "sends-function": "sends"}
    read = "get_parameters_by_path"
    made.stub("ssm").add_response(read, parameters(path, names), {"Path": path})
    made.stub("ssm").add_response(read, parameters(twilio, {"default": "{}"}), {"Path": twilio})
    stack = {
        "StackName": "reachable-trial",
        "CreationTime": datetime(2026, 11, 27, tzinfo=UTC),
        "StackStatus": "CREATE_COMPLETE",
        "Outputs": [{"OutputKey": "DispatchFunction", "OutputValue": "dispatch"}],
        "Parameters": [{"ParameterKey": "ConsoleOrigins", "ParameterValue": ""}],
    }
    made.stub("cloudformation").add_response(
        "describe_stacks", {"Stacks": [stack]}, {"StackName": "reachable-trial"}
    )
    made.stub("lambda").add_response(
        "get_function_configuration", {"Environment": {"Variables": _SETTINGS}}, {"FunctionName": "dispatch"}
    )
    monkeypatch.setattr(deployed, "own_session", lambda *_: made)
    return made


def a_play(settings: Mapping[str, str] = _SETTINGS, account: str | None = "default", **wishes: Any) -> Play:
    on = Deployed(
        stage="trial",
        region="us-east-1",
        names={"api-url": _NOBODY_LISTENS, "sends-function": "sends"},
        outputs={},
        origins=(),
        settings=settings,
        session=Session(),
    )
    return Play(on, Wishes(**wishes), "bounce+1@simulator.amazonses.com", "+14065550100", account)


def run(**options: Any) -> None:
    play.play(
        **{
            "stage": "trial", "region": None, "profile": None, "stack_name": "", "user": "", "text": "",
            "within": 0, "yes": False, "json_": False, **options,
        }
    )  # fmt: skip


def test_the_plan_says_what_goes_out_to_whom_and_for_how_much() -> None:
    assert play.plan(a_play()) == [
        "On the stage trial in us-east-1 this will",
        "- ask the gate by direct invokes, and call the API without a token, as a stranger and as a browser;",
        (
            "- send one mail from office@ridge.example.org to bounce+1@simulator.amazonses.com, "
            "which is SES's own and always bounces;"
        ),
        (
            "- post as Twilio, with the secret that stands in SSM, that a text to +14065550100 failed, "
            "which nobody has;"
        ),
        "It costs: less than a cent (a mail at 0.01 cent, some invokes, reads and writes).",
        "It stays: the history of that address and that number, which are nobody's; the audit, under play.",
    ]


def test_the_plan_names_the_user_and_the_text_that_were_asked_for() -> None:
    told = "\n".join(play.plan(a_play(user="gua-014", text="+12025550123")))
    assert "mark one good credential of gua-014 bad by hand and reset it" in told
    assert "send one text by AWS End User Messaging to +12025550123, whose holder must have agreed" in told
    assert "It costs: the text about 1 to 2 cents in the US" in told
    assert "two lines in that of gua-014" in told


def test_the_plan_leaves_out_what_the_stack_has_not() -> None:
    told = "\n".join(play.plan(a_play(settings={"SMS_SENDER": "sns"}, account=None, text="+12025550123")))
    assert "mail from" not in told
    assert (
        "with a secret of its own, which the stack sees within a minute and which is taken away after" in told
    )
    assert "by Amazon SNS" in told


def test_what_is_sent_on_has_no_word_of_what_was_seen() -> None:
    told = play.as_json([_HELD, _LEFT_OUT, _UNHELD], "us-east-1", datetime(2026, 11, 27, 23, tzinfo=UTC))
    assert json.loads(told) == {
        "played": "2026-11-27",
        "region": "us-east-1",
        "held": False,
        "lines": [
            {"step": "gate", "outcome": "held", "code": None, "seconds": 0.3},
            {"step": "cors", "outcome": "left out", "code": None, "seconds": 0.0},
            {"step": "bounce", "outcome": "did not hold", "code": "send", "seconds": 120.1},
        ],
    }


@pytest.mark.parametrize(
    ("lines", "held"),
    [([_HELD, _LEFT_OUT], True), ([_HELD, _UNHELD, _HELD], False)],
)
def test_what_was_left_out_has_not_failed(lines: list[Line], held: bool) -> None:
    assert play.held(lines) is held


def test_without_yes_it_only_reads(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody can be asked here; what is not put for the clients would raise."""
    with pytest.raises(Failure, match="Nothing was sent and nothing changed"):
        run()
    assert "send one mail from office@ridge.example.org" in " ".join(capsys.readouterr().err.split())
    for stubber in session.stubbers.values():
        stubber.assert_no_pending_responses()
    assert set(session.stubbers) == {"ssm", "cloudformation", "lambda"}


def test_it_goes_on_to_the_table_whatever_it_meets(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    """The gate lets all pass, the API does not answer, SES refuses; a text goes as the stack is set."""
    answer = {"results": [{"send": True, "reason": None, "credential": "email:one@x.example"}]}
    for _ in range(8):
        session.stub("lambda").add_response("invoke", _answers(answer))
    session.stub("ses").add_client_error("send_email", "MessageRejected", "arn:aws:ses:1:123456789012 no")
    told = {"Parameter": {"Name": "n", "Value": '{"secrets": ["s"]}'}}
    for _ in range(2):
        session.stub("ssm").add_response("get_parameter", told)
    session.stub("pinpoint-sms-voice-v2").add_response(
        "send_text_message",
        {"MessageId": "1"},
        {
            "DestinationPhoneNumber": "+12025550123",
            "MessageBody": "A test of your school's messages (Reachable). There is nothing to do.",
            "MessageType": "TRANSACTIONAL",
            "OriginationIdentity": "pool-1",
        },
    )
    with pytest.raises(typer.Exit) as ended:
        run(yes=True, json_=True, text="+12025550123")
    assert ended.value.exit_code == 1
    lines = json.loads(capsys.readouterr().out)["lines"]
    assert [(line["step"], line["outcome"], line["code"]) for line in lines] == [
        ("stack", "did not hold", "NewConnectionError"),
        ("gate", "held", None),
        ("no-token", "did not hold", "NewConnectionError"),
        ("cors", "left out", None),
        ("bounce", "did not hold", "MessageRejected"),
        ("failed-text", "did not hold", "NewConnectionError"),
        ("wrong-signature", "did not hold", "NewConnectionError"),
        ("unknown-account", "did not hold", "NewConnectionError"),
        ("reset", "left out", None),
        ("text", "held", None),
    ]


def test_what_it_put_is_taken_away_though_nothing_holds() -> None:
    playing = a_play(account=None)
    assert playing.cleaned() is None
    playing.own_secret = "secret"
    name = {"Name": "/reachable/trial/webhooks/twilio/play"}
    playing.deployed.session.stub("ssm").add_response("delete_parameter", {}, name)
    line = playing.cleaned()
    assert line is not None
    assert (line.step, line.outcome) == ("clean-up", Outcome.HELD)


@pytest.mark.parametrize("typed", ["2025550123", "+12", "ada@example.org"])
def test_a_text_goes_to_a_whole_number_only(typed: str) -> None:
    with pytest.raises(Failure, match="is no number that a text can go to"):
        run(text=typed)


def test_the_number_of_nobody_is_of_those_kept_for_fiction() -> None:
    numbers = {play_steps.nobodys_number() for _ in range(100)}
    assert {(len(number), number[:2], number[5:10]) for number in numbers} == {(12, "+1", "55501")}


def test_it_knows_of_no_emulator() -> None:
    code = "import sys, tools.play; print([n for n in sys.modules if n.startswith('tools.')])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    local = ("emulator", "place", "stack", "local", "aws", "seed")
    assert not [name for name in local if f"'tools.{name}'" in told]


def _answers(body: object) -> dict[str, Any]:
    told = {"statusCode": 200, "headers": {}, "body": json.dumps(body)}
    return {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(told).encode())}
