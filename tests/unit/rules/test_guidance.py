"""Advice from evidence; each code is shown."""

from typing import Any

import pytest

from reachable import words
from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, DeliveryEvent, Kind, Permanence
from reachable.model.guidance import Because, Code
from reachable.model.people import AccountStatus
from reachable.model.status import GOOD, Status
from reachable.rules import guidance
from reachable.rules import status as status_rules
from reachable.rules.guidance import Evidence
from reachable.words import Language
from tests.builders import change_by, clock, delivery_event, text_event

EMAIL, PHONE = CredentialKind.EMAIL, CredentialKind.PHONE


def bad(**event: Any) -> Status:
    return _status(delivery_event(**event))


def bad_phone(**event: Any) -> Status:
    return _status(text_event(**event))


def _status(made: DeliveryEvent) -> Status:
    change = change_by(made, clock("12:00"))
    assert change is not None
    return status_rules.join(GOOD, [change])


def evidence(status: Status = GOOD, kind: CredentialKind = EMAIL, **changes: Any) -> Evidence:
    told: dict[str, Any] = {"shared": False, "held_since": clock("08:00")} | changes
    return Evidence(kind, status, **told)


TRANSIENT: dict[str, Any] = {"permanence": Permanence.TRANSIENT}
INHERITED: dict[str, Any] = {"inherited": True, "held_since": clock("11:00")}


@pytest.mark.parametrize(
    ("one", "codes"),
    [
        (evidence(), [(Code.GOOD, Because.NOTHING_BLOCKED)]),
        (evidence(bad()), [(Code.FIX_SIS_FIRST, None)]),
        (evidence(bad(), **INHERITED), [(Code.RESET_WILL_HELP, Because.NEW_HOLDER)]),
        (evidence(bad(), held_since=clock("11:00")), [(Code.FIX_SIS_FIRST, None)]),  # nobody else had it
        (evidence(bad(cause=Cause.MAILBOX_FULL, **TRANSIENT)), [(Code.RESET_WILL_HELP, Because.TEMPORARY)]),
        (evidence(bad(cause=Cause.UNKNOWN, permanence=Permanence.UNDETERMINED)), []),
        (evidence(bad(kind=Kind.COMPLAINED)), [(Code.CONSENT_NEEDED, None)]),
        (
            evidence(bad(kind=Kind.COMPLAINED, cause=Cause.PROVIDER_SUPPRESSED)),
            [(Code.CONSENT_NEEDED, None)],
        ),
        (evidence(bad_phone(kind=Kind.OPTED_OUT), PHONE), [(Code.START_NEEDED, None)]),
        (evidence(bad(), shared=True), [(Code.FIX_SIS_FIRST, None), (Code.SHARED, None)]),
    ],
)
def test_what_is_advised(one: Evidence, codes: list[tuple[Code, Because | None]]) -> None:
    advice = guidance.of_user(AccountStatus.ACTIVE, [one])
    assert [(a.code, a.because) for a in advice] == codes


def test_a_pending_invitation_is_to_be_reminded_of() -> None:
    assert guidance.of_user(AccountStatus.PENDING, [])[0].code is Code.REMIND


def test_a_bad_address_that_the_roster_has_replaced_needs_no_reset() -> None:
    former = evidence(bad(), former=True)
    now = evidence(held_since=clock("11:00"))
    advice = guidance.of_user(AccountStatus.ACTIVE, [now, former])
    assert (advice[-1].because, advice[-1].at) == (Because.CORRECTED, clock("11:00"))
    assert guidance.of_user(AccountStatus.ACTIVE, [former]) == []
    assert guidance.of_user(AccountStatus.ACTIVE, [evidence(former=True)]) == []


def test_every_piece_of_advice_has_words_in_both_languages() -> None:
    shown = [
        *guidance.of_user(AccountStatus.PENDING, [evidence(bad(), shared=True)]),
        *guidance.of_user(AccountStatus.ACTIVE, [evidence(), evidence(bad(), former=True)]),
        *guidance.of_user(AccountStatus.ACTIVE, [evidence(bad(), **INHERITED)]),
        *guidance.of_user(AccountStatus.ACTIVE, [evidence(bad(kind=Kind.COMPLAINED))]),
        *guidance.of_user(AccountStatus.ACTIVE, [evidence(bad_phone(kind=Kind.OPTED_OUT), PHONE)]),
        *guidance.of_user(AccountStatus.ACTIVE, [evidence(bad(cause=Cause.MAILBOX_FULL, **TRANSIENT))]),
    ]
    assert {one.code for one in shown} == set(Code)
    for one in shown:
        english = words.guidance(one, Language.EN, None)
        assert "{" not in english
        assert english != words.guidance(one, Language.ES, None)
