"""``./dev demo``: the whole loop over the deployed API, said step by step.

Nothing here calls the code: mails go out through the (emulated) SES, a text's failure comes in as Twilio
posts it, and the rest is what a program or a member of staff does over HTTP. The steps are those of ``./dev
play`` (``tools/loop.py``), asked with tokens and told with their words.
"""

import csv
import json
import shlex
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from rich.console import Console

from tools import local, loop, place, provider_lists, webhook_posts
from tools.calls import Answer
from tools.loop import Mail, Webhook
from tools.stack import SENDER, Stack

_page: Final = Console(highlight=False, soft_wrap=True)
_SEEN_WITHIN_SECONDS: Final = 60
_LONG_BEFORE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ByToken:
    """Asks the API over HTTP: as the program that sends, or else as a User Manager."""

    stack: Stack
    staff: str
    machine: str

    def ask(
        self,
        route: str,
        body: object = None,
        path: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask a route."""
        method, _, template = route.partition(" ")
        token = self.machine if route == "POST /sends/check" else self.staff
        return self.stack.api(method, template.format(**path or {}), body, token, headers)

    def search(self, name: str) -> str:
        """The id of the one user of that name."""
        found = loop.answered(self.ask("POST /users/search", {"q": name}), "POST /users/search")["items"]
        loop.must(len(found) == 1, f"one user is called {name}", found)
        return str(found[0]["id"])


def demo() -> None:
    """Play the loop: a bounce, the gate, the profile, the reset; then a text message the same way."""
    up = local.bring_up()
    by = ByToken(up, up.token("user_manager"), up.token("sends"))
    _email(by)
    _text(by)
    _dispatch(by)
    _say("That was the loop: what bounced was blocked, explained, and open again after a person's decision.")
    _page.print(local.where(up))
    _what_next(up)


def _email(by: ByToken) -> None:
    person = _guardian_whose_mail_bounces()
    name, address = f"{person['givenName']} {person['familyName']}", person["email"]
    user_id = by.search(name)
    mail = {"user_id": user_id, "channel": "email"}
    _make_good(by, user_id, "email")

    _say(f"1. The school wants to write to {name}, guardian, at {address}. May it?")
    _show("POST /sends/check", loop.passes(by.ask, mail))

    _say("2. It sends the mail through SES, which bounces it.")
    began = time.monotonic()
    sent = loop.send_mail(by.stack.aws.ses, Mail(SENDER), address)
    _show("ses send-email", {"MessageId": sent})
    provider_lists.fill(place.state(), "ses", [_listed(address)])  # as SES itself does
    shown = _bad(by, user_id, "email", "the bounce")
    _show(f"GET /users/{user_id}", _brief(shown))
    _page.print(f"   [dim]seen {time.monotonic() - began:.1f} s after the send[/]")
    loop.must(bool(shown["reason"]), "the profile says why", shown)

    _say("3. The next mail is stopped, with the reason.")
    _show("POST /sends/check", loop.stops(by.ask, mail))

    _say("4. The mailbox is mended, says the family. A User Manager resets the status.")
    _show(f"POST /users/{user_id}/reset", loop.reset(by.ask, user_id, "email", "Mailbox mended (demo)."))

    _say("5. SES has the address on a list of its own. Reachable has it taken off there, too.")
    _show(f"GET /users/{user_id}", _short(_released(by, user_id, "email"), "upstream"))

    _say("6. A late bounce comes in, of a mail from the day before: it is kept, and blocks nothing.")
    before = len(_bounces(by, user_id, "email"))
    _show("sns publish", {"MessageId": _late_bounce(by.stack, address)})
    history = _wait(by, lambda: _longer(_bounces(by, user_id, "email"), before), "the late bounce")
    late = history[0]
    _show(f"GET /users/{user_id}/credentials/email/events", _short(late, "kind", "sent_at", "reason"))
    _show(f"GET /users/{user_id}", _brief(shown := loop.credential(by.ask, user_id, "email")))
    loop.must(shown["status"] == "good", "the late bounce does not block", shown)

    _say("7. And the next mail may go.")
    _show("POST /sends/check", loop.passes(by.ask, mail))


def _text(by: ByToken) -> None:
    user = by.stack.users["shared_guardian"]
    phone = next(one for one in user.credentials if one.startswith("phone:")).removeprefix("phone:")
    text = {"user_id": user.user_id, "channel": "sms"}
    _make_good(by, user.user_id, "phone")

    _say(f"8. Two guardians share the phone {phone}. A text to one of them says whom it is for.")
    _show("POST /sends/check", verdict := loop.passes(by.ask, text))
    loop.must(bool(verdict["label"]), "the text may go, with a label", verdict)

    _say("   Twilio posts, signed: the text could not be delivered, the number is unknown (30005).")
    twilio = by.stack.webhooks["twilio"]
    answer = loop.post_as_twilio(Webhook(twilio["url"], twilio["secret"]), phone)
    _show("POST /webhooks/twilio", {"status": answer.status})
    loop.answered(answer, "POST /webhooks/twilio")
    shown = _bad(by, user.user_id, "phone", "the failure")
    _show(f"GET /users/{user.user_id}", _brief(shown))
    loop.must(shown["shared"] is True, "the profile says that the phone is shared", shown)
    _show("POST /sends/check", loop.stops(by.ask, text))

    _say("   The number works again. The reset opens it for all who share it.")
    result = loop.reset(by.ask, user.user_id, "phone", "Number works again (demo).")
    _show(f"POST /users/{user.user_id}/reset", result)
    _show("POST /sends/check", loop.passes(by.ask, text))


def _dispatch(by: ByToken) -> None:
    user = by.stack.users["shared_guardian"]
    _say("9. Reachable sends too, through the same gate: a text, with the label before it.")
    sent = _send(by, {"user_id": user.user_id, "channel": "sms", "text": "Snow day: no school."}, "sent")
    loop.must(bool(sent["label"]), "the text has its label", sent)

    person = _guardian_whose_mail_bounces()
    user_id = by.search(f"{person['givenName']} {person['familyName']}")
    mail = {"user_id": user_id, "channel": "email", "subject": "Snow day", "text": "No school."}
    _say("   A mail to the address that bounces comes back, the next one is blocked.")
    _send(by, mail, "bounced")
    stopped = _send(by, mail, "blocked")
    loop.must(bool(stopped["reason"]), "the message says why", stopped)
    loop.reset(by.ask, user_id, "email", "After the demo.")


def _send(by: ByToken, wish: Mapping[str, str], status: str) -> dict[str, Any]:
    """A message, once it has come to this status."""
    wanted = {"messages": [{"dedup_id": uuid4().hex, **wish}]}
    [queued] = by.stack.api("POST", "/messages", wanted, by.machine).body["results"]
    _show("POST /messages", queued)

    def ended() -> dict[str, Any] | None:
        shown = by.stack.api("GET", f"/messages/{queued['id']}", token=by.machine).body
        return dict(shown) if shown["status"] == status else None

    told = _wait(by, ended, f"the message to be {status}")
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


def _make_good(by: ByToken, user_id: str, kind: str) -> None:
    """What an earlier demo that was interrupted has left bad."""
    if loop.credential(by.ask, user_id, kind)["status"] == "bad":
        loop.reset(by.ask, user_id, kind, "Before the demo.")


def _bad(by: ByToken, user_id: str, kind: str, what: str) -> dict[str, Any]:
    """A credential, once the profile shows it bad."""

    def shown() -> dict[str, Any] | None:
        found = loop.credential(by.ask, user_id, kind)
        return found if found["status"] == "bad" else None

    return _wait(by, shown, what)


def _released(by: ByToken, user_id: str, kind: str) -> dict[str, Any]:
    """The credential, once the provider has it on its list no longer."""

    def shown() -> dict[str, Any] | None:
        told = loop.credential(by.ask, user_id, kind)
        return told if {one["state"] for one in told["upstream"]} == {"released"} else None

    return _wait(by, shown, "the release")


def _listed(address: str) -> dict[str, Any]:
    return {"EmailAddress": address, "Reason": "BOUNCE", "LastUpdateTime": int(time.time())}


def _bounces(by: ByToken, user_id: str, kind: str) -> list[dict[str, Any]]:
    return [one for one in loop.history(by.ask, user_id, kind) if one["kind"] == "bounced"]


def _late_bounce(stack: Stack, address: str) -> str:
    """A bounce of now, about a message from long before."""
    message = webhook_posts.ses_bounce(address, datetime.now(UTC) - _LONG_BEFORE)
    return stack.aws.sns.publish(TopicArn=stack.topics["ses"], Message=message)["MessageId"]


def _longer(history: list[dict[str, Any]], than: int) -> list[dict[str, Any]] | None:
    return history if len(history) > than else None


def _wait[T](by: ByToken, found: Callable[[], T | None], what: str) -> T:
    return by.stack.wait_until(found, what, _SEEN_WITHIN_SECONDS)


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
    _page.print(f"   Open {up.console_url}, as user_manager with the password {up.password}", markup=False)
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
        f"{prefix}./dev test   # everything, on stacks of its own",
        f"{prefix}./dev down   # end it",
    ]
