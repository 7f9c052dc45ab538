"""Staff reset, mark by hand and import; people press unsubscribe."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.functions.api import Answer
from tests.model import handlers
from tests.model.providers import Providers, words
from tests.model.status import Item
from tests.model.story import EMAILS, IDS, NAMES, PHONES, Trouble, calls, cuts, few_cuts, names, pick, places
from tests.model.wire import Cut

_UNSUBSCRIBE: Final = re.compile(r"/unsubscribe/[\w.-]+")

matches: Final = st.sampled_from(["", "seen once", "of now"] if Trouble.IF_MATCH.is_wanted else [""])
"""Which profile somebody has before their eyes: none, an old one perhaps, or one of just now."""
kinds: Final = st.sampled_from([None, ["email"], ["phone"], ["email", "phone"]])


class Staff(Providers):
    """What people of the district do."""

    @rule(who=places, wanted=kinds, consent=st.booleans(), match=matches, cut=few_cuts)
    def reset(self, who: int, wanted: list[str] | None, consent: bool, match: str, cut: Cut | None) -> None:
        """A User Manager resets, with a profile before their eyes that may be old."""
        self.act()
        user = self._somebody_bad(who)
        own = self.own(user)
        chosen = [kind for kind in wanted or own if kind in own]
        if not chosen:
            return
        etag, seen = self._etag(user, match)
        answers: list[Answer] = []
        body = _reset(wanted and chosen, consent=consent)
        died = self.wire.dies(lambda: answers.append(handlers.reset_status(IDS[user], body, etag)), cut)
        self.happened["a reset died" if died else "a reset"] += 1
        decided = {kind: self.oracle.reset(own[kind], self.now, consent=consent) for kind in chosen}
        if etag is not None and seen != self.registers(user):
            assert died or answers[0].status == 412, answers[0].body
            self.happened["a reset came too late"] += 1
        else:
            self._expect_reset(own, [decided], None if died else answers[0])
        self._see_reset(own)

    @precondition(lambda _: Trouble.INTERRUPTS.is_wanted)
    @rule(who=places, consent=st.booleans(), match=matches, said=words, by=places, at_call=calls)
    def reset_while_a_text_comes(
        self, who: int, consent: bool, match: str, said: str, by: int, at_call: int
    ) -> None:
        """What comes between is seen by the reset, or blocks after it; what If-Match saw must stand still."""
        self.act()
        user = self._somebody_bad(who)
        own = self.own(user)
        if "phone" not in own:
            return
        etag, seen = self._etag(user, match)
        fresh = etag is None or seen == self.registers(user)
        before = {kind: self.oracle.reset(own[kind], self.now, consent=consent) for kind in own}
        post = self.text(own["phone"].removeprefix("phone:"), pick(("twilio", "sinch"), by), said)
        answers: list[Answer] = []
        body = _reset(None, consent=consent)
        came = self.wire.interrupted(
            lambda: answers.append(handlers.reset_status(IDS[user], body, etag)),
            at_call,
            lambda: handlers.apply([post]),
        )
        self.happened["a reset was interrupted"] += came
        if came:
            for credential in self.oracle.tell(post.told):
                self.oracle.see(credential, handlers.partition(credential), others=True)
        after = {kind: self.oracle.reset(own[kind], self.now, consent=consent) for kind in own}
        if answers[0].status == 412:
            assert etag is not None
            assert came or not fresh, "nothing had changed"
        else:
            assert fresh, "the profile had changed"
            # With If-Match, nothing is lifted that was not seen.
            self._expect_reset(own, [before] if etag is not None else [before, after], answers[0])
        self._see_reset(own)

    def _somebody_bad(self, who: int) -> str:
        """The people with bad credentials come first."""
        bad = {user for user in NAMES if any(self.oracle.status(c).in_force for c in self.own(user).values())}
        return pick(sorted(NAMES, key=lambda user: user in bad), who)

    def _etag(self, user: str, match: str) -> tuple[str | None, Any]:
        if match == "of now":
            self.see_profile(user)
        return self.etags.get(user, (None, None)) if match else (None, None)

    def _expect_reset(
        self,
        own: Mapping[str, str],
        decisions: Sequence[Mapping[str, tuple[str, Item | None]]],
        answer: Answer | None,
    ) -> None:
        """What was answered and written is what one of these says; without an answer, perhaps nothing."""
        assert answer is None or answer.status == 200, answer.body
        told = {one["kind"]: one["outcome"] for one in answer.body["results"]} if answer else {}
        number = self.next_number()
        for kind in decisions[0]:
            outcomes = {decided[kind][0] for decided in decisions}
            assert answer is None or told[kind] in outcomes, f"{told[kind]}, must be {outcomes}"
            self.happened.update({told[kind]: 1} if answer else {})
            items = [item for decided in decisions if (item := decided[kind][1]) is not None]
            if items and told.get(kind, "reset") == "reset":
                marks = frozenset(mark for item in items for mark in item.marks)
                item = Item(kind="reset", moves=items[0].moves, marks=marks)
                self.oracle.write(own[kind], f"reset {number}", item, maybe=answer is None)

    def _see_reset(self, own: Mapping[str, str]) -> None:
        """Several credentials are one transaction: after a crash, all are reset or none."""
        key = f"reset {self.number}"
        wanted = [credential for credential in own.values() if key in self.oracle.history.get(credential, {})]
        self.see(own.values())
        written = [credential for credential in wanted if key in self.oracle.history[credential]]
        assert written in ([], wanted), f"of {wanted} only {written} were reset"

    @rule(
        user=names,
        where=st.sampled_from(
            [("email", None), ("email", "email"), ("phone", None), ("phone", "sms"), ("phone", "voice")]
        ),
        ground=st.sampled_from(["manual", "unsubscribed"]),
        cut=few_cuts,
    )
    def mark(self, user: str, where: tuple[str, str | None], ground: str, cut: Cut | None) -> None:
        """A parent says on the phone that a number is dead, or that they want no more."""
        self.act()
        kind, channel = where
        credential = self.own(user).get(kind)
        if credential is None or (not Trouble.REVOCATION.is_wanted and channel == "sms"):
            return
        body = {"credential": kind, "ground": ground, "note": "A parent called."}
        body |= {"channel": channel} if channel is not None else {}
        answers: list[Answer] = []
        died = self.wire.dies(lambda: answers.append(handlers.mark_by_hand(IDS[user], body)), cut)
        assert died or answers[0].status == 200, answers[0].body
        self.happened[f"marked {ground}"] += 1
        item = self.oracle.mark(ground, channel or kind, self.now)
        self.oracle.write(credential, f"mark {self.next_number()}", item, maybe=died)
        self.see([credential])

    @precondition(lambda self: self.mails())
    @rule(which=places, cut=cuts)
    def unsubscribe(self, which: int, cut: Cut | None) -> None:
        """Somebody presses the button of a mail program. Reading: twice in a second is once."""
        self.pass_time(timedelta(seconds=1))
        self.act()
        address, path = pick(self.mails(), which)
        answers: list[int] = []
        died = self.wire.dies(lambda: answers.append(handlers.press_unsubscribe(path)), cut)
        assert died or answers == [200]
        self.happened["unsubscribed"] += 1
        self.oracle.unsubscribe(f"email:{address}", f"unsubscribe {self.next_number()}", self.now, maybe=died)
        self.see([f"email:{address}"])

    def mails(self) -> list[tuple[str, str]]:
        """Where mails that can be unsubscribed from went, and the path of their link."""
        found = ((one.address, _UNSUBSCRIBE.search(one.words)) for one in self.wire.sent)
        return [(address, link[0]) for address, link in found if link is not None]

    @precondition(lambda _: Trouble.IMPORTS.is_wanted)
    @rule(user=names, kind=st.sampled_from(["email", "phone"]), to=st.none() | places, cut=cuts)
    def import_roster(self, user: str, kind: str, to: int | None, cut: Cut | None) -> None:
        """A person gets another address, perhaps one that somebody has, or loses it."""
        self.act()
        credential = None if to is None else f"{kind}:{pick(EMAILS if kind == 'email' else PHONES, to)}"
        self.oracle.give(user, kind, credential, self.now)
        if self.wire.dies(self.put_roster, cut):
            self.happened["an import died"] += 1
            self.put_roster()  # the state machine tries again
        self.etags.clear()
        self.see()


def _reset(wanted: list[str] | None, *, consent: bool) -> dict[str, Any]:
    body: dict[str, Any] = {"note": "They called."}
    body |= {"credentials": wanted} if wanted else {}
    return body | ({"consent": {"from": "A parent", "how": "by phone"}} if consent else {})
