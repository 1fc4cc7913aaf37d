"""The census on the wire: of everything the official clients' types can say, no text reaches a provider unscanned.

Every text and every free name of a body begins with a bait token that the scanner of these tests knows. Where something can be put
in its place, the token must not arrive; where nothing can, the call must be refused, and each token counted among what was found.
"""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

import census
import sending
from builders import INSTALLER
from governance.core.clock import now
from governance.detection.ruleset import DEFAULT_RULESET, Ruleset
from governance.gateway.dialects.gemini.caches import HELD
from governance.gateway.models import Exchange
from governance.gateway.routes import scanned_routes
from governance.scanning import services
from governance.scanning.models import Finding
from governance.scanning.models import Ruleset as StoredRuleset
from governance.scanning.selectors import enforced_ruleset
from governance.stack.places import ROOT
from harness.databases import connected_to
from harness.processes import wait_until

pytestmark = pytest.mark.services
BAIT = "canary-"  # what census.py begins every text with
MARKINGS = {**DEFAULT_RULESET.document["detectors"]["markings"], "canaries": [BAIT]}
ONLY_BAIT = Ruleset.of({**DEFAULT_RULESET.document, "detectors": {"markings": MARKINGS}})
REPLACED = {"code": "bait", "types": ["MARKING"], "action": "redact", "sentence": "It holds a bait token."}
ROUTES = [
    pytest.param(wire, route, id=f"{wire.base}{route.path} {route.alt}".strip()) for wire, route in scanned_routes()
]
HEADS = {}  # surface -> the first line of the table that leads there: its bodies are asked in all their turns
for _wire, _route in scanned_routes():
    HEADS.setdefault(_route.surface.name, (_wire.base, _route.path))


@pytest.fixture(scope="module", autouse=True)
def bait(stack, django_db_setup, django_db_blocker):
    """While this module runs, the scanner looks for bait and nothing else, and policy replaces it."""
    with django_db_blocker.unblock(), connected_to(stack.database):
        before, at = enforced_ruleset(), now()
        policy = {**before.policy.document, "rules": [REPLACED]}
        made = services.make_ruleset(detection=dict(ONLY_BAIT.document), policy=policy, by=INSTALLER, at=at)
        services.activate_ruleset(ruleset_id=made.pk, by=INSTALLER, at=at)
    yield
    with django_db_blocker.unblock(), connected_to(stack.database):
        former = StoredRuleset.objects.get(digest=before.digest)
        services.activate_ruleset(ruleset_id=former.pk, by=INSTALLER, at=now())


@pytest.fixture(scope="module")
def key(stack, recording, bait, django_db_setup, django_db_blocker):
    """The key of an initiative that may call each interface, once the worker has the ruleset."""
    with django_db_blocker.unblock(), connected_to(stack.database):
        made = sending.granted_everywhere(recording, tools=census.LISTED).key

    def passes() -> bool:
        asked = json.dumps({"model": census.MODEL, "input": "x"}).encode()
        return sending.post(stack, made, asked, path="/openai/v1/moderations")[0] == 200

    wait_until(passes, what="a worker with the ruleset")
    return made


def bodies(wire, route):
    """Return the bodies of a route, each as (text of the whole, the same with plain words where nothing can be replaced)."""
    turns = census.TURNS if HEADS[route.surface.name] == (wire.base, route.path) else 1
    found = {}
    for turn in range(turns):
        tree = census.body(route.surface.name, turn)
        prompt, _ = census.taken(route.surface, tree, in_path=census.MODEL)
        if prompt is not None:
            whole = json.dumps(tree)
            fixed = {each for text in prompt.texts if text.fixed for each in census.canaries(text.text)}
            open_ = whole
            for each in fixed:
                open_ = open_.replace(each, each.replace(BAIT, "plain-"))
            found[whole] = open_
    return list(found.items())


def unscanned(gateway, key, recording, wire, route, body):
    """Send a body and return what of it slipped through: tokens that arrived, and how many were not found in what was refused."""
    before = recording.count()
    path = (wire.base + route.path).replace("{model}", census.MODEL) + (f"?alt={route.alt}" if route.alt else "")
    sending.status_of(gateway, body.encode(), path=path, headers={"Authorization": f"Bearer {key}"})
    arrived = recording.bodies(since=before)
    if arrived:
        return census.canaries(arrived[0].decode()), True
    exchange = Exchange.objects.order_by("-at", "-pk").first()
    assert exchange.verdict == "block", exchange.error_code
    places = Finding.objects.filter(scan=exchange.scan).values_list("path", "start").distinct().count()
    return body.count(BAIT) - places, False


@pytest.mark.parametrize(("wire", "route"), ROUTES)
def test_no_text_of_any_body_leaves_unscanned(gateway, key, recording, wire, route):
    for whole, replaceable in bodies(wire, route):
        slipped, left = unscanned(gateway, key, recording, wire, route, whole)
        assert not slipped
        if not left:  # refused for what cannot be replaced: the rest has to be seen on its way
            assert unscanned(gateway, key, recording, wire, route, replaceable) == (set(), True)


def test_no_text_of_cached_contents_leaves_unscanned(gateway, key, recording):
    wire, route = next(each for each in scanned_routes() if each[1].surface.name == "gemini.generate_content")
    for _, replaceable in bodies(wire, route):
        asked = json.loads(replaceable)
        held = {name: asked.pop(name) for name in HELD if name in asked}
        told = json.dumps({"model": f"models/{census.MODEL}", **held}).encode()
        status, _, cache = sending.post(gateway, key, told, path="/gemini/v1beta/cachedContents")
        assert status == 200
        named = {"contents": [{"role": "user", "parts": [{"text": "Go on."}]}], "cachedContent": cache["name"]}
        assert unscanned(gateway, key, recording, wire, route, json.dumps(asked | named)) == (set(), True)


def test_no_text_of_a_file_leaves_unscanned(gateway, key, recording):
    wire, route = next(each for each in scanned_routes() if each[1].surface.name == "anthropic.messages")
    head = 'Content-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain'
    form = f"--b\r\n{head}\r\n\r\n{census.canary_number(1)} and\n{census.canary_number(2)}\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    status, _, file = sending.post(gateway, key, form.encode(), path="/anthropic/v1/files", headers=headers)
    assert status == 200
    source = {"type": "file", "file_id": file["id"]}
    said = [{"role": "user", "content": [{"type": "document", "source": source}]}]
    body = json.dumps({"model": census.MODEL, "max_tokens": 9, "messages": said})
    assert unscanned(gateway, key, recording, wire, route, body) == (set(), True)


@pytest.fixture
def holed(gateway):
    """A second gateway on the same stack that does not look at one field."""
    port = sending.free_port()
    environment = sending.environment_of(gateway, "gateway")
    folders = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "holed_gateway:application",
        "--port",
        str(port),
        "--log-level",
        "error",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=environment | {"PYTHONPATH": folders})
    sending.wait_for(port)
    yield SimpleNamespace(gateway=f"http://127.0.0.1:{port}")
    process.kill()
    process.wait()


def test_a_field_nobody_looks_at_is_found(holed, key, recording):
    wire, route = next(each for each in scanned_routes() if each[1].surface.name == "openai.chat_completions")
    [(whole, replaceable), *_] = bodies(wire, route)
    assert unscanned(holed, key, recording, wire, route, whole) == (1, False)
    slipped, left = unscanned(holed, key, recording, wire, route, replaceable)
    assert (len(slipped), left) == (1, True)
