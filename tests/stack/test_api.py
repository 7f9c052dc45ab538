"""The deployed API's answers to what is wrong: who may not, what is unknown, what has no shape."""

import json
import time
from typing import Any
from uuid import uuid4

import pytest

from tools import place, webhook_posts, webhook_signing
from tools.stack import Stack

PROBLEM = "application/problem+json"
STAFF_ROUTES = [
    ("GET", "/users/{id}", None),
    ("GET", "/users/{id}/credentials/email/events", None),
    ("POST", "/users/search", {"q": "a"}),
    ("POST", "/students/search", {"q": "a"}),
    ("GET", "/schools", None),
    ("POST", "/users/{id}/reset", {}),
    ("POST", "/users/{id}/blocks", {"credential": "email", "note": "x"}),
]


@pytest.mark.parametrize(("method", "path", "body"), STAFF_ROUTES)
def test_a_staff_route_takes_access_tokens_of_staff_alone(
    stack: Stack, method: str, path: str, body: object
) -> None:
    path = path.replace("{id}", stack.users["guardian"].user_id)
    for token in (stack.token("sends"), stack.id_token("user_manager"), stack.token("guardian")):
        answer = stack.api(method, path, body, token)
        assert (answer.status, answer.headers["content-type"]) == (403, PROBLEM)
    assert stack.api(method, path, body).status == 401
    assert stack.api(method, path, body, "no.real.token").status == 401


@pytest.mark.parametrize("login", ["teacher", "school_staff", "district"])
def test_the_others_may_not_reset(stack: Stack, login: str) -> None:
    path = f"/users/{stack.users['guardian'].user_id}/reset"
    answer = stack.api("POST", path, {}, stack.token(login))
    assert (answer.status, answer.headers["content-type"]) == (403, PROBLEM)


@pytest.mark.parametrize("login", ["rostering_administrator", "communications_administrator", "user_manager"])
def test_each_of_the_three_roles_may(stack: Stack, login: str) -> None:
    path = f"/users/{stack.users['guardian'].user_id}/reset"
    answer = stack.api("POST", path, {}, stack.token(login))
    assert {one["outcome"] for one in answer.body["results"]} == {"already_good"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/users/nobody", None, 404),
        ("GET", "/students/nobody", None, 404),
        ("POST", "/users/nobody/reset", {}, 404),
        ("POST", "/users/search", {"q": 1}, 400),
        ("POST", "/users/search", {}, 422),
        ("POST", "/users/search", {"q": "a", "cursor": "x"}, 422),
        ("POST", "/users/{id}/reset", {"credentials": ["fax"]}, 400),
        ("POST", "/users/{id}/blocks", {"credential": "email"}, 400),
        ("GET", "/users/{id}/credentials/fax/events", None, 400),
    ],
)
def test_what_is_wrong_has_a_problem_document(
    stack: Stack, method: str, path: str, body: object, status: int
) -> None:
    path = path.replace("{id}", stack.users["guardian"].user_id)
    answer = stack.api(method, path, body, stack.token("user_manager"))
    assert (answer.status, answer.headers["content-type"]) == (status, PROBLEM)
    assert answer.body["status"] == status


def test_what_is_no_json_is_400(stack: Stack) -> None:
    headers = {"authorization": f"Bearer {stack.token('user_manager')}", "content-type": "application/json"}
    answer = stack.call("POST", f"{stack.api_url}/users/search", b"{", headers)
    assert (answer.status, answer.headers["content-type"]) == (400, PROBLEM)


def test_an_old_etag_is_412(stack: Stack) -> None:
    path = f"/users/{stack.users['guardian'].user_id}/reset"
    answer = stack.api("POST", path, {}, stack.token("user_manager"), {"if-match": '"0"'})
    assert (answer.status, answer.headers["content-type"]) == (412, PROBLEM)


def test_a_webhook_that_proves_nothing_changes_nothing(stack: Stack) -> None:
    fields = {"MessageStatus": "undelivered", "ErrorCode": "30005", "To": "+12025550199"}
    assert webhook_posts.twilio(stack, fields, secret="another").status == 401
    checked = {"recipients": [{"credential": "phone:+12025550199", "channel": "sms"}]}
    assert stack.api("POST", "/sends/check", checked, stack.token("sends")).body["results"][0]["send"] is True


@pytest.mark.parametrize("provider", ["nobody", "ses", "_signatures"])
def test_a_provider_that_calls_no_webhooks_is_404(stack: Stack, provider: str) -> None:
    answer = stack.call("POST", f"{stack.api_url}/webhooks/{provider}", b"a=b", {})
    assert (answer.status, answer.headers["content-type"]) == (404, PROBLEM)


def test_a_body_over_4_mb_is_413(stack: Stack) -> None:
    answer = stack.call("POST", stack.webhooks["twilio"]["url"], b"x" * (4 * 1024 * 1024 + 1), {})
    assert (answer.status, answer.headers["content-type"]) == (413, PROBLEM)


