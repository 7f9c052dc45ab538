"""``./dev demo``: the whole loop over the deployed API, said step by step.

Nothing here calls the code: mails go out through the (emulated) SES, a text's failure comes in as Twilio
posts it, and the rest is what a program or a member of staff does over HTTP.
"""

import csv
import json
import shlex
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from rich.console import Console

from tools import local, place, webhook_posts
from tools.stack import SENDER, Answer, Stack
from tools.steps import Failure

_page: Final = Console(highlight=False, soft_wrap=True)
_SEEN_WITHIN_SECONDS: Final = 60
_LONG_BEFORE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Play:
    """The stack and the two who talk to it: a User Manager, and the program that sends messages."""

    stack: Stack
    staff: str
    machine: str

    def profile(self, user_id: str, kind: str) -> dict[str, Any]:
        """A user's credential as the User Manager sees it."""
        shown = self._ask("GET", f"/users/{user_id}", None, self.staff)
        found: dict[str, Any] = next(one for one in shown.body["credentials"] if one["kind"] == kind)
        return found

    def search(self, name: str) -> str:
        """The id of the one user of that name."""
        answer = self._ask("POST", "/users/search", {"q": name}, self.staff)
        _must(len(answer.body["items"]) == 1, f"one user is called {name}", answer)
        return str(answer.body["items"][0]["id"])

    def check(self, user_id: str, channel: str) -> dict[str, Any]:
        """What the gate says of one message."""
        wish = {"recipients": [{"user_id": user_id, "channel": channel}]}
        answer = self._ask("POST", "/sends/check", wish, self.machine)
        verdict: dict[str, Any] = answer.body["results"][0]
        return verdict

    def reset(self, user_id: str, kind: str, note: str) -> dict[str, Any]:
        """What Reset Status answers of one credential."""
        wish = {"credentials": [kind], "note": note}
        answer = self._ask("POST", f"/users/{user_id}/reset", wish, self.staff)
        result: dict[str, Any] = answer.body["results"][0]
        return result

    def history(self, user_id: str, kind: str) -> list[dict[str, Any]]:
        """What happened to a credential, newest first."""
        items: list[dict[str, Any]] = self._ask(
            "GET", f"/users/{user_id}/credentials/{kind}/events", None, self.staff
        ).body["items"]
        return items

    def _ask(self, method: str, path: str, body: object, token: str) -> Answer:
        answer = self.stack.api(method, path, body, token)
        _must(answer.status == HTTPStatus.OK, f"{method} {path} answers 200", answer)
        return answer


def demo() -> None:
    """Play the loop: a bounce, the gate, the profile, the reset; then a text message the same way."""
    up = local.bring_up()
    play = Play(up, up.token("user_manager"), up.token("sends"))
    _email(play)
    _text(play)
    _dispatch(play)
    _say("That was the loop: what bounced was blocked, explained, and open again after a person's decision.")
    _page.print(local.where(up))
    _what_next(up)


def _email(play: Play) -> None:
    person = _guardian_whose_mail_bounces()
    name, address = f"{person['givenName']} {person['familyName']}", person["email"]
    user_id = play.search(name)
    _make_good(play, user_id, "email")

    _say(f"1. The school wants to write to {name}, guardian, at {address}. May it?")
    _show("POST /sends/check", verdict := play.check(user_id, "email"))
    _must(verdict["send"] is True, "the gate lets it pass", verdict)

    _say("2. It sends the mail through SES, which bounces it.")
    began = time.monotonic()
    _show("ses send-email", {"MessageId": _send_mail(play.stack, address)})
    shown = _wait(play, lambda: _when(play.profile(user_id, "email"), "bad"), "the bounce")
    _show(f"GET /users/{user_id}", _brief(shown))
    _page.print(f"   [dim]seen {time.monotonic() - began:.1f} s after the send[/]")
    _must(bool(shown["reason"]), "the profile says why", shown)

    _say("3. The next mail is stopped, with the reason.")
    _show("POST /sends/check", verdict := play.check(user_id, "email"))
    _must(verdict["send"] is False and bool(verdict["reason"]), "the gate stops it", verdict)

    _say("4. The mailbox is mended, says the family. A User Manager resets the status.")
    _show(f"POST /users/{user_id}/reset", result := play.reset(user_id, "email", "Mailbox mended (demo)."))
    _must(result["outcome"] == "reset", "the block is lifted", result)

    _say("5. A late bounce comes in, of a mail from the day before: it is kept, and blocks nothing.")
    before = len(play.history(user_id, "email"))
    _show("sns publish", {"MessageId": _late_bounce(play.stack, address)})
    history = _wait(play, lambda: _longer(play.history(user_id, "email"), before), "the late bounce")
    late = next(one for one in history if one["kind"] == "bounced")
    _show(f"GET /users/{user_id}/credentials/email/events", _short(late, "kind", "sent_at", "reason"))
    _show(f"GET /users/{user_id}", _brief(shown := play.profile(user_id, "email")))
    _must(shown["status"] == "good", "the late bounce does not block", shown)

    _say("6. And the next mail may go.")
    _show("POST /sends/check", verdict := play.check(user_id, "email"))
    _must(verdict["send"] is True, "the gate lets it pass again", verdict)


