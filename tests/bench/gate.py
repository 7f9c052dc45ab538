"""How fast the gate judges 1,000 recipients whose contacts and statuses have been read already.

python -m tests.bench.gate
"""

from functools import partial
from itertools import cycle
from typing import Final

from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, Permanence, event_hex
from reachable.model.people import Contact
from reachable.model.send import Recipient, Verdict
from reachable.model.status import Block, BlockRegister, Ground, Lift, Reach, Status, mark
from reachable.rules import gate
from reachable.rules.gate import Statuses
from tests.bench.timing import Row, seconds, show, show_machine
from tests.builders import clock

RECIPIENTS: Final = 1000

type Asked = list[tuple[Recipient, Contact | None]]


def _contact(number: int) -> Contact:
    return Contact(
        user_id=f"user-{number}",
        credentials={
            CredentialKind.EMAIL: Credential(CredentialKind.EMAIL, f"parent{number}@example.org"),
            CredentialKind.PHONE: Credential(CredentialKind.PHONE, f"+1202555{number:04}"),
        },
    )


def users(*channels: Channel | None) -> Asked:
    """Users with an email and a phone each, asked for by these channels in turn."""
    turn = cycle(channels)
    return [
        (Recipient(user_id=f"user-{number}", channel=next(turn)), _contact(number))
        for number in range(RECIPIENTS)
    ]


def addresses() -> Asked:
    """Emails, asked for without a user."""
    return [
        (
            Recipient(
                credential=Credential(CredentialKind.EMAIL, f"parent{number}@example.org"),
                channel=Channel.EMAIL,
            ),
            None,
        )
        for number in range(RECIPIENTS)
    ]


def statuses(one_bad_in: int | None) -> Statuses:
    """Every so many an email has bounced, and as many had and were reset since (none where all are bad)."""
    register = BlockRegister(Ground.BOUNCE, Reach.EMAIL)
    bounce = mark(clock("09:00"), event_hex("ses", "1"))
    block = Block(register, bounce, Cause.INVALID_ADDRESS, Permanence.PERMANENT, "ses")
    bad, mended = Status((block,)), Status((block,), {Lift.STAFF: bounce})
    found: dict[Credential, Status] = {}
    for number in range(0, RECIPIENTS, one_bad_in) if one_bad_in else ():
        found[Credential(CredentialKind.EMAIL, f"parent{number + 1}@example.org")] = mended
        found[Credential(CredentialKind.EMAIL, f"parent{number}@example.org")] = bad
    return found


def judge(asked: Asked, known: Statuses) -> list[Verdict]:
    """What a check does beside its reads: which credentials it needs, and the verdicts."""
    for recipient, contact in asked:
        list(gate.needed(recipient, contact))
    return [gate.verdict(recipient, contact, known) for recipient, contact in asked]


def main() -> None:
    """Print the table."""
    show_machine()
    asked = {
        "addresses": addresses(),
        "users by email": users(Channel.EMAIL),
        "users by sms": users(Channel.SMS),
        "users by any channel": users(None),
        "users by turns": users(Channel.EMAIL, Channel.SMS, Channel.VOICE, None),
    }
    shares = {"all good": None, "4 % of emails bad": 25, "all emails bad": 1}
    rows: list[Row] = []
    for who, recipients in asked.items():
        for share, one_bad_in in shares.items():
            known = statuses(one_bad_in)
            (took,) = seconds(partial(judge, recipients, known))
            blocked = sum(not verdict.send for verdict in judge(recipients, known))
            rows.append((who, share, blocked, took * 1e3, RECIPIENTS / took))
    show(
        f"The gate over {RECIPIENTS:,} recipients, without reads",
        ("recipients", "statuses", "blocked", "ms", "verdicts a second"),
        rows,
    )


if __name__ == "__main__":
    main()
