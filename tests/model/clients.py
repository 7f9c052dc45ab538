"""Clients send, repeat what they do not know to have arrived, and dispatch sends at most once."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.functions.api import Answer, another_process
from tests.model import handlers
from tests.model.messages import AGES, LEASE, Ours
from tests.model.sight import Sight
from tests.model.story import BEGIN, IDS, Trouble, calls, cuts, names, pick, places
from tests.model.told import KIND_OF
from tests.model.wire import Answer as Provider
from tests.model.wire import Cut, Sent

_MARK: Final = re.compile(r"<(d\d+)>")
"""By this the words of a message tell which it is, on the queue and at the provider."""

URGENT: Final = frozenset({"sign_in", "emergency"})

wishes: Final = st.lists(
    st.tuples(names, st.sampled_from(["email", "sms"]), st.sampled_from(sorted(AGES))),
    min_size=1,
    max_size=3,
)
providers: Final = st.sampled_from(Provider) if Trouble.REFUSALS.is_wanted else st.just(Provider.TAKEN)
some_places: Final = st.lists(places, min_size=1, max_size=3, unique=True)


class Clients(Sight):
    """What clients and the queue of messages do."""

    urgent_throttled = BEGIN - timedelta(days=1)

    # Enqueue

    @rule(wanted=wishes, batch=st.booleans(), cut=cuts)
    def enqueue(self, wanted: list[tuple[str, str, str]], batch: bool, cut: Cut | None) -> None:
        """A client sends messages, each of its own."""
        self.act()
        self.post_messages(self.make_messages(wanted, batch=batch), cut)

    @precondition(lambda self: self.oracle.ours)
    @rule(which=some_places, cut=cuts)
    def enqueue_again(self, which: list[int], cut: Cut | None) -> None:
        """A client repeats messages: it does not know whether they arrived."""
        self.act()
        some = {one.dedup_id: one for one in (pick(self.known_messages(), place) for place in which)}
        self.post_messages(list(some.values()), cut)

    @precondition(lambda self: self.oracle.ours)
    @rule(which=places)
    def enqueue_other_content(self, which: int) -> None:
        """One dedup id with other content is refused."""
        self.act()
        one = pick(self.known_messages(), which)
        if one.id is None:
            return
        [told] = handlers.post_messages([one.wish | {"text": "Other words."}]).body["results"]
        assert told["outcome"] == "refused"
        assert told["reason"] == "other_content" or KIND_OF[one.channel] not in self.own(one.user)
        self._fetch_outbound()
        self.see()

    @precondition(lambda _: Trouble.INTERRUPTS.is_wanted)
    @rule(wanted=wishes, at_call=calls)
    def enqueue_twice_at_once(self, wanted: list[tuple[str, str, str]], at_call: int) -> None:
        """A client gave up waiting and repeats, and dispatch is quick, while the first call is at work."""
        self.act()
        ours = self.make_messages(wanted, batch=False)
        if not ours:
            return
        asked = [one.wish for one in ours]
        answers: list[Answer] = []
        before = len(self.wire.sent)

        def meanwhile() -> None:
            answers.append(handlers.post_messages(asked, another_process("messages")))
            self._fetch_outbound()
            handlers.send([body for body in self.outbound if self._of_body(body) in ours])

        answers.append(self._interrupted(lambda: handlers.post_messages(asked), at_call, meanwhile))
        self._fetch_outbound()
        for answer in answers:
            self._compare_queued(ours, answer, again=True)
        self._expect(ours, before, Provider.TAKEN, died=True)
        self.see(ours=ours)

    def _interrupted[T](self, act: Callable[[], T], at_call: int, meanwhile: Callable[[], object]) -> T:
        done: list[T] = []
        happened = self.wire.interrupted(lambda: done.append(act()), at_call, meanwhile)
        self.happened["an act was interrupted"] += happened
        return done[0]

    def make_messages(self, wanted: Sequence[tuple[str, str, str]], *, batch: bool) -> list[Ours]:
        """Messages that people can get, with words and dedup ids of their own."""
        made = []
        number = self.next_number()
        for user, channel, purpose in wanted:
            if KIND_OF[channel] not in self.own(user):
                continue
            dedup_id = f"d{len(self.oracle.ours)}"
            wish: dict[str, Any] = {"user_id": IDS[user], "channel": channel, "purpose": purpose}
            wish |= {"dedup_id": dedup_id, "text": f"Words of <{dedup_id}>."}
            wish |= {"subject": "Snow day"} if channel == "email" else {}
            wish |= {"batch_id": f"b{number}"} if batch else {}
            one = Ours(
                dedup_id=dedup_id, user=user, channel=channel, purpose=purpose, wish=wish, queued=self.now
            )
            self.oracle.ours[dedup_id] = one
            made.append(one)
        return made

    def post_messages(self, ours: Sequence[Ours], cut: Cut | None) -> None:
        """One call of a client."""
        if not ours:
            return
        answers: list[Answer] = []
        died = self.wire.dies(lambda: answers.append(handlers.post_messages([one.wish for one in ours])), cut)
        self._fetch_outbound()
        self.happened["a client died" if died else "a client sent"] += 1
        if not died:
            self._compare_queued(ours, answers[0])
        self.see(ours=ours)

    def _compare_queued(self, ours: Sequence[Ours], answer: Answer, *, again: bool = False) -> None:
        assert answer.status == 202, answer.body
        for one, told in zip(ours, answer.body["results"], strict=True):
            if told["outcome"] == "refused":
                # Reading: a repeat is refused, too, where the person has the channel no longer.
                assert KIND_OF[one.channel] not in self.own(one.user), told
                continue
            assert one.id in {None, told["id"]}, f"{one.dedup_id} made two messages"
            assert told["outcome"] == "duplicate" or not one.promised or again
            one.id, one.promised = told["id"], True

    def _fetch_outbound(self) -> None:
        self.outbound += self.wire.outbound
        self.wire.outbound.clear()

    # Dispatch

    @precondition(lambda self: self.outbound)
    @rule(which=st.lists(places, min_size=1, max_size=4), provider=providers, keep=st.booleans(), cut=cuts)
    def dispatch(self, which: list[int], provider: Provider, keep: bool, cut: Cut | None) -> None:
        """The queue brings some messages, one of them perhaps twice, and may bring them again."""
        self.act()
        self.send([pick(self.outbound, place) for place in which], provider, cut, keep=keep)

    @precondition(lambda self: self.outbound and Trouble.INTERRUPTS.is_wanted)
    @rule(which=places, at_call=calls)
    def dispatch_twice_at_once(self, which: int, at_call: int) -> None:
        """Two workers have the same message."""
        self.act()
        body = pick(self.outbound, which)
        before, ours = len(self.wire.sent), [self._of_body(body)]
        closed = self._all_closed(ours)
        other = another_process("dispatch")
        self._interrupted(lambda: handlers.send([body]), at_call, lambda: handlers.send([body], other))
        self._fetch_outbound()
        self._expect(ours, before, Provider.TAKEN, died=True, closed=closed)
        self.see(ours=ours)

    def send(self, bodies: list[str], provider: Provider, cut: Cut | None, *, keep: bool) -> None:
        """The queue brings these to one worker."""
        ours = list({one.dedup_id: one for one in map(self._of_body, bodies)}.values())
        before, closed = len(self.wire.sent), self._all_closed(ours)
        self.wire.answer = provider
        failed: list[int] = []
        died = self.wire.dies(lambda: failed.extend(handlers.send(bodies)), cut)
        self.wire.answer = Provider.TAKEN
        self.happened["dispatch died" if died else "dispatch worked"] += 1
        self._expect(ours, before, provider, died=died, closed=closed)
        left = bodies if died else [bodies[place] for place in failed]
        if not keep:
            for body in set(bodies) - set(left):
                self.outbound.remove(body)
        self._fetch_outbound()
        self.see({one.credential for one in ours if one.credential}, ours)

    def _of_body(self, body: str) -> Ours:
        return self.oracle.ours[_MARK.findall(body)[-1]]

    def _all_closed(self, ours: Sequence[Ours]) -> dict[str, str | None]:
        return {one.dedup_id: self._closed(one) for one in ours}

    def _closed(self, one: Ours) -> str | None:
        """Why the gate refuses a message now; None: it does not."""
        credential = self.own(one.user).get(KIND_OF[one.channel])
        if credential is None:
            return "no_such_channel"
        blocks = self.oracle.status(credential).closing(one.channel)
        return blocks[0].item.cause if blocks else None

    def _expect(
        self,
        ours: Sequence[Ours],
        before: int,
        provider: Provider,
        *,
        died: bool,
        closed: dict[str, str | None] | None = None,
    ) -> None:
        """What must have become of these. ``died``: or of some of them nothing, or half of it."""
        taken = self.wire.sent[before:]
        sent = {_MARK.findall(one.words)[-1]: one for one in taken}
        assert len(sent) == len(taken), f"one message was sent twice: {sorted(one.words for one in taken)}"
        assert set(sent) <= {one.dedup_id for one in ours}
        closed = self._all_closed(ours) if closed is None else closed
        urgent = any(one.purpose in URGENT for one in ours)
        if provider is Provider.THROTTLED and urgent:
            self.urgent_throttled = self.now
        for one in ours:
            why = closed[one.dedup_id]
            (one.cut_short.add if died else one.cut_short.discard)("dispatch")
            if one.dedup_id in sent:
                self._expect_may_be_sent(one, sent[one.dedup_id], why)
            if one.is_ended:
                continue
            unsure = died or self._may_go_back(one) or len(self._is_old(one)) > 1
            if "sending" in one.must:
                self._expect_uncertain(one, died=died)
                continue
            if why is not None or True in self._is_old(one):
                self._expect_stopped(one, why, unsure=unsure)
            if why is None and False in self._is_old(one):
                self._expect_sent(one, provider, unsure=unsure)

    def _is_old(self, one: Ours) -> set[bool]:
        """Whether it is too old. Of a repeat, counted from the first call or from its record: both may be."""
        since = {one.queued, one.times.get("queued", one.queued)}
        return {Trouble.AGE.is_wanted and self.now - at > AGES[one.purpose] for at in since}

    def _may_go_back(self, one: Ours) -> bool:
        """While an urgent message is throttled, others go back unasked."""
        return one.purpose not in URGENT and self.now - self.urgent_throttled <= timedelta(seconds=10)

    def _expect_may_be_sent(self, one: Ours, sent: Sent, closed: str | None) -> None:
        self.happened["sent"] += 1
        assert one.provider_id is None, f"{one.dedup_id} was sent twice"
        assert not one.is_ended, f"{one.dedup_id} was sent after its end: {one.must}"
        assert "sending" not in one.must, f"{one.dedup_id} was sent though a worker had begun to"
        assert closed is None, f"{one.dedup_id} was sent though {closed}"
        assert False in self._is_old(one), f"{one.dedup_id} was sent though too old"
        assert sent.address == self.own(one.user)[KIND_OF[one.channel]].partition(":")[2]
        one.provider, one.provider_id = sent.provider, sent.provider_message_id

    def _expect_uncertain(self, one: Ours, *, died: bool) -> None:
        """A worker had it, and died. Reading: when it is uncertain is open, an hour later it must be."""
        self.happened["a dead worker had it"] += 1
        is_over = self.now - max(one.sending) > LEASE
        (one.must if is_over and not died else one.may).add("uncertain")

    def _expect_stopped(self, one: Ours, closed: str | None, *, unsure: bool) -> None:
        """Reading: of a message both blocked and too old either may be said."""
        ends = ({"blocked"} if closed else set()) | ({"dropped"} if True in self._is_old(one) else set())
        (one.must if len(ends) == 1 and not unsure else one.may).update(ends)
        one.reason = closed
        self.happened["blocked" if closed else "too old"] += 1

    def _expect_sent(self, one: Ours, provider: Provider, *, unsure: bool) -> None:
        ends = {
            Provider.TAKEN: {"sending", "sent"},
            Provider.THROTTLED: set[str](),
            Provider.LOST: {"sending", "uncertain"},
            Provider.RECIPIENT_REFUSED: {"sending", "bounced" if one.channel == "email" else "failed"},
            Provider.MESSAGE_REFUSED: {"sending", "rejected"},
        }[provider]
        one.credential = self.own(one.user)[KIND_OF[one.channel]]
        one.linked = provider is Provider.TAKEN and not unsure
        if unsure:
            one.may |= ends | {"sending", "uncertain"}
        else:
            one.must |= ends
        if unsure or ends:
            one.sending.add(self.now)
        if provider is Provider.RECIPIENT_REFUSED:
            self.oracle.refuse(one, self.now, maybe=unsure)

    def finish(self) -> None:
        """At last the queue brings all that is on it; then nothing is on its way for ever."""
        for _ in range(2):
            self.outbound = list(dict.fromkeys(self.outbound))
            if self.outbound:
                self.send(list(self.outbound), Provider.TAKEN, None, keep=False)
            self.pass_time(timedelta(hours=2))
        queued = {_MARK.findall(body)[-1] for body in self.outbound}
        assert not queued, f"still on their way are {queued}"
        sent = [_MARK.findall(one.words)[-1] for one in self.wire.sent]
        assert len(sent) == len(set(sent)), "one message was sent twice"
        for one in self.oracle.ours.values():
            assert one.is_ended or not one.promised, f"{one.dedup_id} ended {one.must}"