def _text(play: Play) -> None:
    user = play.stack.users["shared_guardian"]
    phone = next(one for one in user.credentials if one.startswith("phone:")).removeprefix("phone:")
    _make_good(play, user.user_id, "phone")

    _say(f"7. Two guardians share the phone {phone}. A text to one of them says whom it is for.")
    _show("POST /sends/check", verdict := play.check(user.user_id, "sms"))
    _must(verdict["send"] is True and bool(verdict["label"]), "the text may go, with a label", verdict)

    _say("   Twilio posts, signed: the text could not be delivered, the number is unknown (30005).")
    answer = _post_as_twilio(play.stack, phone)
    _show("POST /webhooks/twilio", {"status": answer.status})
    _must(answer.status == HTTPStatus.OK, "the webhook is taken", answer)
    shown = _wait(play, lambda: _when(play.profile(user.user_id, "phone"), "bad"), "the failure")
    _show(f"GET /users/{user.user_id}", _brief(shown))
    _must(shown["shared"] is True, "the profile says that the phone is shared", shown)
    _show("POST /sends/check", verdict := play.check(user.user_id, "sms"))
    _must(verdict["send"] is False, "the gate stops it", verdict)

    _say("   The number works again. The reset opens it for all who share it.")
    result = play.reset(user.user_id, "phone", "Number works again (demo).")
    _show(f"POST /users/{user.user_id}/reset", result)
    _must(result["outcome"] == "reset", "the block is lifted", result)
    _show("POST /sends/check", verdict := play.check(user.user_id, "sms"))
    _must(verdict["send"] is True, "the text may go", verdict)


def _dispatch(play: Play) -> None:
    user = play.stack.users["shared_guardian"]
    _say("8. Reachable sends too, through the same gate: a text, with the label before it.")
    sent = _send(play, {"user_id": user.user_id, "channel": "sms", "text": "Snow day: no school."}, "sent")
    _must(bool(sent["label"]), "the text has its label", sent)

    person = _guardian_whose_mail_bounces()
    user_id = play.search(f"{person['givenName']} {person['familyName']}")
    mail = {"user_id": user_id, "channel": "email", "subject": "Snow day", "text": "No school."}
    _say("   A mail to the address that bounces comes back, the next one is blocked.")
    _send(play, mail, "bounced")
    stopped = _send(play, mail, "blocked")
    _must(bool(stopped["reason"]), "the message says why", stopped)
    _must(
        play.reset(user_id, "email", "After the demo.")["outcome"] == "reset", "the block is lifted", stopped
    )


def _send(play: Play, wish: Mapping[str, str], status: str) -> dict[str, Any]:
    """A message, once it has come to this status."""
    wanted = {"messages": [{"dedup_id": uuid4().hex, **wish}]}
    [queued] = play.stack.api("POST", "/messages", wanted, play.machine).body["results"]
    _show("POST /messages", queued)

    def ended() -> dict[str, Any] | None:
        shown = play.stack.api("GET", f"/messages/{queued['id']}", token=play.machine).body
        return dict(shown) if shown["status"] == status else None

    told = _wait(play, ended, f"the message to be {status}")
    _show(f"GET /messages/{queued['id']}", _short(told, "status", "credential", "label", "reason"))
    return told


