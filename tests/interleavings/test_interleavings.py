"""Acts of ours side by side, by every schedule of few preemptions, and by many at random.

A failure names the schedule; to see that one again:
``pytest tests/interleavings -k "<scenario>]" --schedule "<schedule>"``.
How many schedules there are is logged (``--log-cli-level INFO``).
"""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

import pytest

from reachable.model.credential import CredentialKind
from tests.functions.district import ADA, FAR, PENDING, TEACHER
from tests.interleavings import events, invariants, schedule, wire
from tests.interleavings.events import ses
from tests.interleavings.exploration import Bounds, explore
from tests.interleavings.invariants import Invariant
from tests.interleavings.schedule import Act, Choose, Played
from tests.interleavings.school import Scenario, School, Told, letter, school
from tests.interleavings.wire import Taken

BOUNDS: Final = Bounds(preemptions=2, deaths=1, death_counts=2)
SEEDS: Final = 3
DEEP: Final = Bounds(preemptions=3, deaths=1, death_counts=1)
DEEP_SEEDS: Final = 300
DEEP_ALONE: Final = frozenset({"three_events_at_once"})
"""Its pairs are run always; all three have some hundred schedules."""

EMAIL: Final = str(ADA.credentials[CredentialKind.EMAIL])
PHONE: Final = str(ADA.credentials[CredentialKind.PHONE])
FAR_EMAIL: Final = str(FAR.credentials[CredentialKind.EMAIL])
PENNY_EMAIL: Final = str(PENDING.credentials[CredentialKind.EMAIL])
ADA_ADDRESS: Final = "ada@example.org"
FAR_ADDRESS: Final = "far@example.org"
PENNY_ADDRESS: Final = "penny@example.org"
FORWARD: Final = "ada@forward.example"

_log: Final = logging.getLogger(__name__)

type Builder = Callable[[School], Scenario]


# Messages


def asked_for_twice_beside_dispatch(at: School) -> Scenario:
    """One dedup id, the same words: whoever asks again, one message goes out."""
    return Scenario(
        acts=[at.asks("first", letter("d1")), at.asks("repeat", letter("d1")), at.works("dispatch")],
        ends={"d1": "sent"},
    )


def asked_for_with_other_words_beside_dispatch(at: School) -> Scenario:
    """One dedup id, other words: one of them goes out, the other is refused."""
    return Scenario(
        acts=[
            at.asks("first", letter("d1")),
            at.asks("other", letter("d1", words="other")),
            at.works("dispatch"),
        ],
        ends={"d1": "sent"},
    )


def asked_for_among_others(at: School) -> Scenario:
    """Two calls whose lists overlap: each message of either goes out once."""
    return Scenario(
        acts=[
            at.asks("first", letter("d1"), letter("d2", FAR)),
            at.asks("repeat", letter("d2", FAR), letter("d1")),
        ],
        ends={"d1": "sent", "d2": "sent"},
    )


def dispatched_by_two(at: School) -> Scenario:
    """The queue brings one message to two workers: one sends it."""
    at.at_once(at.asks("client", letter("d1")))
    [body] = wire.waiting("outbound")
    return Scenario(acts=[at.dispatches("one", body), at.dispatches("two", body)], ends={"d1": "sent"})


def _bounces_at_once(named: str, *, tagged: bool) -> Builder:
    def build(at: School) -> Scenario:
        at.at_once(at.asks("client", letter("d1")))

        def provider_took() -> bool:
            return bool(at.seen.provider.took)

        def bounce() -> str:
            [taken] = at.seen.provider.took
            return _bounce_of(taken, named, tagged=tagged)

        def tells() -> Mapping[Told, str]:
            [taken] = at.seen.provider.took
            return {taken.tag or "" if tagged else (taken.provider_id, EMAIL): "bounced"}

        def afterwards() -> None:
            if at.seen.played and not at.seen.played.died:  # else nobody can know whose it was
                at.seen.blamed.add(EMAIL)

        whom = [EMAIL] if tagged or named == ADA_ADDRESS else []
        perhaps = [EMAIL, f"email:{named}"]
        return Scenario(
            acts=[
                at.works("dispatch"),
                at.hears("bounce", bounce, blames=whom, perhaps=perhaps, tells=tells, ready=provider_took),
            ],
            ends={"d1": "bounced"},
            pages=[ADA],
            afterwards=afterwards,
        )

    return build


