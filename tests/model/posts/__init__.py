"""What providers post, in their own words, and what each post says in the oracle's.

A *saying* is a row of a dialect: literal words of the provider, and what they mean. Which words mean what is
tested with the dialects; here a few of each kind are enough.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tests.model.posts.aws_sms import AWS_SMS
from tests.model.posts.people import text_from
from tests.model.posts.said import LYING, About, Clock, Dialect, Post, Saying
from tests.model.posts.sendgrid import SENDGRID
from tests.model.posts.ses import SES, SES_BY_SNS
from tests.model.posts.sinch import SINCH
from tests.model.posts.sparkpost import SPARKPOST
from tests.model.posts.twilio import TWILIO

__all__ = [
    "AWS_SMS",
    "LYING",
    "OTHERS",
    "SENDGRID",
    "SES",
    "SES_BY_SNS",
    "About",
    "Clock",
    "Dialect",
    "Other",
    "Post",
    "Saying",
    "text_from",
    "together",
]

OTHERS: Final[Mapping[str, Dialect]] = {
    "ses": SES,
    "ses by sns": SES_BY_SNS,
    "sendgrid": SENDGRID,
    "sparkpost": SPARKPOST,
    "twilio": TWILIO,
    "sinch": SINCH,
}
"""By these the district's other systems send."""


@dataclass(slots=True)
class Other:
    """Another system's message: one id, and whom it goes to."""

    dialect: Dialect
    id: str
    addresses: Sequence[str]
    sent: datetime
    account: str | None
    ended: dict[str, Saying] = field(default_factory=dict)
    """Of a text, how it ended by phone: its provider says so once, and the event's id tells no more."""

    def may_say(self, saying: Saying, address: str) -> bool:
        """Whether its provider can say so still; then it has said so."""
        if saying.kind == "sent":
            return False
        if self.dialect.channel == "email" or saying.kind == "delivered":
            return True
        return self.ended.setdefault(address, saying) is saying


def together(dialect: Dialect, sayings: Sequence[tuple[Saying, About]]) -> list[Post]:
    """As a provider posts several: SendGrid and SparkPost in one array, SES of one kind in one event."""
    alike = len({id(saying) for saying, _ in sayings}) == 1
    apart = len({about.address for _, about in sayings}) == len(sayings)
    in_one = dialect.provider in {"sendgrid", "sparkpost"} or (dialect.provider == "ses" and alike and apart)
    if in_one and sayings:
        return [dialect.post(sayings)]
    return [dialect.post([one]) for one in sayings]
