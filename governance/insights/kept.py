"""Figures that cost the database much are kept for a minute, for exactly the units and the period they were read for."""

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from governance.insights.scope import Scope

KEPT_S = 60
Figures = TypeVar("Figures")


def kept(read: Callable[[Scope], Figures], scope: Scope) -> Figures:
    """Return what `read` says of `scope`, at most a minute old.

    Who may see other units, or asks another period, reads figures of their own: the key is made of all that is asked.
    """
    asked = "|".join([read.__module__, read.__qualname__, scope.since.isoformat(), *map(str, scope.units)])
    key = f"insights:{hashlib.sha256(asked.encode()).hexdigest()}"
    found: Figures | None = cache.get(key)
    if found is None:
        found = read(scope)
        cache.set(key, found, KEPT_S)
    return found
