"""What can be seen, compared with what must be: tables, gate, messages, profiles."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from hypothesis.stateful import rule

from tests.model import handlers
from tests.model.messages import RANKS, Ours
from tests.model.status import CHANNELS, Block, time_of
from tests.model.story import ALL, BEGIN, IDS, NAMES, Story, names
from tests.model.told import KIND_OF


class _Candidate(NamedTuple):
    """A message that may be shown as the last one. Some need not: those that were blocked, or put off."""

    queued: datetime
    sent: datetime
    shown: tuple[str, str]
    may_be_left_out: bool = False


class Sight(Story):
    """A story of which everything is looked at, again and again."""

    @rule(user=names)
    def look(self, user: str) -> None:
        """Somebody looks at a profile."""
        self.act()
        self.see(user=user)

    def see(
        self, credentials: Iterable[str] = (), ours: Iterable[Ours] = (), user: str | None = None
    ) -> None:
        """Compare what an act was about in the tables, and all that the gate says."""
        for credential in sorted({*credentials, *self.oracle.in_doubt()}):
            self.oracle.see(credential, handlers.partition(credential))
        for one in ours:
            self._see_message(one)
        self._see_gate()
        if user is not None:
            self.see_profile(user)

    # Messages

    def _see_message(self, one: Ours) -> None:
        if one.id is None:
            one.id = self._id_of(one)
        if one.id is None:
            return
        shown = handlers.message(one.id).body
        times = {status: datetime.fromisoformat(at) for status, at in shown["times"].items()}
        missing, untold = one.must - set(times), set(times) - one.must - one.may - one.apart
        assert not missing, f"{one.dedup_id} never came to {missing}, but to {set(times)}"
        assert not untold, f"{one.dedup_id}: nobody told {untold}, only {one.must}, perhaps {one.may}"
        assert shown["status"] == max(times, key=RANKS.index)
        changed = {status for status, at in one.times.items() if times[status] != at}
        assert not changed, f"{one.dedup_id}: other times than before of {changed}"
        one.seen(times)
        if "sending" in times:
            assert shown["credential"] == one.credential
        elif one.provider_id is not None:
            raise AssertionError(f"{one.dedup_id} was sent, and nothing says so")
        if shown["status"] == "blocked":
            assert shown["reason"] == one.reason

    def _id_of(self, one: Ours) -> str | None:
        """Its id, of which a client that died had no answer."""
        items = handlers.profile(IDS[one.user], "messages").body["items"]
        return next((item["id"] for item in items if item["dedup_id"] == one.dedup_id), None)

    # The gate

    def _see_gate(self) -> None:
        """What the gate says of every address and person, by every channel."""
        wanted = [*self._of_credentials(), *self._of_users()]
        answer = handlers.check([ask for ask, _ in wanted])
        assert answer.status == 200, answer.body
        for (ask, verdict), told in zip(wanted, answer.body["results"], strict=True):
            others = {(one["channel"], one["credential"]) for one in told["alternatives"]}
            found = {name: others if name == "alternatives" else told[name] for name in verdict}
            assert found == verdict, f"the gate of {ask}: {found}, must be {verdict}"

    def _of_credentials(self) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
        for credential in ALL:
            for channel in CHANNELS[credential.partition(":")[0]]:
                yield {"credential": credential, "channel": channel}, self._verdict(credential, channel)

    def _of_users(self) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
        for user in NAMES:
            for channel in KIND_OF:
                verdict = self._verdict(self.own(user).get(KIND_OF[channel]), channel)
                others = set() if verdict["send"] else self._others(user, channel)
                ask = {"user_id": IDS[user], "channel": channel}
                yield ask, verdict | {"alternatives": others}

    def _verdict(self, credential: str | None, channel: str) -> dict[str, Any]:
        if credential is None:
            return {"send": False, "reason": "no_such_channel"}
        block = next(iter(self.oracle.status(credential).closing(channel)), None)
        told = {"credential": credential, "channel": channel, "send": block is None}
        if block is None:
            return told | {"reason": None, "since": None}
        return told | {"reason": block.item.cause, "since": _since(block)}

    def _others(self, user: str, channel: str) -> set[tuple[str, str]]:
        """By what else a person can be reached."""
        return {
            (other, credential)
            for kind, credential in self.own(user).items()
            for other in CHANNELS[kind]
            if other != channel and not self.oracle.status(credential).closing(other)
        }

    # Profiles

    def see_profile(self, user: str) -> None:
        """What an extended viewer sees of a person."""
        answer = handlers.profile(IDS[user])
        assert answer.status == 200, answer.body
        shown = {one["kind"]: one for one in answer.body["credentials"] if not one["former"]}
        assert {kind: f"{kind}:{one['value']}" for kind, one in shown.items()} == self.own(user)
        for kind, credential in self.own(user).items():
            self._see_credential(user, credential, shown[kind])
        self.etags[user] = (answer.headers["etag"], self.registers(user))

    def registers(self, user: str) -> dict[str, dict[str, str]]:
        """All that an ETag stands for."""
        return {one: self.oracle.status(one).registers for one in self.own(user).values()}

    def _see_credential(self, user: str, credential: str, shown: Mapping[str, Any]) -> None:
        status = self.oracle.status(credential)
        channels = CHANNELS[credential.partition(":")[0]]
        assert shown["status"] == ("bad" if status.in_force else "good")
        assert shown["open"] == [channel for channel in channels if not status.closing(channel)]
        assert shown["shared"] == (len(self.oracle.holders(credential)) > 1)
        in_force = [_shown(block) for block in shown["blocks"] if block["until"] is None]
        assert sorted(in_force) == sorted(_wanted(block) for block in status.in_force)
        # Which of several lifts is told, and of whose time lifted blocks are shown, is not asked here.
        lifted = {block["lifted_by"] for block in shown["blocks"]} - {None}
        assert lifted <= set(status.lifts)
        self._see_last_message(user, credential, shown["last_message"])

    def _see_last_message(self, user: str, credential: str, shown: Mapping[str, Any] | None) -> None:
        """The newest, by when it was queued or by when it was sent.

        Reading: which of the two, and whether one counts that was blocked or put off, is open.
        """
        maybe = [*self._ours_to(user, credential), *self._others_to(credential)]
        found = [one for one in maybe if one is not None]
        if len(found) < len(maybe):
            return  # a crash, or a new holder, leaves in doubt what is shown
        told = shown and (shown["channel"], shown["status"])
        wanted = {
            newest.shown if newest is not None else None
            for some in (found, [one for one in found if not one.may_be_left_out])
            for order in ("queued", "sent")
            for newest in _newest(some, order)
        }
        assert told in wanted, f"last message to {credential}: {told}, may be {wanted}"

    def _ours_to(self, user: str, credential: str) -> Iterator[_Candidate | None]:
        for one in self.oracle.ours.values():
            if one.user != user or not one.times or KIND_OF[one.channel] != credential.partition(":")[0]:
                continue
            shown = (one.channel, max(one.times, key=RANKS.index))
            if one.cut_short or shown[1] == "sending":
                yield None
            elif "sending" in one.times and one.credential == credential:
                yield _Candidate(one.queued, one.times["sending"], shown)
            elif shown[1] == "blocked" or one.credential == credential:
                yield _Candidate(one.queued, max(one.times.values()), shown, may_be_left_out=True)

    def _others_to(self, credential: str) -> Iterator[_Candidate | None]:
        for place, known in self.oracle.foreign.items():
            if place[2] != credential:
                continue
            is_doubtful = not known.certain or len(known.times) > 1 or self.oracle.unclear[place]
            if is_doubtful or min(known.times) <= self.oracle.changed.get(credential, BEGIN):
                yield None
            else:
                [at] = known.times
                status = max(self.oracle.said[place], key=RANKS.index)
                yield _Candidate(at, at, (known.channel, status))


def _newest(some: list[_Candidate], order: str) -> list[_Candidate | None]:
    """Those that nothing is newer than; None where there is nothing."""
    times = [getattr(one, order) for one in some]
    return [one for one, at in zip(some, times, strict=True) if at == max(times)] if some else [None]


def _since(block: Block) -> str:
    return time_of(block.item.mark).isoformat().replace("+00:00", "Z")


def _shown(block: Mapping[str, Any]) -> str:
    names_ = ("ground", "channels", "cause", "permanence", "provider", "since")
    return json.dumps([block[name] for name in names_])


def _wanted(block: Block) -> str:
    seen = block.item.seen or {}
    ground = block.ground.partition("+")[0]
    told = (seen.get("cause"), seen.get("permanence"), seen.get("provider"))
    return json.dumps([ground, block.channels, *told, _since(block)])
