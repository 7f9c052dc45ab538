"""Links by which who has a mail can unsubscribe (RFC 8058): signed, so that nobody else can.

A token is a JWT (RFC 7519) that names the message alone: no address stands in it, and none in the URL. It
does not expire: an old mail must still be able to say no. Secrets Manager makes the key and keeps it.
"""

from typing import Final

from reachable import settings
from reachable.model.details import Detail
from reachable.model.errors import NotFound
from reachable.secrets import _generated

SECRET: Final = settings.text("UNSUBSCRIBE_SECRET_ARN")
_ALGORITHM: Final = "HS256"
_AUDIENCE: Final = "unsubscribe"


def token(message_id: str) -> str:
    """The token of a message. A request for the key, once a process."""
    import jwt  # brings cryptography, which a text does not need

    return jwt.encode({"sub": message_id, "aud": _AUDIENCE}, _generated.key(SECRET), _ALGORITHM)


def message_of(token_: str) -> str:
    """The message that a token names.

    Raises:
        NotFound: it is none of ours.
    """
    import jwt

    try:
        claims = jwt.decode(
            token_,
            _generated.key(SECRET),
            [_ALGORITHM],
            audience=_AUDIENCE,
            options={"require": ["sub", "aud"]},
        )
    except jwt.InvalidTokenError as problem:
        raise NotFound(Detail.LINK_NOT_VALID) from problem
    return str(claims["sub"])
