"""The gate's verdicts, from values alone."""

import pytest

from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, Kind
from reachable.model.people import Contact
from reachable.model.send import Alternative, Recipient, Refusal, Verdict
from reachable.model.status import GOOD, Status
from reachable.rules import gate
from reachable.rules import status as status_rules
from tests.builders import change_by, clock, delivery_event, text_event

EMAIL = Credential(CredentialKind.EMAIL, "ada@example.org")
PHONE = Credential(CredentialKind.PHONE, "+12025550123")
ADA = Contact(
    user_id="ada", credentials={CredentialKind.EMAIL: EMAIL, CredentialKind.PHONE: PHONE}, label="For Ada: "
)
BY_PHONE = (Alternative(Channel.SMS, PHONE), Alternative(Channel.VOICE, PHONE))
SMS_ONLY = Contact(user_id="bo", credentials={CredentialKind.PHONE: PHONE})


def bad(credential: Credential, **event: object) -> dict[Credential, Status]:
    made = (delivery_event if credential is EMAIL else text_event)(**event)
    change = change_by(made, clock("12:00"))
    assert change is not None
    return {credential: status_rules.join(GOOD, [change])}


def test_nothing_known_means_send() -> None:
    verdict = gate.verdict(Recipient(credential=EMAIL, channel=Channel.EMAIL), None, {})
    assert (verdict.send, verdict.credential, verdict.reason, verdict.since) == (True, EMAIL, None, None)


def test_a_block_stops_the_send_and_says_why_and_since_when() -> None:
    verdict = gate.verdict(Recipient(credential=EMAIL, channel=Channel.EMAIL), None, bad(EMAIL))
    assert (verdict.send, verdict.reason, verdict.since) == (False, Cause.INVALID_ADDRESS, clock("09:00"))


def test_the_newest_block_in_force_is_the_reason() -> None:
    older = bad(EMAIL)[EMAIL]
    newer = bad(EMAIL, kind=Kind.COMPLAINED, cause=Cause.COMPLAINT, event_id="2", occurred_at=clock("10:00"))
    both = {EMAIL: status_rules.join(older, newer[EMAIL].blocked)}
    assert (
        gate.verdict(Recipient(credential=EMAIL, channel=Channel.EMAIL), None, both).reason is Cause.COMPLAINT
    )


def test_a_blocked_user_is_told_of_by_what_else_they_can_be_reached() -> None:
    verdict = gate.verdict(Recipient(user_id="ada", channel=Channel.EMAIL), ADA, bad(EMAIL))
    assert verdict.alternatives == BY_PHONE


def test_a_landline_can_still_be_called() -> None:
    statuses = bad(PHONE, cause=Cause.LANDLINE_OR_INCAPABLE)
    assert not gate.verdict(Recipient(user_id="ada", channel=Channel.SMS), ADA, statuses).send
    assert gate.verdict(Recipient(user_id="ada", channel=Channel.VOICE), ADA, statuses).send


def test_a_text_to_a_user_carries_the_label_and_an_email_none() -> None:
    assert gate.verdict(Recipient(user_id="ada", channel=Channel.SMS), ADA, {}).label == "For Ada: "
    assert gate.verdict(Recipient(user_id="ada", channel=Channel.EMAIL), ADA, {}).label is None


def test_a_credential_alone_names_nobody_so_it_gets_no_label_and_no_alternatives() -> None:
    verdict = gate.verdict(Recipient(credential=EMAIL, channel=Channel.EMAIL), None, bad(EMAIL))
    assert (verdict.label, verdict.alternatives) == (None, ())


def test_without_a_channel_the_open_ones_are_told() -> None:
    verdict = gate.verdict(Recipient(user_id="ada"), ADA, bad(EMAIL))
    by_phone = (Channel.SMS, Channel.VOICE)
    assert verdict == Verdict(send=True, open=by_phone, label="For Ada: ", alternatives=BY_PHONE)


def test_without_a_channel_and_all_closed_nothing_is_sent() -> None:
    verdict = gate.verdict(Recipient(user_id="ada"), ADA, bad(EMAIL) | bad(PHONE))
    reason, since = Cause.INVALID_ADDRESS, clock("09:00")
    assert verdict == Verdict(send=False, reason=reason, since=since, label="For Ada: ")


def test_without_a_channel_the_credential_is_named_where_it_is_the_only_one() -> None:
    asked = Recipient(user_id="bo")
    assert gate.verdict(asked, SMS_ONLY, {}).credential == PHONE
    closed = gate.verdict(asked, SMS_ONLY, bad(PHONE))
    assert (closed.send, closed.credential) == (False, PHONE)
    assert gate.verdict(Recipient(credential=EMAIL), None, {}).credential == EMAIL


