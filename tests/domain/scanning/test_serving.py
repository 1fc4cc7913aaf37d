"""A worker's answer to one request, with a real broker. The texts are synthetic."""

import pytest
from django.conf import settings

from governance.core.ids import uuid7
from governance.core.keyring import KeyRing
from governance.detection.detector import Files
from governance.detection.document import Document, Segment
from governance.detection.recall import Recall
from governance.detection.ruleset import Ruleset
from governance.scanning.cache import ValkeyCache
from governance.scanning.channel import canary_key, claim_key, payload_key, replies_key
from governance.scanning.payloads import Request, State, open_reply, seal_request
from governance.scanning.serving import ScanServer, connect

BEFORE, AFTER = (
    Ruleset.of({"version": 1, "detectors": {"markings": {"notices": [word]}}}) for word in ("before", "after")
)


@pytest.fixture
def broker(server):
    server.start()
    return connect(settings.REDIS_URL)


@pytest.fixture
def in_force():
    """The ruleset in force, and behind it one in shadow; tests put others there."""
    return [BEFORE]


@pytest.fixture
def worker(broker, in_force):
    ring, findings = KeyRing.load(settings.PAYLOAD_KEY_FILE), KeyRing.load(settings.FINDINGS_KEY_FILE)
    key, told = findings.key(findings.current), []
    made = ScanServer(broker, ring, key, find_rulesets=lambda: list(in_force), beat=told.append)
    made.start()
    return made


def ask(worker, broker, ruleset: Ruleset, *, within_ms: int):
    """Return what the worker answers about a harmless text."""
    document = Document((Segment("messages[0].content", "Plain words."),))
    asked = Request(str(uuid7()), replies_key(str(uuid7())), ruleset.digest, document)
    broker.set(payload_key(asked.id), seal_request(worker.ring, asked), px=within_ms)
    worker.answer(asked.id)
    replies = [open_reply(worker.ring, each) for each in broker.lrange(asked.replies, 0, -1)]
    return next(iter(replies), None)


def test_who_took_a_request_is_known_and_whoever_has_the_answer_finds_it_in_the_cache(worker, broker):
    document = Document((Segment("messages[0].content", "Plain words."),))
    asked = Request(str(uuid7()), replies_key(str(uuid7())), BEFORE.digest, document)
    recall, cache = Recall.of(document, ruleset=BEFORE, key=worker.findings_key), ValkeyCache(broker, worker.ring)
    assert recall.report(cache.get_many(recall.keys)) is None
    broker.set(payload_key(asked.id), seal_request(worker.ring, asked), px=20_000)
    worker.answer(asked.id)
    (answer,) = broker.lrange(asked.replies, 0, -1)
    assert open_reply(worker.ring, answer).report.complete
    assert broker.get(claim_key(asked.id)).decode() == worker.name
    assert broker.pttl(claim_key(asked.id)) > 0
    assert recall.report(cache.get_many(recall.keys)).complete


def test_whoever_gets_a_request_a_second_time_does_not_say_that_they_took_it(worker, broker):
    asked = str(uuid7())
    broker.set(claim_key(asked), "the one who has the text", px=20_000)
    worker.answer(asked)
    assert broker.get(claim_key(asked)) == b"the one who has the text"


@pytest.mark.parametrize("kept", ["sealed under another key", "no sealed text at all"])
def test_what_cannot_be_opened_is_left_and_the_next_is_answered(worker, broker, kept):
    asked = Request(str(uuid7()), replies_key(str(uuid7())), BEFORE.digest, Document((Segment("t", "Plain words."),)))
    sealed = seal_request(KeyRing.load(settings.FINDINGS_KEY_FILE), asked) if "key" in kept else b"rubbish"
    broker.set(payload_key(asked.id), sealed, px=20_000)
    worker.answer(asked.id)
    assert broker.llen(asked.replies) == 0
    assert ask(worker, broker, BEFORE, within_ms=20_000).state is State.DONE


def test_a_ruleset_that_has_just_come_into_force_is_loaded_for_the_first_prompt(worker, broker, in_force):
    assert ask(worker, broker, BEFORE, within_ms=20_000).state is State.DONE
    in_force[0] = AFTER
    assert ask(worker, broker, AFTER, within_ms=20_000).state is State.DONE


@pytest.fixture
def breakable(worker):
    """The engine in force of that worker, which later ones loaded here are like."""
    return worker._engines[BEFORE.digest]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda engine, _model: setattr(engine, "detectors", ()), id="its detectors are gone"),
        pytest.param(
            lambda engine, _model: setattr(engine.detectors[0], "find", lambda texts, _budget: [[] for _ in texts]),
            id="one finds nothing any more",
        ),
        pytest.param(lambda _engine, model: model.write_bytes(b"another"), id="its model is another"),
    ],
)
def test_an_engine_that_breaks_at_work_checks_nothing_more(worker, broker, breakable, broken, tmp_path):
    model = tmp_path / "model.onnx"
    model.write_bytes(b"weights")
    breakable.detectors[0].files = Files.of(model)
    assert ask(worker, broker, BEFORE, within_ms=20_000).state is State.DONE
    broken(breakable, model)
    broker.delete(canary_key(BEFORE.digest))
    worker._prove_all()
    answer = ask(worker, broker, BEFORE, within_ms=20_000)
    assert (answer.state, answer.code, answer.report) == (State.UNAVAILABLE, "canary_failed", None)
    assert not broker.exists(canary_key(BEFORE.digest))


def test_an_engine_that_broke_is_loaded_anew(worker, broker, breakable):
    breakable.detectors = ()
    worker._tend()
    assert ask(worker, broker, BEFORE, within_ms=20_000).state is State.DONE
    assert worker._engines[BEFORE.digest] is not breakable


def test_a_scan_proves_its_engine_itself_where_nobody_did_lately(worker, broker, breakable):
    breakable.detectors = ()
    worker._proofs[BEFORE.digest] = worker._proofs[BEFORE.digest]._replace(at=float("-inf"))
    assert ask(worker, broker, BEFORE, within_ms=20_000).code == "canary_failed"


def test_a_ruleset_that_is_not_in_force_checks_nothing(worker, broker):
    answer = ask(worker, broker, AFTER, within_ms=1_000)
    assert answer is None or (answer.state, answer.report) == (State.UNAVAILABLE, None)


def test_a_ruleset_in_shadow_is_loaded_beside_the_one_in_force(worker, broker, in_force):
    in_force.append(AFTER)
    for ruleset in (AFTER, BEFORE):
        assert ask(worker, broker, ruleset, within_ms=20_000).state is State.DONE


def test_a_ruleset_in_shadow_that_cannot_be_loaded_keeps_nobody_from_the_one_in_force(worker, broker, in_force):
    gone = {"id": "gone", "kind": "code", "digest": "0" * 64, "folder": "/nowhere"}
    in_force[:] = [AFTER, Ruleset.of({"version": 1, "detectors": {"source": {"registers": [gone]}}})]
    assert ask(worker, broker, AFTER, within_ms=20_000).state is State.DONE
    assert broker.exists(canary_key(AFTER.digest))
