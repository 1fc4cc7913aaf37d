"""The few lines a builder pastes."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from governance.core.errors import NotAllowed
from governance.gateway.selectors.connection import connection
from governance.gateway.snippets import Language, export_line, snippet
from governance.organisation.permissions import Standing


def first_lines(code: str, *, key: str, standing: Standing, at: datetime) -> dict[str, Any]:
    """Return what goes with a key that was just made: it in the environment, and a first call that reads it there.

    {} for somebody who is no builder of the initiative, and where nothing may be sent yet.
    """
    try:
        found = connection(code, standing=standing, at=at)
    except NotAllowed:
        return {}
    if not found.reaches:
        return {}
    first = found.reaches[0]
    lines = snippet(first.dialect, Language.PYTHON, gateway=found.gateway, model=first.name)
    title = f"Python, with the official {lines.client}"
    connect_url = reverse("connect", args=[found.initiative.row.code])
    return {"export": export_line(key), "lines": lines.lines, "title": title, "connect_url": connect_url}


def webhook_sample() -> str:
    """Return how a receiver checks a call and what it then holds, in Python with the library of the specification."""
    return """from standardwebhooks import Webhook  # pip install standardwebhooks

told = Webhook("whsec_...").verify(request.body, request.headers)
print(told["type"], told["data"]["sentence"], told["data"]["link"])
# approvals.approved  Request 214 was approved.  https://..."""
