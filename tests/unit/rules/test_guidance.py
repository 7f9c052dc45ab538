"""Advice from evidence: every ground and cause has its own, and nobody reads more than they may."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Channel, EventHex, Permanence
from reachable.model.guidance import Audience, Because, Code, Guidance
from reachable.model.message import LastMessage, MessageStatus
from reachable.model.people import AccountStatus
from reachable.model.status import (
    GOOD,
    Block,
    BlockRegister,
    Change,
    Ground,
    Lift,
    Lifting,
    Status,
    mark,
)
from reachable.model.upstream import Hindrance, Upstream, UpstreamState
from reachable.rules import guidance
from reachable.rules import status as status_rules
from reachable.rules.guidance import Evidence
from tests.builders import clock

EMAIL, PHONE = CredentialKind.EMAIL, CredentialKind.PHONE
PERMANENT, TRANSIENT, UNDETERMINED = Permanence
EXTENDED, STAFF, ONESELF = Audience

AFTER_COMPLAINT = "suppressed+complaint@email"
BOUNCE, SUPPRESSED, MANUAL = "bounce@email", "suppressed@email", "manual@email"
COMPLAINT, UNSUBSCRIBED, STOP = "complaint@email", "unsubscribed@email", "opt_out@sms"


def block(
    register: str,
    cause: Cause = Cause.INVALID_ADDRESS,
    permanence: Permanence | None = PERMANENT,
    at: str | datetime = "09:00",
) -> Block:
    when = clock(at) if isinstance(at, str) else at
    hex_ = EventHex("1" * 16)
    return Block(BlockRegister.of_name(register), mark(when, hex_), cause, permanence, "ses")


def lift(by: Lift, at: str) -> Lifting:
    return Lifting(by, mark(clock(at), EventHex("0" * 16)))


def bad(*changes: Change) -> Status:
    return status_rules.join(GOOD, changes or [block(BOUNCE)])


def evidence(status: Status = GOOD, kind: CredentialKind = EMAIL, **changes: Any) -> Evidence:
    told: dict[str, Any] = {"shared": False, "held_since": clock("08:00")} | changes
    return Evidence(kind, status, **told)


def advice(one: Evidence, audience: Audience = EXTENDED) -> list[tuple[Code, Because | None]]:
    return [(a.code, a.because) for a in guidance.of_user(AccountStatus.ACTIVE, [one], audience)]


LATER: dict[str, Any] = {"held_since": clock("11:00")}
"""They got the address after all that is said here of it."""
INHERITED: dict[str, Any] = LATER | {"inherited": True}

OF_A_BOUNCE: dict[Cause, list[tuple[Code, Because | None]]] = {
    Cause.INVALID_ADDRESS: [(Code.FIX_SIS_FIRST, None)] * 3,
    Cause.MAILBOX_FULL: [(Code.RESET_WILL_HELP, Because.TEMPORARY)] * 3,
    Cause.INACTIVE_OR_UNREACHABLE: [
        (Code.FIX_SIS_FIRST, Because.SWITCHED_OFF),
        (Code.RESET_WILL_HELP, Because.TEMPORARY),
        (Code.RESET_WILL_HELP, Because.TEMPORARY),
    ],
    Cause.LANDLINE_OR_INCAPABLE: [(Code.FIX_SIS_FIRST, Because.INCAPABLE)] * 3,
    Cause.CARRIER_BLOCKED_OR_SPAM: [(Code.RESET_WILL_HELP, Because.UNWANTED)] * 3,
    Cause.PROVIDER_SUPPRESSED: [(Code.FIX_SIS_FIRST, Because.FAILED_BEFORE)] * 3,
    Cause.COMPLAINT: [(Code.CONSENT_NEEDED, None)] * 3,
    Cause.OPT_OUT: [(Code.CONSENT_NEEDED, None)] * 3,
    Cause.REVOCATION: [(Code.CONSENT_NEEDED, None)] * 3,
    Cause.CONTENT_OR_SIZE: [(Code.RESET_WILL_HELP, Because.NOT_ITS_FAULT)] * 3,
    Cause.ACCOUNT_OR_QUOTA: [(Code.RESET_WILL_HELP, Because.NOT_ITS_FAULT)] * 3,
    Cause.MANUAL: [(Code.FIX_SIS_FIRST, Because.BY_HAND)] * 3,
    Cause.UNKNOWN: [
        (Code.FIX_SIS_FIRST, Because.FAILED_FOR_GOOD),
        (Code.RESET_WILL_HELP, Because.NOT_SAID),
        (Code.RESET_WILL_HELP, Because.NOT_SAID),
    ],
}
"""Of a permanent one, a transient one, and one of which nobody knows."""
WISHES = {Cause.COMPLAINT, Cause.OPT_OUT, Cause.REVOCATION}


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_of_a_bounce_has_its_advice(cause: Cause) -> None:
    statuses = [bad(block(BOUNCE, cause, permanence)) for permanence in Permanence]
    assert [advice(evidence(status)) for status in statuses] == [[row] for row in OF_A_BOUNCE[cause]]


@pytest.mark.parametrize("cause", Cause)
def test_without_the_extended_permission_it_is_the_same_but_for_a_wish(cause: Cause) -> None:
    for audience in (STAFF, ONESELF):
        statuses = [bad(block(BOUNCE, cause, permanence)) for permanence in Permanence]
        expected = [(Code.WANTS_NO_CONTACT, None)] * 3 if cause in WISHES else OF_A_BOUNCE[cause]
        assert [advice(evidence(status), audience) for status in statuses] == [[row] for row in expected]


OF_A_GROUND: dict[Ground, list[tuple[Block, CredentialKind, list[tuple[Code, Because | None]]]]] = {
    Ground.BOUNCE: [(block(BOUNCE), EMAIL, [(Code.FIX_SIS_FIRST, None)])],
    Ground.SUPPRESSED: [
        (
            block(SUPPRESSED, Cause.PROVIDER_SUPPRESSED),
            EMAIL,
            [(Code.FIX_SIS_FIRST, Because.FAILED_BEFORE), (Code.PROVIDER_STILL_BLOCKS, None)],
        ),
        (
            block(AFTER_COMPLAINT, Cause.PROVIDER_SUPPRESSED),
            EMAIL,
            [(Code.CONSENT_NEEDED, None), (Code.PROVIDER_STILL_BLOCKS, None)],
        ),
    ],
    Ground.MANUAL: [(block(MANUAL, Cause.MANUAL), EMAIL, [(Code.FIX_SIS_FIRST, Because.BY_HAND)])],
    Ground.COMPLAINT: [(block(COMPLAINT, Cause.COMPLAINT), EMAIL, [(Code.CONSENT_NEEDED, None)])],
    Ground.UNSUBSCRIBED: [
        (block(UNSUBSCRIBED, Cause.OPT_OUT), EMAIL, [(Code.CONSENT_NEEDED, None)]),
        (block("unsubscribed@phone", Cause.OPT_OUT), PHONE, [(Code.CONSENT_NEEDED, None)]),
        (
            block("unsubscribed@sms", Cause.REVOCATION),
            PHONE,
            [(Code.CONSENT_NEEDED, Because.CONSENT_OR_START)],
        ),
    ],
    Ground.OPT_OUT: [(block(STOP, Cause.OPT_OUT), PHONE, [(Code.START_NEEDED, None)])],
}


@pytest.mark.parametrize("ground", Ground)
def test_every_ground_has_its_advice(ground: Ground) -> None:
    for one, kind, expected in OF_A_GROUND[ground]:
        assert one.register.ground is ground
        assert advice(evidence(bad(one), kind)) == expected


@pytest.mark.parametrize(
    ("one", "kind", "of_staff", "of_oneself"),
    [
        (block(COMPLAINT), EMAIL, None, None),
        (block(UNSUBSCRIBED), EMAIL, None, None),
        (block(AFTER_COMPLAINT, Cause.PROVIDER_SUPPRESSED), EMAIL, None, None),
        (block("unsubscribed@phone"), PHONE, None, None),
        (block("unsubscribed@sms", Cause.REVOCATION), PHONE, None, Because.STOPPED),
        (block(STOP), PHONE, None, Because.STOPPED),
    ],
)
def test_of_a_wish_nothing_is_told_without_the_extended_permission_but_that_it_is_one(
    one: Block, kind: CredentialKind, of_staff: None, of_oneself: Because | None
) -> None:
    """Not whether it came before this person had the address, nor what failed beside it."""
    whole = block("bounce@email" if kind is EMAIL else "bounce@sms", at="10:00")
    for status in (bad(one), bad(one, whole)):
        for changes in ({}, INHERITED, {"shared": True}):
            found = evidence(status, kind, **changes)
            assert advice(found, STAFF) == [(Code.WANTS_NO_CONTACT, of_staff)]
            assert advice(found, ONESELF) == [(Code.WANTS_NO_CONTACT, of_oneself)]


def test_what_a_wish_does_not_close_has_its_own_advice() -> None:
    status = bad(block(STOP), block("bounce@voice", Cause.MAILBOX_FULL))
    assert advice(evidence(status, PHONE, shared=True), STAFF) == [
        (Code.WANTS_NO_CONTACT, None),
        (Code.RESET_WILL_HELP, Because.TEMPORARY),
        (Code.SHARED, None),
    ]


@pytest.mark.parametrize("register", [BOUNCE, SUPPRESSED, MANUAL])
def test_the_sis_has_changed_when_this_person_got_the_address_after_it_failed(register: str) -> None:
    """Whoever had it before, and were it nobody."""
    status = bad(block(register, Cause.PROVIDER_SUPPRESSED))
    changed = Guidance(Code.RESET_WILL_HELP, EMAIL, Because.SIS_CHANGED, clock("11:00"))
    inherited = Guidance(Code.RESET_WILL_HELP, EMAIL, Because.NEW_HOLDER, clock("11:00"))
    for audience in Audience:
        first, *_ = guidance.of_user(AccountStatus.ACTIVE, [evidence(status, **LATER)], audience)
        assert first == changed
    first, *_ = guidance.of_user(AccountStatus.ACTIVE, [evidence(status, **INHERITED)], EXTENDED)
    assert first == inherited
    for audience in (STAFF, ONESELF):
        one = evidence(status, **INHERITED)
        assert guidance.of_user(AccountStatus.ACTIVE, [one], audience) == [changed]


@pytest.mark.parametrize(
    ("held_since", "code"),
    [("08:00", Code.FIX_SIS_FIRST), ("09:00", Code.FIX_SIS_FIRST), ("09:01", Code.RESET_WILL_HELP)],
)
def test_it_counts_from_when_this_person_got_it(held_since: str, code: Code) -> None:
    assert advice(evidence(bad(), held_since=clock(held_since)))[0][0] is code
    assert advice(evidence(bad(), held_since=None))[0][0] is Code.FIX_SIS_FIRST


def test_a_wish_of_before_is_not_laid_at_this_person_s_door() -> None:
    assert advice(evidence(bad(block(COMPLAINT)), **LATER)) == [(Code.CONSENT_NEEDED, Because.WISH_OF_BEFORE)]
    assert advice(evidence(bad(block(STOP)), PHONE, **LATER)) == [(Code.START_NEEDED, Because.STOP_OF_BEFORE)]
    of_a_bounce = bad(block(BOUNCE, Cause.OPT_OUT))
    assert advice(evidence(of_a_bounce, **LATER)) == [(Code.CONSENT_NEEDED, None)]


FULL = block(BOUNCE, Cause.MAILBOX_FULL, at="09:00")
DAYS_LATER = clock("08:00") + timedelta(days=14)


@pytest.mark.parametrize(
    ("status", "codes"),
    [
        (bad(FULL), [Code.RESET_WILL_HELP]),
        (bad(FULL, lift(Lift.STAFF, "08:00")), [Code.CAME_BACK]),
        (bad(FULL, lift(Lift.CONSENT, "08:00")), [Code.CAME_BACK]),
        (bad(FULL, lift(Lift.START, "08:00")), [Code.RESET_WILL_HELP]),  # no reset
        (bad(FULL, lift(Lift.RELEASE, "08:00")), [Code.RESET_WILL_HELP]),  # it lifts no bounce
        (bad(FULL, lift(Lift.PROOF, "08:00")), [Code.RESET_WILL_HELP]),  # a sign-in is no reset
        (bad(block(BOUNCE), lift(Lift.STAFF, "08:00")), [Code.CAME_BACK, Code.FIX_SIS_FIRST]),
        (bad(block(BOUNCE, Cause.MAILBOX_FULL, at=DAYS_LATER), lift(Lift.STAFF, "08:00")), [Code.CAME_BACK]),
        (
            bad(
                block(BOUNCE, Cause.MAILBOX_FULL, at=DAYS_LATER + timedelta(seconds=1)),
                lift(Lift.STAFF, "08:00"),
            ),
            [Code.RESET_WILL_HELP],
        ),
        (
            bad(block(SUPPRESSED, Cause.PROVIDER_SUPPRESSED), lift(Lift.RELEASE, "08:00")),
            [Code.CAME_BACK, Code.FIX_SIS_FIRST, Code.PROVIDER_STILL_BLOCKS],
        ),
        (bad(block(MANUAL, Cause.MANUAL), lift(Lift.STAFF, "08:00")), [Code.FIX_SIS_FIRST]),
        (bad(block(COMPLAINT), lift(Lift.CONSENT, "08:00")), [Code.CONSENT_NEEDED]),
    ],
)
def test_what_fails_again_within_days_of_a_reset_came_back(status: Status, codes: list[Code]) -> None:
    failed = {one.register: [mark(clock("07:00"), EventHex("0" * 16))] for one in status.blocked}
    assert [code for code, _ in advice(evidence(status, failed=failed))] == codes
    assert not {Code.CAME_BACK} & {code for code, _ in advice(evidence(status, failed=failed), STAFF)}


@pytest.mark.parametrize("times", [[], ["08:30"]])
def test_what_had_not_failed_before_the_reset_did_not_come_back(times: list[str]) -> None:
    failed = {FULL.register: [mark(clock(at), EventHex("0" * 16)) for at in times]}
    one = evidence(bad(FULL, lift(Lift.STAFF, "08:00")), failed=failed)
    assert advice(one) == [(Code.RESET_WILL_HELP, Because.TEMPORARY)]


def test_what_an_undo_of_an_incident_closed_again_did_not_come_back() -> None:
    reset = lift(Lift.STAFF, "08:00")
    failed = {FULL.register: [mark(clock("07:00"), EventHex("0" * 16))]}
    restored = replace(FULL, at=mark(clock("08:00:00.000001"), EventHex("e" * 16)))
    bounced = replace(FULL, at=mark(clock("08:00:00.000002"), EventHex("e" * 16)))
    codes = [
        [code for code, _ in advice(evidence(bad(block, reset), failed=failed))]
        for block in (restored, bounced)
    ]
    assert codes == [[Code.RESET_WILL_HELP], [Code.CAME_BACK]]


def test_a_landline_closes_no_reset_of_its_calls() -> None:
    sms, voice = BlockRegister.of_name("bounce@sms"), BlockRegister.of_name("bounce@voice")
    landline = replace(FULL, register=sms, cause=Cause.LANDLINE_OR_INCAPABLE)
    busy = replace(FULL, register=voice, permanence=Permanence.TRANSIENT)
    for audience in (EXTENDED, STAFF):
        codes = [code for code, _ in advice(evidence(bad(landline, busy), PHONE), audience)]
        assert codes == [Code.FIX_SIS_FIRST, Code.RESET_WILL_HELP]


def test_nobody_is_reminded_by_what_is_closed() -> None:
    pending = AccountStatus.PENDING
    assert guidance.of_user(pending, [evidence(bad())], EXTENDED)[0].code is not Code.REMIND
    assert guidance.of_user(pending, [evidence()], EXTENDED)[0].code is Code.REMIND


def test_it_did_not_come_back_to_who_got_the_address_since() -> None:
    status = bad(FULL, lift(Lift.STAFF, "08:00"))
    assert advice(evidence(status, **LATER)) == [(Code.RESET_WILL_HELP, Because.SIS_CHANGED)]
    failed = {FULL.register: [mark(clock("07:00"), EventHex("0" * 16))]}
    came = guidance.of_user(AccountStatus.ACTIVE, [evidence(status, failed=failed)], EXTENDED)
    assert came == [Guidance(Code.CAME_BACK, EMAIL, at=clock("09:00"))]


def upstream(state: UpstreamState, retry_after: datetime | None = None) -> Upstream:
    return Upstream(provider="ses", state=state, at=clock("10:00"), retry_after=retry_after)


@pytest.mark.parametrize(
    ("state", "listed"),
    [
        (UpstreamState.LISTED, True),
        (UpstreamState.RELEASING, True),
        (UpstreamState.REFUSED, True),
        (UpstreamState.RELEASED, False),
        (UpstreamState.UNKNOWN, False),
    ],
)
def test_a_provider_that_still_lists_it_is_told_of(state: UpstreamState, *, listed: bool) -> None:
    one = evidence(upstream=(upstream(state),), shared=True)
    good = [(Code.GOOD, Because.NONE_SENT)]
    assert advice(one) == ([(Code.PROVIDER_STILL_BLOCKS, None)] if listed else good)
    assert advice(one, STAFF) == []


def test_a_provider_that_takes_it_off_later_is_told_of_with_the_time() -> None:
    until = (upstream(UpstreamState.REFUSED, clock("20:00")), upstream(UpstreamState.LISTED))
    told = guidance.of_user(AccountStatus.ACTIVE, [evidence(upstream=until)], EXTENDED)
    assert told == [Guidance(Code.PROVIDER_STILL_BLOCKS, EMAIL, Because.RETRY_LATER, clock("20:00"))]


def message(status: MessageStatus) -> LastMessage:
    return LastMessage(Channel.EMAIL, status, clock("08:01"), clock("08:00"))


@pytest.mark.parametrize(
    ("last", "because", "at"),
    [
        (None, Because.NONE_SENT, None),
        (message(MessageStatus.DELIVERED), Because.DELIVERED, clock("08:01")),
        (message(MessageStatus.SENT), Because.NOTHING_BLOCKED, None),
    ],
)
def test_of_a_good_one_it_is_told_what_became_of_the_last_message(
    last: LastMessage | None, because: Because, at: datetime | None
) -> None:
    one = evidence(last_message=last, shared=True)
    told = guidance.of_user(AccountStatus.ACTIVE, [one], EXTENDED)
    assert told == [Guidance(Code.GOOD, EMAIL, because, at)]
    assert advice(one, STAFF) == advice(one, ONESELF) == []


def test_the_most_pressing_comes_first_each_once() -> None:
    status = bad(
        block(STOP, at="09:00"),
        block("complaint@voice", at="09:01"),
        block("bounce@voice", Cause.MAILBOX_FULL, at="09:02"),
        block("bounce@sms", Cause.LANDLINE_OR_INCAPABLE, at="09:03"),
        block("bounce@phone", at="09:04"),
    )
    assert advice(evidence(status, PHONE, shared=True)) == [
        (Code.START_NEEDED, None),
        (Code.CONSENT_NEEDED, None),
        (Code.FIX_SIS_FIRST, None),
        (Code.SHARED, None),
    ]


def test_a_pending_invitation_is_to_be_reminded_of() -> None:
    for audience in Audience:
        known = [evidence(bad()), evidence(GOOD, PHONE)]
        told = guidance.of_user(AccountStatus.PENDING, known, audience)
        assert [one.code for one in told][:2] == [Code.REMIND, Code.FIX_SIS_FIRST]


def test_a_bad_address_that_the_roster_has_replaced_needs_no_reset() -> None:
    former = evidence(bad(), former=True)
    now = evidence(held_since=clock("11:00"))
    told = guidance.of_user(AccountStatus.ACTIVE, [now, former], EXTENDED)
    assert told[-1] == Guidance(Code.GOOD, EMAIL, Because.CORRECTED, clock("11:00"))
    assert guidance.of_user(AccountStatus.ACTIVE, [former], EXTENDED) == []
    assert guidance.of_user(AccountStatus.ACTIVE, [evidence(former=True)], EXTENDED) == []
    assert guidance.of_user(AccountStatus.ACTIVE, [now, former], STAFF) == []


def test_start_opens_texts_whatever_closes_calls() -> None:
    revoked = block("unsubscribed@sms", Cause.REVOCATION)
    by_hand = block("manual@voice", Cause.MANUAL)
    known = evidence(bad(revoked, by_hand), PHONE)
    assert (Code.CONSENT_NEEDED, Because.CONSENT_OR_START) in advice(known)


def hindered(state: UpstreamState, hindrance: Hindrance, at: str = "10:00") -> Upstream:
    return Upstream(provider="ses", state=state, at=clock(at), hindrance=hindrance)


IN_LINE = hindered(UpstreamState.RELEASING, Hindrance.IN_LINE)
CONSENT = hindered(UpstreamState.REFUSED, Hindrance.CONSENT)
UNASKED = hindered(UpstreamState.UNKNOWN, Hindrance.NOT_SET_UP)


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ((CONSENT,), CONSENT),
        ((IN_LINE,), IN_LINE),
        ((IN_LINE, CONSENT), CONSENT),  # what a person must do comes first
        ((upstream(UpstreamState.RELEASING), CONSENT), CONSENT),
    ],
)
def test_what_keeps_it_on_the_list_is_told_with_its_own_advice(
    known: tuple[Upstream, ...], told: Upstream
) -> None:
    [advised] = guidance.of_user(AccountStatus.ACTIVE, [evidence(upstream=known)], EXTENDED)
    assert advised == Guidance(Code.PROVIDER_STILL_BLOCKS, EMAIL, upstream=told)


def test_what_nobody_knows_is_no_advice() -> None:
    assert advice(evidence(upstream=(UNASKED,))) == [(Code.GOOD, Because.NONE_SENT)]


@pytest.mark.parametrize(
    ("at", "status", "blocked"),
    [
        ("10:01", MessageStatus.DELIVERED, False),
        ("10:00", MessageStatus.DELIVERED, True),  # before that was learned
        ("10:01", MessageStatus.SENT, True),
    ],
)
def test_a_message_that_was_delivered_since_says_that_no_list_keeps_it_away(
    at: str, status: MessageStatus, *, blocked: bool
) -> None:
    last = LastMessage(Channel.EMAIL, status, clock(at), clock("08:00"))
    told = advice(evidence(upstream=(CONSENT,), last_message=last))
    assert ((Code.PROVIDER_STILL_BLOCKS, None) in told) == blocked


@pytest.mark.parametrize(
    ("cause", "meant"), [(Cause.INVALID_ADDRESS, "gmail.com"), (Cause.MAILBOX_FULL, None)]
)
def test_a_domain_that_was_meant_is_asked_about_where_the_address_does_not_exist(
    cause: Cause, meant: str | None
) -> None:
    one = evidence(bad(block(BOUNCE, cause)), meant="gmail.com")
    [told] = guidance.of_user(AccountStatus.ACTIVE, [one], STAFF)
    assert told.meant == meant


# A sign-in


SIGNED_IN = (Code.RESET_WILL_HELP, Because.SIGNED_IN)


@pytest.mark.parametrize("cause", [cause for cause in Cause if cause not in WISHES])
@pytest.mark.parametrize("permanence", Permanence)
def test_who_signed_in_since_a_bounce_is_known_to_have_it_whatever_the_cause(
    cause: Cause, permanence: Permanence
) -> None:
    known = evidence(bad(block(BOUNCE, cause, permanence)), proved_at=clock("10:00"))
    [told] = guidance.of_user(AccountStatus.ACTIVE, [known], EXTENDED)
    assert told == Guidance(Code.RESET_WILL_HELP, EMAIL, Because.SIGNED_IN, clock("10:00"))


@pytest.mark.parametrize("audience", [STAFF, ONESELF])
def test_without_the_extended_permission_nobody_reads_when_somebody_signed_in(audience: Audience) -> None:
    known = evidence(bad(), proved_at=clock("10:00"))
    [told] = guidance.of_user(AccountStatus.ACTIVE, [known], audience)
    assert told == Guidance(Code.RESET_WILL_HELP, EMAIL, Because.SIGNED_IN_SINCE)


@pytest.mark.parametrize(
    ("status", "more", "told"),
    [
        # A sign-in from before the message, or of the very moment.
        (bad(block(BOUNCE, at="10:00")), {}, [(Code.FIX_SIS_FIRST, None)]),
        (bad(block(BOUNCE, at="11:00")), {}, [(Code.FIX_SIS_FIRST, None)]),
        # What is no bounce: the provider's list, a mark by hand, a wish.
        (bad(block(SUPPRESSED)), {}, [(Code.FIX_SIS_FIRST, None), (Code.PROVIDER_STILL_BLOCKS, None)]),
        (bad(block(MANUAL, Cause.MANUAL)), {}, [(Code.FIX_SIS_FIRST, Because.BY_HAND)]),
        (bad(block(COMPLAINT)), {}, [(Code.CONSENT_NEEDED, None)]),
        (bad(block(BOUNCE, Cause.COMPLAINT)), {}, [(Code.CONSENT_NEEDED, None)]),
        # Beside one of those a reset alone would not open it.
        (
            bad(block(BOUNCE), block(SUPPRESSED)),
            {},
            [(Code.FIX_SIS_FIRST, None), (Code.PROVIDER_STILL_BLOCKS, None)],
        ),
        # Who got it later is told of that: whose sign-in it was is nobody's business.
        (bad(), LATER, [(Code.RESET_WILL_HELP, Because.SIS_CHANGED)]),
        (bad(), INHERITED, [(Code.RESET_WILL_HELP, Because.NEW_HOLDER)]),
        # It failed within days of a reset, and worked since.
        (
            bad(block(BOUNCE), lift(Lift.STAFF, "08:30")),
            {"failed": {BlockRegister.of_name(BOUNCE): [mark(clock("08:10"), EventHex("1" * 16))]}},
            [SIGNED_IN],
        ),
        (bad(), {"shared": True}, [SIGNED_IN, (Code.SHARED, None)]),
    ],
)
def test_what_a_sign_in_says_and_what_it_does_not(
    status: Status, more: dict[str, Any], told: list[tuple[Code, Because | None]]
) -> None:
    assert advice(evidence(status, **{"proved_at": clock("10:00")} | more)) == told


def test_a_sign_in_with_what_is_good_is_no_news() -> None:
    assert advice(evidence(proved_at=clock("10:00"))) == [(Code.GOOD, Because.NONE_SENT)]
