"""Show the providers' accounts: whether each is heard, and how the releases from its list go. No secret."""

from datetime import datetime

from reachable import aws, providers, upstream
from reachable.model.provider_account import ProviderAccount, SetUp
from reachable.model.upstream import Account
from reachable.model.viewer import Viewer
from reachable.rules import provider_accounts as rules
from reachable.secrets import account_names
from reachable.store import audit, provider_accounts, upstream_pace


def accounts(viewer: Viewer, now: datetime) -> list[ProviderAccount]:
    """Those that were ever heard or asked, and those for which a secret is set, by name; the audit keeps it.

    A Query; a Query and a read unit more for each whose list can be asked.

    Raises:
        Unavailable: nobody can say now for which accounts a secret is set.
    """
    known = provider_accounts.known()
    webhooks, lists = account_names.of_webhooks(), account_names.of_upstream()

    def shown(names: tuple[str, str]) -> ProviderAccount:
        provider, account = names
        has_list = upstream.is_known(provider) and upstream.can_be_asked(provider)
        closed = upstream_pace.closed(Account(provider, account), now) if has_list else None
        return ProviderAccount(
            provider=provider,
            account=account,
            webhook=rules.webhook(is_set=names in webhooks, is_called=providers.takes_webhooks(provider)),
            upstream=rules.upstream(is_set=names in lists, can_be_asked=has_list),
            last=known.get(names, {}),
            waiting=provider_accounts.waiting(provider, account, now) if has_list else 0,
            paused_until=closed.until if closed is not None else None,
            denied=closed is not None and closed.denied,
        )

    found = aws.side_by_side(shown, sorted({*known, *webhooks, *lists}))
    audit.write(audit.AuditRecord(at=now, act=audit.Act.VIEWED_PROVIDERS, by=viewer.id))
    return [account for account in found if _is_one(account)]


def _is_one(account: ProviderAccount) -> bool:
    """A name in SSM may be anybody's slip."""
    needs = {account.webhook, account.upstream} - {SetUp.NONE}
    return bool(account.last or needs)
