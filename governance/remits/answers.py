"""The unfinished answers of a draft, changed as a whole. Pure; JSON in, JSON out."""

from collections.abc import Mapping
from typing import Any

from governance.core.vocabulary import Technique
from governance.remits.body import MAIN_MODE, MODES_OF


def with_option(body: Mapping[str, Any], destination: str, terms: str, technique: Technique) -> dict[str, Any]:
    """Return `body` with every grant toward `destination`, its modes made to fit `technique`; duplicates merge."""
    grants: dict[tuple[Any, ...], dict[str, Any]] = {}
    for grant in body.get("grants", []):
        mode = grant.get("mode") if grant.get("mode") in MODES_OF[technique] else MAIN_MODE[technique]
        moved = {**grant, "destination": destination, "terms": terms, "mode": str(mode)}
        grants.setdefault((moved.get("dataset"), moved.get("purpose"), moved["mode"]), moved)
    return {**body, "technique": str(technique), "grants": list(grants.values())}
