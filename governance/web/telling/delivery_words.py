"""How deliveries and webhooks are said to people. Pure."""

import re

from governance.notices.rules import Channel, DeliveryState, WebhookState
from governance.notices.selectors import WebhookRow
from governance.web.frame.sayings import Said

DELIVERIES = {
    DeliveryState.QUEUED: Said("Waiting", "wait"),
    DeliveryState.SENT: Said("Taken", "good"),
    DeliveryState.FAILED: Said("Will be tried again", "wait"),
    DeliveryState.GIVEN_UP: Said("Given up", "bad"),
}
CHANNELS = {Channel.EMAIL: "E-mail", Channel.WEBHOOK: "Webhooks"}
OFF = {
    "worn_out": Said("Off: nobody answered for days", "bad"),
    "gone": Said("Off: its receiver is gone", "bad"),
    "by_hand": Said("Off", "quiet"),
}
CODES = {
    "": "",
    "accepted": "The mail server took it.",
    "timeout": "No answer in time.",
    "unreachable": "Nobody could be reached.",
    "disconnected": "The connection broke off.",
    "tls_failed": "No certificate that can be trusted.",
    "address_not_allowed": "Its name leads to an address it may not have.",
    "webhook_off": "The webhook was switched off.",
    "nothing_to_send": "There was nothing to send any more.",
    "worker_lost": "The worker ended in the middle.",
    "address_wrong": "No mail can have this address.",
    "smtp_unsupported": "The mail server lacks what the settings ask for.",
    "recipient_refused": "The provider refused the address.",
    "provider_failed": "The provider did not take it.",
}
ANSWER = re.compile(r"(smtp|http)_(\d{3})")


def webhook_said(row: WebhookRow) -> Said:
    if row.state == WebhookState.DISABLED:
        return OFF.get(row.state_reason, OFF["by_hand"])
    return Said("Failing", "wait") if row.failing_since else Said("On", "good")


def code_said(code: str) -> str:
    """Return how a try ended, as a sentence; "" when there was none."""
    answer = ANSWER.fullmatch(code)
    if answer:
        who = "The mail server" if answer[1] == "smtp" else "The receiver"
        return f"{who} answered {answer[2]}."
    return CODES.get(code, code)
