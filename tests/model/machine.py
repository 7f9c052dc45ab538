"""The stories: what clients, providers, staff, rosters and crashes may do, in any order.

Each act goes through a Lambda handler with an event as AWS makes it, and is told to the oracle; then what
can be seen (tables, gate, profile, message) is compared. `WITHOUT` leaves kinds of trouble out by name, so
that one fault does not hide the others.
"""

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Final

import boto3
from boto3.dynamodb.types import TypeDeserializer
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from time_machine import Traveller

from functions.delivery_events.app import handler as delivery_events
from functions.dispatch.app import handler as dispatch
from functions.messages.app import handler as messages
from functions.profiles.app import handler as profiles
from functions.reset.app import handler as reset
from functions.sends.app import handler as sends
from functions.unsubscribe.app import handler as unsubscribe
from tests.functions import district
from tests.functions.api import Answer, call
from tests.functions.conftest import TABLES
from tests.model import posts
from tests.model.oracle import AGES, CHANNELS, KIND_OF, LEASE, RANKS, Oracle, Ours, time_of
from tests.model.posts import LYING, OTHERS, About, Clock, Dialect, Post, Saying
from tests.model.wire import Answer as Provider
from tests.model.wire import Cut, Sent, Wire

BEGIN: Final = datetime(2026, 9, 14, 8, 0, 0, 250_000, tzinfo=UTC)
CLIENT: Final = {"token_use": "access", "scope": "reachable/sends"}
NAMES: Final = ("ada", "bob", "cyd", "dee")
EMAILS: Final = tuple(f"{word}@example.org" for word in ("one", "two", "three"))
PHONES: Final = ("+12025550111", "+12025550122")
FORWARDED: Final = "elsewhere@forward.example"
ALL: Final = (
    *(f"email:{email}" for email in (*EMAILS, FORWARDED)),
    *(f"phone:{phone}" for phone in PHONES),
)


class Trouble(StrEnum):
    """What a story may have in it beside the plain course of things."""

    CRASHES = "crashes"
    LYING_CLOCKS = "lying_clocks"
    SHARED_IDS = "shared_ids"
    ACCOUNTS = "accounts"
    FORWARDED = "forwarded"
    OTHER_S_TAGS = "others_tags"
    LONG_IDS = "long_ids"
    SENDER_S_FAULT = "senders_fault"
    EARLIER_STOP = "earlier_stop"
    REVOCATION = "revocation"
    IMPORTS = "imports"
    AGE = "age"
    INTERRUPTS = "interrupts"
    MATCH = "if_match"
    REFUSALS = "refusals"


WITHOUT: Final = frozenset(Trouble(word) for word in os.environ.get("REACHABLE_WITHOUT", "").split())
"""What stories leave out; nothing, unless somebody looks for one kind of fault."""

type Roster = Mapping[str, Mapping[str, str]]
FIRST: Final[Roster] = {
    "ada": {"email": f"email:{EMAILS[0]}", "phone": f"phone:{PHONES[0]}"},
    "bob": {"phone": f"phone:{PHONES[0]}"},
    "cyd": {"email": f"email:{EMAILS[1]}"},
    "dee": {"email": f"email:{EMAILS[2]}", "phone": f"phone:{PHONES[1]}"},
}
FIRST_MESSAGES: Final = (("ada", "email"), ("dee", "sms"), ("bob", "sms"))
IDS: Final = {name: district.user(name, name).id for name in NAMES}

# Strategies

cuts = st.none() | st.builds(Cut, st.integers(1, 8), st.booleans())
if Trouble.CRASHES in WITHOUT:
    cuts = st.none()
clocks = st.sampled_from([one for one in Clock if Trouble.LYING_CLOCKS not in WITHOUT or one not in LYING])
names = st.sampled_from(NAMES)
places = st.integers(0, 7)
moments = st.integers(0, 12)


def pick[T](choices: Sequence[T], place: int) -> T:
    """One of these: the newest for 0, so that a shrunk story speaks of what has just happened."""
    return choices[-1 - place % len(choices)]


class Other:
    """Another system's message: one id, and whom it goes to."""

    def __init__(self, dialect: Dialect, id_: str, addresses: Sequence[str], sent: datetime, account: str | None):
        self.dialect, self.id, self.addresses, self.sent, self.account = dialect, id_, addresses, sent, account
        self.final: dict[tuple[str, str], str] = {}
        """What was said of an address at last: a provider does not take that back."""


