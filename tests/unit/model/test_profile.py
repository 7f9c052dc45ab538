"""What is said of a credential at a glance: whether it is bad, and whether it is still the user's."""

import pytest

from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Channel
from reachable.model.profile import CredentialShown
from tests.builders import clock

EMAIL = Credential(CredentialKind.EMAIL, "ada@example.org")
PHONE = Credential(CredentialKind.PHONE, "+12025550123")


def shown(credential: Credential, *open_: Channel, held_until: str | None = None) -> CredentialShown:
    return CredentialShown(
        credential=credential,
        typed=credential.address,
        open=open_,
        shared=False,
        holders=(),
        other_holders=0,
        held_since=clock("09:00"),
        newest=None,
        held_until=clock(held_until) if held_until else None,
    )


@pytest.mark.parametrize(
    ("credential", "bad"),
    [
        (shown(EMAIL, Channel.EMAIL), False),
        (shown(EMAIL), True),
        (shown(PHONE, Channel.SMS, Channel.VOICE), False),
        (shown(PHONE, Channel.VOICE), True),
        (shown(PHONE), True),
    ],
)
def test_a_credential_of_which_any_channel_is_closed_is_bad(credential: CredentialShown, bad: bool) -> None:
    assert credential.bad is bad


@pytest.mark.parametrize(
    ("credential", "former"),
    [(shown(EMAIL, Channel.EMAIL), False), (shown(EMAIL, Channel.EMAIL, held_until="11:00"), True)],
)
def test_a_credential_that_the_roster_took_away_is_a_former_one(
    credential: CredentialShown, former: bool
) -> None:
    assert credential.former is former
