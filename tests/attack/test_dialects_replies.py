"""Replies of our own making, read with a provider that says "permanent"."""

import pytest

from tests.attack.dialects import closes, mailgun, one

DEAD = [
    "550 5.1.1 User unknown - spammers will be reported",
    "550 5.1.1 No such user - see our anti-spam policy",
    "550 5.1.1 unknown user (this server does not relay)",
    "550 5.1.1 No such user here. This is not an open relay.",
    "550 5.1.1 User unknown (RFC 5321 section 4.2.2)",
    "550 5.1.1 ada@example.org: user unknown in authentication directory",
    "550 5.1.1 Recipient not found in country directory",
    "550 5.1.1 Invalid recipient, sender must check address",
    "550 5.1.1 Mailbox does not exist; please remove it from your bulk lists",
    "550 5.1.1 Account deleted per district retention policy",
    "550-5.1.1 unknown user 550 DKIM ok",
    "550 5.1.1 unknown recipient (Example Appliance spam quarantine)",
    "550 5.2.1 This account has been suspended for abuse",
    "550 5.2.1 The user you are trying to contact has been disabled due to policy violation",
    "550 5.1.1 User account is locked for spam",
]
"""An exact code of a mailbox and words for a mailbox agree; one word beside them is a sender's elsewhere."""

BARE_DEAD = [
    "550 Unknown user, see RFC 2821",
    "550 no such recipient; messages to unknown recipients are considered spam",
    "550 ada@example.org is not a known user. Rejected by policy 102",
    "550 5.0.0 ada@example.org... No such user - virus scanning gateway",
]

LIVING = [
    "550 Only members can post to this list",
    "550 Sorry, only students may be mailed from within the district",
    "550 Student accounts may not receive mail from outside the organization",
    "550 Challenge-response required: verify you are human",
    "550 Previous (cached) callout verification failure",
    "550 Return address is invalid",
    "550 Reply-To address is not valid",
    "550 envelope from domain does not accept mail",
    "550 Sender's domain is too new",
    "554 mail.school.example ESMTP not accepting messages from your IP (SBRS)",
    "521 5.2.1 : (DYN:T1) https://postmaster.aol.com/error-codes",
    "554 Too many nonstandard characters in subject",
    "550 Message contained unsafe content",
    "550 Your message was classified as unwanted",
    "550 This is not a welcomed sender",
    "552 message too long",
    "523 the message size exceeds the recipient's quota limit",
    "554 5.5.1 Error: no valid recipients; protocol error",
    "503 5.5.1 bad sequence of commands",
]
LIVING_ELSEWHERE = [
    "550 El mensaje fue bloqueado por el filtro de contenido",
    "550 Mensaje demasiado grande",
    "550 Remitente bloqueado",
    "550 L'expéditeur n'est pas autorisé",
    "550 Adresse IP bloquée",
    "552 Message trop volumineux",
    "550 Ihre IP-Adresse ist gesperrt",
    "550 Der Anhang ist nicht erlaubt",
    "552 Nachricht zu groß",
    "550 Mittente non valido",
    "550 Сообщение слишком большое",
    "550 发件人被拒绝",
    "550 邮件内容包含病毒",
    "550 拒绝接收\N{FULLWIDTH COLON}IP 在黑名单中",
    "550 迷惑メールとして拒否されました",
]


@pytest.mark.parametrize("reply", DEAD)
def test_an_exact_code_and_words_for_a_dead_mailbox_close(reply: str) -> None:
    assert closes(one("mailgun", mailgun(reply)))


@pytest.mark.parametrize("reply", BARE_DEAD)
def test_plain_words_for_a_dead_mailbox_close(reply: str) -> None:
    assert closes(one("mailgun", mailgun(reply)))


@pytest.mark.parametrize("reply", LIVING)
def test_a_senders_fault_closes_nobody(reply: str) -> None:
    assert not closes(one("mailgun", mailgun(reply)))


@pytest.mark.parametrize("reply", LIVING_ELSEWHERE)
def test_a_senders_fault_in_another_language_closes_nobody(reply: str) -> None:
    assert not closes(one("mailgun", mailgun(reply)))