class Stories(RuleBasedStateMachine):
    """A district, its senders and providers, and what goes wrong among them."""

    clock: ClassVar[Traveller]
    current: ClassVar[Wire]
    steps: ClassVar[int] = 0
    happened: ClassVar[Counter[str]] = Counter()
    """What stories had in them: a story without trouble shows nothing."""

    def __init__(self) -> None:
        super().__init__()
        type(self).current = self.wire = Wire()
        self.clock.move_to(BEGIN)
        self.now = BEGIN
        _empty_tables()
        self.oracle = Oracle({name: dict(own) for name, own in FIRST.items()})
        self.others: list[Other] = []
        self.posted: list[Post] = []
        self.waiting: list[Post] = []
        self.queue: list[str] = []
        self.number = 0
        self.ids: dict[str, dict[str, set[str | None]]] = {}
        self.etags: dict[str, tuple[str, Any]] = {}
        _import(self.oracle.roster, self.now)

    # Time passes a little with every act, and sometimes much

    def _act(self) -> None:
        type(self).steps += 1
        self._wait(timedelta(milliseconds=734))

    def _wait(self, time: timedelta) -> None:
        self.now += time
        self.clock.move_to(self.now)

    @rule(time=st.sampled_from([timedelta(minutes=1), timedelta(minutes=20), timedelta(hours=7), timedelta(days=4)]))
    def wait(self, time: timedelta) -> None:
        """Nothing happens. A story is shorter than a provider's time is believed."""
        self._act()
        if self.now + time < BEGIN + timedelta(days=28):
            self._wait(time)

    @initialize(others=st.lists(st.sampled_from(sorted(OTHERS)), min_size=1, max_size=3, unique=True), told=st.booleans())
    def morning(self, others: list[str], told: bool) -> None:
        """A story begins with something of which something can be told."""
        self._act()
        made = [self._message(user, channel, "general", batch=True) for user, channel in FIRST_MESSAGES]
        self._post_messages([one for one in made if one is not None], None)
        self._dispatch(self.queue[:2], Provider.TAKEN, None, keep=False)
        for place, by in enumerate(others):
            mail = self._mail(OTHERS[by], [place, place + 1], None, long=False)
            if told:
                self._tell_sent(mail, Clock.RIGHT, Clock.RIGHT, later=False, cut=None)

    # Clients send

    @rule(
        wishes=st.lists(st.tuples(names, st.sampled_from(["email", "sms"]), st.sampled_from(sorted(AGES))), min_size=1, max_size=3),
        batch=st.booleans(),
        cut=cuts,
    )
    def enqueue(self, wishes: list[tuple[str, str, str]], batch: bool, cut: Cut | None) -> None:
        """A client sends messages, each of its own."""
        self._act()
        made = [self._message(*wish, batch=batch) for wish in wishes]
        self._post_messages([one for one in made if one is not None], cut)

    def _message(self, user: str, channel: str, purpose: str, *, batch: bool) -> Ours | None:
        if KIND_OF[channel] not in self.oracle.roster.get(user, {}):
            return None
        dedup_id = f"d{len(self.oracle.ours)}"
        wish = {"user_id": IDS[user], "channel": channel, "purpose": purpose, "dedup_id": dedup_id}
        wish["text"] = f"Words of <{dedup_id}>."
        if channel == "email":
            wish["subject"] = "Snow day"
        if batch:
            wish["batch_id"] = f"b{self.number}"
        made = Ours(dedup_id=dedup_id, user=user, channel=channel, purpose=purpose, wish=wish, queued=self.now)
        self.oracle.ours[dedup_id] = made
        return made

    @precondition(lambda self: self.oracle.ours)
    @rule(which=st.lists(places, min_size=1, max_size=3, unique=True), cut=cuts)
    def enqueue_again(self, which: list[int], cut: Cut | None) -> None:
        """A client repeats a call: it does not know whether it arrived."""
        self._act()
        ours = list(self.oracle.ours.values())
        self._post_messages(list({id(one): one for one in (pick(ours, place) for place in which)}.values()), cut)

    @precondition(lambda self: self.oracle.ours)
    @rule(which=places)
    def enqueue_other_content(self, which: int) -> None:
        """One dedup id with other content is refused."""
        self._act()
        one = pick(list(self.oracle.ours.values()), which)
        if one.id is not None:
            [told] = self._call_messages([one.wish | {"text": "Other words."}]).body["results"]
            assert (told["outcome"], told["reason"]) == ("refused", "other_content")
            self._fetch_outbound()
            self._see()

    def _post_messages(self, ours: Sequence[Ours], cut: Cut | None) -> None:
        if not ours:
            return
        answers: list[Answer] = []
        died = self.wire.dies(lambda: answers.append(self._call_messages([one.wish for one in ours])), cut)
        self._fetch_outbound()
        self.happened["a client died" if died else "a client sent"] += 1
        if not died:
            self._compare_queued(ours, answers[0])
        self._see(ours=ours)

    def _call_messages(self, wishes: list[dict[str, Any]]) -> Answer:
        return call(messages, "POST", "/messages", CLIENT, {"messages": wishes})

    def _compare_queued(self, ours: Sequence[Ours], answer: Answer) -> None:
        assert answer.status == 202, answer.body
        for one, told in zip(ours, answer.body["results"], strict=True):
            if told["outcome"] == "refused" and one.id is None:
                gone = KIND_OF[one.channel] not in self.oracle.roster.get(one.user, {})
                assert gone, told
                continue
            # Reading: whether a repeat after a person has lost the channel is a duplicate or refused is open.
            if told["outcome"] == "refused":
                assert told["reason"] in {"no_such_channel", "unknown_user"}, told
                continue
            assert one.id in {None, told["id"]}, "one dedup id, two messages"
            assert told["outcome"] == "duplicate" or one.id is None or not one.is_ended
            one.id = told["id"]

    def _fetch_outbound(self) -> None:
        self.queue += self.wire.outbound
        self.wire.outbound.clear()

    # Dispatch

    @precondition(lambda self: self.queue)
    @rule(
        which=st.lists(places, min_size=1, max_size=4),
        provider=st.sampled_from(Provider) if Trouble.REFUSALS not in WITHOUT else st.just(Provider.TAKEN),
        keep=st.booleans(),
        cut=cuts,
    )
    def dispatch(self, which: list[int], provider: Provider, keep: bool, cut: Cut | None) -> None:
        """The queue brings some messages, one of them perhaps twice; it may bring them again."""
        self._act()
        bodies = [pick(self.queue, place) for place in which]
        self._dispatch(bodies, provider, cut, keep=keep)

    def _dispatch(self, bodies: list[str], provider: Provider, cut: Cut | None, *, keep: bool) -> None:
        ours = list({one.dedup_id: one for one in map(self._of_body, bodies)}.values())
        before, closed = len(self.wire.sent), {one.dedup_id: self._closed(one) for one in ours}
        self.wire.answer = provider
        failed: list[str] = []
        died = self.wire.dies(lambda: failed.extend(_run_dispatch(bodies)), cut)
        self.wire.answer = Provider.TAKEN
        self.happened["dispatch died" if died else "dispatch worked"] += 1
        sent = {re.findall(r"<(d\d+)>", one.words)[-1]: one for one in self.wire.sent[before:]}
        assert len(sent) == len(self.wire.sent) - before, "one message was sent twice"
        assert set(sent) <= {one.dedup_id for one in ours}
        for one in ours:
            self._expect_dispatched(one, closed[one.dedup_id], provider, sent.get(one.dedup_id), died=died)
        left = bodies if died else [bodies[int(place)] for place in failed]
        if not keep:
            for body in set(bodies) - set(left):
                self.queue.remove(body)
        self._fetch_outbound()
        self._see({one.credential for one in ours if one.credential}, ours)

    def _of_body(self, body: str) -> Ours:
        return self.oracle.ours[re.findall(r"<(d\d+)>", body)[-1]]

    def _closed(self, one: Ours) -> str | None:
        """Why the gate refuses a message now; None: it does not."""
        credential = self.oracle.roster.get(one.user, {}).get(KIND_OF[one.channel])
        if credential is None:
            return "no_such_channel"
        closing = self.oracle.status(credential).closing(one.channel)
        return closing[0].item.seen["cause"] if closing and closing[0].item.seen else None

    def _expect_dispatched(
        self, one: Ours, closed: str | None, provider: Provider, sent: Sent | None, *, died: bool
    ) -> None:
        old = self.now - one.queued > AGES[one.purpose] and Trouble.AGE not in WITHOUT
        if sent is not None:
            self.happened["sent"] += 1
            assert one.provider_id is None, f"{one.dedup_id} was sent twice"
            assert not one.is_ended, f"{one.dedup_id} was sent after its end: {one.must}"
            assert "sending" not in one.must, f"{one.dedup_id} was sent though somebody had begun to"
            assert closed is None, f"{one.dedup_id} was sent though {closed}"
            assert not old, f"{one.dedup_id} was sent though too old"
            assert sent.address == self.oracle.roster[one.user][KIND_OF[one.channel]].partition(":")[2]
            one.provider, one.provider_id = sent.provider, sent.provider_message_id
        if one.is_ended:
            return
        if "sending" in one.must:  # by a worker that died
            self.happened["found what a dead worker had"] += 1
            over = self.now - max(one.sending) > LEASE
            (one.must if over and not died else one.may).add("uncertain")
            return
        credential = self.oracle.roster.get(one.user, {}).get(KIND_OF[one.channel])
        if closed is not None or old:
            # Reading: of a message both closed and too old either may be said.
            ends = ({"blocked"} if closed else set()) | ({"dropped"} if old else set())
            (one.must if len(ends) == 1 and not died else one.may).update(ends)
            one.reason = closed
            self.happened["blocked" if closed else "too old"] += 1
            return
        one.sending.add(self.now)
        one.credential = credential
        self._expect_sent(one, provider, died=died)

    def _expect_sent(self, one: Ours, provider: Provider, *, died: bool) -> None:
        assert one.credential is not None
        email = one.channel == "email"
        refused = {"bounced"} if email else {"failed"}
        end = {
            Provider.TAKEN: {"sending", "sent"},
            Provider.THROTTLED: set[str](),
            Provider.LOST: {"sending", "uncertain"},
            Provider.RECIPIENT_REFUSED: {"sending"} | refused,
            Provider.MESSAGE_REFUSED: {"sending", "rejected"},
        }[provider]
        one.linked = provider is Provider.TAKEN and not died
        if died:
            one.may |= end | {"sending", "uncertain"}
        else:
            one.must |= end
        if provider is Provider.RECIPIENT_REFUSED:
            self._expect_refused(one, maybe=died)
        if provider is Provider.THROTTLED:
            one.sending.discard(self.now)

    def _expect_refused(self, one: Ours, *, maybe: bool) -> None:
        """What the provider answers counts as an event would: of an email its list, of a text a STOP."""
        assert one.credential is not None
        email = one.channel == "email"
        self.oracle.refuse(one, self.now, email=email, maybe=maybe)

    # Providers say what became of our messages

    @precondition(lambda self: self._sent())
    @rule(
        which=places,
        saying=places,
        tagged=st.booleans(),
        forwarded=st.booleans(),
        clock=clocks,
        sent_clock=clocks,
        later=st.booleans(),
        cut=cuts,
    )
    def told_of_ours(
        self, which: int, saying: int, tagged: bool, forwarded: bool, clock: Clock, sent_clock: Clock, later: bool, cut: Cut | None
    ) -> None:
        """A provider tells of a message that dispatch sent, with our tag or (identity feedback) without."""
        self._act()
        one, sent = pick(self._sent(), which)
        dialect = posts.AWS_SMS if one.channel == "sms" else pick((posts.SES, posts.SES_BY_SNS), saying)
        said = self._saying(dialect, saying)
        is_forwarded = forwarded and one.channel == "email" and said.kind in {"bounced", "failed"} and Trouble.FORWARDED not in WITHOUT
        about = self._about(
            sent.provider_message_id,
            FORWARDED if is_forwarded else sent.address,
            sent.at,
            tag=one.id if tagged or said.kind == "sent" or not one.linked else None,
            clock=clock,
            sent_clock=sent_clock,
        )
        self._tell(dialect.post([(said, about)]), later=later, cut=cut)

    def _sent(self) -> list[tuple[Ours, Sent]]:
        """Those of our messages that a provider took."""
        taken = {one.provider_message_id: one for one in self.wire.sent}
        return [(one, taken[one.provider_id]) for one in self.oracle.ours.values() if one.provider_id and one.id]

    def _saying(self, dialect: Dialect, place: int) -> Saying:
        return pick([one for one in dialect.sayings.values() if _is_wanted(one)], place)

    def _about(self, message: str, address: str, sent: datetime, **other: Any) -> About:
        self.number += 1
        told: dict[str, Any] = {"number": f"e{self.number}", "at": max(sent, self.now - timedelta(seconds=1))}
        return About(message=message, address=address, sent=sent, received=self.now, **told | other)

    # ... and of messages of the district's other systems

    @rule(
        by=st.sampled_from(sorted(OTHERS)),
        to=st.lists(places, min_size=1, max_size=2, unique=True),
        account=st.sampled_from([None, "north", "south"]),
        long=st.booleans(),
        told=st.sampled_from(["now", "later", "never"]),
        clock=clocks,
        sent_clock=clocks,
        cut=cuts,
    )
    def other_sends(
        self, by: str, to: list[int], account: str | None, long: bool, told: str, clock: Clock, sent_clock: Clock, cut: Cut | None
    ) -> None:
        """Another system sends a message; its provider says so now, later or never."""
        self._act()
        mail = self._mail(OTHERS[by], to, account, long=long)
        if told != "never":
            self._tell_sent(mail, clock, sent_clock, later=told == "later", cut=cut)

    def _mail(self, dialect: Dialect, to: list[int], account: str | None, *, long: bool) -> Other:
        known = EMAILS if dialect.channel == "email" else PHONES
        shares = dialect.shares_ids and Trouble.SHARED_IDS not in WITHOUT
        addresses = list(dict.fromkeys(pick(known, place) for place in to))[: 2 if shares else 1]
        self.number += 1
        is_long = long and dialect is posts.SENDGRID and Trouble.LONG_IDS not in WITHOUT
        id_ = f"m{self.number}{'x' * 2100 if is_long else ''}"
        has_account = dialect.has_accounts and Trouble.ACCOUNTS not in WITHOUT
        sent = self.now - timedelta(milliseconds=500)
        self.others.append(Other(dialect, id_, addresses, sent, account if has_account else None))
        return self.others[-1]

    def _tell_sent(self, mail: Other, clock: Clock, sent_clock: Clock, *, later: bool, cut: Cut | None) -> None:
        said = mail.dialect.sayings["sent"]
        about = [(said, self._of_other(mail, to, clock, sent_clock)) for to in mail.addresses]
        for post in _together(mail.dialect, about):
            self._tell(post, later=later, cut=cut)

    def _of_other(self, mail: Other, address: str, clock: Clock, sent_clock: Clock, **other: Any) -> About:
        told = {"account": mail.account, "clock": clock, "sent_clock": sent_clock, "tag_clock": sent_clock}
        return self._about(mail.id, address, mail.sent, **told | other)

    @precondition(lambda self: self.others)
    @rule(
        which=places,
        said=st.lists(st.tuples(places, places), min_size=1, max_size=2),
        tagged=st.booleans(),
        clock=clocks,
        sent_clock=clocks,
        later=st.booleans(),
        cut=cuts,
    )
    def told_of_other(
        self, which: int, said: list[tuple[int, int]], tagged: bool, clock: Clock, sent_clock: Clock, later: bool, cut: Cut | None
    ) -> None:
        """A provider tells what became of another system's message, of one address or several."""
        self._act()
        mail = pick(self.others, which)
        tag = self._other_s_tag(mail) if tagged else None
        sayings: list[tuple[Saying, About]] = []
        for saying, to in said:
            one, address = self._saying(mail.dialect, saying), pick(mail.addresses, to)
            if one.kind == "sent" or (address, one.kind) in mail.final:
                continue
            if one.kind != "delivered" and any(known == address for known, _ in mail.final):
                continue
            mail.final[address, one.kind] = str(one.words)
            about = self._of_other(mail, address, clock, sent_clock, tag=tag)
            sayings.append((one, self._same_id(about, mail)))
        for post in _together(mail.dialect, sayings):
            self._tell(post, later=later, cut=cut)

    def _other_s_tag(self, mail: Other) -> str | None:
        """Our tag of another message than that of which is told: by a mistake, or worse."""
        if Trouble.OTHER_S_TAGS in WITHOUT or mail.dialect.provider != "ses":
            return None
        return next((one.id for one in self.oracle.ours.values() if one.linked and one.channel == "email"), None)

    def _same_id(self, about: About, mail: Other) -> About:
        """The id of an event of another account, which may number its own alike."""
        if not mail.dialect.has_accounts or Trouble.ACCOUNTS in WITHOUT:
            return about
        ids = self.ids.setdefault(mail.dialect.provider, {})
        free = [number for number, accounts in ids.items() if mail.account not in accounts]
        number = free[-1] if free else about.number
        ids.setdefault(number, set()).add(mail.account)
        return replace(about, number=number)

    # People text

    @rule(
        phone=st.sampled_from(PHONES),
        provider=st.sampled_from(["twilio", "sinch"]),
        words=st.sampled_from(["STOP", "START", "ARRET"] if Trouble.REVOCATION not in WITHOUT else ["STOP", "START"]),
        clock=clocks,
        later=st.booleans(),
        cut=cuts,
    )
    def text_comes(self, phone: str, provider: str, words: str, clock: Clock, later: bool, cut: Cut | None) -> None:
        """A person texts STOP, START, or a word that is not the provider's."""
        self._act()
        about = self._about("", phone, self.now - timedelta(seconds=2), clock=clock)
        self._tell(posts.text_from("twilio" if words == "ARRET" else provider, phone, words, about), later=later, cut=cut)

    # The queue of events

    @precondition(lambda self: self.waiting)
    @rule(which=st.lists(places, min_size=1, max_size=3), cut=cuts)
    def events_come(self, which: list[int], cut: Cut | None) -> None:
        """What has waited, or was cut short, comes."""
        self._act()
        some = list(dict.fromkeys(pick(range(len(self.waiting)), place) for place in which))
        self._deliver([self.waiting[place] for place in some], cut)

    @precondition(lambda self: self.posted)
    @rule(which=st.lists(places, min_size=1, max_size=3), cut=cuts)
    def events_come_again(self, which: list[int], cut: Cut | None) -> None:
        """The queue or the provider brings again what was told."""
        self._act()
        self._deliver([pick(self.posted, place) for place in which], cut)

    def _tell(self, post: Post, *, later: bool, cut: Cut | None) -> None:
        if later:
            self.waiting.append(post)
        else:
            self._deliver([post], cut)

    def _deliver(self, some: Sequence[Post], cut: Cut | None) -> None:
        failed: list[str] = []
        died = self.wire.dies(lambda: failed.extend(_run_delivery_events(some)), cut)
        self.happened["events died" if died else "events came"] += 1
        self.happened.update(f"{one.provider} told {one.kind}" for post in some for one in post.told)
        assert not failed, f"events that failed: {[some[int(place)].told for place in failed]}"
        touched: set[str] = set()
        for post in some:
            touched |= self.oracle.tell(post.told, maybe=died or len(some) > 1)
        if not died:
            for post in some:  # side by side: of what one leaves to another, either order may be right
                touched |= self.oracle.tell(post.told)
            self.posted += [post for post in some if post not in self.posted]
        self.waiting = [post for post in self.waiting if post not in some] + (list(some) if died else [])
        self._see(touched, [one for one in self.oracle.ours.values() if one.id])

    # Staff

    @rule(
        who=places,
        kinds=st.sampled_from([None, ["email"], ["phone"], ["email", "phone"]]),
        consent=st.booleans(),
        match=st.booleans(),
        cut=cuts,
    )
    def reset(self, who: int, kinds: list[str] | None, consent: bool, match: bool, cut: Cut | None) -> None:
        """A User Manager resets one credential or all, with the profile before their eyes or without."""
        self._act()
        user = pick(sorted(NAMES, key=self._is_bad), who)
        own = self.oracle.roster.get(user, {})
        if not own or not set(kinds or ()) <= set(own):
            return
        body: dict[str, Any] = {"note": "They called."}
        body |= {"credentials": kinds} if kinds else {}
        body |= {"consent": {"from": "A parent", "how": "by phone"}} if consent else {}
        etag, seen = self.etags.get(user, (None, None)) if match and Trouble.MATCH not in WITHOUT else (None, None)
        answers: list[Answer] = []
        headers = {"if-match": etag} if etag else {}
        died = self.wire.dies(
            lambda: answers.append(
                call(reset, "POST", f"/users/{IDS[user]}/reset", district.manager(), body, headers=headers)
            ),
            cut,
        )
        self.happened["a reset died" if died else "a reset"] += 1
        changed = etag is not None and seen != self._registers(user)
        if changed and not died:
            assert answers[0].status == 412, answers[0].body
            self.happened["a reset came too late"] += 1
        elif not changed:
            self._expect_reset(own, kinds or list(own), None if died else answers[0], consent=consent)
        self._see(set(own.values()))

    def _expect_reset(self, own: Mapping[str, str], kinds: list[str], answer: Answer | None, *, consent: bool) -> None:
        self.number += 1
        told = {} if answer is None else {one["kind"]: one for one in answer.body["results"]}
        for kind in kinds:
            outcome, item = self.oracle.reset(own[kind], self.now, consent=consent)
            if item is not None:
                self.oracle.write(own[kind], f"reset {self.number}", item, maybe=answer is None)
            if answer is not None:
                self.happened[outcome] += 1
                assert told[kind]["outcome"] == outcome, (told[kind], own[kind])

    def _is_bad(self, user: str) -> bool:
        return any(self.oracle.status(one).in_force for one in self.oracle.roster[user].values())

    def _registers(self, user: str) -> dict[str, dict[str, str]]:
        own = self.oracle.roster.get(user, {})
        return {credential: self.oracle.status(credential).registers for credential in own.values()}

    @rule(
        user=names,
        where=st.sampled_from([("email", None), ("phone", None), ("phone", "sms"), ("phone", "voice"), ("email", "email")]),
        ground=st.sampled_from(["manual", "unsubscribed"]),
        cut=cuts,
    )
    def mark(self, user: str, where: tuple[str, str | None], ground: str, cut: Cut | None) -> None:
        """A parent says on the phone that a number is dead, or that they want no more."""
        self._act()
        kind, channel = where
        credential = self.oracle.roster.get(user, {}).get(kind)
        if credential is None or (ground, channel) == ("unsubscribed", "sms") and Trouble.REVOCATION in WITHOUT:
            return
        body = {"credential": kind, "ground": ground, "note": "A parent called."}
        body |= {"channel": channel} if channel else {}
        answers: list[Answer] = []
        died = self.wire.dies(
            lambda: answers.append(call(reset, "POST", f"/users/{IDS[user]}/blocks", district.manager(), body)),
            cut,
        )
        assert died or answers[0].status == 200, answers[0].body
        self.happened[f"marked {ground}"] += 1
        self.number += 1
        item = self.oracle.mark(credential, ground, channel or kind, self.now)
        self.oracle.write(credential, f"mark {self.number}", item, maybe=died)
        self._see({credential})

    @precondition(lambda self: any("/unsubscribe/" in one.words for one in self.wire.sent))
    @rule(which=places, cut=cuts)
    def unsubscribe(self, which: int, cut: Cut | None) -> None:
        """Somebody presses the button of a mail program; more than once in a second is once."""
        self._wait(timedelta(seconds=1))
        self._act()
        mail = pick([one for one in self.wire.sent if "/unsubscribe/" in one.words], which)
        [path] = re.findall(r"/unsubscribe/[\w.-]+", mail.words)
        answers: list[int] = []
        event = {
            "rawPath": path,
            "headers": {"content-type": "application/x-www-form-urlencoded"},
            "requestContext": {"http": {"method": "POST", "path": path}, "stage": "$default"},
            "body": "List-Unsubscribe=One-Click",
            "version": "2.0",
        }
        died = self.wire.dies(lambda: answers.append(unsubscribe(event, district.CONTEXT)["statusCode"]), cut)
        assert died or answers == [200]
        self.happened["unsubscribed"] += 1
        self.number += 1
        credential = f"email:{mail.address}"
        self.oracle.unsubscribe(credential, f"unsubscribe {self.number}", self.now, maybe=died)
        self._see({credential})

    # Rosters

    @precondition(lambda _: Trouble.IMPORTS not in WITHOUT)
    @rule(user=names, kind=st.sampled_from(["email", "phone"]), place=st.none() | places, cut=cuts)
    def import_(self, user: str, kind: str, place: int | None, cut: Cut | None) -> None:
        """A person gets another address, perhaps one that somebody has, or loses it."""
        self._act()
        own = self.oracle.roster[user]
        if place is None:
            own.pop(kind, None)
        else:
            own[kind] = f"{kind}:{pick(EMAILS if kind == 'email' else PHONES, place)}"
        if self.wire.dies(lambda: _import(self.oracle.roster, self.now), cut):
            self.happened["an import died"] += 1
            _import(self.oracle.roster, self.now)  # the state machine tries again
        self.etags.clear()
        self._see()

    # What can be seen

    @rule(user=names)
    def look(self, user: str) -> None:
        """Somebody looks at a profile."""
        self._act()
        self._see(profile=user)

    def _see(self, credentials: Iterable[str] = (), ours: Iterable[Ours] = (), profile: str | None = None) -> None:
        """Compare what can be seen with what must be; of the tables, what the act was about."""
        for credential in sorted(credentials):
            self.oracle.see(credential, _partition(credential))
        for one in ours:
            self._see_message(one)
        self._see_gate()
        if profile is not None:
            self._see_profile(profile)

    def _see_message(self, one: Ours) -> None:
        if one.id is None:
            one.id = self._id_of(one)  # whoever asked for it got no answer
        if one.id is None:
            return
        shown = call(messages, "GET", f"/messages/{one.id}", CLIENT).body
        times = {status: datetime.fromisoformat(at) for status, at in shown["times"].items()}
        missing, untold = one.must - set(times), set(times) - one.must - one.may
        assert not missing, f"{one.dedup_id}: never came to {missing}, but to {set(times)}"
        assert not untold, f"{one.dedup_id}: nobody told {untold}, only {one.must} and perhaps {one.may}"
        assert shown["status"] == max(times, key=RANKS.index)
        assert all(times[status] == at for status, at in one.times.items()), "a time was changed"
        one.must, one.times = set(times), times
        if "sending" in times:
            assert times["sending"] in one.sending
            one.sending = {times["sending"]}
            assert shown["credential"] == one.credential
        else:
            one.sending.clear()
            one.may -= {"sending"}
        if one.provider_id is not None:
            assert "sending" in times, f"{one.dedup_id} was sent, and nothing says so"
        if shown["status"] == "blocked":
            assert shown["reason"] == one.reason

    def _id_of(self, one: Ours) -> str | None:
        answer = call(profiles, "GET", f"/users/{one.wish['user_id']}/messages", district.manager())
        return next((item["id"] for item in answer.body["items"] if item["dedup_id"] == one.dedup_id), None)

    def _see_gate(self) -> None:
        """What the gate says of every address and person, by every channel."""
        asked: list[tuple[dict[str, str], dict[str, Any]]] = []
        for credential in ALL:
            for channel in CHANNELS[credential.partition(":")[0]]:
                ask = {"credential": credential, "channel": channel}
                asked.append((ask, self._verdict(credential, channel)))
        for user in NAMES:
            for channel in ("email", "sms", "voice"):
                ask = {"user_id": IDS[user], "channel": channel}
                asked.append((ask, self._verdict_of_user(user, channel)))
        answer = call(sends, "POST", "/sends/check", CLIENT, {"recipients": [ask for ask, _ in asked]})
        assert answer.status == 200, answer.body
        for (ask, wanted), told in zip(asked, answer.body["results"], strict=True):
            found = {name: told[name] for name in wanted}
            if "alternatives" in found:
                found["alternatives"] = {(one["channel"], one["credential"]) for one in found["alternatives"]}
            assert found == wanted, f"the gate of {ask}: {found}, must be {wanted}"

    def _verdict(self, credential: str | None, channel: str) -> dict[str, Any]:
        if credential is None:
            return {"send": False, "reason": "no_such_channel"}
        closing = self.oracle.status(credential).closing(channel)
        if not closing:
            return {"send": True, "reason": None, "since": None, "credential": credential}
        seen = closing[0].item.seen
        assert seen is not None
        since = time_of(seen["mark"]).isoformat().replace("+00:00", "Z")
        return {"send": False, "reason": seen["cause"], "since": since, "credential": credential}

    def _verdict_of_user(self, user: str, channel: str) -> dict[str, Any]:
        own = self.oracle.roster[user]
        told = self._verdict(own.get(KIND_OF[channel]), channel)
        if told["send"]:
            return told | {"alternatives": set()}
        open_ = {
            (other, credential)
            for kind, credential in own.items()
            for other in CHANNELS[kind]
            if other != channel and not self.oracle.status(credential).closing(other)
        }
        return told | {"alternatives": open_}

    def _see_profile(self, user: str) -> None:
        """What an extended viewer sees of a person."""
        if user not in self.oracle.roster:
            return
        answer = call(profiles, "GET", f"/users/{IDS[user]}", district.manager())
        assert answer.status == 200, answer.body
        shown = {one["kind"]: one for one in answer.body["credentials"] if not one["former"]}
        own = self.oracle.roster[user]
        assert {kind: f"{kind}:{one['value']}" for kind, one in shown.items()} == own
        for kind, credential in own.items():
            self._see_credential(user, credential, shown[kind])
        self.etags[user] = (answer.headers["etag"], self._registers(user))

    def _see_credential(self, user: str, credential: str, shown: Mapping[str, Any]) -> None:
        status = self.oracle.status(credential)
        in_force = status.in_force
        channels = CHANNELS[credential.partition(":")[0]]
        assert shown["status"] == ("bad" if in_force else "good")
        assert shown["open"] == [channel for channel in channels if not status.closing(channel)]
        assert shown["shared"] == (len(self.oracle.holders(credential)) > 1)
        held = [_block(one) for one in shown["blocks"] if one["until"] is None]
        assert sorted(held) == sorted(_wanted(block) for block in in_force)
        for one in shown["blocks"]:
            if one["until"] is not None:  # of a holder's own time; which of several lifts is told is open
                assert one["lifted_by"] in status.lifts
        self._see_last_message(user, credential, shown["last_message"])

    def _see_last_message(self, user: str, credential: str, shown: Mapping[str, Any] | None) -> None:
        candidates = self._candidates(user, credential)
        if candidates is None:
            return
        told = None if shown is None else (shown["channel"], shown["status"])
        assert told in candidates, f"last message to {credential}: {told}, may be {candidates}"

    def _candidates(self, user: str, credential: str) -> set[tuple[str, str] | None] | None:
        """What may be shown as the last message: the newest by when it was queued, or by when it was sent.

        Reading: which of the two is the newest, and whether one counts that was blocked, or
        put off, is open. None: not told,
        for another system's message of which a crash left in doubt whether it is known.
        """
        found: list[tuple[datetime, datetime, tuple[str, str], bool]] = []
        for one in self.oracle.ours.values():
            if one.user == user and one.times and KIND_OF[one.channel] == credential.partition(":")[0]:
                status = max(one.times, key=RANKS.index)
                if one.credential == credential and one.sending:
                    found.append((one.queued, max(one.sending), (one.channel, status), False))
                elif status == "blocked" or one.credential == credential:
                    found.append((one.queued, max(one.times.values()), (one.channel, status), True))
        for (_, message, to), known in self.oracle.foreign.items():
            if to != credential:
                continue
            if not known.certain or known.holders != self.oracle.holders(credential) or len(known.times) > 1:
                return None
            del message
            at = max(known.times)
            told = self.oracle.said[next(place for place, one in self.oracle.foreign.items() if one is known)]
            channel = "email" if credential.startswith("email:") else "sms"
            found.append((at, at, (channel, max(told, key=RANKS.index)), False))
        if not found:
            return {None}
        wanted: set[tuple[str, str] | None] = set()
        for order in (0, 1):
            sent = [one for one in found if not one[3]]
            for some in (found, sent):
                newest = max((one[order] for one in some), default=None)
                wanted |= {one[2] for one in some if one[order] == newest} or {None}
        return wanted

    def teardown(self) -> None:
        """At last everything comes that has waited; then no message is on its way for ever."""
        if sys.exception() is not None:
            return  # what went wrong has been told
        self.wire.answer = Provider.TAKEN
        self._wait(timedelta(hours=2))
        if self.waiting:
            self._deliver(list(self.waiting), None)
        for _ in range(2):
            if self.queue:
                self._dispatch(list(dict.fromkeys(self.queue)), Provider.TAKEN, None, keep=False)
            self._wait(timedelta(hours=2))
        self._see(ALL, list(self.oracle.ours.values()))
        for user in NAMES:
            self._see_profile(user)
        sent = [re.findall(r"<(d\d+)>", one.words)[-1] for one in self.wire.sent]
        assert len(sent) == len(set(sent)), "one message was sent twice"
        for one in self.oracle.ours.values():
            assert one.id is None or one.is_ended or "queued" in one.must


