"""Documents in SSM below one path, or one alone, read by one call and kept: at most once a minute a process.

A request brings ten of a path's. Nothing that a caller names ever reaches SSM. Where SSM does not answer,
what was read last serves on.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from reachable import aws
from reachable.log import Event, logger

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

KEPT_SECONDS: Final = 300
REREAD_SECONDS: Final = 60
FIRST_READ_AGAIN_SECONDS: Final = 5
"""How soon SSM is asked again by a process that has nothing yet: each call until then comes to nothing."""

_NEVER: Final = float("-inf")


def ssm() -> "SSMClient":
    """The client of this process."""
    # Two attempts of two seconds: the last known documents must still serve before the function's time is up.
    made: SSMClient = aws.client("ssm", attempts=2, read_seconds=2)
    return made


@dataclass(slots=True)
class Documents:
    """What this process knows of the documents below ``path``: ``known``, by name, as they lie in SSM.

    ``read`` is when they were read last, ``_tried`` when SSM was asked last, on the monotonic clock.
    """

    path: str
    known: Mapping[str, str] = field(default_factory=dict)
    read: float = _NEVER
    _tried: float = _NEVER
    _reading: Lock = field(default_factory=Lock)

    def as_of_the_last(self, seconds: float) -> bool:
        """Whether what we have is no older than this; it is read again where it is, and where that may be.

        Of several at once one reads, and the others have what it read.
        """
        with self._reading:
            return self._as_of_the_last(seconds)

    def _as_of_the_last(self, seconds: float) -> bool:
        now = time.monotonic()
        if now - self.read < seconds:
            return True
        if now - self._tried < (REREAD_SECONDS if self.known else FIRST_READ_AGAIN_SECONDS):
            return False
        self._tried = now
        try:
            self.known = dict(self._all())
        except (BotoCoreError, ClientError) as failed:
            code = aws.code_of(failed)
            logger.error(Event.SECRETS_NOT_READ, error=type(failed).__name__, code=code)
            return False
        self.read = now
        return True

    def forget(self) -> None:
        """Forget all: what one test put must not be known in the next one."""
        self.known, self.read, self._tried = {}, _NEVER, _NEVER

    def _all(self) -> Iterator[tuple[str, str]]:
        """Each document with its name: 10 a request, which is all that SSM gives at once."""
        token: dict[str, Any] = {}
        while True:
            page = ssm().get_parameters_by_path(Path=self.path, Recursive=True, WithDecryption=True, **token)
            yield from ((parameter["Name"], parameter["Value"]) for parameter in page["Parameters"])
            if not page.get("NextToken"):
                return
            token = {"NextToken": page["NextToken"]}


@dataclass(slots=True)
class Document(Documents):
    """What this process knows of the one document ``path``; nothing where there is none."""

    def _all(self) -> Iterator[tuple[str, str]]:
        client = ssm()
        try:
            found = client.get_parameter(Name=self.path, WithDecryption=True)["Parameter"]
        except client.exceptions.ParameterNotFound:
            return
        yield found["Name"], found["Value"]
