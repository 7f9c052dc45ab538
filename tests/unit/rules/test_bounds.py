"""How much is kept of what others wrote in a delivery event."""

from hashlib import sha256

from reachable.rules import bounds
from tests.builders import delivery_event

ENORMOUS = {
    "event_id": "e" * 5000,
    "provider_message_id": "m" * 5000,
    "provider_code": "c" * 5000,
    "smtp_status": "5" * 5000,
    "diagnostic": "\u00e9\U0001f40c" * 5000,
    "metadata": {"reachable_id": "m", **{f"name{n}": "x" * 99 for n in range(9)}},
}


def test_no_more_of_what_others_wrote_is_kept_than_fits() -> None:
    kept = bounds.bounded(delivery_event(**ENORMOUS))
    assert kept.event_id == f"sha256:{sha256(b'e' * 5000).hexdigest()}"
    assert kept.provider_message_id == f"sha256:{sha256(b'm' * 5000).hexdigest()}"
    assert (kept.provider_code, kept.smtp_status) == ("c" * 40, "5" * 40)
    assert kept.metadata == {"reachable_id": "m", "name0": "x" * 99, "name1": "x" * 99}
    assert kept.diagnostic is not None
    texts = [kept.event_id, kept.provider_message_id, kept.diagnostic, *kept.metadata.values()]
    assert sum(len(text.encode()) for text in texts) < 500


def test_an_ordinary_event_is_kept_as_it_is() -> None:
    told = delivery_event(
        provider_message_id="0100019a5c1e7d20-8f0c2b7e-1a2b-4c3d-9e4f-5a6b7c8d9e0f-000000",
        provider_code="Permanent/General",
        smtp_status="5.1.1",
        diagnostic="x" * 200,
        metadata={"reachable_id": "m"},
    )
    assert bounds.bounded(told) == told
    assert bounds.bounded(delivery_event()) == delivery_event()


def test_metadata_is_kept_up_to_its_last_byte_and_no_further() -> None:
    """240 bytes of names and values."""
    first = {"reachable_id": "m" * 88}
    assert bounds.bounded(delivery_event(metadata=first | {"n": "x" * 139})).metadata == first | {
        "n": "x" * 139
    }
    assert bounds.bounded(delivery_event(metadata=first | {"n": "x" * 140})).metadata == first


def test_half_a_character_is_no_text() -> None:
    told = delivery_event(event_id="\ud800", diagnostic="a\udfff", metadata={"\ud800": "x"})
    assert (bounds.bounded(told).event_id, bounds.bounded(told).diagnostic) == ("?", "a?")
