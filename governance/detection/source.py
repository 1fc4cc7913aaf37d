"""The organisation's own code and documents, recognised by the fingerprints of its registers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .detector import NO_FILES, Budget, Canary
from .kept_canaries import CODE_CANARY, canary_register
from .spans import Span
from .views import Kind

if TYPE_CHECKING:
    from .fingerprints.passages import Passage
    from .fingerprints.public import PublicText
    from .fingerprints.register import Register

# Shorter texts cannot hold 20 tokens with the words among them that tell something.
_SHORTEST = 40
_SURE, _LIKELY = 0.8, 0.6


class Source:
    name = "source"
    version = "10"
    views = frozenset({Kind.RAW, Kind.FOLDED, Kind.DECODED, Kind.LINED})
    files = NO_FILES

    def __init__(
        self,
        *,
        registers: Sequence["Register"],
        public: Sequence["PublicText"] = (),
        canary: "Register | None" = None,
    ) -> None:
        """`canary` is a register of ours, looked for in the canary alone; needed where anything is registered."""
        self._registers, self._canary = tuple(registers), canary
        self._public = tuple(public)
        self.canaries: tuple[Canary, ...] = (CODE_CANARY,) if canary else ()

    def find(self, texts: Sequence[str], budget: Budget) -> list[list[Span]]:
        found = []
        for text in texts:
            budget.check()
            found.append(self._copied(text))
        return found

    def _copied(self, text: str) -> list[Span]:
        from .fingerprints.passages import passages
        from .fingerprints.quoted import quoted_in

        if len(text) < _SHORTEST or not self._registers:
            return []
        found = [_span(part) for part in passages(text, *self._looked_for(text))]
        if quoted := quoted_in(text):
            found += [
                replace(span, start=quoted.place(span.start), end=quoted.place(span.end))
                for span in self._copied(quoted.text)
            ]
        return found

    def _looked_for(self, text: str) -> "tuple[Sequence[Register], Sequence[PublicText]]":
        """Return the registers to look in and what is public; the canary is looked for also where somebody says that it is public."""
        if self._canary and text == CODE_CANARY.text:
            return (*self._registers, self._canary), ()
        return self._registers, self._public


def _span(part: "Passage") -> Span:
    """The subtype is REGISTER:FILE:FIRST-LAST, in lines of the file."""
    score = (_LIKELY if part.renamed else _SURE) + min(0.2, part.tokens / 1000)
    return Span("SOURCE", part.start, part.end, score, f"{part.register}:{part.name}:{part.first}-{part.last}")


def load(options: Mapping[str, Any], *, key: bytes, models: Path | None) -> Source:  # noqa: ARG001 - one signature for all detectors
    """Return the detector.

    Options: `registers`, a list of `{"id", "kind", "digest", "folder"}`; kind "source" is looked for, "public" passed over.

    Raises:
        Unavailable: `register_missing`, `register_version`, `register_changed`, `register_key`.
    """
    from .fingerprints.public import open_public
    from .fingerprints.register import open_register

    entries = options.get("registers", ())
    registers = [
        open_register(Path(entry["folder"]), name=str(entry["id"]), key=key, digest=entry["digest"])
        for entry in entries
        if entry["kind"] == "source"
    ]
    return Source(
        registers=registers,
        canary=canary_register(key) if registers else None,
        public=[
            open_public(Path(entry["folder"]), digest=entry["digest"]) for entry in entries if entry["kind"] == "public"
        ],
    )