def _guardian_whose_mail_bounces() -> Mapping[str, str]:
    """From the sample district's own file, by the addresses of the SES mailbox simulator."""
    with (place.ROOT / "tools/sample_district/users.csv").open(newline="") as file:
        people = list(csv.DictReader(file))
    return next(
        one
        for one in people
        if one["email"].startswith("bounce") and one["email"].endswith("@simulator.amazonses.com")
    )


def _make_good(play: Play, user_id: str, kind: str) -> None:
    """What an earlier demo that was interrupted has left bad."""
    if play.profile(user_id, kind)["status"] == "bad":
        play.reset(user_id, kind, "Before the demo.")


def _send_mail(stack: Stack, address: str) -> str:
    return stack.aws.ses.send_email(
        Source=SENDER,
        Destination={"ToAddresses": [address]},
        Message={"Subject": {"Data": "Spring concert"}, "Body": {"Text": {"Data": "Doors open at six."}}},
    )["MessageId"]


def _late_bounce(stack: Stack, address: str) -> str:
    """A bounce of now, about a message from long before."""
    message = webhook_posts.ses_bounce(address, datetime.now(UTC) - _LONG_BEFORE)
    return stack.aws.sns.publish(TopicArn=stack.topics["ses"], Message=message)["MessageId"]


def _post_as_twilio(stack: Stack, phone: str) -> Answer:
    """A status callback, signed with the secret that the stack was given."""
    sid = f"SM{uuid4().hex}"
    fields = {
        "AccountSid": "AC00000000000000000000000000000000",
        "ApiVersion": "2010-04-01",
        "ErrorCode": "30005",
        "From": "+12025550100",
        "MessageSid": sid,
        "MessageStatus": "undelivered",
        "SmsSid": sid,
        "SmsStatus": "undelivered",
        "To": phone,
    }
    return webhook_posts.twilio(stack, fields)


def _when(shown: dict[str, Any], status: str) -> dict[str, Any] | None:
    return shown if shown["status"] == status else None


def _longer(history: list[dict[str, Any]], than: int) -> list[dict[str, Any]] | None:
    return history if len(history) > than else None


def _wait[T](play: Play, found: Callable[[], T | None], what: str) -> T:
    return play.stack.wait_until(found, _SEEN_WITHIN_SECONDS, what)


def _must(so: bool, what: str, answer: object) -> None:
    if not so:
        raise Failure(
            f"Not as it should be: {what}. The answer was: {answer}",
            "The emulator's log tells what the functions said; ./dev down and ./dev demo start afresh.",
        )


def _say(text: str) -> None:
    _page.print(f"\n[bold]{text}[/]")


def _show(call: str, answer: Mapping[str, Any]) -> None:
    _page.print(f"   [cyan]{call}[/]")
    _page.print(f"   {json.dumps(answer, ensure_ascii=False)}", markup=False)


def _brief(shown: Mapping[str, Any]) -> dict[str, Any]:
    brief = _short(shown, "kind", "value", "status", "open", "reason", "shared")
    if shown["shared"]:
        brief["holders"] = [one["name"] for one in shown["holders"]]
    return brief


def _short(answer: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: answer[name] for name in names}


def _what_next(up: Stack) -> None:
    _say("What to try next")
    for line in commands(up):
        _page.print(f"   {line}", markup=False)


def commands(up: Stack) -> list[str]:
    """What to try next: each a line for a shell, in which the API's address has a $."""
    prefix = "" if place.NAME == "dev" else f"REACHABLE_STACK={place.NAME} "
    me, teacher = (f"{up.api_url}{path}" for path in ("/me", f"/users/{up.users['teacher'].user_id}"))
    return [
        f"TOKEN=$({prefix}./dev token user_manager)",
        f'curl -s -H "Authorization: Bearer $TOKEN" {shlex.quote(me)}',
        f'curl -s -H "Authorization: Bearer $TOKEN" {shlex.quote(teacher)}',
        f'eval "$({prefix}./dev env)" && aws ssm get-parameters-by-path --path /reachable/{place.NAME}',
        f"{prefix}./dev test   # everything, on a stack of its own",
        f"{prefix}./dev down   # end it",
    ]
