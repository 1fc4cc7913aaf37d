"""A limit as pages show it: of whose calls, how much at most, and how much is used."""

from typing import Any

from governance.core.percent import percent
from governance.gateway.limits import LimitKind, LimitScope, Period
from governance.gateway.selectors.limits import LimitRow
from governance.web.frame import words

WHAT = {
    f"{kind}:{period}": said
    for kind, period, said in (
        (LimitKind.CALLS, Period.MINUTE, "Calls a minute"),
        (LimitKind.TOKENS, Period.DAY, "Tokens a day"),
        (LimitKind.TOKENS, Period.MONTH, "Tokens a month"),
        (LimitKind.COST, Period.DAY, "Euro a day"),
        (LimitKind.COST, Period.MONTH, "Euro a month"),
    )
}
WARN, FULL = 80, 100


def limit_shape(row: LimitRow) -> dict[str, Any]:
    share, shared_by = min(row.share, FULL), row.title if row.scope is LimitScope.UNIT else ""
    used, amount, what = (
        _said(row.kind, row.spent + row.reserved),
        _said(row.kind, row.amount),
        WHAT[f"{row.kind}:{row.period}"],
    )
    return {
        "title": row.title,
        "scope": words.word(LimitScope, row.scope),
        "what": what,
        "whose": f"{what}, shared by all of {shared_by}" if shared_by else what,
        "amount": amount,
        "counted": row.period is not Period.MINUTE,
        "used": used,
        "used_of": f"{used} of {amount}",
        "share": percent(row.share, FULL),
        "full": share,
        "tone": "bad" if row.share >= FULL else "wait" if row.share >= WARN else "good",
        "until": row.until,
        "set_by": row.set_by,
        "set_at": row.set_at,
    }


def _said(kind: LimitKind, amount: int) -> str:
    return f"€ {words.euros(amount)}" if kind is LimitKind.COST else f"{amount:,}"
