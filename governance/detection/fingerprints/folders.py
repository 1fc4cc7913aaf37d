"""The files of a folder or a git repository, as text to fingerprint."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from governance.core.errors import Invalid

from .extraction import is_document, text_of
from .git import files_at, is_repository, unbundled
from .keyed import HashKey
from .left_out import Left, LeftOut
from .segment import IDENTITY_BYTES, SourceFile

LARGEST_FILE = 4 * 1024 * 1024
LARGEST_DOCUMENT = 32 * 1024 * 1024
_LOOKED_AT = 8192  # bytes in which a NUL shows that a file is no text
# Other people's code that lies beside one's own, and words that everybody's code lies beside.
_FOREIGN = frozenset(
    {"node_modules", "site-packages", "vendor", "_vendor", "vendored", "third_party", "typeshed", "__pycache__"}
)
_LICENCE = re.compile(
    r"(?:(?:un)?licen[cs]es?|copying|copyright|notice|third[-_ ]?party[-_ ]?(?:notices?|licen[cs]es?))(?:\.(?:txt|md|rst|html?))?",
    re.IGNORECASE,
)


@contextmanager
def without_bundles(roots: Iterable[Path]) -> Iterator[list[Path]]:
    """Give the roots with git bundles laid out as repositories, which are removed afterwards. Raises Invalid, `git_failed`."""
    with ExitStack() as opened:
        yield [opened.enter_context(unbundled(root)) if root.suffix == ".bundle" else root for root in roots]


def sources(roots: Iterable[Path], *, key: HashKey, left_out: LeftOut | None = None) -> Iterator[SourceFile]:
    """Yield the text files and documents under the roots, in name order; of several roots with the root's name before.

    Links, hidden and foreign folders (`vendor`, `node_modules`) and files over the limits are left out, and
    counted in `left_out` by the reason. Of a git repository, what its HEAD holds; a file of it that is no text shows only when it is
    read, and counts as one without lines.

    Raises:
        Invalid: `source_missing`, `git_failed`.
    """
    roots, left = list(roots), LeftOut() if left_out is None else left_out
    for root in roots:
        before = f"{root.resolve().name}/" if len(roots) > 1 and not root.is_file() else ""
        yield from _of_root(root, before, key, left)


def _of_root(root: Path, before: str, key: HashKey, left: LeftOut) -> Iterator[SourceFile]:
    if not root.exists():
        raise Invalid("source_missing", f"There is no {root.name} to index.")
    if is_repository(root):
        for name, identity, read in files_at(root, largest=LARGEST_FILE, left_out=left):
            if is_foreign(name):
                left[Left.FOREIGN] += 1
            else:
                yield SourceFile(before + name, identity, partial(_plain_of, name, read))
        return
    for path in [root] if root.is_file() else sorted(root.rglob("*")):
        name = path.name if path == root else path.relative_to(root).as_posix()
        why = _unread(path, name)
        if why:
            left[why] += 1
        elif path.is_file():
            raw = path.read_bytes()
            if is_document(name) or b"\x00" not in raw[:_LOOKED_AT]:
                yield SourceFile(before + name, _identity(raw, key), partial(_read_again, path, name))
            else:
                left[Left.NO_TEXT] += 1


def _unread(path: Path, name: str) -> Left | None:
    """Return why a file is not even opened, None for one that is, and for a folder."""
    if path.is_symlink():
        return Left.LINK
    if not path.is_file():
        return None
    if is_foreign(name):
        return Left.FOREIGN
    largest = LARGEST_DOCUMENT if is_document(name) else LARGEST_FILE
    return Left.TOO_LARGE if path.stat().st_size > largest else None


def is_foreign(name: str) -> bool:
    """Say whether a path below its root is hidden, lies among other people's code, or is a licence or a notice about it."""
    *_, file = parts = name.split("/")
    return any(part.startswith(".") or part in _FOREIGN for part in parts) or bool(_LICENCE.fullmatch(file))


def _identity(raw: bytes, key: HashKey) -> bytes:
    return hashlib.blake2b(raw, digest_size=IDENTITY_BYTES, key=key.secret).digest()


def _read_again(path: Path, name: str) -> bytes:
    return text_of(name, path.read_bytes())


def _plain_of(name: str, read: partial[bytes]) -> bytes:
    raw = read()
    if is_document(name):
        return text_of(name, raw)
    return b"" if b"\x00" in raw[:_LOOKED_AT] else raw