def test_a_body_of_3_mb_is_taken_and_applied(stack: Stack) -> None:
    fields = {
        "MessageStatus": "undelivered",
        "ErrorCode": "30006",
        "To": "+12025550198",
        "Body": "x" * 3_000_000,
    }
    assert webhook_posts.twilio(stack, fields).status == 200
    wish = {"recipients": [{"credential": "phone:+12025550198", "channel": "sms"}]}
    machine = stack.token("sends")

    def stopped() -> bool:
        return stack.api("POST", "/sends/check", wish, machine).body["results"][0]["send"] is False

    stack.wait_until(stopped, what="the failure in a large body")


def test_posts_of_many_events_are_taken_in_one_answer_and_all_applied_but_a_malformed_one(
    stack: Stack,
) -> None:
    batch = uuid4().hex
    entries: list[Any] = [
        {
            "email": f"{batch}-{number}@example.org",
            "event": "bounce",
            "type": "bounce",
            "bounce_classification": "Invalid Address",
            "sg_event_id": f"{batch}-{number}",
            "sg_message_id": f"{batch}.x",
            "timestamp": int(time.time()),
        }
        for number in range(1000)
    ]
    wish = {"recipients": [{"credential": f"email:{one['email']}", "channel": "email"} for one in entries]}
    entries[995] = "no entry"
    headers = {"content-type": "application/json"}
    for some in (entries[:990], entries[990:]):  # the second comes again and again, and is short
        posted = webhook_posts.post(stack, "sendgrid", json.dumps(some).encode(), headers=headers)
        assert posted.status == 200
    machine = stack.token("sends")

    def still_open() -> list[int]:
        results = stack.api("POST", "/sends/check", wish, machine).body["results"]
        return [number for number, one in enumerate(results) if one["send"]]

    stack.wait_until(lambda: still_open() == [995], "all but the malformed event")


SETTLED_SECONDS = 20
"""Longer than a post of 1,000 events takes that waits behind two others."""


def test_of_1000_people_of_one_api_call_exactly_those_are_blocked_who_bounced(stack: Stack) -> None:
    """SendGrid's personalizations share their id; every third bounces, told before its `processed`."""
    call, now = uuid4().hex, int(time.time())

    def event(number: int, kind: str, **more: Any) -> dict[str, Any]:
        told = {"event": kind, "sg_event_id": f"{call}-{kind}-{number}", "timestamp": now}
        return told | {"email": f"{call}-{number}@example.org", "sg_message_id": f"{call}.recvd"} | more

    dead = {"type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 no such user"}
    bounced = [number for number in range(1000) if number % 3 == 0]
    became = [event(n, "bounce", **dead) if n in bounced else event(n, "delivered") for n in range(1000)]
    for entries in (became, [event(number, "processed") for number in range(1000)], became):
        body = json.dumps(entries).encode()
        headers = {"content-type": "application/json"}
        assert webhook_posts.post(stack, "sendgrid", body, headers=headers).status == 200
    wish = {"recipients": [{"credential": f"email:{one['email']}", "channel": "email"} for one in became]}
    machine = stack.token("sends")

    def blocked() -> list[int]:
        results = stack.api("POST", "/sends/check", wish, machine).body["results"]
        return [number for number, one in enumerate(results) if not one["send"]]

    stack.wait_until(lambda: len(blocked()) >= len(bounced), "all who bounced")
    time.sleep(SETTLED_SECONDS)  # what would block somebody else, or open one, has been applied by then
    assert blocked() == bounced


def test_a_secret_is_rotated_without_a_deploy(stack: Stack) -> None:
    """Two are valid at once; a new one counts when it is first met, the old one's end within five minutes."""

    name = f"/reachable/{place.NAME}/webhooks/twilio/default"
    held = json.loads(stack.aws.ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])

    def set_secrets(*values: str) -> None:
        value = json.dumps(held | {"secrets": values})
        stack.aws.ssm.put_parameter(Name=name, Type="SecureString", Value=value, Overwrite=True)

    fields = {"MessageStatus": "sent", "To": "+12025550197"}
    set_secrets("rotated", *held["secrets"])
    try:
        stack.wait_until(
            lambda: webhook_posts.twilio(stack, fields, secret="rotated").status == 200, "the new secret"
        )
        assert webhook_posts.twilio(stack, fields).status == 200
    finally:
        set_secrets(*held["secrets"])


@pytest.mark.parametrize(
    ("recipient", "reason"),
    [
        ({"credential": "email:nothing"}, "invalid_recipient"),
        ({"credential": "phone:1"}, "invalid_recipient"),
        ({"user_id": "nobody"}, "unknown_user"),
    ],
)
def test_an_invalid_recipient_is_its_own_answer(stack: Stack, recipient: dict[str, Any], reason: str) -> None:
    wish = {"recipients": [recipient, {"credential": "email:ada@example.org"}]}
    answer = stack.api("POST", "/sends/check", wish, stack.token("sends"))
    assert [(one["send"], one["reason"]) for one in answer.body["results"]] == [(False, reason), (True, None)]


