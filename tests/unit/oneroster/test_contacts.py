"""Emails and phone numbers as people type them: in normal form, or why not."""

import random
import time
from collections.abc import Iterator
from itertools import islice

import phonenumbers
import pytest

from reachable.model.roster_problem import ProblemKind
from reachable.oneroster import contacts


@pytest.mark.parametrize(
    "typed", ["", "-", "--", ".", "NA", "n/a", "N.A.", "None", "NULL", "nil", "Unknown", "x", "no"]
)
def test_words_for_nothing(typed: str) -> None:
    assert contacts.is_blank(typed)


@pytest.mark.parametrize("typed", ["0", "nobody@example.org", "nan", "xx", "202-555-0123"])
def test_words_for_something(typed: str) -> None:
    assert not contacts.is_blank(typed)


NUMBERED = """
none noemail noemails nomail noaddress noemailaddress donotemail donotmail null nothing notprovided
notavailable notapplicable nonegiven unknown declined refused noneprovided placeholder fakeemail xxxx
noreply donotreply noparentemail noemailonfile invalid changeme dummy asdf qwerty needemail needsemail
updateme undefined bogus donotcontact donotuse missing pending nope notset donthaveone nonexistent ninguno
notiene notengo nocorreo sincorreo noemailprovided noemailgiven noemailavailable noemailonrecord
noguardianemail doesnothaveemail missingemail
"""
"""Where a form wants another address of each, people count: noemail7@, 12none@."""
SHORT = "na no nil xxx tbd fake 1234567890 n.a n-a no-email no.email no_email no-mail no.mail not.provided"
DOMAINS = """
none noemail no-email nomail no-mail noaddress nowhere na unknown null fake placeholder invalid donotemail
notanemail
"""


@pytest.mark.parametrize("name", NUMBERED.split())
def test_names_before_an_at_that_were_made_up_with_a_number_or_without(name: str) -> None:
    for numbered in (name, f"{name}7", f"12{name}", f"{name[:2]}.{name[2:]}"):
        assert contacts.is_placeholder_email(f"{numbered}@school.example.org"), numbered


@pytest.mark.parametrize("name", SHORT.split())
def test_names_before_an_at_that_were_made_up_if_nothing_is_beside_them(name: str) -> None:
    assert contacts.is_placeholder_email(f"{name}@school.example.org")


@pytest.mark.parametrize("name", ["na7", "no7", "nil7", "xxx7", "tbd7", "fake7"])
def test_a_short_word_and_a_number_may_be_somebody_s(name: str) -> None:
    assert not contacts.is_placeholder_email(f"{name}@school.example.org")


@pytest.mark.parametrize("name", DOMAINS.split())
def test_domains_that_were_made_up(name: str) -> None:
    assert contacts.is_placeholder_email(f"ada@{name}.com")
    assert not contacts.is_placeholder_email(f"ada@{name}.example.com")


ON_BOTH_SIDES = """
test testing a aa aaa abc b x xx xxx xyz no none parent mom dad guardian mother father email mail user sample
student school example 123 1234 12345 123456 abc123 me you someone somebody anyone nobody family contact temp
fake foo asd qwe blank empty name 111 tba
"""


@pytest.mark.parametrize("word", ON_BOTH_SIDES.split())
def test_words_that_stand_on_both_sides_of_the_at_or_before_a_domain_of_a_form(word: str) -> None:
    assert contacts.is_placeholder_email(f"{word}@{word}.com")
    assert contacts.is_placeholder_email(f"{word}@company.com")


@pytest.mark.parametrize("name", ["fake7", "mom4", "student2020", "1parent"])
def test_such_a_word_may_have_a_number_beside_it(name: str) -> None:
    assert contacts.is_placeholder_email(f"{name}@company.com")


@pytest.mark.parametrize("domain", ["domain", "email", "mail", "sample", "yourdomain", "company"])
def test_domains_of_a_form_make_up_those_who_have_a_word_for_a_name(domain: str) -> None:
    assert contacts.is_placeholder_email(f"you@{domain}.com")
    assert not contacts.is_placeholder_email(f"ada@{domain}.com")


@pytest.mark.parametrize("word", [word for word in ON_BOTH_SIDES.split() if word != "example"])
def test_somebody_who_tests_does_so_at_any_such_word(word: str) -> None:
    assert contacts.is_placeholder_email(f"tester@{word}.com")


