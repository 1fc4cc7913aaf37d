"""What every page gets besides its own rows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from governance.web import shell
from governance.web.frame import saved, stopped
from governance.web.frame.preferences import THEMES, shortcuts_on
from governance.web.frame.style import style_url

SCRIPTS = [
    f"web/js/{name}.js"
    for name in (
        "dialog",
        "theme",
        "zone",
        "copy",
        "shortcuts",
        "keys",
        "menu",
        "toast",
        "upload",
        "seen",
        "filters",
        "views",
        "sent",
    )
]


def _known(request: HttpRequest) -> bool:
    return hasattr(request, "user") and request.user.is_authenticated


def page(request: HttpRequest) -> dict[str, Any]:
    chosen = request.COOKIES.get("theme", "auto")
    theme = chosen if chosen in THEMES else "auto"
    return {
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "style_url": style_url(),
        "scripts": SCRIPTS,
        "demo": settings.DEMO,
        "theme": "" if theme == "auto" else theme,
        "hats": SimpleLazyObject(lambda: shell.hats(request) if _known(request) else []),
        "person": SimpleLazyObject(lambda: shell.who(request) if _known(request) else None),
        "stops_told": SimpleLazyObject(lambda: stopped.stops_told(request) if _known(request) else []),
        "views_kept": SimpleLazyObject(lambda: saved.kept_of(request) if _known(request) else None),
        "unread": SimpleLazyObject(lambda: shell.unread(request) if _known(request) else ""),
        "at_notices": request.path == reverse("notices"),
        "preferences_url": reverse("notice_preferences"),
        "keys_url": reverse("keys"),
        "keys_on": "on" if shortcuts_on(request) else "off",
        "shortcuts": SimpleLazyObject(
            lambda: shell.shortcuts(request, on=shortcuts_on(request)) if _known(request) else {}
        ),
        "themes": [
            {"value": value, "title": title, "pressed": "true" if value == theme else "false"}
            for value, title in THEMES.items()
        ],
    }
