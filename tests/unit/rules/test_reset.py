"""What a reset lifts, what it refuses, and from when its lift counts."""

import pytest

from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Channel, Kind, event_hex
from reachable.model.reset import Need
from reachable.model.status import (
    GOOD,
    LOWEST_HEX,
    Change,
    Ground,
    Lift,
    Lifting,
    Status,
    mark,
    time_of,
)
from reachable.rules import reset
from reachable.rules import status as status_rules
from reachable.rules.reset import ResetOutcome
from tests.builders import change_by, clock, delivery_event, text_event

NOW = clock("10:00:07.7")


def after(*changes: Change | None) -> Status:
    return status_rules.join(GOOD, [change for change in changes if change is not None])


def bounced(**event: object) -> Change | None:
    return change_by(delivery_event(**event), NOW)


def texted(**event: object) -> Change | None:
    return change_by(text_event(**event), NOW)


STOP = {"kind": Kind.OPTED_OUT, "cause": Cause.OPT_OUT, "event_id": "stop"}


def test_a_reset_of_a_good_credential_writes_nothing() -> None:
    decision = reset.decide(CredentialKind.EMAIL, GOOD, NOW, consent=True)
    assert (decision.outcome, decision.lifting) == (ResetOutcome.ALREADY_GOOD, None)


def test_a_good_credential_that_a_provider_may_refuse_is_reset_so_that_it_is_asked_again() -> None:
    """Two presses in a second are two resets; the same press twice is one."""
    first = reset.decide(CredentialKind.EMAIL, GOOD, NOW, consent=True, listed=True)
    assert (first.outcome, first.lifting) == (
        ResetOutcome.RESET,
        Lifting(Lift.CONSENT, mark(NOW, LOWEST_HEX)),
    )
    assert first.lifting is not None
    again = reset.decide(CredentialKind.EMAIL, after(first.lifting), NOW, consent=True, listed=True)
    assert (again.outcome, again.lifting) == (ResetOutcome.ALREADY_GOOD, None)
    later = clock("10:00:07.8")
    second = reset.decide(CredentialKind.EMAIL, after(first.lifting), later, consent=True, listed=True)
    assert second.lifting == Lifting(Lift.CONSENT, mark(later, LOWEST_HEX))


def test_a_second_reset_finds_the_credential_good() -> None:
    status = after(bounced())
    first = reset.decide(CredentialKind.EMAIL, status, NOW, consent=False)
    assert first.lifting is not None
    second = reset.decide(
        CredentialKind.EMAIL, status_rules.join(status, [first.lifting]), NOW, consent=False
    )
    assert second.outcome is ResetOutcome.ALREADY_GOOD


def test_a_lift_counts_from_now_cut_to_the_second() -> None:
    """A provider that cuts its times to the second must not lose a bounce of the message after the reset."""
    status = after(bounced())
    decision = reset.decide(CredentialKind.EMAIL, status, NOW, consent=False)
    assert decision.lifting is not None
    assert time_of(decision.lifting.at) == clock("10:00:07")
    sent_in_the_same_second = bounced(sent_at=clock("10:00:07"), event_id="2")
    assert status_rules.blocks(after(bounced(), decision.lifting, sent_in_the_same_second))


def test_a_lift_covers_every_block_that_it_saw() -> None:
    status = after(bounced(sent_at=clock("10:00:07.6")))
    decision = reset.decide(CredentialKind.EMAIL, status, NOW, consent=False)
    assert decision.lifting is not None
    assert not status_rules.blocks(status_rules.join(status, [decision.lifting]))


@pytest.mark.parametrize(
    ("event", "consent", "outcome", "needs"),
    [
        ({}, False, ResetOutcome.RESET, ()),
        ({"kind": Kind.COMPLAINED}, False, ResetOutcome.REFUSED, (Need.CONSENT,)),
        ({"kind": Kind.COMPLAINED}, True, ResetOutcome.RESET, ()),
        ({"kind": Kind.OPTED_OUT}, False, ResetOutcome.REFUSED, (Need.CONSENT,)),
        ({"kind": Kind.OPTED_OUT}, True, ResetOutcome.RESET, ()),
        ({"cause": Cause.PROVIDER_SUPPRESSED}, False, ResetOutcome.RESET, ()),
        (
            {"cause": Cause.PROVIDER_SUPPRESSED, "kind": Kind.COMPLAINED},
            False,
            ResetOutcome.REFUSED,
            (Need.CONSENT,),
        ),
    ],
)
def test_a_complaint_or_unsubscribe_needs_consent(
    event: dict[str, object], consent: bool, outcome: ResetOutcome, needs: tuple[Need, ...]
) -> None:
    decision = reset.decide(CredentialKind.EMAIL, after(bounced(**event)), NOW, consent=consent)
    assert (decision.outcome, decision.needs) == (outcome, needs)
    assert decision.still_blocked == ((Channel.EMAIL,) if outcome is ResetOutcome.REFUSED else ())


def test_consent_lifts_what_staff_lifts_too() -> None:
    status = after(bounced(), bounced(kind=Kind.COMPLAINED, event_id="2"))
    decision = reset.decide(CredentialKind.EMAIL, status, NOW, consent=True)
    assert decision.lifting is not None
    assert decision.lifting.by is Lift.CONSENT
    assert decision.still_blocked == ()


@pytest.mark.parametrize("consent", [True, False])
def test_only_the_person_lifts_a_stop(consent: bool) -> None:
    decision = reset.decide(CredentialKind.PHONE, after(texted(**STOP)), NOW, consent=consent)
    assert (decision.outcome, decision.lifting, decision.needs) == (ResetOutcome.REFUSED, None, (Need.START,))


def test_a_reset_lifts_what_it_may_and_says_what_stays_closed() -> None:
    status = after(texted(**STOP), texted())
    decision = reset.decide(CredentialKind.PHONE, status, NOW, consent=False)
    assert (decision.outcome, decision.needs, decision.still_blocked) == (
        ResetOutcome.RESET,
        (Need.START,),
        (Channel.SMS,),
    )


@pytest.mark.parametrize(
    ("kind", "channel", "ground", "register"),
    [
        (CredentialKind.PHONE, None, Ground.MANUAL, "manual@phone"),
        (CredentialKind.PHONE, Channel.SMS, Ground.MANUAL, "manual@sms"),
        (CredentialKind.EMAIL, None, Ground.UNSUBSCRIBED, "unsubscribed@email"),
    ],
)
def test_staff_close_by_hand_what_they_choose(
    kind: CredentialKind, channel: Channel | None, ground: Ground, register: str
) -> None:
    block = reset.by_hand(kind, channel, ground, NOW, event_hex("reachable", "1"), GOOD)
    assert str(block.register) == register
    assert time_of(block.at) == NOW


def test_a_mark_by_hand_comes_after_every_lift_that_it_saw() -> None:
    """The clock of who reset runs ahead of that of who marks."""
    lifted = Lifting(Lift.STAFF, mark(clock("10:00:09"), LOWEST_HEX))
    hex_ = event_hex("reachable", "1")
    block = reset.by_hand(CredentialKind.EMAIL, None, Ground.MANUAL, NOW, hex_, after(lifted))
    assert block in status_rules.blocks(after(lifted, block))