@pytest.mark.parametrize("domain", ["gmail", "yahoo", "hotmail", "outlook", "aol", "icloud"])
def test_at_a_provider_for_everybody_a_word_for_anybody_is_made_up(domain: str) -> None:
    for name in (
        "test",
        "testing7",
        "tester",
        "parent",
        "mom",
        "dad",
        "mother",
        "father",
        "guardian",
        "name",
    ):
        assert contacts.is_placeholder_email(f"{name}@{domain}.com"), name
    for name in ("yourname", "someone", "anyone", "email"):
        assert contacts.is_placeholder_email(f"{name}@{domain}.com"), name
    for name in ("student", "you", "family", "ada.test", "mother7"):
        assert not contacts.is_placeholder_email(f"{name}@{domain}.com"), name


@pytest.mark.parametrize(
    "both",
    [
        "x@y", "a@b", "abc@xyz", "abc@def", "name@domain", "user@domain", "user@example", "name@example",
        "email@example", "test@example",
    ],
)  # fmt: skip
def test_examples_of_an_address_are_nobody_s(both: str) -> None:
    assert contacts.is_placeholder_email(f"{both}.com")


@pytest.mark.parametrize(
    "beginning",
    ["noemail", "nomail", "noaddress", "sinemail", "sincorreo", "nocorreo", "notiene", "notengo"],
)
def test_what_begins_with_words_for_no_address_is_made_up(beginning: str) -> None:
    assert contacts.is_placeholder_email(f"{beginning}smith@gmail.com")


@pytest.mark.parametrize(
    "address",
    [
        "none@none.com",
        "noemail@noemail.com",
        "no-email@example.org",
        "no.email@school.example.org",
        "na@na.com",
        "unknown@example.org",
        "declined@example.org",
        "ada@none.com",
        "ada@noemail.org",
        "x@fake.com",
        "nomail.smith@example.org",
    ],
)
def test_addresses_that_were_made_up(address: str) -> None:
    assert contacts.is_placeholder_email(address)


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.org",
        "nona@example.org",
        "n.one@example.org",
        "ada@na.example.com",
        "ada@unknown.university.example.edu",
        "fakename@example.org",
        "ada@nonesuch.example.org",
        "testing@example.com",
        "tester@example.com",
    ],
)
def test_addresses_that_only_look_so(address: str) -> None:
    assert not contacts.is_placeholder_email(address)


@pytest.mark.parametrize(
    "typed",
    [
        "0000000",
        "(000) 000-0000",
        "111-111-1111",
        "1-999-999-9999",
        "+1 555 555 5555",
        "1234567890",
        "0123456789",
        "987-654-3210",
        "0987654321",
        "1 (123) 456-7890",
        "123-4567",
    ],
)
def test_numbers_that_were_made_up(typed: str) -> None:
    assert contacts.is_placeholder_phone(typed)


@pytest.mark.parametrize(
    "typed", ["202-555-0123", "000", "(555) 555-0123", "1", "", "call me", "888-888-8880"]
)
def test_numbers_that_were_not(typed: str) -> None:
    assert not contacts.is_placeholder_phone(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "202-555-0143 x12",
        "202-555-0143x12",
        "202-555-0143 X 12 ",
        "202-555-0143 ext 12",
        "202-555-0143 Ext. 12",
        "202-555-0143 extn:12",
        "202-555-0143 extension 12",
        "202-555-0143 #12",
        "202-555-0143;ext=12",
        "202-555-0143 press 12",
        "202-555-0143 option 12",
        "202-555-0143 opt. 12",
        "202-555-0143 menu 12",
        "202-555-0143 dial 12",
        "202-555-0143p12",
        "202-555-0143W12",
    ],
)
def test_numbers_with_an_extension(typed: str) -> None:
    assert contacts.has_extension(typed)


@pytest.mark.parametrize(
    "typed", ["202-555-0143", "#2025550143", "# 2025550143", "Ext 2025550143", "202-555-0143 x", "x12", ""]
)
def test_numbers_without(typed: str) -> None:
    assert not contacts.has_extension(typed)


@pytest.mark.parametrize("typed", ["1" * 100_000, "x1" * 50_000, "#" + " " * 100_000, "1 " * 50_000 + "x"])
def test_a_field_of_any_length_is_looked_at_in_no_time(typed: str) -> None:
    started = time.process_time()
    contacts.has_extension(typed)
    contacts.is_placeholder_phone(typed)
    assert time.process_time() - started < 1


