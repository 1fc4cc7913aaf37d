"""What is scanned: ordered segments of text, each with the path it came from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """`path` is unique in its document: `messages[2].content`, `records[17].messages[0].content`, a file name."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    segments: tuple[Segment, ...]

    def __post_init__(self) -> None:
        if len({segment.path for segment in self.segments}) != len(self.segments):
            message = "Two segments of a document have the same path."
            raise ValueError(message)

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> "Document":
        """Return a document of `{path: text}`, in the mapping's order."""
        return cls(tuple(Segment(path, text) for path, text in texts.items()))

    @classmethod
    def of_segments(cls, segments: Iterable[Segment]) -> "Document":
        return cls(tuple(segments))

    @property
    def size(self) -> int:
        """Bytes of all segments in UTF-8; a lone surrogate counts three."""
        return sum(size_of(segment.text) for segment in self.segments)


def size_of(text: str) -> int:
    """Return the bytes of `text` in UTF-8; a lone surrogate counts three."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
