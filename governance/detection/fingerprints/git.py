"""What a git repository holds at a commit, without checking it out and without running anything of its own.

Git is a process of its own with an empty environment: no configuration, hooks, pagers, prompts or network of the machine or of the
repository take part.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from governance.core.errors import Invalid

from .left_out import Left, LeftOut
from .segment import IDENTITY_BYTES

SECONDS = 600.0
_OPTIONS = (
    "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never", "-c", "safe.directory=*",
    "-c", "protocol.file.allow=always", "-c", "core.quotePath=false", "-c", "gc.auto=0",
)  # fmt: skip
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "HOME": os.devnull,
    "LC_ALL": "C",
}
_REGULAR = frozenset({b"100644", b"100755"})


def is_repository(path: Path) -> bool:
    """Say whether `path` is the top of a git repository, with or without a working tree."""
    return path.is_dir() and ((path / ".git").exists() or ((path / "objects").is_dir() and (path / "HEAD").is_file()))


def head_of(repository: Path) -> str:
    """Return the commit of HEAD, 40 or 64 hex characters. Raises Invalid, `git_failed`."""
    return _git(repository, "rev-parse", "--verify", "HEAD^{commit}").decode().strip()


def files_at(
    repository: Path, *, largest: int, commit: str = "HEAD", left_out: LeftOut | None = None
) -> Iterator[tuple[str, bytes, "partial[bytes]"]]:
    """Yield name, identity and a way to read every regular file of at most `largest` bytes at the commit, in git's order.

    What else it holds is counted in `left_out`.

    Raises:
        Invalid: `git_failed`, when git cannot read the repository.
    """
    with_names = _git(repository, "ls-tree", "-r", "-z", "--long", "--full-tree", commit, "--")
    blobs = _Blobs(repository)
    for line in filter(None, with_names.split(b"\x00")):
        told, _, name = line.partition(b"\t")
        mode, _, blob, size = told.split()
        why = Left.LINK if mode not in _REGULAR else Left.TOO_LARGE if int(size) > largest else None
        if why is None:
            identity = bytes.fromhex(blob.decode())[:IDENTITY_BYTES]
            yield name.decode("utf-8", "replace"), identity, partial(blobs.read, blob)
        elif left_out is not None:
            left_out[why] += 1


class _Blobs:
    """One `git cat-file` for all blobs of a repository; started with the first, ended with this object."""

    def __init__(self, repository: Path) -> None:
        self._repository = repository
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, blob: bytes) -> bytes:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - the words are ours, paths and object names come after the options
                _command(self._repository, "cat-file", "--batch"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        asked, answered = self._process.stdin, self._process.stdout
        if asked is None or answered is None:
            raise _failed()
        try:
            asked.write(blob + b"\n")
            asked.flush()
            told = answered.readline().split()
            size = int(told[2])
            raw = answered.read(size + 1)[:size]
        except (OSError, IndexError, ValueError) as error:
            raise _failed() from error
        return raw

    def __del__(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()


@contextmanager
def unbundled(bundle: Path) -> Iterator[Path]:
    """Lay out a bundle as a bare repository whose HEAD is the bundle's, or its first branch; removed afterwards.

    Raises:
        Invalid: `git_failed`.
    """
    with tempfile.TemporaryDirectory(prefix="remit-git-") as folder:
        repository = Path(folder)
        _git(repository, "init", "--bare", "-q", "--template=", ".")
        _git(repository, "fetch", "-q", "--no-tags", str(bundle.resolve()), "+refs/heads/*:refs/heads/*")
        heads = _git(repository, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads").decode().split("\n")
        branches = {commit: name for name, _, commit in (line.partition(" ") for line in heads if line)}
        wanted = _bundled_head(repository, bundle, branches)
        _git(repository, "symbolic-ref", "HEAD", wanted)
        yield repository


def _bundled_head(repository: Path, bundle: Path, branches: dict[str, str]) -> str:
    listed = _git(repository, "bundle", "list-heads", str(bundle.resolve())).decode().split("\n")
    head = next((line.split(" ")[0] for line in listed if line.endswith(" HEAD")), "")
    named = sorted(branches.values(), key=lambda name: (name not in {"refs/heads/main", "refs/heads/master"}, name))
    if not named:
        raise Invalid(
            "git_failed", "The bundle holds no branch.", remedy="Make it with: git bundle create FILE HEAD main"
        )
    return branches.get(head, named[0])


def _git(repository: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - as above
            _command(repository, *arguments), env=_environment(), capture_output=True, timeout=SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise _failed() from error
    return done.stdout


def _command(repository: Path, *arguments: str) -> list[str]:
    return ["git", *_OPTIONS, "-C", str(repository), *arguments]


def _environment() -> dict[str, str]:
    return {**_ENVIRONMENT, "PATH": os.environ.get("PATH", os.defpath)}


def _failed() -> Invalid:
    # What git says quotes paths and refs, so it is not passed on.
    return Invalid("git_failed", "Git cannot read this repository.", remedy="Check that it is whole: git fsck")