def test_direct_invoke_gives_the_same_body(stack: Stack) -> None:

    wish = {"recipients": [{"user_id": stack.users["guardian"].user_id, "channel": "email"}]}
    payload = json.dumps({"as": "a sending system", "route": "POST /sends/check", "body": wish})
    invoked = stack.aws.functions.invoke(FunctionName=stack.functions["sends"], Payload=payload)
    answer = json.loads(invoked["Payload"].read())
    routed = stack.api("POST", "/sends/check", wish, stack.token("sends"))
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, routed.body)


def test_staff_check_nothing(stack: Stack) -> None:
    wish = {"recipients": [{"credential": "email:ada@example.org"}]}
    assert stack.api("POST", "/sends/check", wish, stack.token("user_manager")).status == 403


def test_me_tells_accounts_and_scope(stack: Stack) -> None:
    me = stack.api("GET", "/me", token=stack.token("teacher")).body
    assert [one["role"] for one in me["accounts"] if one["role"] == "teacher"] == ["teacher"]
    assert me["classes"]
    assert me["actions"] == ["view", "search", "lists", "statistics"]


def test_a_teacher_sees_the_students_of_the_classes_and_their_guardians(stack: Stack) -> None:
    teacher, manager = stack.token("teacher"), stack.token("user_manager")
    mine = {one["id"] for one in _students(stack, teacher)}
    everybody = {one["id"] for one in _students(stack, manager)}
    assert mine
    assert mine < everybody
    student = stack.api("GET", f"/students/{min(mine)}", token=teacher).body
    guardian = student["guardians"][0]["id"]
    assert stack.api("GET", f"/users/{guardian}", token=teacher).status == 200
    stranger = stack.api("GET", f"/students/{min(everybody - mine)}", token=teacher)
    assert stranger.status == 404


def _students(stack: Stack, token: str) -> list[dict[str, Any]]:
    schools = stack.api("GET", "/schools", token=token).body["items"]
    found: list[dict[str, Any]] = []
    for school in schools:
        wish = {"school": school["id"], "limit": 200}
        found += stack.api("POST", "/students/search", wish, token).body["items"]
    return found


def test_the_api_describes_itself(stack: Stack) -> None:
    answer = stack.api("GET", "/openapi.json")
    assert answer.status == 200
    assert answer.body["openapi"].startswith("3.1")


def test_profiles_and_reset_are_invoked_directly_under_a_name_that_the_audit_keeps(stack: Stack) -> None:
    guardian = stack.users["guardian"]
    operator = f"maria-{uuid4().hex}"

    def invoke(function: str, route: str, body: dict[str, Any] | None = None) -> Any:
        asked = {"as": operator, "route": route, "path": {"id": guardian.user_id}, "body": body}
        done = stack.aws.functions.invoke(FunctionName=stack.functions[function], Payload=json.dumps(asked))
        return json.loads(json.loads(done["Payload"].read())["body"])

    shown = invoke("profiles", "GET /users/{id}")
    routed = stack.api("GET", f"/users/{guardian.user_id}", token=stack.token("user_manager")).body
    assert shown == routed
    dead = {"credential": "email", "note": "By hand, by ops."}
    marked = invoke("reset", "POST /users/{id}/blocks", dead)
    assert marked["etag"] != shown["etag"]
    mended = {"credentials": ["email"], "note": "Mended."}
    done = invoke("reset", "POST /users/{id}/reset", mended)
    assert [one["outcome"] for one in done["results"]] == ["reset"]
    kept = stack.aws.dynamodb.query(
        TableName=stack.tables["audit"],
        KeyConditionExpression="subject = :s",
        ExpressionAttributeValues={":s": {"S": f"staff#aws:{operator}"}},
    )["Items"]
    assert [item["act"]["S"] for item in kept] == ["viewed", "marked", "reset"]
    assert {item["user_id"]["S"] for item in kept} == {guardian.user_id}


def test_a_bounce_of_a_mail_without_variables_blocks_and_its_signature_serves_nobody_else(
    stack: Stack,
) -> None:
    """Mailgun tells no variables as ``[]`` where it documents an object; it signs a token, not the body."""
    sample = place.ROOT / "tests/samples/field/mailgun/failed-hard-variables-empty-list.json"
    told = json.loads(sample.read_bytes())
    address = f"{uuid4().hex}@example.org"
    old = told["event-data"]["recipient"]
    body = json.dumps(told).replace(old, address).replace(told["event-data"]["id"], uuid4().hex).encode()
    wish = {"recipients": [{"credential": f"email:{address}", "channel": "email"}]}
    machine = stack.token("sends")

    def blocked() -> bool:
        return stack.api("POST", "/sends/check", wish, machine).body["results"][0]["send"] is False

    known = stack.webhooks["mailgun"]
    call = webhook_signing.Call(url=known["url"], headers={"content-type": "application/json"}, body=body)
    signed = webhook_signing.sign("mailgun", call, known)

    def post(sent: bytes) -> int:
        return stack.call("POST", signed.url, sent, signed.headers).status

    assert post(signed.body) == 200
    stack.wait_until(blocked, what="the bounce of a mail without variables")
    assert post(signed.body.replace(address.encode(), b"another@example.org")) == 401
    assert post(signed.body) == 200
