"""Registers and evaluation sets as files of their own: made and named by the command line, used by scans."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from governance.core.errors import Invalid

from .fingerprints import exam, public, register
from .fingerprints.folders import sources, without_bundles
from .fingerprints.keyed import HashKey
from .fingerprints.segment import SourceFile
from .places import models_folder
from .spans import Finding

_PROGRESS_EVERY = 500  # files


def index(options: argparse.Namespace, *, key: bytes) -> None:
    """Make or renew the register `options.out` of the sources; with `public` a list of text that anybody may have."""
    listed = installed_text()
    if listed is None:
        _say("no list of public text: make it with python -m governance.detection prepare")
    with without_bundles(options.sources) as roots:
        if options.public:
            listed_now = list_public(sources(roots, key=HashKey.of(key)), out=options.out)
            _say(f"public text: {listed_now.files} files, {listed_now.lines} lines, sha256 {listed_now.digest}")
            return
        made = register.index(
            sources(roots, key=HashKey.of(key)), key=key, out=options.out, public=listed, progress=_progress
        )
    for folder in made.as_they_are:
        _say(f"{folder or 'The top folder'} is public text for the most part and was registered as it is")
    _say(f"{made.files} files, {made.lines} lines, {made.read} files read, sha256 {made.digest}")


def list_public(files: Iterable[SourceFile], *, out: Path) -> register.Indexed:
    """Make the list of text that anybody may have, in the folder `out`, of these files.

    Each is read twice, first for how large the list must be: so one file at a time is in memory.
    """
    known, size, lines = list(files), 0, 0
    for file in known:
        text = file.read()
        size, lines = size + len(text), lines + len(text.splitlines())
    digest = public.write_public((file.read() for file in known), size=size, out=out)
    return register.Indexed(digest, len(known), lines, len(known), size, ())


def make_exam(options: argparse.Namespace, *, key: bytes) -> None:
    """Keep the fingerprints of the evaluation set `options.source` in `options.out`."""
    from .tables import items_of

    made = exam.write_exam(items_of(options.source), key=key, out=options.out)
    _say(f"{made.items} items, {made.too_short} too short to be recognised, sha256 {made.digest}")


def installed_text(models: Path | None = None) -> "public.PublicText | None":
    """Return the list of the standard library and the installed packages, None before `prepare` made it."""
    folder = models_folder(models) / "public"
    return public.open_public(folder) if (folder / public.FILE_NAME).is_file() else None


def prepare_installed_text(models: Path | None = None) -> None:
    """Make the list of installed text unless the one that is there is of the same interpreter and packages."""
    folder = models_folder(models) / "public"
    version, stamp = public.version_of_installed(), folder / "version"
    if stamp.is_file() and stamp.read_text() == version:
        return
    paths = public.installed_sources()
    size = sum(path.stat().st_size for path in paths)
    public.write_public((path.read_bytes() for path in paths), size=size, out=folder)
    stamp.write_text(version)
    _say(f"{len(paths)} installed files are public text")


def register_entry(folder: Path) -> dict[str, str]:
    """Return what a ruleset says of the register or public list in `folder`. Raises Invalid, `register_missing`."""
    if (folder / public.FILE_NAME).is_file():
        return _entry(folder, "public", public.digest_of(folder))
    if (folder / register.FILE_NAME).is_file():
        return _entry(folder, "source", register.digest_of(folder))
    raise Invalid("register_missing", f"{folder.name} is not a register.", remedy="Make it with the index command.")


def exam_entry(folder: Path) -> dict[str, str]:
    """Return what a ruleset says of the evaluation set in `folder`. Raises Invalid, `exam_missing`."""
    if not (folder / exam.FILE_NAME).is_file():
        raise Invalid(
            "exam_missing", f"{folder.name} is not an evaluation set.", remedy="Make it with the exam command."
        )
    return _entry(folder, "exam", exam.digest_of(folder))


def _entry(folder: Path, kind: str, digest: str) -> dict[str, str]:
    return {"id": folder.resolve().name.replace(":", "_"), "kind": kind, "digest": digest, "folder": str(folder)}


def origin(finding: Finding) -> dict[str, Any]:
    """Return where a finding says its text is from: register, file and lines, or set and item; nothing for other types."""
    name, _, rest = finding.subtype.partition(":")
    if finding.type == "SOURCE":
        file, _, lines = rest.rpartition(":")
        first, _, last = lines.partition("-")
        return {"register": name, "file": file, "lines": [int(first), int(last)]}
    if finding.type in {"EVALUATION", "PUBLIC_EVALUATION"}:
        return {"set": name, "item": rest}
    return {}


def _progress(files: int, size: int) -> None:
    if files % _PROGRESS_EVERY == 0:
        _say(f"{files} files, {size >> 20} MB")


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
