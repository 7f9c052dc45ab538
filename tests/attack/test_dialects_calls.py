"""Calls and codes: what is our own doing, the network's or a person who declines closes no phone."""

from typing import Any

import pytest

from tests.attack.dialects import PHONE, closes, form, one, parse, telnyx_text


def _telnyx(cause: str) -> Any:
    payload = {"call_control_id": "c", "to": PHONE, "direction": "outgoing", "hangup_cause": cause}
    return {"data": {"id": "e", "event_type": "call.hangup", "payload": payload}}


@pytest.mark.parametrize("cause", ["originator_cancel", "time_limit"])
def test_telnyx_a_call_that_we_ended_closes_nothing(cause: str) -> None:
    assert not any(map(closes, parse("telnyx", _telnyx(cause))))


@pytest.mark.parametrize("sip", ["603", "403", "486", "480", "487", "503"])
def test_bandwidth_a_call_that_was_declined_or_not_routed_closes_nothing(sip: str) -> None:
    call = {"eventType": "disconnect", "callId": "c", "to": PHONE, "direction": "outbound"}
    assert not any(map(closes, parse("bandwidth", call | {"cause": "rejected", "sipResponseCode": sip})))


@pytest.mark.parametrize("sip", ["480", "403", "603", "486", "487", "408", "503"])
def test_vonage_a_failed_call_is_read_by_its_sip_response(sip: str) -> None:
    call = {"uuid": "u", "to": "12025550123", "status": "failed", "sip_code": sip, "direction": "outbound"}
    assert not any(map(closes, parse("vonage", call)))


@pytest.mark.parametrize("sip", ["486", "487", "500", "502", "504", "600"])
def test_twilio_a_call_that_the_network_failed_closes_nothing(sip: str) -> None:
    fields = {"CallSid": "CA1", "CallStatus": "failed", "To": PHONE, "Direction": "outbound-api"}
    assert not any(map(closes, parse("twilio", form(**fields, SipResponseCode=sip))))


@pytest.mark.parametrize(
    "cause",
    ["Rejected", "Error Reaching Answer URL", "Invalid Answer XML", "Out Of Credit", "Network Error"],
)
def test_plivo_a_call_that_we_or_the_network_failed_closes_nothing(cause: str) -> None:
    fields = {"CallUUID": "c", "CallStatus": "failed", "To": "12025550123", "Direction": "outbound"}
    assert not any(map(closes, parse("plivo", form(**fields, HangupCauseName=cause))))


@pytest.mark.parametrize("code", ["30110", "30111"])
def test_twilio_our_link_on_a_deny_list_closes_no_phone(code: str) -> None:
    fields = {"MessageSid": "SM1", "MessageStatus": "failed", "To": PHONE}
    assert not closes(one("twilio", form(**fields, ErrorCode=code)))


@pytest.mark.parametrize("code", ["40010 ", " 40010", 40010.0, "40010.0"])
def test_a_code_with_blanks_or_as_a_float_has_its_row(code: Any) -> None:
    assert not closes(one("telnyx", telnyx_text(code)))


@pytest.mark.parametrize("code", ["30007 ", " 30034"])
def test_twilio_a_code_with_blanks_has_its_row(code: str) -> None:
    fields = {"MessageSid": "SM1", "MessageStatus": "undelivered", "To": PHONE}
    assert not closes(one("twilio", form(**fields, ErrorCode=code)))


def test_telnyx_one_errors_stop_is_heard_behind_another() -> None:
    body = telnyx_text("40008")
    body["data"]["payload"]["errors"] = [
        {"code": "40008", "title": "Undeliverable"},
        {"code": "40300", "title": "Blocked due to STOP message"},
    ]
    assert one("telnyx", body).kind == "opted_out"