# Emails


MADE_UP = """
noemail12345@district.org no_email_1@district.org no-email-12@district.org noemail.2@example.org
12345noemail@district.org none123@none.com none1@gmail.com no@no.com no@email.com na@na.com x@x.com
test@test.com test1@test.com test@gmail.com testing@testing.com tester@test.com a@a.com aa@aa.com xx@xx.com
abc@abc.com zz@zz.zz 111@111.com 123@123.com 1234567890@district.org a@b.com x@y.com abc@xyz.com
noreply@district.org no-reply@district.org do_not_reply@district.org declined@district.org
refused@district.org parent@parent.com mom@mom.com parent@gmail.com parent@email.com guardian@yahoo.com
email@email.com name@email.com yourname@email.com fake@fake.com bogus@district.org
placeholder12@district.org ada@placeholder.com ada@invalid.com ada@donotemail.com unknown7@district.org
noemailprovided@district.org no.email.provided@district.org missing@district.org undefined@district.org
donotuse@district.org ninguno@district.org sincorreo@district.org no.tiene@district.org
"""
SOMEBODY_S = """
ada@example.org ada@example.com n.one@example.org f.ake@example.org tester@mill.example.org testa@gmail.com
mary.test@gmail.com test.user@school.example.org noone@gmail.com nomura1@example.org nielsen@example.org
none.smith@example.org fakenham@example.org unknown.artist@gmail.com parent2020@gmail.com ada@test.com
mom4@example.org dummy.family@example.org noahmail@example.org a@gmail.com ab@cd.example.org
info@district.example.org na1985@example.org ada@na.example.com aaa@aa.example.org
"""


@pytest.mark.parametrize("address", MADE_UP.split())
def test_an_address_that_was_made_up_is_left_out_and_told(address: str) -> None:
    assert contacts.email(address) == (None, ProblemKind.EMAIL_PLACEHOLDER)
    assert contacts.email(address.upper()) == (None, ProblemKind.EMAIL_PLACEHOLDER)


@pytest.mark.parametrize("address", SOMEBODY_S.split())
def test_an_address_that_may_be_somebody_s_is_taken(address: str) -> None:
    assert contacts.email(address) == (address, None)


@pytest.mark.parametrize(
    "ending", ["con", "comm", "cmo", "ocm", "vom", "coom", "nett", "ogr", "orgg", "eduu"]
)
def test_an_ending_that_there_is_none_of_is_no_address(ending: str) -> None:
    assert contacts.email(f"ada@gmail.{ending}") == (None, ProblemKind.NOT_AN_EMAIL)


@pytest.mark.parametrize(
    "typed", ["@" * 100_000, "a." * 50_000 + "@b.example.org", "a" * 100_000 + "@a.example.org"]
)
def test_an_address_of_any_length_is_looked_at_in_no_time(typed: str) -> None:
    started = time.process_time()
    assert contacts.email(typed)[0] is None
    assert time.process_time() - started < 1


# Phone numbers

WASHINGTON = "+12025550143"


@pytest.mark.parametrize(
    "typed",
    [
        "202-555-0143",
        "(202)555-0143",
        "+1 (202) 555-0143",
        "1.202.555.0143",
        "12025550143",
        "202 - 555 - 0143",
        "202/555-0143",
        "[202] 555-0143",
        "202–555–0143",  # noqa: RUF001 - as Word writes it
        "202\u00a0555\u00a00143",
        "２０２５５５０１４３",  # noqa: RUF001 - as it is typed
        "'2025550143",
        '="2025550143"',
        "=2025550143",
        "tel:+1-202-555-0143",
        "+1 1 202 555 0143",
        "202-555-0143*",
    ],
)
def test_a_number_of_here_is_read_however_it_is_written(typed: str) -> None:
    assert contacts.phone(typed, "US") == (WASHINGTON, None)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+44 20 7946 0018", "+442079460018"),
        ("+442079460018", "+442079460018"),
        ("011 44 20 7946 0018", "+442079460018"),
        ("+52 55 1234 5678", "+525512345678"),
        ("+65 6223 4567", "+6562234567"),  # the country set apart: it was meant
        ("+1 876 555 0143", "+18765550143"),
        ("787-555-0143", "+17875550143"),
    ],
)
def test_a_number_of_another_country_is_read_where_it_says_so(typed: str, number: str) -> None:
    assert contacts.phone(typed, "US") == (number, None)


