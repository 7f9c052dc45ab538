"""Segments as 3GPP TS 23.038 and 23.040 count them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachable.rules.label import labelled
from reachable.rules.segments import ALPHABET, EXTENSION, ROOM, SmsEncoding, segments

GSM, UCS = SmsEncoding.GSM_7, SmsEncoding.UCS_2


@pytest.mark.parametrize(
    ("text", "count", "encoding"),
    [
        ("a", 1, GSM),
        ("a" * 160, 1, GSM),
        ("a" * 161, 2, GSM),
        ("a" * 306, 2, GSM),
        ("a" * 307, 3, GSM),
        ("Señor Núñez", 1, UCS),  # ñ is in the alphabet, ú is not
        ("¿Mañana?\r\nSí", 1, UCS),
        ("¿Mañana?\r\nNo, él no, è sì!", 1, GSM),
        ("Ç", 1, GSM),
        ("ç", 1, UCS),  # only the capital is in the alphabet
        ("`", 1, UCS),
        ("\t", 1, UCS),
        ("\x1b", 1, UCS),  # the escape is no character of its own
        ("a" * 158 + "€", 1, GSM),  # the extension table: two septets
        ("a" * 159 + "€", 2, GSM),
        ("[]{}~^|\\€\f" * 8, 1, GSM),
        ("[]{}~^|\\€\f" * 8 + "a", 2, GSM),
        ("a" * 152 + "€" + "a" * 152, 3, GSM),  # 306 septets, but the euro is not torn apart
        ("a" * 151 + "€" + "a" * 153, 2, GSM),
        ("я" * 70, 1, UCS),
        ("я" * 71, 2, UCS),
        ("я" * 134, 2, UCS),
        ("я" * 135, 3, UCS),
        ("😀" * 35, 1, UCS),  # two units each
        ("😀" * 36, 2, UCS),
        ("я" * 66 + "😀" + "я" * 66, 3, UCS),  # 134 units, but the pair is not torn apart
        ("я" * 65 + "😀" + "я" * 67, 2, UCS),
        ("", 1, GSM),
    ],
)
def test_a_text_takes_so_many_segments(text: str, count: int, encoding: SmsEncoding) -> None:
    found = segments(None, text)
    assert (found.count, found.encoding, found.pushed_over_by_label) == (count, encoding, False)


@pytest.mark.parametrize(
    ("label", "text", "count", "encoding", "pushed_over"),
    [
        ("For Ada: ", "a" * 151, 1, GSM, False),
        ("For Ada: ", "a" * 152, 2, GSM, True),
        ("For Ada: ", "a" * 161, 2, GSM, False),  # two with it and without it
        ("For Zoë: ", "a" * 61, 1, UCS, False),
        ("For Zoë: ", "a" * 62, 2, UCS, True),  # one letter, and the text is no longer GSM
        ("For Zoë: ", "я" * 62, 2, UCS, True),
        ("", "a" * 160, 1, GSM, False),
        (None, "a" * 160, 1, GSM, False),
    ],
)
def test_a_label_that_makes_a_text_longer_is_told(
    label: str | None, text: str, count: int, encoding: SmsEncoding, pushed_over: bool
) -> None:
    found = segments(label, text)
    assert (found.count, found.encoding, found.pushed_over_by_label) == (count, encoding, pushed_over)


def test_the_alphabet_has_127_characters_and_its_extension_ten() -> None:
    """128 places but the escape; the two tables share no character."""
    assert (len(ALPHABET), len(EXTENSION), ALPHABET & EXTENSION) == (127, 10, frozenset())


@given(st.text(), st.text())
def test_segments_are_neither_fewer_than_the_bytes_need_nor_a_whole_one_more(label: str, text: str) -> None:
    found = segments(label, text)
    whole = labelled(label, text)
    if found.encoding is UCS:
        places = len(whole.encode("utf-16-be", "surrogatepass")) // 2
    else:
        places = sum(2 if character in EXTENSION else 1 for character in whole)
    room = ROOM[found.encoding]
    if places <= room.alone:
        assert found.count == 1
    else:
        assert -(-places // room.of_several) <= found.count <= -(-places // (room.of_several - 1))