# Handlers, as AWS calls them


def _run_dispatch(bodies: Sequence[str]) -> list[str]:
    records = [
        {"messageId": str(place), "receiptHandle": "r", "body": body, "attributes": {}, "eventSource": "aws:sqs"}
        for place, body in enumerate(bodies)
    ]
    return [one["itemIdentifier"] for one in dispatch({"Records": records}, district.CONTEXT)["batchItemFailures"]]


def _run_delivery_events(some: Sequence[Post]) -> list[str]:
    records = [
        {
            "messageId": str(place),
            "receiptHandle": "r",
            "body": post.body(post.received),
            "attributes": {"SentTimestamp": str(round(post.received.timestamp() * 1000))},
            "messageAttributes": {},
            "md5OfBody": "",
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:delivery-events",
            "awsRegion": "us-east-1",
        }
        for place, post in enumerate(some)
    ]
    answer = delivery_events({"Records": records}, district.CONTEXT)
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def _import(roster: Roster, at: datetime) -> None:
    shared = [credential for own in roster.values() for kind, credential in own.items() if kind == "phone"]
    users = [
        district.user(
            name,
            name.title(),
            **{kind: credential.partition(":")[2] for kind, credential in own.items()},
            label=f"For {name.title()}: " if shared.count(own.get("phone", "")) > 1 else None,
        )
        for name, own in roster.items()
    ]
    district.import_(district.NORTH, district.MANAGER, *users, at=at)


