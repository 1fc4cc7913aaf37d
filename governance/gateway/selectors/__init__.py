"""What pages read of the gateway. What the gateway process reads on its way is in the modules beside this one."""

from governance.gateway.selectors.pages import (
    ExchangePage,
    ExchangeRow,
    ReasonRow,
    exchange,
    exchanges,
    justifications_to_review,
    newest_of,
    newest_refused,
)

__all__ = [
    "ExchangePage",
    "ExchangeRow",
    "ReasonRow",
    "exchange",
    "exchanges",
    "justifications_to_review",
    "newest_of",
    "newest_refused",
]
