"""The style sheet as the browser gets it: one text in place of forty files, kept for good under an address that names its state."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from governance.web.frame.access import public

SHEETS = Path(settings.STATICFILES_DIRS[0]) / "web" / "css"
IMPORT = re.compile(r'@import url\("([\w/.-]+)"\) layer\((\w+)\)( print)?;')
FOR_GOOD = "public, max-age=31536000, immutable"


@public("How pages look, nothing of what they say.")
def style(request: HttpRequest, version: str) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Answer the whole style sheet. `version` is in the address only so that a new sheet has a new one."""
    kept = FOR_GOOD if version == settings.STATIC_VERSION else "no-store"  # of a page that another version made
    return HttpResponse(whole(), content_type="text/css; charset=utf-8", headers={"Cache-Control": kept})


def style_url() -> str:
    """Return the address of the sheet as it is now."""
    return reverse("style", args=(settings.STATIC_VERSION,))


@cache
def whole() -> str:
    """Return app.css with what it imports in its place, each in its layer: the cascade stays the same."""
    return IMPORT.sub(_in_place, (SHEETS / "app.css").read_text())


def _in_place(found: re.Match[str]) -> str:
    name, layer, on_paper = found.groups()
    text = f"@layer {layer} {{\n{(SHEETS / name).read_text()}}}"
    return f"@media print {{\n{text}\n}}" if on_paper else text