def _bounce_of(taken: Taken, named: str, *, tagged: bool) -> str:
    """SES tells that a message of ours has bounced, just now."""
    tags = {"reachable_id": taken.tag or "", "reachable_user": ADA.id} if tagged else None
    now = datetime.now(UTC).isoformat()
    return ses("Bounce", named, to=[ADA_ADDRESS], id_=taken.provider_id, at=now, tags=tags)


def three_events_at_once(at: School) -> Scenario:
    """Another system's message was sent, delivered and has bounced, all told at once: it has bounced."""
    return Scenario(acts=_told_of_far(at), pages=[FAR])


def two_events_before_it_was_sent(at: School) -> Scenario:
    """Delivered and bounced at once, and only later that it was sent."""
    sent, *others = _told_of_far(at)
    return Scenario(acts=others, pages=[FAR], afterwards=lambda: at.at_once(sent))


def a_bounce_beside_the_news_that_it_was_sent(at: School) -> Scenario:
    """Sent and bounced at once, and delivered before."""
    sent, delivered, bounced = _told_of_far(at)
    at.at_once(delivered)
    return Scenario(acts=[sent, bounced], pages=[FAR])


def _told_of_far(at: School) -> list[Act]:
    key = ("m1", FAR_EMAIL)
    return [
        at.hears("sent", ses("Send", FAR_ADDRESS), tells=lambda: {key: "sent"}),
        at.hears("delivered", ses("Delivery", FAR_ADDRESS), tells=lambda: {key: "delivered"}),
        at.hears("bounced", ses("Bounce", FAR_ADDRESS), blames=[FAR_EMAIL], tells=lambda: {key: "bounced"}),
    ]


# One id of a provider, several people


def ses_with_two_to(at: School) -> Scenario:
    """SES: one mail to two; the bounce names the second."""
    return _shared(
        at,
        ses("Send", to=[FAR_ADDRESS, PENNY_ADDRESS]),
        ses("Bounce", PENNY_ADDRESS, to=[FAR_ADDRESS, PENNY_ADDRESS]),
    )


def sendgrid_personalizations(at: School) -> Scenario:
    """SendGrid: one send to two; the bounce names the second."""
    sent = events.sendgrid(("processed", FAR_ADDRESS), ("processed", PENNY_ADDRESS))
    return _shared(at, sent, events.sendgrid(("bounce", PENNY_ADDRESS)))


def sparkpost_transmission(at: School) -> Scenario:
    """SparkPost: one transmission to two; the bounce names the second."""
    sent = events.sparkpost(("injection", FAR_ADDRESS), ("injection", PENNY_ADDRESS))
    return _shared(at, sent, events.sparkpost(("bounce", PENNY_ADDRESS)))


def sinch_batch(at: School) -> Scenario:
    """Sinch: one batch to two numbers; the one that failed is nobody's."""
    return Scenario(
        acts=[
            at.hears("sent", events.sinch("Dispatched", "+12025550123", 401)),
            at.hears("bounced", events.sinch("Failed", "+12025559999", 1), blames=["phone:+12025559999"]),
        ]
    )


def _shared(at: School, sent: str, bounced: str) -> Scenario:
    return Scenario(
        acts=[at.hears("sent", sent), at.hears("bounced", bounced, blames=[PENNY_EMAIL])],
        pages=[PENDING],
    )


# Status


def one_event_by_two_workers(at: School) -> Scenario:
    """An event comes twice at once, and once more later."""
    bounce = ses("Bounce", FAR_ADDRESS)
    again = at.hears("again", bounce)
    return Scenario(
        acts=[
            at.hears("one", bounce, blames=[FAR_EMAIL]),
            at.hears("two", bounce, blames=[FAR_EMAIL]),
        ],
        afterwards=lambda: at.at_once(again),
    )


def a_bounce_beside_a_reset(at: School) -> Scenario:
    """A second bounce comes while a reset lifts the first."""
    _bounced(at)
    return Scenario(acts=[at.resets("reset", credentials=["email"]), at.hears("bounce", *_again("m2"))])


def two_resets_at_once(at: School) -> Scenario:
    """Two staff members reset one person, whom a complaint keeps closed."""
    _bounced(at)
    complaint = ses("Complaint", ADA_ADDRESS, id_="m3")
    at.at_once(at.hears("complaint", complaint, blames=[EMAIL]))
    return Scenario(acts=[at.resets("one"), at.resets("two"), at.hears("bounce", *_again("m2"))])


def a_reset_beside_a_mark_by_hand(at: School) -> Scenario:
    """One opens, another closes."""
    _bounced(at)
    return Scenario(
        acts=[
            at.resets("reset", credentials=["email"]),
            at.marks("mark", blames=EMAIL, credential="email", note="Dead, says the mother."),
        ]
    )