@pytest.mark.parametrize(
    ("typed", "region"),
    [
        ("+2025550143", "US"),  # Cairo
        ("+202-555-0143", "US"),
        ("+ 202 555 0143", "US"),
        ("+(608) 555-0143", "US"),
        ("+3125550143", "US"),
        ("+9195550143", "US"),
        ("+6135550143", "CA"),
        ("\uff0b2025550143", "US"),
        ("+6562234567", "US"),
        ("+5512345678", "MX"),
    ],
)
def test_a_plus_before_a_number_of_here_makes_no_stranger_of_it(typed: str, region: str) -> None:
    assert contacts.phone(typed, region) == (None, ProblemKind.PHONE_COUNTRY)


@pytest.mark.parametrize(
    ("typed", "region", "number"),
    [
        ("+4915112345678", "GB", "+4915112345678"),
        ("+2079460018", "GB", "+2079460018"),  # nobody leaves out the 0 there
        ("+12025550143", "CA", "+12025550143"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("55 1234 5678", "MX", "+525512345678"),
    ],
)
def test_elsewhere_a_plus_is_what_it_says(typed: str, region: str, number: str) -> None:
    assert contacts.phone(typed, region) == (number, None)


@pytest.mark.parametrize(
    "typed",
    [
        "(000) 555-0143",
        "000-555-0143",
        "+1 000 555 0143",
        "(000) 000-0000",
        "0000000000",
        "999-999-9999",
        "555 5555",
    ],
)
def test_a_number_of_an_area_that_there_is_not_was_made_up(typed: str) -> None:
    assert contacts.phone(typed, "US") == (None, ProblemKind.PHONE_PLACEHOLDER)


@pytest.mark.parametrize(
    "typed",
    [
        "202-555-0143 (cell)",
        "(c) 202-555-0143",
        "cell202-555-0143",
        "202-555-0143c",
        "H: 202-555-0143",
        "202-555-0143 mom",
        "202-555-0143 (mom's cell)",
        "202-555-0143 / work",
        "202-555-0143 call after 5",
        "202-555-0143 after 5:30 pm",
        "202-555-0143 do not call before 3",
        "202-555-0143 don't call after 9",
        "202-555-0143 do not text during school",
        "202-555-0143 dont use until 5",
        "202-555-0143 do not contact at work",
        "+1 202 555 0143 (WhatsApp)",
        "sms:2025550143",
        "202-555-0143 home, ask for Ada",
        "202-555-0143 ext",
        "\u200e202-555-0143 móvil",
    ],
)
def test_a_note_beside_a_number_is_told_and_the_number_kept(typed: str) -> None:
    assert contacts.phone(typed, "US") == (WASHINGTON, ProblemKind.PHONE_NOTE)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("202-555-0143 mom 202-555-0144 dad", ProblemKind.NOT_A_PHONE),
        ("202-555-0143 (C) 555-0144 (W)", ProblemKind.NOT_A_PHONE),
        ("202-555-0143 or 0144", ProblemKind.NOT_A_PHONE),
        ("wrong number 202-555-0143", ProblemKind.NOT_A_PHONE),
        ("202-555-0143 disconnected", ProblemKind.NOT_A_PHONE),
        ("202-555-0143 (not in service)", ProblemKind.NOT_A_PHONE),
        ("OLD 202-555-0143", ProblemKind.NOT_A_PHONE),
        ("202-555-0143 DO NOT CALL", ProblemKind.NOT_A_PHONE),
        ("202-555-0143 don't text", ProblemKind.NOT_A_PHONE),
        ("fax 202-555-0143", ProblemKind.NOT_A_PHONE),
        ("202-555-0143 no longer hers", ProblemKind.NOT_A_PHONE),
        ("202-555-0143 out of service", ProblemKind.NOT_A_PHONE),
        ("former 202-555-0143", ProblemKind.NOT_A_PHONE),
        ("202-555-0143 DNC", ProblemKind.NOT_A_PHONE),
        ("202-555-0143 do not contact", ProblemKind.NOT_A_PHONE),
        ("202-555-0143 dont use", ProblemKind.NOT_A_PHONE),
        ("(000) 000-0000 cell", ProblemKind.PHONE_PLACEHOLDER),
        ("cell 000-555-0143", ProblemKind.PHONE_PLACEHOLDER),
        ("cell +2025550143", ProblemKind.PHONE_COUNTRY),
        ("work 202-555-0143 ext 12 Ada", ProblemKind.PHONE_EXTENSION),
        ("202-555-0143 cell (555)", ProblemKind.NOT_A_PHONE),
        ("unlisted", ProblemKind.NOT_A_PHONE),
        ("1-800-FLOWERS", ProblemKind.NOT_A_PHONE),
        ("2O2-555-O143", ProblemKind.NOT_A_PHONE),
    ],
)
def test_a_note_that_speaks_against_a_number_or_has_another_one_loses_it(
    typed: str, kind: ProblemKind
) -> None:
    assert contacts.phone(typed, "US") == (None, kind)


