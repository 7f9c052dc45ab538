"""After a reset the providers' own lists, on the deployed stack: released, refused with advice, tried
again."""

import csv
import io
import json
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from tests.stack import pages
from tests.stack.people import Person, person
from tools import place, provider_lists, webhook_posts
from tools.place import State
from tools.stack import Stack

_SIDE: Final = ("sendgrid", "brevo")
"""Accounts that only these tests have."""
_MANY: Final = 5_000


@pytest.fixture(scope="module")
def state(stack: Stack) -> Iterator[State]:
    """The stand-ins, with two accounts more; the functions read of them when they start anew."""
    known = place.state()
    provider_lists.put(known, stack.aws.ssm, *_SIDE)
    _start_anew(stack)
    yield known
    provider_lists.remove(stack.aws.ssm, *_SIDE)
    for provider in ("ses", "aws_sms", *_SIDE):
        provider_lists.fill(known, provider, [])
    _start_anew(stack)


def _start_anew(stack: Stack) -> None:
    """A worker keeps what it has read for five minutes; a changed configuration begins another."""
    functions = stack.aws.functions
    for name in ("reactions", "reset", "upstream"):
        function = stack.functions[name]
        known = functions.get_function_configuration(FunctionName=function)
        functions.update_function_configuration(FunctionName=function, Timeout=known["Timeout"])


@pytest.fixture
def guardian(stack: Stack, state: State) -> Iterator[Person]:
    yield from person(stack, stack.users["guardian"].user_id)


def bounce(stack: Stack, guardian: Person, address: str) -> None:
    message = webhook_posts.ses_bounce(address, datetime.now(UTC))
    stack.aws.sns.publish(TopicArn=stack.topics["ses"], Message=message)
    stack.wait_until(lambda: guardian.when_bad("email"), "the bounce")


def upstream(guardian: Person, provider: str, kind: str = "email") -> dict[str, Any]:
    """How it stands on a provider's list; nothing where nobody has been asked."""
    listed = guardian.credential(kind)["upstream"]
    return next((one for one in listed if one["provider"] == provider), {})


def learned(stack: Stack, guardian: Person, provider: str, state: str, kind: str = "email") -> dict[str, Any]:
    """How it stands, once it stands so."""

    def found() -> dict[str, Any] | None:
        told = upstream(guardian, provider, kind)
        return told if told.get("state") == state else None

    return stack.wait_until(found, f"{provider} to be {state}")


def ses_row(address: str, reason: str = "BOUNCE") -> dict[str, Any]:
    return {"EmailAddress": address, "Reason": reason, "LastUpdateTime": int(time.time()) - 60}


def test_a_reset_leads_to_a_release_that_the_profile_tells(
    stack: Stack, state: State, guardian: Person
) -> None:
    """SES listed the address as it was spelled in the mail that bounced, not as we write it."""
    address = guardian.address("email")
    spelled = f"{address.partition('@')[0].upper()}@{address.partition('@')[2]}"
    other = ses_row("somebody@example.org")
    provider_lists.fill(state, "ses", [ses_row(spelled), other])
    bounce(stack, guardian, spelled)
    told = guardian.reset("email")
    assert told["outcome"] == "reset"
    assert {one["provider"]: one["state"] for one in told["upstream"]} == {
        "ses": "releasing",
        "sendgrid": "releasing",
        "brevo": "releasing",
    }
    assert learned(stack, guardian, "ses", "released")["advice"] is None
    assert provider_lists.rows(state, "ses") == [other]
    released = [one for one in guardian.events("email") if one["kind"] == "released"]
    assert "ses" in {one["provider"] for one in released}
    assert guardian.check("email")["send"] is True


def test_a_refusal_says_what_to_do_in_both_languages_and_consent_takes_it_off(
    stack: Stack, state: State, guardian: Person
) -> None:
    address = guardian.address("email")
    time.sleep(2)  # a consent of before, by which the fixture makes the person good, is of another second
    complaint = ses_row(address, "COMPLAINT") | {"LastUpdateTime": int(time.time())}
    provider_lists.fill(state, "ses", [complaint])
    bounce(stack, guardian, address)
    guardian.reset("email")
    learned(stack, guardian, "ses", "refused")
    path, token = f"/users/{guardian.user_id}", guardian.staff
    for language, words in (("en", "reset with their consent"), ("es", "restablezca con su consentimiento")):
        shown = stack.api("GET", path, token=token, headers={"accept-language": language}).body
        [email] = [one for one in shown["credentials"] if one["kind"] == "email"]
        [ses] = [one for one in email["upstream"] if one["provider"] == "ses"]
        [told] = [one for one in shown["guidance"] if one["code"] == "provider_still_blocks"]
        assert words in ses["advice"]
        assert told["text"] == ses["advice"]
    assert "release_refused" in {one["kind"] for one in guardian.events("email")}

    consent = {"consent": {"from": "The mother", "how": "by phone"}, "credentials": ["email"]}
    stack.api("POST", f"/users/{guardian.user_id}/reset", consent, token)
    learned(stack, guardian, "ses", "released")
    assert provider_lists.rows(state, "ses") == []


