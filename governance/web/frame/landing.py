"""Where a reader lands who opens an address that only takes what a form sends: on the page that the form stands on."""

from collections.abc import Iterator

from django.urls import Resolver404, ResolverMatch, resolve

from governance.web.frame.access import Access


def page_above(path: str) -> str:
    """Return the nearest address of ours above `path`, "/" when there is none: /stops/7/ for /stops/7/lift."""
    return next((each for each in _above(path) if _of(each)), "/")


def is_guarded(path: str) -> bool:
    """Return whether a page or act at `path` is for those who hold a permission, and so no matter of signing in or out."""
    found = _of(path)
    access: Access | None = getattr(found.func, "access", None) if found else None
    return access is not None and not access.public


def _above(path: str) -> Iterator[str]:
    parts = path.strip("/").split("/")[:-1]
    while parts:
        yield f"/{'/'.join(parts)}/"
        yield f"/{'/'.join(parts)}"
        parts = parts[:-1]


def _of(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None
