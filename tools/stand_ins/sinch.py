"""Sinch's consent lists. A row: ``{"list": "OPT_OUT_ALL", "identity": "12025550123"}``, without a plus.

As at Sinch a list that nobody is on is a 404, and only the one that issues tokens takes the access key.
"""

from typing import Any

from werkzeug.wrappers import Request, Response

from tools.stand_ins.stand_in import StandIn, reply

_PAGE, _LARGEST_PAGE = 10, 50
_LISTS = ("OPT_OUT_ALL", "OPT_OUT_MARKETING", "OPT_OUT_NOTIFICATION")


class List(StandIn):
    """It is read only."""

    TOKEN = "token-of-an-hour"  # noqa: S105 - of this stand-in
    PROJECT, APP = "project-1", "app-1"

    def settings(self) -> dict[str, Any]:
        return {"project": self.PROJECT, "app": self.APP, "key": "key-id", "secret": self.KEY}

    def answer(self, request: Request, path: str) -> Response:
        if path == "/oauth2/token":
            return self._token(request)
        if request.headers.get("authorization") != f"Bearer {self.TOKEN}":
            return _error(401, "UNAUTHENTICATED")
        place, _, list_ = path.rpartition("/")
        if request.method != "GET" or place != f"/v1/projects/{self.PROJECT}/apps/{self.APP}/consents":
            return _error(404, "NOT_FOUND")
        if list_ not in _LISTS:
            return _error(400, "INVALID_ARGUMENT")
        return self._page(request, list_)

    def _token(self, request: Request) -> Response:
        known = request.authorization is not None and request.authorization.parameters == {
            "username": "key-id",
            "password": self.KEY,
        }
        if not known or request.get_data(as_text=True) != "grant_type=client_credentials":
            return reply(401, {"error": "invalid_client"})
        return reply(200, {"access_token": self.TOKEN, "expires_in": 3599, "token_type": "bearer"})

    def _page(self, request: Request, list_: str) -> Response:
        rows = [{"identity": row["identity"]} for row in self.rows if row["list"] == list_]
        if not rows:
            return _error(404, "NOT_FOUND")
        size = min(int(request.args.get("page_size", _PAGE)), _LARGEST_PAGE)
        start = int(request.args.get("page_token", 0))
        more = str(start + size) if start + size < len(rows) else ""
        return reply(200, {"identities": rows[start : start + size], "next_page_token": more})


def _error(status: int, word: str) -> Response:
    return reply(status, {"error": {"code": status, "message": word, "status": word}})