def test_a_429_is_told_and_tried_again_when_its_time_has_come(
    stack: Stack, state: State, guardian: Person
) -> None:
    address = guardian.address("email")
    provider_lists.fill(state, "sendgrid", [{"list": "bounces", "email": address, "created": 1790000000}])
    provider_lists.order(state, "sendgrid", {"status": 429, "headers": {"retry-after": "20"}})
    bounce(stack, guardian, address)
    guardian.reset("email")

    def put_off() -> dict[str, Any] | None:
        shown = upstream(guardian, "sendgrid")
        return shown if shown.get("retry_after") else None

    told = stack.wait_until(put_off, "the 429")
    assert (told["state"], told["retry_after"] > told["at"]) == ("releasing", True)
    assert "It is asked again on" in told["advice"]
    learned(stack, guardian, "ses", "released")  # nobody else waits for it
    stack.wait_until(lambda: upstream(guardian, "sendgrid")["state"] == "released", "the second try", 600)
    assert provider_lists.rows(state, "sendgrid") == []
    kinds = {one["kind"] for one in guardian.events("email") if one["provider"] == "sendgrid"}
    assert kinds >= {"releasing", "released"}


def test_who_texted_start_is_seen_when_somebody_presses_reset(
    stack: Stack, state: State, guardian: Person
) -> None:
    number = guardian.address("phone")
    row = {"OptedOutNumber": number, "OptedOutTimestamp": int(time.time()), "EndUserOptedOut": True}
    provider_lists.fill(state, "aws_sms", [row | {"OptOutListName": "Default"}])
    stop = {
        "originationNumber": number,
        "destinationNumber": "+12065550100",
        "messageKeyword": "STOP",
        "messageBody": "STOP",
        "inboundMessageId": f"stop-{time.time()}",
    }
    stack.aws.sns.publish(TopicArn=stack.topics["aws_sms"], Message=json.dumps(stop))
    stack.wait_until(lambda: guardian.when_bad("phone"), "the STOP")
    assert guardian.reset("phone")["outcome"] == "refused"
    assert upstream(guardian, "aws_sms", "phone")["state"] == "refused"
    provider_lists.fill(state, "aws_sms", [])  # the person texts START
    guardian.reset("phone")
    assert guardian.credential("phone")["status"] == "good"
    lifted = [one["lifted_by"] for one in guardian.credential("phone")["blocks"]]
    assert "start" in lifted


def dev(*words: str) -> str:
    """What a command of ``./dev upstream`` prints."""
    done = subprocess.run(
        place.tools_command("upstream", *words), capture_output=True, text=True, check=False, cwd=place.ROOT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_page_of_releases_does_what_it_says(stack: Stack, state: State, tmp_path: Path) -> None:
    address = f"left-{time.time_ns()}@example.org"
    row = {"list": "bounces", "email": address, "created": 1790000000, "reason": "550 5.1.1 no such user"}
    provider_lists.fill(state, "sendgrid", [row])
    key = json.dumps({"base_url": provider_lists.address(state, "sendgrid"), "key": "key-of-the-tests"})
    quoted = f"'{key}'".replace(" ", "")
    ran = pages.run("releases.md", tmp_path, stack, STAGE=place.NAME, PROVIDER="sendgrid", KEY=quoted)
    assert (tmp_path / "listed.csv").read_text().splitlines()[1].startswith(f"{address},bounce,2026-09-21")
    answer = json.loads((tmp_path / "answer.json").read_text())
    del answer["counts"]["only_here"]  # what other tests had this provider close
    assert answer["counts"] == {"same": 1, "only_there": 0, "reset_here": 0}
    assert '"same": 1' in ran.by("./dev upstream list")
    gate = {"recipients": [{"credential": f"email:{address}", "channel": "email"}]}
    [verdict] = stack.api("POST", "/sends/check", gate, stack.token("sends")).body["results"]
    assert (verdict["send"], verdict["since"][:10]) == (False, "2026-09-21")


def test_a_list_of_5000_is_taken_over_and_compared_to_nothing_left(stack: Stack, state: State) -> None:
    reason = {"code": "hardBounce", "message": "550 5.1.1 no such user"}
    rows = [
        {
            "email": f"left-{i}@example.org",
            "senderEmail": "office@district.example.org",
            "blockedAt": "2026-11-01T08:00:00Z",
            "reason": reason,
        }
        for i in range(_MANY)
    ]
    provider_lists.fill(state, "brevo", rows)
    try:
        listed = list(csv.DictReader(io.StringIO(dev("list", "brevo"))))
        assert (len(listed), listed[0]["since"]) == (_MANY, "2026-11-01T08:00:00Z")
        dry = json.loads(dev("take", "brevo"))
        assert (dry["dry_run"], dry["only_there"], dry["taken"]) == (True, _MANY, 0)
        assert len(dry["not_held"]) == _MANY
        assert json.loads(dev("take", "brevo", "--write"))["taken"] == _MANY
        after = json.loads(dev("compare", "brevo"))
        left = [told for told in after["differences"] if told["address"].startswith("left-")]
        assert (after["same"], after["only_there"], left) == (_MANY, 0, [])
        gate = {"recipients": [{"credential": "email:left-7@example.org", "channel": "email"}]}
        [verdict] = stack.api("POST", "/sends/check", gate, stack.token("sends")).body["results"]
        assert (verdict["send"], verdict["reason"]) == (False, "invalid_address")
        assert verdict["since"] == "2026-11-01T08:00:00Z"
    finally:
        provider_lists.fill(state, "brevo", [])