@pytest.mark.parametrize(
    "typed",
    [
        "202-555-0143, 12",
        "202-555-0143-12",
        "202-555-0143;12",
        "202-555-0143 x12",
        "+1-608-555-0143-x11",
        "202-555-0143 press 2",
        "202-555-0143 opt. 3",
        "202-555-0143 Ext. #12",
        "2025550143p12",
    ],
)
def test_what_is_dialled_behind_a_number_is_an_extension(typed: str) -> None:
    assert contacts.phone(typed, "US") == (None, ProblemKind.PHONE_EXTENSION)


@pytest.mark.parametrize(
    "typed",
    [
        "2.02555E+09",
        "2.025550143E9",
        "1.202555e+10",
        "2025550143.0",
        "20255501432025550143",
        "02025550143",
        "555-0143",
        "202-555-014",
        "202-555-01434",
        "102-555-0143",
        "202-155-0143",
        "52 55 1234 5678",
        "+52 1 55 1234 5678",
        "911",
        "*67 202-555-0143",
        "() -",
    ],
)
def test_what_is_no_number_of_here_is_told(typed: str) -> None:
    assert contacts.phone(typed, "US") == (None, ProblemKind.NOT_A_PHONE)


@pytest.mark.parametrize(
    "typed",
    [
        "5" + " " * 100_000 + "(",
        "do not call " * 10_000 + "before",
        "1." * 50_000 + "E",
        "2025550143 " * 9_000,
        "=" * 100_000,
    ],
)
def test_a_number_of_any_length_is_looked_at_in_no_time(typed: str) -> None:
    started = time.process_time()
    assert contacts.phone(typed, "US")[0] is None
    assert time.process_time() - started < 1


MOBILES = {
    "US": "202555####", "CA": "613555####", "MX": "55########", "GB": "7911######", "DE": "15123######",
    "AT": "6641######", "IN": "98########", "AU": "412######", "ES": "612######", "FR": "612######",
    "IT": "338#######", "BR": "119########", "CO": "323#######", "CN": "130########", "NZ": "2110####",
    "KR": "108#######", "ZA": "82#######", "PH": "917#######", "PL": "512######", "PE": "912######",
}  # fmt: skip


def _mobiles(region: str) -> Iterator[phonenumbers.PhoneNumber]:
    """A hundred valid ones, the same every time."""
    code = phonenumbers.country_code_for_region(region)
    of_chance = random.Random(region)
    while True:
        digits = "".join(of_chance.choice("0123456789") if c == "#" else c for c in MOBILES[region])
        number = phonenumbers.PhoneNumber(country_code=code, national_number=int(digits))
        if phonenumbers.is_valid_number(number):
            yield number


@pytest.mark.parametrize("region", MOBILES)
@pytest.mark.parametrize("grouped", [False, True])
def test_a_plus_typed_before_a_mobile_of_here_never_gives_it_to_a_stranger(
    region: str, grouped: bool
) -> None:
    for number in islice(_mobiles(region), 100):
        typed = str(number.national_number)
        if grouped:
            written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
            typed = written.lstrip("0( ")
        found, problem = contacts.phone(f"+{typed}", region)
        right = f"+{number.country_code}{number.national_number}"
        stranger = found not in (None, right) and phonenumbers.is_valid_number(phonenumbers.parse(found))
        assert not stranger, (typed, found)
        assert found is not None or problem is not None


