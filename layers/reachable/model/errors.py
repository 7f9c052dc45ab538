"""Every error that Reachable raises for its callers.

    ReachableError
    ├── InvalidAddress      typed text that is no email address or phone number
    ├── ParseError          a provider's body that cannot be read; carries the events that could be
    ├── BadSignature        a webhook that does not prove who sent it
    ├── UnknownProvider     no such dialect, or no secret is set for it
    ├── NotFound            no such thing, or none that the viewer may see
    ├── Forbidden           the viewer's role does not allow it
    ├── Changed             what the caller saw is no longer so
    ├── Conflict            not in the state that a thing is in now
    ├── Meaningless         well formed, but it cannot be done
    ├── TooLarge            more than we take in one call
    ├── TooSoon             it has been done, and may be done again later
    ├── Unavailable         a store or queue did not answer: nothing was done, try again
    ├── PutOff              the provider took nothing for now: try it later
    ├── ListUnclear         a provider's own list answered what we do not understand
    ├── RecipientRefused    the provider took nothing because of who it is for
    ├── MessageRefused      the provider took nothing because of what or who sends it
    └── SendUncertain       nobody knows whether the provider took it: never send it again

``web`` maps type to status, and a ``Detail`` to its sentence; nobody reads an exception's text.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reachable.model.delivery_event import Cause, DeliveryEvent, Permanence
    from reachable.model.details import Detail


_CODE: Final = re.compile(r"(?!.*\d{7})[A-Za-z0-9_.-]{1,60}")


class ReachableError(Exception):
    """The root of the tree.

    ``detail`` has no personal data: a code where it reaches people, with the ``values`` that its sentence
    names; else a sentence of ours for a program or a log.
    """

    def __init__(self, detail: "Detail | str", **values: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.values = values


class InvalidAddress(ReachableError):
    """Typed text that is no email address or phone number."""


class ParseError(ReachableError):
    """A provider's body, or an entry of it, that cannot be read.

    ``where`` is the place (``[3].timestamp``); ``events`` are those that could be read all the same.
    """

    def __init__(self, provider: str, where: str, why: str, events: Sequence["DeliveryEvent"] = ()) -> None:
        super().__init__(f"{provider}: {where}: {why}")
        self.provider = provider
        self.where = where
        self.why = why
        self.events = tuple(events)


class BadSignature(ReachableError):
    """A webhook that does not prove who sent it."""


class UnknownProvider(ReachableError):
    """No such dialect, or no secret is set for it."""


class NotFound(ReachableError):
    """No such thing, or none that the viewer may see: the two are not told apart."""


class Forbidden(ReachableError):
    """The viewer's role does not allow it."""


class Changed(ReachableError):
    """What the caller saw is no longer so."""


class Conflict(ReachableError):
    """It cannot be done in the state that a thing is in now."""


class Meaningless(ReachableError):
    """Well formed, but it cannot be done; ``pointer`` (RFC 6901) is the part of the body that says so."""

    def __init__(self, detail: "Detail | str", pointer: str = "", **values: str) -> None:
        super().__init__(detail, **values)
        self.pointer = pointer


class TooLarge(ReachableError):
    """More than we take in one call."""


class TooSoon(ReachableError):
    """It has been done, and may be done again in so many ``seconds``."""

    def __init__(self, detail: "Detail | str", seconds: int) -> None:
        super().__init__(detail)
        self.seconds = seconds


class Unavailable(ReachableError):
    """A store or queue did not answer: nothing was done, the caller may try again."""


class PutOff(ReachableError):
    """The provider is throttling, down or out of reach, and has taken nothing: what we want can be done
    later.

    ``why`` is the provider's own code, ``seconds`` how long to wait, where the provider tells it; ``denied``
    where it refuses us leave, which a person must mend.
    """

    def __init__(self, why: str, seconds: int | None = None, *, denied: bool = False) -> None:
        super().__init__(f"Put off: {why}.")
        self.why = why
        self.seconds = seconds
        self.denied = denied


class ListUnclear(ReachableError):
    """A provider's own list answered what its documentation does not have; ``code`` says what.

    What a provider calls a code and is none, such as words with an address, is ``other``.
    """

    def __init__(self, code: str) -> None:
        self.code = code if _CODE.fullmatch(code) else "other"
        super().__init__(f"The provider's list answers {self.code}.")


class RecipientRefused(ReachableError):
    """The provider itself says that it does not send to this recipient, and has taken nothing.

    It means what an event of the same ``cause`` and ``permanence`` means (``permanence`` is None of an
    opt-out, as in an event). ``code`` is the provider's own.
    """

    def __init__(self, cause: "Cause", permanence: "Permanence | None", code: str) -> None:
        super().__init__(f"The provider refuses the recipient: {code}.")
        self.cause = cause
        self.permanence = permanence
        self.code = code


class MessageRefused(ReachableError):
    """Our message or our account is at fault, and nothing was taken: it says nothing of the recipient.

    ``code`` is the provider's own, or ours where the provider was not even asked.
    """

    def __init__(self, cause: "Cause", code: str) -> None:
        super().__init__(f"The message is refused: {code}.")
        self.cause = cause
        self.code = code


class SendUncertain(ReachableError):
    """The request may have gone out and no answer came: nobody knows whether the provider took it."""
