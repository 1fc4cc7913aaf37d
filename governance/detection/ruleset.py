"""Which detectors run, with which thresholds, markings and registers. The digest of this document is in every receipt."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from governance.core.canonical import digest
from governance.core.errors import Invalid

# In the order in which they run: the cheap ones first.
KNOWN = ("secrets", "markings", "languages", "source", "evaluation", "datasets", "recognisers", "patterns", "names")
_FIELDS = {"version", "detectors"}
_REGISTERED = {"source": "registers", "evaluation": "sets", "datasets": "rows"}


@dataclass(frozen=True)
class Ruleset:
    """`document` is `{"version": 1, "detectors": {name: options}}`; every detector named is required to finish.

    Keys are no part of it: the same ruleset has the same digest in every installation.
    """

    document: Mapping[str, Any]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Ruleset":
        """Return the checked ruleset.

        Raises:
            Invalid: `ruleset_fields`, `ruleset_version`, `ruleset_detector`, `ruleset_empty`.
        """
        if set(document) != _FIELDS:
            raise Invalid("ruleset_fields", f"A ruleset has the fields {', '.join(sorted(_FIELDS))} and no other.")
        if document["version"] != 1:
            raise Invalid("ruleset_version", "Only version 1 of the ruleset format is known.")
        detectors = document["detectors"]
        if not isinstance(detectors, Mapping) or not detectors:
            raise Invalid("ruleset_empty", "A ruleset without detectors would call everything clean.")
        unknown = sorted(set(detectors) - set(KNOWN))
        if unknown or not all(isinstance(options, Mapping) for options in detectors.values()):
            raise Invalid(
                "ruleset_detector",
                f"Unknown or malformed detectors: {', '.join(unknown) or 'options must be objects'}.",
            )
        return cls(document)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON, 64 hex characters."""
        return digest(self.document)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the detectors, in the order in which they run."""
        return tuple(name for name in KNOWN if name in self.document["detectors"])

    @cached_property
    def compares(self) -> bool:
        """Say whether texts are compared with something registered: source, rows of a dataset or an exam."""
        named = [self.options(name).get(option, ()) for name, option in _REGISTERED.items() if name in self.required]
        return any(entry["kind"] != "public" for entries in named for entry in entries)  # what is public is passed over

    def options(self, name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.document["detectors"][name]
        return found

    def with_options(self, name: str, **options: Any) -> "Ruleset":
        """Return a new ruleset in which the detector `name` has these options besides its own."""
        detectors = {**self.document["detectors"], name: {**self.document["detectors"].get(name, {}), **options}}
        return Ruleset.of({**self.document, "detectors": detectors})


DEFAULT_RULESET = Ruleset.of(
    {
        "version": 1,
        "detectors": {
            "secrets": {},
            # `notices`: further phrases of the organisation; `canaries`: bait tokens it planted in its own documents.
            "markings": {"notices": [], "canaries": []},
            "languages": {},
            # `registers`: [{"id", "kind", "digest", "folder"}], made by `python -m governance.detection index`.
            "source": {"registers": []},
            # `sets`: [{"id", "kind", "digest", "folder"}], made by `python -m governance.detection exam`; kind exam or public_exam.
            "evaluation": {"sets": []},
            # `rows`: [{"id", "kind", "digest", "folder"}], the id being the dataset's reference.
            "datasets": {"rows": []},
            "patterns": {"threshold": 0.4},
            "names": {"strict": False},
        },
    }
)