@pytest.mark.parametrize("region", MOBILES)
@pytest.mark.parametrize(
    "spoil", ["{}.0", "{},0", "{}.00", "{}O", "{}I", "{}l", "O{}", "{}O Mutter", "{}B", "{}S", "{}Z", "o{}"]
)
def test_a_number_that_a_spreadsheet_or_a_slip_has_spoilt_is_told_and_not_another_s(
    region: str, spoil: str
) -> None:
    for number in islice(_mobiles(region), 10):
        whole = str(number.national_number)
        digits = whole if "." in spoil or "," in spoil else whole[:-1]
        assert contacts.phone(spoil.format(digits), region)[0] is None


@pytest.mark.parametrize(
    ("typed", "region"),
    [
        ("+501-622-1234", "US"),  # Little Rock, or Belize
        ("+507 261-1234", "US"),  # Rochester, or Panama
        ("+248 251-0127", "US"),
        ("+353 273-6524", "US"),
        ("+250 788 1234", "CA"),
        ("+220 622 1831", "MX"),
        ("+677 712 3456", "IN"),  # a mobile there, or of the Solomon Islands
    ],
)
def test_three_digits_set_apart_are_an_area_as_well_as_a_country(typed: str, region: str) -> None:
    number, problem = contacts.phone(typed, region)
    assert number is None
    assert problem in (ProblemKind.PHONE_COUNTRY, ProblemKind.NOT_A_PHONE)


@pytest.mark.parametrize(
    ("typed", "region"),
    [
        ("030 123456 / 030 654321", "DE"),
        ("1234567/7654321", "DE"),
        ("0171 2345678, 0171 2345679", "DE"),
        ("0301234567;01712345678", "DE"),
        ("2025550143/2025550144", "US"),
        ("2025550143 | 2025550144", "US"),
        ("2025550143&2025550144", "US"),
    ],
)
def test_of_two_whole_numbers_in_a_field_none_is_made_and_none_is_chosen(typed: str, region: str) -> None:
    assert contacts.phone(typed, region) == (None, ProblemKind.NOT_A_PHONE)


@pytest.mark.parametrize(
    ("typed", "region"), [("4915129532069", "DE"), ("491712345678", "DE"), ("436641234567", "AT")]
)
def test_a_country_s_own_code_without_its_plus_makes_no_area_of_it(typed: str, region: str) -> None:
    assert contacts.phone(typed, region)[0] in (None, f"+{typed}")


@pytest.mark.parametrize(("typed", "number"), [("04915112345", "+494915112345"), ("4912345", "+494912345")])
def test_a_number_of_an_area_like_the_country_s_code_stays_one(typed: str, number: str) -> None:
    assert contacts.phone(typed, "DE") == (number, None)


@pytest.mark.parametrize(
    "typed", ["cell202-555-0143", "202-555-0143Bill", "Sam202-555-0143", "202-555-0143s"]
)
def test_a_letter_of_a_word_beside_a_number_is_no_digit_of_it(typed: str) -> None:
    assert contacts.phone(typed, "US") == (WASHINGTON, ProblemKind.PHONE_NOTE)


@pytest.mark.parametrize("sign", ["!", "x", "(", "?", ".", "ext"])
@pytest.mark.parametrize("of", [" ", "\t", "\u00a0", "-", ". "])
@pytest.mark.parametrize("digits", ["1", "2025550143"])
def test_between_a_number_and_a_sign_any_number_of_blanks_takes_no_time(
    sign: str, of: str, digits: str
) -> None:
    started = time.process_time()
    contacts.phone(f"{digits}{of * (100_000 // len(of))}{sign}", "US")
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "address",
    [
        "user@example.com",
        "name@example.org",
        "email@example.com",
        "test@example.com",
        "email@domain.com",
        "user@domain.com",
        "noemail.smith@gmail.com",
        "no_email.jones@school.example.org",
        "sincorreo.perez@gmail.com",
        "parent@gmail.com",
        "notiene@gmail.com",
        "no.tengo.correo@gmail.com",
        "123@email.com",
        "12345@mail.com",
    ],
)
def test_an_address_that_a_form_was_given_to_be_quiet_is_made_up(address: str) -> None:
    assert contacts.email(address) == (None, ProblemKind.EMAIL_PLACEHOLDER)


@pytest.mark.parametrize(
    "name", ["dad", "mom", "mom4", "parent", "family", "x", "abc", "student", "school", "me", "someone"]
)
def test_a_short_name_at_a_domain_of_somebody_s_is_taken(name: str) -> None:
    assert contacts.email(f"{name}@example.org") == (f"{name}@example.org", None)
