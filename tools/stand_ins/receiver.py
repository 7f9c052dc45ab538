"""Somebody's webhook that is told of our events: it verifies each by Standard Webhooks and remembers it."""

from typing import Any, Final

from standardwebhooks import Webhook, WebhookVerificationError
from werkzeug.wrappers import Request, Response

from tools.stand_ins.stand_in import reply

SECRET: Final = "whsec_b25seS10aGUtbG9jYWwtc3RhY2sta25vd3MtdGhpcw=="  # noqa: S105 - nobody else's
"""What the local stack signs with."""
_MOST: Final = 1_000


class Receiver:
    """``POST`` tells it of an event, ``GET`` asks what it was told, the oldest first."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    def __call__(self, request: Request) -> Response:
        """Take an event that is signed; answer all that it has."""
        if request.method == "GET":
            return reply(200, self.told)
        try:
            event = Webhook(SECRET).verify(request.get_data(), dict(request.headers))
        except WebhookVerificationError:
            return reply(401)
        self.told = [*self.told, {"webhook_id": request.headers["webhook-id"], **event}][-_MOST:]
        return reply(204)
