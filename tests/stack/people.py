"""People of the sample district, as the API knows them: asked and acted on over HTTP alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from tools.calls import Answer
from tools.stack import Stack
from tools.steps import until

_ANSWERS: Final = ("released", "releasing", "release_refused", "release_unknown")
"""What an account has said after a reset, in the history."""
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """A user, seen by a User Manager and by the program that sends."""

    stack: Stack
    user_id: str

    @property
    def staff(self) -> str:
        """The User Manager's token."""
        return self.stack.token("user_manager")

    @property
    def machine(self) -> str:
        """The program's token."""
        return self.stack.token("sends")

    def profile(self) -> dict[str, Any]:
        """The whole profile."""
        return _well(self.stack.api("GET", f"/users/{self.user_id}", token=self.staff))

    def credential(self, kind: str) -> dict[str, Any]:
        """One credential of it."""
        found: dict[str, Any] = next(one for one in self.profile()["credentials"] if one["kind"] == kind)
        return found

    def address(self, kind: str) -> str:
        """An address in normal form."""
        return str(self.credential(kind)["value"])

    def when_bad(self, kind: str) -> dict[str, Any] | None:
        """The credential, once it is bad."""
        shown = self.credential(kind)
        return shown if shown["status"] == "bad" else None

    def when_good(self, kind: str) -> dict[str, Any] | None:
        """The credential, once it is good."""
        shown = self.credential(kind)
        return shown if shown["status"] == "good" else None

    def when_listed(self) -> dict[str, Any] | None:
        """Its line on the district's list of bad credentials, which is kept a little after the status."""
        cursor: str | None = ""
        while cursor is not None:
            path = "/bad-credentials?limit=200" + (f"&cursor={cursor}" if cursor else "")
            page = _well(self.stack.api("GET", path, token=self.staff))
            for line in page["items"]:
                if line["id"] == self.user_id:
                    return dict(line)
            cursor = page["next_cursor"]
        return None

    def check(self, channel: str, user_id: str | None = None) -> dict[str, Any]:
        """What the gate says of a message to this person."""
        wish = {"recipients": [{"user_id": user_id or self.user_id, "channel": channel}]}
        result: dict[str, Any] = _well(self.stack.api("POST", "/sends/check", wish, self.machine))["results"][
            0
        ]
        return result

    def reset(self, kind: str, user_id: str | None = None) -> dict[str, Any]:
        """Reset Status of one credential."""
        path = f"/users/{user_id or self.user_id}/reset"
        wish = {"credentials": [kind], "note": "By a test."}
        result: dict[str, Any] = _well(self.stack.api("POST", path, wish, self.staff))["results"][0]
        return result

    def events(self, kind: str) -> list[dict[str, Any]]:
        """What happened to a credential, newest first."""
        path = f"/users/{self.user_id}/credentials/{kind}/events?limit=200"
        items: list[dict[str, Any]] = _well(self.stack.api("GET", path, token=self.staff))["items"]
        return items


def person(stack: Stack, named: str) -> Iterator[Person]:
    """Somebody by id or email, whose credentials are good, before and after."""
    user_id = named
    if "@" in named:
        found = _well(stack.api("POST", "/users/search", {"q": named}, stack.token("user_manager")))
        user_id = found["items"][0]["id"]
    one = Person(stack, user_id)
    _make_good(one)
    until(lambda: _is_answered(one), 60)
    yield one
    _make_good(one)


def _make_good(one: Person) -> None:
    consent = {"from": "A test", "how": "by itself"}
    one.stack.api("POST", f"/users/{one.user_id}/reset", {"consent": consent}, one.staff)


def _is_answered(one: Person) -> bool:
    """Whether no reset of before still changes the profile: what a provider lets go changes its ETag, too."""
    current = [credential for credential in one.profile()["credentials"] if not credential["former"]]
    return all(
        _has_answer(credential, _of_value(one.events(credential["kind"]), credential["value"]))
        for credential in current
    )


def _of_value(events: list[dict[str, Any]], value: str) -> list[dict[str, Any]]:
    return [event for event in events if event["value"] == value]


def _has_answer(credential: dict[str, Any], events: list[dict[str, Any]]) -> bool:
    """Whether an account has answered the newest reset, or said when it will. After a STOP none is asked."""
    reset = _last(events, "reset")
    starts = [event for event in events if _at(event) < reset]
    if reset == _NEVER or _last(events, "opted_out") > _last(starts, "opted_in"):
        return True
    answered = {event["provider"] for event in events if event["kind"] in _ANSWERS and _at(event) >= reset}
    return any(
        account["provider"] in answered and (account["state"] != "releasing" or account["retry_after"])
        for account in credential["upstream"]
    )


def _last(events: list[dict[str, Any]], kind: str) -> datetime:
    return max((_at(event) for event in events if event["kind"] == kind), default=_NEVER)


def _at(event: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(event["occurred_at"])


def _well(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200, (answer.status, answer.body)
    body: dict[str, Any] = answer.body
    return body
