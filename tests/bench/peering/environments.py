"""An environment of its own for each peer, made when it is first asked for and kept beside the other temporary files.

LiteLLM's releases 1.82.7, 1.82.8 and 1.107.0 were reported as hijacked; another is named here, and none of those may be.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGES = {
    "litellm": ("litellm[proxy]==1.109.1",),
    "cloakwall": ("cloakwall==0.3.1",),
    "presidio": (
        "presidio-analyzer==2.2.366",
        "presidio-anonymizer==2.2.366",
        "starlette",
        "uvicorn",
        "httptools",
        "uvloop",
    ),
}
# Its own pins of these two name releases that not every index has: certificates, and migrations of a database we do not use.
UNPINNED = {"certifi", "litellm-proxy-extras"}
READ_PINS = """
import json, sys
from importlib.metadata import requires
from pip._vendor.packaging.requirements import Requirement
found = map(Requirement, requires("litellm"))
print(json.dumps([[each.name, str(each.specifier), sorted(each.extras)] for each in found
                  if not each.marker or any(each.marker.evaluate({"extra": extra}) for extra in ("proxy", ""))]))
"""


def python_of(peer: str) -> Path:
    """Return the Python of the peer's environment, which is made now when it is not there."""
    lines = "\n".join(PACKAGES[peer]) + sys.version
    folder = Path(tempfile.gettempdir()) / f"remit-peer-{peer}-{hashlib.sha256(lines.encode()).hexdigest()[:12]}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        print(f"Installing {', '.join(PACKAGES[peer])} (once) ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        if _pip(python, *PACKAGES[peer]):
            _install_loosely(python, peer)
        (folder / "complete").touch()
    return python


def _install_loosely(python: Path, peer: str) -> None:
    """Install the release as it is named, and of what it needs what the index has."""
    named = PACKAGES[peer][0].replace("[proxy]", "")
    if peer != "litellm" or _pip(python, "--no-deps", named):
        sys.exit(f"{peer} could not be installed. Is a package index reachable? See pip's message above.")
    pins = json.loads(subprocess.run([python, "-c", READ_PINS], check=True, capture_output=True, text=True).stdout)
    lines = [
        name + (f"[{','.join(extras)}]" if extras else "") + ("" if name in UNPINNED else pin)
        for name, pin, extras in pins
    ]
    if _pip(python, *lines):
        sys.exit("What litellm needs could not be installed. See pip's message above.")


def _pip(python: Path, *arguments: str) -> int:
    return subprocess.run([python, "-m", "pip", "install", "-q", *arguments], check=False).returncode
