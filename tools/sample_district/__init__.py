"""The sample district: a OneRoster 1.1 export of made-up people, to try Reachable on.

The CSV files beside this one are the district; edit them and import them again. Phone numbers are from the
range reserved for fiction (555-0100 to 555-0199), addresses from example.org, but for those of the SES
mailbox simulator, which bounce, complain or take a message as their names say.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Login:
    """Who signs in under a sample login: the roster's record, and the token's groups."""

    sourced_id: str
    groups: tuple[str, ...]
    email: str | None
    phone: str | None
    given_name: str


LOGINS: Final[Mapping[str, Login]] = {
    "teacher": Login("sta-07", ("teacher",), "margaux.fontenay@example.org", "+13035550166", "Margaux"),
    "school_staff": Login(
        "sta-14", ("school_staff",), "bernard.oyelaran@example.org", "+13035550173", "Bernard"
    ),
    "district": Login("sta-01", ("district",), "helena.marchbanks@example.org", "+13035550160", "Helena"),
    "rostering_administrator": Login(
        "sta-02", ("rostering_administrator",), "oscar.lindenau@example.org", "+13035550161", "Oscar"
    ),
    "communications_administrator": Login(
        "sta-03", ("communications_administrator",), "vivian.achterberg@example.org", "+13035550162", "Vivian"
    ),
    "user_manager": Login(
        "sta-04", ("user_manager",), "malcolm.eversley@example.org", "+13035550163", "Malcolm"
    ),
    "guardian": Login("gua-001", (), "freja.lindqvist@example.org", "+12025550101", "Freja"),
    "shared_guardian": Login("gua-003", (), "maria.delgado@example.org", "+12025550110", "María"),
    "pending_guardian": Login("gua-011", (), "brigid.hartigan@example.org", "+12025550115", "Brigid"),
}
"""Each staff login's email belongs to exactly one member of staff, so that a token tells who it is."""


def build_zip(changed: Mapping[str, bytes] | None = None) -> bytes:
    """The district as an export's zip, the same bytes for the same files. ``changed``: others, by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for file in sorted(_FOLDER.glob("*.csv")):
            member = zipfile.ZipInfo(file.name, _LONG_AGO)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, (changed or {}).get(file.name, file.read_bytes()))
    return buffer.getvalue()
