"""What browsers may keep of the files that pages are made of."""

import hashlib
from importlib.metadata import version
from pathlib import Path


def state_of(*folders: Path) -> str:
    """Return twelve hexadecimal digits that change when a file of `folders`, its name or a package with files of its own does."""
    told = hashlib.sha256(version("django-htmx").encode())
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            told.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return told.hexdigest()[:12]


def any_file(path: str, url: str) -> bool:  # noqa: ARG001 - WhiteNoise passes them
    """Say that a file never changes under its address: the address names the state of all."""
    return True
