"""Programs that are not ours (providers, Spark), each installed from its lock into a folder of its own and kept for the next time."""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

import sending
import talking
from governance.destinations.rules import Dialect
from governance.stack.places import ROOT

LOCKS = ROOT / "deploy" / "locks"
SAID = "Hello from a provider that is not ours."


@dataclass(frozen=True)
class Stranger:
    """`bases`: where it answers in each interface it knows. `not_spoken`: surfaces and manners it has nothing or another shape for."""

    name: str
    address: str
    bases: Mapping[Dialect, str]
    not_spoken: frozenset[str]

    def speaks(self, way: talking.Way) -> bool:
        return way.dialect in self.bases and not {way.surface, way.manner} & self.not_spoken

    def breaks(self, **fault: object) -> None:
        """Have llmock answer every call as `fault` says, until told otherwise; nothing: as it should."""
        with httpx.Client(base_url=f"{self.address}/_llmock") as admin:
            admin.delete("/scenario").raise_for_status()
            says = {"type": "reply", "text": SAID, "times": None}
            behaviors = [says, fault | {"times": None}] if fault else [says]
            admin.post("/scenario", json={"behaviors": behaviors}).raise_for_status()


def installed(lock: Path, install: Callable[[Path], None]) -> Path:
    """Return the folder that holds what `lock` names, calling `install` with it the first time."""
    folder = Path(tempfile.gettempdir()) / f"remit-{lock.stem}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    if not (folder / "complete").exists():
        folder.mkdir(exist_ok=True)
        install(folder)
        (folder / "complete").touch()
    return folder


def clients() -> Path:
    """Return the folder of the JavaScript clients and aimock."""
    assert shutil.which("npm"), "The clients come from npm. Install it: apt-get install nodejs npm"

    def install(folder: Path) -> None:
        for each in (LOCKS / "clients").iterdir():
            shutil.copy(each, folder)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True)

    return installed(LOCKS / "clients" / "package-lock.json", install)


@contextmanager
def aimock() -> Iterator[Stranger]:
    """aimock, which speaks every interface."""
    port, program = sending.free_port(), clients() / "node_modules" / "@copilotkit" / "aimock" / "dist" / "cli.js"
    with tempfile.NamedTemporaryFile("w", suffix=".json") as said:
        json.dump({"fixtures": [{"match": {"endpoint": "chat"}, "response": {"content": SAID}}]}, said)
        said.flush()
        with _running(port, "node", program, "-p", port, "-f", said.name, "--log-level", "silent") as address:
            yield Stranger("aimock", address, AIMOCK_BASES, AIMOCK_NOT_SPOKEN)


@contextmanager
def llmock() -> Iterator[Stranger]:
    """llmock, which breaks answers in the ways it is told to."""
    port, program = sending.free_port(), _environment("llmock.lock") / "bin" / "llmock"
    with _running(port, program, "serve", "-p", port, "--tool-mode", "off", "--log-level", "warning") as address:
        yield Stranger("llmock", address, LLMOCK_BASES, LLMOCK_NOT_SPOKEN)


def spark() -> Path:
    """Return the environment of PySpark."""
    return _environment("spark.lock")


def _environment(name: str) -> Path:
    """Return a Python environment of its own with what the lock `name` names."""
    lock = LOCKS / name

    def install(folder: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [folder / "bin" / "python", "-m", "pip", "install", "-q", "--require-hashes", "-r", lock]
        subprocess.run(pip, check=True)

    return installed(lock, install)


@contextmanager
def _running(port: int, *command: object) -> Iterator[str]:
    process = subprocess.Popen([str(each) for each in command])
    try:
        sending.wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


AIMOCK_BASES = {  # in Databricks' interface it knows what is OpenAI's as well
    Dialect.OPENAI: "/v1",
    Dialect.ANTHROPIC: "",
    Dialect.GEMINI: "/v1beta",
    Dialect.DATABRICKS: "/v1",
    Dialect.OLLAMA: "",
}
AIMOCK_NOT_SPOKEN = frozenset(
    [
        "openai.input_tokens",
        "openai.completions",
        "anthropic.count_tokens",
        "anthropic.message_batches",
        "gemini.count_tokens",
        "gemini.batch_embed_contents",
        "ollama.embed",
        "databricks.invocations",
        "array, without the client",  # it streams events, whichever of Gemini's two ways is asked for
    ]
)
LLMOCK_BASES = {
    Dialect.OPENAI: "/v1",
    Dialect.ANTHROPIC: "/anthropic",
    Dialect.GEMINI: "/gemini/v1beta",
    Dialect.DATABRICKS: "/v1",
}
LLMOCK_NOT_SPOKEN = frozenset(
    [
        "openai.moderations",
        "openai.input_tokens",
        "openai.completions",
        "anthropic.count_tokens",
        "gemini.count_tokens",
        "gemini.embed_content",
        "gemini.batch_embed_contents",
        "databricks.invocations",
    ]
)
