"""Who may read why a credential is bad, and since when."""

import pytest

from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, EventHex, Permanence
from reachable.model.guidance import Audience
from reachable.model.history import Consent, HistoryItem, HistoryKind
from reachable.model.profile import CredentialShown
from reachable.model.status import GOOD, Block, BlockRegister, Status, mark
from reachable.model.viewer import TokenRole, Viewer
from reachable.rules import disclosure
from tests.builders import clock


def block(register: str, cause: Cause = Cause.UNKNOWN, at: str = "09:00") -> Block:
    at_ = mark(clock(at), EventHex("1" * 16))
    return Block(BlockRegister.of_name(register), at_, cause, Permanence.PERMANENT, "ses")


@pytest.mark.parametrize(
    ("register", "cause", "plain"),
    [
        ("bounce@email", Cause.INVALID_ADDRESS, True),
        ("bounce@voice", Cause.UNKNOWN, True),
        ("bounce@email", Cause.COMPLAINT, False),
        ("bounce@email", Cause.OPT_OUT, False),
        ("bounce@sms", Cause.REVOCATION, False),
        ("manual@email", Cause.MANUAL, True),
        ("suppressed@email", Cause.PROVIDER_SUPPRESSED, True),
        ("suppressed+complaint@email", Cause.PROVIDER_SUPPRESSED, False),
        ("complaint@email", Cause.COMPLAINT, False),
        ("unsubscribed@email", Cause.OPT_OUT, False),
        ("opt_out@sms", Cause.OPT_OUT, False),
    ],
)
def test_without_the_extended_permission_a_wish_has_no_reason(
    register: str, cause: Cause, *, plain: bool
) -> None:
    one = block(register, cause)
    status = Status((one,))
    assert disclosure.newest(status, Audience.EXTENDED) == one
    for reader in (Audience.STAFF, Audience.ONESELF):
        assert disclosure.newest(status, reader) == (one if plain else None)


def test_it_is_the_newest_that_may_be_read_that_tells_the_reason() -> None:
    bounce, complaint = block("bounce@email", at="09:00"), block("complaint@email", at="10:00")
    newer = block("bounce@email", at="11:00")
    assert disclosure.newest(Status((bounce, complaint)), Audience.EXTENDED) == complaint
    for told in (bounce, newer):
        assert disclosure.newest(Status((told, complaint)), Audience.STAFF) == told
    assert disclosure.newest(GOOD, Audience.STAFF) is disclosure.newest(GOOD, Audience.EXTENDED) is None


def test_what_staff_wrote_to_an_act_can_be_left_out() -> None:
    item = HistoryItem(
        hex=EventHex("0" * 16),
        kind=HistoryKind.RESET,
        provider="reachable",
        occurred_at=clock("10:00"),
        received_at=clock("10:00"),
        mark=mark(clock("10:00"), EventHex("0" * 16)),
        by="max",
        note="Left the shelter",
        consent=Consent("Ada", "by phone"),
    )
    told = disclosure.without_words(item)
    assert (told.by, told.note, told.consent) == ("max", None, None)


def test_the_etag_is_of_what_is_shown_alone() -> None:
    email = Credential(CredentialKind.EMAIL, "ada@example.org")

    def etag(newest: Block | None, *open_: Channel, until: str | None = None) -> str:
        shown = CredentialShown(
            credential=email,
            typed="ada@example.org",
            open=open_,
            shared=False,
            holders=(),
            other_holders=0,
            held_since=None,
            newest=newest,
            held_until=clock(until) if until else None,
        )
        return disclosure.etag([shown])

    bounce = block("bounce@email", at="09:00")
    different = [etag(None, Channel.EMAIL), etag(None), etag(bounce), etag(block("bounce@email", at="09:01"))]
    assert len({*different, etag(bounce, until="10:00")}) == 5
    assert etag(bounce) == etag(block("bounce@email", at="09:00"))


@pytest.mark.parametrize(
    ("role", "reader"),
    [
        (TokenRole.TEACHER, Audience.STAFF),
        (TokenRole.SCHOOL_STAFF, Audience.STAFF),
        (TokenRole.DISTRICT, Audience.STAFF),
        (TokenRole.ROSTERING_ADMINISTRATOR, Audience.EXTENDED),
        (TokenRole.COMMUNICATIONS_ADMINISTRATOR, Audience.EXTENDED),
        (TokenRole.USER_MANAGER, Audience.EXTENDED),
        (TokenRole.EXTENDED_HISTORY, Audience.EXTENDED),
    ],
)
def test_as_what_a_role_reads(role: TokenRole, reader: Audience) -> None:
    assert disclosure.audience(Viewer("x", frozenset({role}))) is reader


def test_what_everybody_may_be_advised() -> None:
    """A new code is for the extended permission until it is listed here."""
    told = {code.value for code in disclosure.PLAIN}
    assert told == {"wants_no_contact", "reset_will_help", "fix_sis_first", "remind", "shared"}


@pytest.mark.parametrize(
    ("cause", "said"), [("complaint", True), ("opt_out", True), ("mailbox_full", False), (None, False)]
)
def test_what_a_person_said_is_told_from_what_became_of_a_message(cause: str | None, said: bool) -> None:
    assert disclosure.is_said_by_the_person(cause) is said
