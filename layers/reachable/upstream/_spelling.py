"""Whether two spellings are of one address, on lists that tell no case."""

from functools import lru_cache

from reachable.model.errors import InvalidAddress


def plain(address: str) -> str:
    """An address as lists spell it that tell no case; some leave a number's plus out, or show a domain by its
    letters."""
    lowered = address.strip().lower()
    local, at, domain = lowered.rpartition("@")
    if not at:
        return lowered.removeprefix("+")
    return lowered if domain.isascii() else f"{local}@{_ascii(domain)}"


@lru_cache(maxsize=1024)
def _ascii(domain: str) -> str:
    """A domain in IDNA; as it is where it has no such form."""
    from reachable.model import addresses  # 40 ms of a cold start, for the few that need it

    try:
        return addresses.email(f"a@{domain}").domain or domain
    except InvalidAddress:
        return domain
