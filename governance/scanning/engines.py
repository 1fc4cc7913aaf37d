"""Engines for bulk work: loaded once for each ruleset and process, proven by their canaries every few seconds of work."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from django.conf import settings

from governance.core.errors import Unavailable
from governance.core.garbage import set_aside
from governance.core.keyring import KeyRing
from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.report import Report
from governance.detection.ruleset import Ruleset as Detectors
from governance.scanning.cache import ValkeyCache
from governance.scanning.channel import CANARY_S
from governance.scanning.models import Ruleset
from governance.scanning.selectors import enforced_of, enforced_ruleset
from governance.scanning.serving import connect

Scan = Callable[..., Report]
ENGINES_KEPT = 2  # the ruleset in force and the one before it, while sets of both are under way


def bulk_scanner(ruleset_digest: str) -> Scan:
    """Return `scan(document, deadline=seconds)` under exactly this ruleset, with the shared findings cache.

    Raises:
        Unavailable: `ruleset_missing`, `canary_failed`, or what keeps the engine from loading.
    """
    kept = _engine(ruleset_digest)
    kept.prove()
    findings = _findings()

    def scan(document: Document, *, deadline: float) -> Report:
        return kept.engine.scan(document, deadline=deadline, cache=findings)

    return scan


@dataclass(frozen=True, slots=True)
class ExamWatch:
    """`digests` are the exams that are watched and the fingerprints of each; `scan` finds their items and nothing else."""

    digests: Mapping[str, str]
    scan: Scan


def exam_scanner() -> ExamWatch:
    """Return what finds the items of every exam of the ruleset in force.

    Raises:
        Unavailable: `ruleset_missing`, or what keeps an exam from opening.
    """
    enforced = enforced_ruleset()
    if enforced is None:
        raise Unavailable("ruleset_missing", "No ruleset is in force.")
    entries = enforced.detectors.document["detectors"].get("evaluation", {}).get("sets", [])
    ruleset = Detectors.of({"version": 1, "detectors": {"evaluation": {"sets": entries}}})
    engine = Engine.load(ruleset, key=_key())
    return ExamWatch({each["id"]: each["digest"] for each in entries}, engine.scan)


@dataclass
class _Kept:
    engine: Engine
    proven_at: float = float("-inf")  # on the monotonic clock

    def prove(self) -> None:
        """Scan the canaries when it is time again; raises Unavailable `canary_failed`."""
        if time.monotonic() - self.proven_at < CANARY_S:
            return
        if failed := self.engine.canary():
            raise Unavailable("canary_failed", f"These detectors do not find their own canary: {', '.join(failed)}.")
        self.proven_at = time.monotonic()


@cache
def _findings() -> ValkeyCache:
    """Return the findings cache of this process: a broker's connection for each chunk would be thousands for one set."""
    return ValkeyCache(connect(settings.REDIS_URL), KeyRing.load(settings.PAYLOAD_KEY_FILE))


@lru_cache(maxsize=ENGINES_KEPT)
def _engine(ruleset_digest: str) -> _Kept:
    row = Ruleset.objects.filter(digest=ruleset_digest).first()
    if row is None:
        raise Unavailable("ruleset_missing", "The ruleset of this scan is not known here.")
    kept = _Kept(Engine.load(enforced_of(row.version, row.digest, row.body).detectors, key=_key()))
    set_aside()
    return kept


def _key() -> bytes:
    ring = KeyRing.load(settings.FINDINGS_KEY_FILE)
    return ring.key(ring.current)
