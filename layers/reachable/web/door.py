"""The door of a route: who asks, and whether their role lets them, before anything else of it is judged.

Powertools validates a request before its route's middlewares run. So a wrong shape asks the door, too, before
it is told (`web.app`): a stranger learns nothing from a 400, and a right one is not read twice.
"""

from collections.abc import Callable
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import ApiGatewayResolver
from aws_lambda_powertools.event_handler.middlewares import BaseMiddlewareHandler, NextMiddleware

from reachable.model.viewer import Token, Viewer
from reachable.web import identity

_VIEWER: Final = "viewer"
_PERSON: Final = "user_id"
"""What a route calls the person whom it is about."""


class Door(BaseMiddlewareHandler[ApiGatewayResolver]):
    """Lets in whom ``admit`` makes a viewer of; it is a middleware of its route.

    ``knows`` finds a person for a viewer, and raises where that is none of theirs. Only a wrong shape asks
    for it: of a right one the act itself reads the person.
    """

    def __init__(
        self, admit: Callable[[Token], Viewer], knows: Callable[[str, Viewer], object] | None = None
    ) -> None:
        self._admit = admit
        self._knows = knows

    def handler(self, app: ApiGatewayResolver, next_middleware: NextMiddleware) -> Response[Any]:
        """Let somebody in, or raise what keeps them out."""
        app.context[_VIEWER] = self._viewer(app)
        return next_middleware(app)

    def ask(self, app: ApiGatewayResolver) -> None:
        """Raise what keeps somebody out, of the route or of the person whom it is about."""
        viewer = self._viewer(app)
        person = app.context["_route_args"].get(_PERSON)
        if self._knows is not None and person is not None:
            self._knows(person, viewer)

    def _viewer(self, app: ApiGatewayResolver) -> Viewer:
        return self._admit(identity.token(app.current_event.raw_event))


def viewer(app: ApiGatewayResolver) -> Viewer:
    """Whom the door let in."""
    found: Viewer = app.context[_VIEWER]
    return found


def ask(app: ApiGatewayResolver) -> None:
    """Ask the doors of the route that was called."""
    for middleware in app.context["_route"].middlewares:
        if isinstance(middleware, Door):
            middleware.ask(app)
