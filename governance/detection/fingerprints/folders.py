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


def sources(roots: Iterable[Path], *, key: HashKey) -> Iterator[SourceFile]:
    """Yield the text files and documents under the roots, in name order; of several roots with the root's name before.

    Links, hidden and foreign folders (`vendor`, `node_modules`) and files over the limits are left out. Of a git repository, what
    its HEAD holds.

    Raises:
        Invalid: `source_missing`, `git_failed`.
    """
    roots = list(roots)
    for root in roots:
        before = f"{root.resolve().name}/" if len(roots) > 1 and not root.is_file() else ""
        yield from _of_root(root, before, key)


def _of_root(root: Path, before: str, key: HashKey) -> Iterator[SourceFile]:
    if not root.exists():
        raise Invalid("source_missing", f"There is no {root.name} to index.")
    if is_repository(root):
        for name, identity, read in files_at(root, largest=LARGEST_FILE):
            if not is_foreign(name):
                yield SourceFile(before + name, identity, partial(_plain_of, name, read))
        return
    for path in [root] if root.is_file() else sorted(root.rglob("*")):
        name = path.name if path == root else path.relative_to(root).as_posix()
        largest = LARGEST_DOCUMENT if is_document(name) else LARGEST_FILE
        if path.is_symlink() or is_foreign(name) or not path.is_file() or path.stat().st_size > largest:
            continue
        raw = path.read_bytes()
        if is_document(name) or b"\x00" not in raw[:_LOOKED_AT]:
            yield SourceFile(before + name, _identity(raw, key), partial(_read_again, path, name))


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
