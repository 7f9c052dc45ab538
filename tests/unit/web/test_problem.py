"""Each of our errors has its status; nothing of it is lost."""

import json

import pytest

from reachable.model import errors
from reachable.model.credential import CredentialKind
from reachable.model.details import Detail
from reachable.web import problem


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.BadSignature("x"), 401),
        (errors.Forbidden("x"), 403),
        (errors.NotFound("x"), 404),
        (errors.UnknownProvider("x"), 404),
        (errors.Changed("x"), 412),
        (errors.TooLarge("x"), 413),
        (errors.Meaningless("x", "/ground"), 422),
        (errors.TooSoon("x", 60), 429),
        (errors.Unavailable("x"), 503),
    ],
)
def test_an_error_is_answered_with_its_status(error: errors.ReachableError, status: int) -> None:
    answer = problem.of_error(error)
    body = json.loads(answer["body"])
    assert answer["statusCode"] == body["status"] == status
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert body["detail"] == "x"
    assert ("retry-after" in answer["headers"]) is (status in {429, 503})


def test_who_comes_too_soon_is_told_when_to_come_again() -> None:
    assert problem.of_error(errors.TooSoon("x", 3600))["headers"]["retry-after"] == "3600"


def test_a_meaning_that_fails_points_to_its_place() -> None:
    body = json.loads(problem.of_error(errors.Meaningless("No.", "/ground"))["body"])
    assert body["errors"] == [{"pointer": "/ground", "detail": "No."}]


def test_a_detail_is_told_in_the_caller_s_language() -> None:
    error = errors.Meaningless(Detail.NO_SUCH_CREDENTIAL, "/credentials/0", kind=CredentialKind.EMAIL)
    english, spanish = (json.loads(problem.of_error(error, header)["body"]) for header in ("fr", "es-MX"))
    assert english["detail"] == english["errors"][0]["detail"] == "This user has no email."
    assert spanish["detail"] == spanish["errors"][0]["detail"] == "Esta persona no tiene correo."
