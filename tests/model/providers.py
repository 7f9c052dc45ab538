"""Providers say what became of messages, of ours and of others': late, twice, and not always right."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.functions.api import another_process
from tests.model import handlers, posts
from tests.model.messages import Ours
from tests.model.posts import OTHERS, About, Clock, Dialect, Other, Post, Saying
from tests.model.sight import Sight
from tests.model.story import EMAILS, FORWARDED, PHONES, Trouble, calls, clocks, cuts, pick, places, sayings
from tests.model.wire import Cut, Sent

words: Final = st.sampled_from(
    ["STOP", "START", "ARRET"] if Trouble.REVOCATION.is_wanted else ["STOP", "START"]
)


class Providers(Sight):
    """What comes on the queue of events."""

    # Of our messages

    @precondition(lambda self: self.sent_ones())
    @rule(
        which=places,
        saying=sayings,
        tagged=st.booleans(),
        forwarded=st.booleans(),
        clock=clocks,
        sent_clock=clocks,
        later=st.booleans(),
        cut=cuts,
    )
    def told_of_ours(
        self,
        which: int,
        saying: int,
        tagged: bool,
        forwarded: bool,
        clock: Clock,
        sent_clock: Clock,
        later: bool,
        cut: Cut | None,
    ) -> None:
        """Of what dispatch sent: with our tag or (identity feedback) without; or of where it went on to."""
        self.act()
        one, sent = pick(self.sent_ones(), which)
        dialect = posts.AWS_SMS if one.channel == "sms" else pick((posts.SES, posts.SES_BY_SNS), saying)
        said = self._saying(dialect, saying)
        elsewhere = forwarded and said.kind == "bounced" and one.channel == "email"
        elsewhere = elsewhere and Trouble.FORWARDED.is_wanted
        # Where a crash left us without the provider's id, the tag alone leads to who we sent to.
        tagged = tagged or said.kind == "sent" or (elsewhere and not one.linked)
        about = self._about(
            sent.provider_message_id,
            FORWARDED if elsewhere else sent.address,
            sent.at,
            tag=one.id if tagged else None,
            tag_clock=Clock.RIGHT if tagged else Clock.NONE,
            clock=clock,
            sent_clock=sent_clock,
        )
        self.happened["forwarded"] += elsewhere
        self.tell(dialect.post([(said, about)]), later=later, cut=cut)

    def sent_ones(self) -> list[tuple[Ours, Sent]]:
        """Those of our messages that a provider took."""
        taken = {one.provider_message_id: one for one in self.wire.sent}
        ours = [one for one in self.known_messages() if one.provider_id in taken and one.id is not None]
        return [(one, taken[one.provider_id]) for one in ours if one.provider_id is not None]

    def _saying(self, dialect: Dialect, place: int) -> Saying:
        return pick([one for one in dialect.sayings.values() if _is_wanted(one)], place)

    def _about(self, message: str, address: str, sent: Any, **other: Any) -> About:
        at = max(sent, self.now - timedelta(seconds=1))
        told = {"number": f"e{self.next_number()}", "at": at} | other
        return About(message=message, address=address, sent=sent, received=self.now, **told)

    # Of messages of the district's other systems

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
        self,
        by: str,
        to: list[int],
        account: str | None,
        long: bool,
        told: str,
        clock: Clock,
        sent_clock: Clock,
        cut: Cut | None,
    ) -> None:
        """Another system sends a message; its provider says so now, later or never."""
        self.act()
        mail = self.send_other(OTHERS[by], to, account, long=long)
        if told != "never":
            self.tell_sent(mail, clock, sent_clock, later=told == "later", cut=cut)

    def send_other(self, dialect: Dialect, to: Sequence[int], account: str | None, *, long: bool) -> Other:
        """A message with an id of its own, or of several recipients."""
        known = EMAILS if dialect.channel == "email" else PHONES
        shares = dialect.shares_ids and Trouble.SHARED_IDS.is_wanted
        addresses = list(dict.fromkeys(pick(known, place) for place in to))[: 2 if shares else 1]
        is_long = long and dialect is posts.SENDGRID and Trouble.LONG_IDS.is_wanted
        id_ = f"m{self.next_number()}{'x' * 2100 if is_long else ''}"
        account = account if dialect.has_accounts and Trouble.ACCOUNTS.is_wanted else None
        mail = Other(dialect, id_, addresses, self.now - timedelta(milliseconds=500), account)
        self.others.append(mail)
        self.happened["a long id"] += is_long
        self.happened["a shared id"] += len(addresses) > 1
        return mail

    def tell_sent(
        self, mail: Other, clock: Clock, sent_clock: Clock, *, later: bool, cut: Cut | None
    ) -> None:
        """Its provider says that it was sent, to all recipients."""
        said = mail.dialect.sayings["sent"]
        about = [(said, self._of_other(mail, to, clock, sent_clock)) for to in mail.addresses]
        for post in posts.together(mail.dialect, about):
            self.tell(post, later=later, cut=cut)

    def _of_other(self, mail: Other, address: str, clock: Clock, sent_clock: Clock, **other: Any) -> About:
        # Our tag is never cut: what a provider cuts, and our tag, are two times.
        tag_clock = Clock.RIGHT if sent_clock is Clock.CUT else sent_clock
        told = {"account": mail.account, "clock": clock, "sent_clock": sent_clock, "tag_clock": tag_clock}
        return self._about(mail.id, address, mail.sent, **told | other)

    @precondition(lambda self: self.others)
    @rule(
        which=places,
        said=st.lists(st.tuples(sayings, places), min_size=1, max_size=2),
        of_all=st.booleans(),
        tagged=st.booleans(),
        clock=clocks,
        sent_clock=clocks,
        later=st.booleans(),
        cut=cuts,
    )
    def told_of_other(
        self,
        which: int,
        said: list[tuple[int, int]],
        of_all: bool,
        tagged: bool,
        clock: Clock,
        sent_clock: Clock,
        later: bool,
        cut: Cut | None,
    ) -> None:
        """What became of another system's message, at one address or several, or the same of all."""
        self.act()
        mail = pick(self.others, which)
        if of_all:
            said = [(said[0][0], place) for place in range(len(mail.addresses))]
        tag = self._our_tag(mail) if tagged else None
        sayings: list[tuple[Saying, About]] = []
        for saying, to in said:
            one, address = self._saying(mail.dialect, saying), pick(mail.addresses, to)
            if mail.may_say(one, address):
                about = self._of_other(mail, address, clock, sent_clock, tag=tag)
                sayings.append((one, self._numbered(about, mail)))
        for post in posts.together(mail.dialect, sayings):
            self.tell(post, later=later, cut=cut)

    def _our_tag(self, mail: Other) -> str | None:
        """The tag of a message of ours, of which nothing is told: by a mistake, or worse."""
        if not Trouble.OTHERS_TAGS.is_wanted or mail.dialect.provider != "ses":
            return None
        tags = [one.id for one in self.known_messages() if one.linked and one.channel == "email"]
        self.happened["a tag that proves nothing"] += bool(tags)
        return tags[-1] if tags else None

    def _numbered(self, about: About, mail: Other) -> About:
        """Accounts number their events alike: what is told of one address first in each has one id."""
        if not mail.dialect.has_accounts or mail.account is None:
            return about
        at = (mail.dialect.provider, mail.account, about.address)
        self.numbers[at] = self.numbers.get(at, 0) + 1
        return replace(about, number=f"n{self.numbers[at]}-{about.address}")

    # People text

    @rule(
        phone=st.sampled_from(PHONES),
        by=st.sampled_from(["twilio", "sinch"]),
        said=words,
        clock=clocks,
        later=st.booleans(),
        cut=cuts,
    )
    def text_comes(self, phone: str, by: str, said: str, clock: Clock, later: bool, cut: Cut | None) -> None:
        """A person texts STOP, START, or a word on which the provider does not act."""
        self.act()
        self.tell(self.text(phone, by, said, clock), later=later, cut=cut)

    def text(self, phone: str, by: str, said: str, clock: Clock = Clock.RIGHT) -> Post:
        about = self._about("", phone, self.now - timedelta(seconds=2), clock=clock)
        return posts.text_from("twilio" if said == "ARRET" else by, phone, said, about)

    # The queue

    @precondition(lambda self: self.waiting)
    @rule(which=st.lists(places, min_size=1, max_size=3), cut=cuts)
    def events_come(self, which: list[int], cut: Cut | None) -> None:
        """What has waited, or was cut short, comes."""
        self.act()
        some = {place % len(self.waiting) for place in which}
        self.deliver([self.waiting[place] for place in sorted(some)], cut)

    @precondition(lambda self: self.posted)
    @rule(which=st.lists(places, min_size=1, max_size=3), cut=cuts)
    def events_come_again(self, which: list[int], cut: Cut | None) -> None:
        """The queue brings again what it brought, some of it twice at once."""
        self.act()
        self.deliver([pick(self.posted, place) for place in which], cut)

    @precondition(lambda self: self.waiting and Trouble.INTERRUPTS.is_wanted)
    @rule(which=places, at_call=calls)
    def events_come_twice_at_once(self, which: int, at_call: int) -> None:
        """Two workers have the same post."""
        self.act()
        post = pick(self.waiting, which)
        other = another_process("delivery_events")
        happened = self.wire.interrupted(
            lambda: handlers.apply([post]), at_call, lambda: handlers.apply([post], other)
        )
        self.happened["events were interrupted"] += happened
        self._applied([post], died=False)

    def tell(self, post: Post, *, later: bool, cut: Cut | None) -> None:
        """A post comes now, or later."""
        if later:
            self.waiting.append(post)
        else:
            self.deliver([post], cut)

    def deliver(self, some: Sequence[Post], cut: Cut | None) -> None:
        """The queue brings these posts together."""
        failed: list[int] = []
        died = self.wire.dies(lambda: failed.extend(handlers.apply(some)), cut)
        assert not failed, f"events that failed: {[some[place].told for place in failed]}"
        self._applied(some, died=died)

    def _applied(self, some: Sequence[Post], *, died: bool) -> None:
        self.happened["events died" if died else "events came"] += 1
        self.happened.update(f"{told.provider} told {told.kind}" for post in some for told in post.told)
        touched: set[str] = set()
        for post in some:
            touched |= self.oracle.tell(post.told, maybe=died or len(some) > 1)
        if not died:
            for post in some:  # side by side: what one leaves to another, it may have left or not
                touched |= self.oracle.tell(post.told)
            self.posted += [post for post in some if post not in self.posted]
        self.waiting = [post for post in self.waiting if post not in some]
        self.waiting += some if died else ()
        self.see(touched, [one for one in self.known_messages() if one.id])


def _is_wanted(saying: Saying) -> bool:
    if saying.for_earlier_stop:
        return Trouble.EARLIER_STOP.is_wanted
    causes = {"content_or_size", "account_or_quota", "carrier_blocked_or_spam"}
    return saying.kind == "rejected" or saying.cause not in causes or Trouble.SENDERS_FAULT.is_wanted
