"""E-mail: plain text with a simple HTML part. It says what the notice in Remit says, and nothing more."""

import re
import smtplib
from collections import Counter
from urllib.parse import urlsplit

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string

from governance.notices.kinds import GROUP_TITLES, Group
from governance.notices.rules import Outcome, Result
from governance.notices.selectors.outgoing import Letter, absolute

LONGEST_SUBJECT = 120
PREFERENCES = "/notices/preferences/"
PERMANENT, TOO_MANY = 500, 429  # SMTP replies from here on are final; HTTP's "too many requests" is not
MEANINGS = (  # the first that fits
    (TimeoutError, Result.AGAIN, "timeout"),
    (smtplib.SMTPServerDisconnected, Result.AGAIN, "disconnected"),
    (smtplib.SMTPNotSupportedError, Result.AGAIN, "smtp_unsupported"),
    (ValueError, Result.NEVER, "address_wrong"),  # an address that no mail can have
)


def send(letter: Letter) -> Outcome:
    """Try to hand the letter to the mail server. Sent means that the server took it over, not that it was read."""
    try:
        with get_connection(**settings.MAIL) as server:
            server.send_messages([message_of(letter)])
    except AnymailError as refused:
        return _of_provider(refused)
    except (smtplib.SMTPException, OSError, ValueError) as failed:
        return _of_server(failed)
    return Outcome(Result.SENT, "accepted")


def message_of(letter: Letter) -> EmailMultiAlternatives:
    """Return the whole message. Its Message-ID is the delivery's, so that a second copy of it can be known as one."""
    context = {
        "groups": [
            (GROUP_TITLES[group], [line for line in letter.lines if line.group is group]) for group in _groups(letter)
        ],
        "preferences_url": absolute(PREFERENCES),
    }
    host = urlsplit(settings.WEB_URL).hostname or "localhost"
    headers = {
        "Message-ID": f"<{letter.id}@{host}>",
        "List-Unsubscribe": f"<{absolute(PREFERENCES)}>",
        "Auto-Submitted": "auto-generated",
    }
    text, html = (render_to_string(f"notices/mail.{form}", context) for form in ("txt", "html"))
    message = EmailMultiAlternatives(subject_of(letter), text, settings.MAIL_FROM, [letter.address], headers=headers)
    message.attach_alternative(html, "text/html")
    return message


def subject_of(letter: Letter) -> str:
    """Return the sentence of a single notice, or how many there are of each group. One line, whatever the sentence holds."""
    if len(letter.lines) == 1:
        said = letter.lines[0].text
    else:
        counts = Counter(line.group for line in letter.lines)
        said = f"Remit: {', '.join(f'{GROUP_TITLES[group].lower()} ({counts[group]})' for group in _groups(letter))}"
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", said).strip()[:LONGEST_SUBJECT]


def _groups(letter: Letter) -> list[Group]:
    held = {line.group for line in letter.lines}
    return [group for group in Group if group in held]


def _of_provider(refused: AnymailError) -> Outcome:
    status = getattr(refused, "status_code", None)
    if isinstance(refused, AnymailRecipientsRefused):
        return Outcome(Result.NEVER, "recipient_refused")
    final = status is not None and 400 <= status < PERMANENT and status not in {401, 403, TOO_MANY}  # noqa: PLR2004 - HTTP
    return Outcome(Result.NEVER if final else Result.AGAIN, f"http_{status}" if status else "provider_failed")


def _of_server(failed: Exception) -> Outcome:
    """Say what an error means. What concerns all mail (a wrong password, no TLS) may be mended; a refused letter will not."""
    if isinstance(failed, smtplib.SMTPAuthenticationError):
        return Outcome(Result.AGAIN, f"smtp_{failed.smtp_code}")
    if isinstance(failed, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
        code = _reply_of(failed)
        return Outcome(Result.NEVER if code >= PERMANENT else Result.AGAIN, f"smtp_{code}")
    if isinstance(failed.__context__, TimeoutError):  # smtplib says "closed" of a server that never answered
        failed = failed.__context__
    for kind, result, name in MEANINGS:
        if isinstance(failed, kind):
            return Outcome(result, name)
    return Outcome(Result.AGAIN, "unreachable")


def _reply_of(failed: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused) -> int:
    if isinstance(failed, smtplib.SMTPRecipientsRefused):
        return max((int(code) for code, _ in failed.recipients.values()), default=PERMANENT)
    return int(failed.smtp_code)
