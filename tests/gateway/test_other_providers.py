"""The official clients, in Python and in JavaScript, against a provider that is not ours: `./dev test -m long tests/gateway`.

The clients and the provider come from npm into a folder of their own, named by their lock, and are kept for the next time.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

import sending
import talking
from governance.destinations.rules import Dialect
from governance.gateway.snippets import KEY_NAME, Language, snippet
from governance.stack.places import ROOT
from harness.databases import connected_to

pytestmark = [pytest.mark.services, pytest.mark.long]
LOCK = ROOT / "deploy" / "locks" / "clients"
SAID = "Hello from a provider that is not ours."
CLEAN = "Please make this sentence shorter: we would be glad to be of service to you at any time."
# Where that provider answers in each interface; in Databricks' it knows what is OpenAI's as well.
BASES = {
    **sending.BASES,
    Dialect.ANTHROPIC: "",
    Dialect.GEMINI: "/v1beta",
    Dialect.DATABRICKS: "/v1",
    Dialect.OLLAMA: "",
}
NOT_SPOKEN = {  # surfaces it does not know, or answers in another shape than their client reads
    "openai.input_tokens",
    "openai.completions",
    "anthropic.count_tokens",
    "gemini.count_tokens",
    "gemini.batch_embed_contents",
    "ollama.embed",
    "databricks.invocations",
}
ALWAYS_EVENTS = "array, without the client"  # it streams events, whichever of Gemini's two ways is asked for
WAYS = [way for way in talking.WAYS if way.surface not in NOT_SPOKEN and way.manner != ALWAYS_EVENTS]


@pytest.fixture(scope="module")
def clients():
    """The folder in which the packages of the lock are installed."""
    assert shutil.which("npm"), "The clients come from npm. Install it: apt-get install nodejs npm"
    lock = (LOCK / "package-lock.json").read_bytes()
    folder = Path(tempfile.gettempdir()) / f"remit-clients-{hashlib.sha256(lock).hexdigest()[:12]}"
    if not (folder / "complete").exists():
        folder.mkdir(exist_ok=True)
        for each in LOCK.iterdir():
            shutil.copy(each, folder)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True)
        (folder / "complete").touch()
    return folder


@pytest.fixture(scope="module")
def stranger(clients, tmp_path_factory):
    """The address of the provider that is not ours."""
    port, fixtures = sending.free_port(), tmp_path_factory.mktemp("said") / "said.json"
    fixtures.write_text(json.dumps({"fixtures": [{"match": {"endpoint": "chat"}, "response": {"content": SAID}}]}))
    program = clients / "node_modules" / "@copilotkit" / "aimock" / "dist" / "cli.js"
    process = subprocess.Popen(["node", program, "-p", str(port), "-f", fixtures, "--log-level", "silent"])
    sending.wait_for(port)
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def who(stack, stranger, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), connected_to(stack.database):
        made = sending.builder()
        for dialect, base in BASES.items():
            sending.grant(made, sending.destination(stranger + base, dialect=dialect))
        return made


def test_every_client_is_answered(gateway, who, capsys):
    rows = [(way, _answer(way, gateway.gateway, who.key)) for way in WAYS]
    with capsys.disabled():
        print("\n" + "\n".join(f"{way.surface:32}{way.client:14}{way.manner:28}{said}" for way, said in rows))
    assert {said for _, said in rows} == {"ok"}


def _answer(way, gateway, key):
    try:
        told = way.ask(gateway, key, CLEAN)
    except Exception as fault:  # noqa: BLE001 - whatever a client raises is what the table is about
        return f"{type(fault).__name__}: {fault}"[:160]
    right = SAID in told if isinstance(told, str) else bool(told)
    return "ok" if right else f"another answer: {told}"[:160]


@pytest.mark.parametrize("stream", [False, True], ids=["at once", "piece by piece"])
@pytest.mark.parametrize("dialect", Dialect)
def test_the_lines_for_javascript_work_as_they_stand(gateway, who, clients, dialect, stream):
    _, _, told = sending.post(gateway, who.key, None, path="/remit/v1/access", method="GET")
    model = next(each["name"] for each in told["models"] if each["interface"] == dialect)
    lines = snippet(dialect, Language.JAVASCRIPT, gateway=gateway.gateway, model=model, stream=stream).lines
    program = clients / f"first-call-{os.getpid()}.mjs"
    program.write_text(lines)
    environment = os.environ | {KEY_NAME: who.key}
    ended = subprocess.run(["node", program], cwd=clients, env=environment, capture_output=True, text=True, check=False)
    program.unlink()
    assert (ended.stdout.strip(), ended.returncode) == (SAID, 0), ended.stderr
