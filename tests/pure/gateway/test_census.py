"""The census: of everything the official clients' types can say, on every surface, each text is scanned or refused by name."""

from uuid import UUID

import pytest

import census
from governance.gateway.dialects.gemini.caches import HELD, cache_name, caches_named, put_before
from governance.gateway.dialects.gemini.generate import GENERATE
from governance.gateway.dialects.openai.background import BACKGROUND
from governance.gateway.dialects.prompt import Prompt
from governance.gateway.dialects.replies import Answers
from governance.gateway.dialects.shapes import flag, number, record, text
from governance.gateway.dialects.surface import Surface
from governance.gateway.routes import scanned_routes, surface_named

SURFACES = {route.surface.name: route.surface for _, route in scanned_routes() if route.surface}
BY_NAME = {"unscannable", "unknown_field", "wrong_type", "field_missing", "tool_not_allowed"}
# Fewer texts than this would mean that the body was refused rather than read.
LEAST = {
    "openai.chat_completions": 40,
    "openai.responses": 40,
    "anthropic.messages": 40,
    "anthropic.message_batches": 30,
    "gemini.generate_content": 25,
    "ollama.chat": 12,
}


def test_every_scanned_surface_is_counted():
    assert set(SURFACES) == set(census.TYPES)


@pytest.mark.parametrize("turn", range(census.TURNS))
@pytest.mark.parametrize("name", SURFACES)
def test_each_text_is_scanned_or_refused_by_name(name, turn):
    prompt, cuts = census.taken(SURFACES[name], census.body(name, turn), in_path=census.MODEL)
    assert {code for code, _ in cuts} <= BY_NAME
    if prompt is None:
        assert turn
        return
    assert census.unscanned(prompt) == set()
    assert len(census.canaries(prompt.body.decode())) >= LEAST.get(name, 0)


@pytest.mark.parametrize("turn", range(census.TURNS))
def test_each_text_of_what_runs_in_the_background_is_scanned_or_refused_by_name(turn):
    tree = census.body("openai.responses", turn) | {"background": True}
    assert surface_named("openai.responses").of(tree) is BACKGROUND
    prompt, cuts = census.taken(BACKGROUND, tree)
    assert {code for code, _ in cuts} <= BY_NAME
    assert "background" not in {place for _, place in cuts}
    assert prompt is not None
    assert census.unscanned(prompt) == set()
    assert len(census.canaries(prompt.body.decode())) >= LEAST["openai.responses"]


@pytest.mark.parametrize("turn", range(census.TURNS))
def test_each_text_of_cached_contents_is_scanned_with_the_call_that_names_them(turn):
    whole, _ = census.taken(GENERATE, census.body(GENERATE.name, turn), in_path=census.MODEL)
    rest = {name: each for name, each in whole.tree.items() if name not in HELD}
    asked = {**rest, "contents": [{"parts": [{"text": "Go on."}]}], "cachedContent": cache_name(UUID(int=1))}
    put_before(next(caches_named(asked)), {name: whole.tree[name] for name in HELD if name in whole.tree})
    prompt = Prompt.of(GENERATE, asked, in_path=census.MODEL)
    assert census.unscanned(prompt) == set()
    assert census.canaries(prompt.body.decode()) == census.canaries(whole.body.decode())


def test_a_hole_in_a_shape_is_found():
    def blind(_value, _spot, _texts):
        """Collect nothing."""

    holed = Surface(
        "holed", record({"model": text(), "user": blind, "n": number(0, 9), "on": flag()}), Answers(frozenset())
    )
    prompt, _ = census.taken(holed, {"model": "m", "user": census.canary_number(1), "n": 1})
    assert census.unscanned(prompt) == {census.canary_number(1)}