def test_a_recipient_that_cannot_be_asked_about_has_its_own_answer() -> None:
    unknown = gate.verdict(Recipient(user_id="nobody", channel=Channel.EMAIL), None, {})
    invalid = gate.verdict(Recipient(channel=Channel.EMAIL, invalid=True), None, {})
    no_channel = gate.verdict(Recipient(user_id="bo", channel=Channel.EMAIL), SMS_ONLY, {})
    no_credential = gate.verdict(Recipient(user_id="cy"), Contact(user_id="cy"), {})
    wrong_channel = gate.verdict(Recipient(credential=EMAIL, channel=Channel.SMS), None, {})
    assert [one.reason for one in (unknown, invalid, no_channel, no_credential, wrong_channel)] == [
        Refusal.UNKNOWN_USER,
        Refusal.INVALID_RECIPIENT,
        Refusal.NO_SUCH_CHANNEL,
        Refusal.NO_SUCH_CHANNEL,
        Refusal.NO_SUCH_CHANNEL,
    ]
    assert not any(one.send for one in (unknown, invalid, no_channel, no_credential, wrong_channel))


@pytest.mark.parametrize(
    ("contact", "statuses", "channels"),
    [
        (ADA, {}, (Channel.EMAIL, Channel.SMS, Channel.VOICE)),
        (ADA, bad(EMAIL), (Channel.SMS, Channel.VOICE)),
        (ADA, bad(PHONE, cause=Cause.LANDLINE_OR_INCAPABLE), (Channel.EMAIL, Channel.VOICE)),
        (ADA, bad(EMAIL) | bad(PHONE), ()),
        (SMS_ONLY, bad(EMAIL), (Channel.SMS, Channel.VOICE)),  # another's email
        (Contact(user_id="cy"), {}, ()),
    ],
)
def test_a_user_can_be_reached_by_what_is_open_of_their_own(
    contact: Contact, statuses: dict[Credential, Status], channels: tuple[Channel, ...]
) -> None:
    assert gate.reachable(contact, statuses) == channels


def test_only_what_decides_is_read() -> None:
    by_email = Recipient(user_id="ada", channel=Channel.EMAIL)
    assert list(gate.needed(Recipient(credential=EMAIL, channel=Channel.EMAIL), None)) == [EMAIL]
    assert list(gate.needed(by_email, ADA)) == [EMAIL]
    assert list(gate.needed(Recipient(user_id="ada"), ADA)) == [EMAIL, PHONE]
    assert list(gate.needed(by_email, None)) == []
    assert list(gate.needed(by_email, SMS_ONLY)) == []
    assert list(gate.needed_for_alternatives(by_email, ADA)) == [PHONE]
    assert list(gate.needed_for_alternatives(Recipient(credential=EMAIL), None)) == []


@pytest.mark.parametrize(
    ("event", "passes"),
    [
        ({}, True),
        ({"cause": Cause.PROVIDER_SUPPRESSED}, True),
        ({"kind": Kind.COMPLAINED, "cause": Cause.PROVIDER_SUPPRESSED, "permanence": None}, False),
        ({"kind": Kind.COMPLAINED, "cause": Cause.COMPLAINT, "permanence": None}, False),
        ({"kind": Kind.OPTED_OUT, "cause": Cause.OPT_OUT, "permanence": None}, False),
    ],
)
def test_an_exempt_purpose_passes_a_dead_address_but_nobody_s_wish_for_silence(
    event: dict[str, object], passes: bool
) -> None:
    asked = Recipient(user_id="ada", channel=Channel.EMAIL)
    verdict = gate.verdict(asked, ADA, bad(EMAIL, **event), exempt=True)
    assert (verdict.send, verdict.exempted) == (passes, passes)
    assert verdict.reason is not None  # what it passed, or what stopped it
    assert not gate.verdict(asked, ADA, bad(EMAIL, **event)).send


def test_an_exempt_purpose_is_not_exempted_from_anything_where_nothing_blocks() -> None:
    verdict = gate.verdict(Recipient(user_id="ada", channel=Channel.EMAIL), ADA, {}, exempt=True)
    assert (verdict.send, verdict.exempted, verdict.reason) == (True, False, None)
    unknown = gate.verdict(Recipient(user_id="x", channel=Channel.EMAIL), None, {}, exempt=True)
    assert (unknown.send, unknown.reason) == (False, Refusal.UNKNOWN_USER)