def a_reset_beside_a_stop(at: School) -> Scenario:
    """A reset of both credentials, and the person texts STOP meanwhile."""
    _both_bad(at)
    return Scenario(acts=[at.resets("reset"), _stop(at)])


def a_reset_of_what_was_seen_beside_a_stop(at: School) -> Scenario:
    """The same with If-Match: all of it is done, or none."""
    _both_bad(at)
    etag = at.shows(f"/users/{ADA.id}").headers["etag"]
    return Scenario(acts=[at.resets("reset", if_match=etag), _stop(at)])


def unsubscribed_beside_a_reset_with_consent(at: School) -> Scenario:
    """The link of a mail is pressed while staff open the address with consent."""
    at.at_once(at.asks("client", letter("d1")))
    at.at_once(at.works("dispatch"))
    url = at.seen.provider.took[0].unsubscribe_url
    assert url is not None
    at.at_once(at.unsubscribes("before", url, EMAIL))
    consent = {"from": "Ada Reyes", "how": "by phone"}
    return Scenario(
        acts=[
            at.unsubscribes("unsubscribe", url, EMAIL),
            at.resets("reset", credentials=["email"], consent=consent),
        ]
    )


def _bounced(at: School) -> None:
    at.at_once(at.hears("before", ses("Bounce", ADA_ADDRESS), blames=[EMAIL]))


def _again(id_: str) -> tuple[str]:
    return (ses("Bounce", ADA_ADDRESS, id_=id_, at="2026-09-14T09:30:00+00:00"),)


def _both_bad(at: School) -> None:
    _bounced(at)
    at.at_once(at.hears("dead", events.undelivered("+12025550123"), blames=[PHONE]))


def _stop(at: School) -> Act:
    return at.hears("stop", lambda: events.texted("+12025550123", "STOP"), blames=[PHONE])


# Held


def resumed_beside_dispatch(at: School) -> Scenario:
    """Three messages of a held batch, which is let go: all go out."""
    _held(at)
    return Scenario(
        acts=[at.works("dispatch"), at.decides("resume", "b1", "resume"), at.works("another")],
        ends=dict.fromkeys(("d3", "d4", "d5"), "sent"),
        afterwards=lambda: at.at_once(at.decides("once more", "b1", "resume")),
    )


def dropped_beside_dispatch(at: School) -> Scenario:
    """Three messages of a held batch, which is dropped: none goes out."""
    _held(at)
    return Scenario(
        acts=[at.works("dispatch"), at.decides("drop", "b1", "drop"), at.works("another")],
        ends=dict.fromkeys(("d3", "d4", "d5"), "dropped"),
    )


def parked_beside_a_resume(at: School) -> Scenario:
    """Three messages of a batch are parked while somebody lets it go: all go out, each once."""
    return _parked_while(at, "resume", "sent")


def parked_beside_a_drop(at: School) -> Scenario:
    """Three messages of a batch are parked while somebody drops it: none goes out."""
    return _parked_while(at, "drop", "dropped")


def _parked_while(at: School, decision: str, end: str) -> Scenario:
    at.at_once(at.decides("hold", "b1", "hold"))
    messages = (letter(f"d{n}", who, batch_id="b1") for n, who in ((3, ADA), (4, FAR), (5, TEACHER)))
    at.at_once(at.asks("client", *messages))
    return Scenario(
        acts=[at.works("dispatch"), at.decides(decision, "b1", decision)],
        ends=dict.fromkeys(("d3", "d4", "d5"), end),
        afterwards=lambda: at.at_once(at.decides("once more", "b1", decision)),
    )


def resumed_beside_the_schedule(at: School) -> Scenario:
    """Somebody lets go what is parked, and the schedule sweeps it at once."""
    at.at_once(at.decides("hold", "b1", "hold"))
    at.at_once(at.asks("client", letter("d3", batch_id="b1"), letter("d4", FAR, batch_id="b1")))
    at.at_once(at.works("dispatch"))
    return Scenario(
        acts=[at.decides("resume", "b1", "resume"), at.sweeps("schedule")],
        ends=dict.fromkeys(("d3", "d4"), "sent"),
        afterwards=lambda: at.at_once(at.decides("once more", "b1", "resume")),
    )


def cancelled_beside_dispatch(at: School) -> Scenario:
    """A message is cancelled while a worker has it: it goes out or not, and is what is said of it."""
    at.at_once(at.asks("client", letter("d1", batch_id="b9")))
    return Scenario(acts=[at.works("dispatch"), at.cancels("cancel", "b9"), at.works("another")])


