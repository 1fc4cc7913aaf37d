"""What somebody typed before they were asked who they are: kept in their session, and put back once, on the same page."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from governance.core.clock import now

KEPT, LASTS_SECONDS = "kept_words", 600
MOST_VALUES, LONGEST_VALUE = 40, 4000


def keep(request: HttpRequest, names: Sequence[str], page: str) -> None:
    """Keep the fields `names` of a form that was sent from `page`. Only for fields that may be stored: never a secret."""
    if not names:
        return
    told = {name: [v[:LONGEST_VALUE] for v in request.POST.getlist(name)[:MOST_VALUES]] for name in names}
    request.session[KEPT] = {"page": page, "at": now().timestamp(), "fields": told}


def move(request: HttpRequest, page: str) -> None:
    """Let what was kept for the address of this request stand on `page`: a form that was refused had the address of its act."""
    held: dict[str, Any] | None = request.session.get(KEPT)
    if held is not None and held["page"] == request.path:
        request.session[KEPT] = {**held, "page": page}


def first_of(kept: dict[str, list[str]], name: str) -> str:
    """Return the one value of a field that was kept, "" for none."""
    return next(iter(kept.get(name, ())), "")


def put_back(request: HttpRequest) -> dict[str, list[str]]:
    """Return what was kept for this page, {} when nothing was or it is too old. It is told once."""
    held: dict[str, Any] | None = request.session.get(KEPT)
    if held is None or held["page"] != request.path:
        return {}
    del request.session[KEPT]
    return held["fields"] if now().timestamp() - held["at"] <= LASTS_SECONDS else {}