# Tables


@cache
def _tables() -> Any:
    return boto3.client("dynamodb")


def _empty_tables() -> None:
    table = _tables()
    for name, keys in TABLES.items():
        for page in table.get_paginator("scan").paginate(TableName=name):
            for item in page["Items"]:
                table.delete_item(TableName=name, Key={key: item[key] for key in keys})


def _partition(credential: str) -> list[dict[str, Any]]:
    """The status and history that lie under a credential."""
    answer = _tables().query(
        TableName="credentials",
        KeyConditionExpression="credential = :c",
        ExpressionAttributeValues={":c": {"S": credential}},
    )
    items = [{name: _plain(value) for name, value in item.items()} for item in answer["Items"]]
    return [item for item in items if not item["item"].startswith("holder#")]


_plain: Final[Callable[[Any], Any]] = TypeDeserializer().deserialize


def _block(shown: Mapping[str, Any]) -> str:
    names = ("ground", "channels", "cause", "permanence", "provider", "since")
    return json.dumps([shown[name] for name in names])


def _wanted(block: Any) -> str:
    seen = block.item.seen
    since = time_of(seen["mark"]).isoformat().replace("+00:00", "Z")
    ground = block.ground.partition("+")[0]
    return json.dumps(
        [ground, list(block.channels), seen["cause"], seen.get("permanence"), seen["provider"], since]
    )


def _together(dialect: Dialect, sayings: Sequence[tuple[Saying, About]]) -> list[Post]:
    """As a provider posts several: SendGrid and SparkPost in one array, SES of one kind in one event."""
    if not sayings:
        return []
    alike = len({id(saying) for saying, _ in sayings}) == 1 and len({a.address for _, a in sayings}) > 1
    if dialect in (posts.SENDGRID, posts.SPARKPOST) or (dialect.provider == "ses" and alike):
        return [dialect.post(sayings)]
    return [dialect.post([one]) for one in sayings]


def _is_wanted(saying: Saying) -> bool:
    senders_fault = saying.cause in {"content_or_size", "account_or_quota", "carrier_blocked_or_spam"}
    if senders_fault and saying.kind != "rejected" and Trouble.SENDER_S_FAULT in WITHOUT:
        return False
    return not (saying.for_earlier_stop and Trouble.EARLIER_STOP in WITHOUT)