def _held(at: School) -> None:
    """Two of a batch have bounced, so it is held; its sender and domain have been let go."""
    for number in ("1", "2"):
        at.at_once(at.asks("client", letter(f"d{number}", batch_id="b1")))
        at.at_once(at.works("dispatch"))
        bounce = _bounce_of(at.seen.provider.took[-1], ADA_ADDRESS, tagged=True)
        at.at_once(at.hears("bounce", bounce, blames=[EMAIL]))
        at.wire.pass_(2)
        at.at_once(at.resets("reset"))
    at.at_once(at.asks("client", letter("d0", batch_id="b0")))
    at.at_once(at.works("dispatch"))
    for group in ("sender:ses", "domain:example.org"):
        at.at_once(at.decides("let go", group, "resume"))
    at.wire.pass_(20 * 60)
    at.at_once(at.works("dispatch"))
    messages = (letter(f"d{n}", who, batch_id="b1") for n, who in ((3, ADA), (4, FAR), (5, TEACHER)))
    at.at_once(at.asks("client", *messages))
    at.at_once(at.works("dispatch"))
    at.wire.pass_(20 * 60)


SCENARIOS: Final[Mapping[str, Builder]] = {
    **{
        build.__name__: build
        for build in (
            asked_for_twice_beside_dispatch,
            asked_for_with_other_words_beside_dispatch,
            asked_for_among_others,
            dispatched_by_two,
            three_events_at_once,
            two_events_before_it_was_sent,
            a_bounce_beside_the_news_that_it_was_sent,
            ses_with_two_to,
            sendgrid_personalizations,
            sparkpost_transmission,
            sinch_batch,
            one_event_by_two_workers,
            a_bounce_beside_a_reset,
            two_resets_at_once,
            a_reset_beside_a_mark_by_hand,
            a_reset_beside_a_stop,
            a_reset_of_what_was_seen_beside_a_stop,
            unsubscribed_beside_a_reset_with_consent,
            resumed_beside_dispatch,
            dropped_beside_dispatch,
            parked_beside_a_resume,
            parked_beside_a_drop,
            resumed_beside_the_schedule,
            cancelled_beside_dispatch,
        )
    },
    "bounces_at_once": _bounces_at_once(ADA_ADDRESS, tagged=True),
    "bounces_at_once_untagged": _bounces_at_once(ADA_ADDRESS, tagged=False),
    "forwarded_and_bounces_at_once": _bounces_at_once(FORWARD, tagged=True),
    "forwarded_and_bounces_at_once_untagged": _bounces_at_once(FORWARD, tagged=False),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Those that take long only where they are asked for: ``--deep``, or by a schedule."""
    options = metafunc.config.option
    chosen = [name for name in SCENARIOS if name not in DEEP_ALONE or options.deep or options.schedule]
    metafunc.parametrize("scenario", chosen)


@pytest.mark.usefixtures("aws")
def test_whoever_comes_between_the_invariants_hold(scenario: str, pytestconfig: pytest.Config) -> None:
    deep, only = pytestconfig.getoption("deep"), pytestconfig.getoption("schedule")
    broken: dict[Invariant, str] = {}
    with school() as stage:
        built = SCENARIOS[scenario](stage)
        stage.curtain()

        def run(choose: Choose) -> Played:
            played = stage.run(built, choose)
            for invariant in invariants.ALL:
                if invariant not in broken and (what := "; ".join(invariant(stage.seen, built, stage))):
                    broken[invariant] = _told(scenario, invariant, what, played)
            return played

        if only is not None:
            run(schedule.by(schedule.read(only)))
        else:
            many = sum(1 for _ in explore(run, DEEP if deep else BOUNDS))
            for seed in range(DEEP_SEEDS if deep else SEEDS):
                run(schedule.at_random(seed))
            _log.info("%s: %d schedules", scenario, many)
    if broken:
        pytest.fail("\n\n".join(broken.values()), pytrace=False)


def _told(scenario: str, invariant: Invariant, what: str, played: Played) -> str:
    """What is broken, by which calls, and how to see it again."""
    calls = (f"  {act}: {call.words}" for act, call in played.calls)
    died = (f"  {name} died" for name in sorted(played.died))
    again = f'pytest tests/interleavings -k "{scenario}]" --schedule "{schedule.written(played.turns)}"'
    return "\n".join([f"{invariant.__doc__} But {what}.", *calls, *died, again])
