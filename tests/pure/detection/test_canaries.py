"""Whichever way of finding identifiers breaks, a canary is missed, and the engine says that its patterns do not work. All values are made up."""

import pytest

from governance.detection.engine import Engine
from governance.detection.pii import patterns as module
from governance.detection.pii.national import FORMS
from governance.detection.pii.patterns import Patterns
from governance.detection.pii.recognisers import CHOICES
from governance.detection.places import models_folder
from governance.detection.ruleset import Ruleset

RULESET = Ruleset.of({"version": 1, "detectors": {"patterns": {}}})
RECOGNISERS = [*(choice.recogniser for choice in CHOICES), *(form.type for form in FORMS)]


@pytest.fixture(scope="module")
def patterns():
    return Patterns(threshold=0.4, kept_in=models_folder())


@pytest.fixture
def engine_of_patterns(patterns):
    return Engine(ruleset=RULESET, detectors=[patterns], key=b"a key made for the tests, 32 by.")


def test_every_recogniser_is_in_the_list_that_is_broken_here(patterns, engine_of_patterns):
    assert len(patterns._recognisers) == len(RECOGNISERS)
    assert engine_of_patterns.canary() == ()


@pytest.mark.parametrize("place", [pytest.param(n, id=f"{n} {name}") for n, name in enumerate(RECOGNISERS)])
def test_a_recogniser_that_finds_nothing_is_noticed(patterns, engine_of_patterns, monkeypatch, place):
    _, recogniser, _ = patterns._recognisers[place]
    monkeypatch.setattr(recogniser, "validate_result", lambda _value: False)
    assert engine_of_patterns.canary() == ("patterns",)


@pytest.mark.parametrize("look", [pytest.param(look, id=look.__name__) for look in module._CONTACTS])
def test_a_way_of_finding_people_and_their_contacts_that_is_gone_is_noticed(engine_of_patterns, monkeypatch, look):
    monkeypatch.setattr(module, "_CONTACTS", tuple(each for each in module._CONTACTS if each is not look))
    assert engine_of_patterns.canary() == ("patterns",)
