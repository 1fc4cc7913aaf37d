"""An analyst says what is looked for: tried first, refused with the reason, and in force as a new ruleset at once."""

from dataclasses import replace

import pytest

import builders
from governance.core.actors import INSTALLER
from governance.core.errors import Conflict, Invalid, NotAllowed
from governance.detection.recognisers import Recogniser
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.scanning import services
from governance.scanning.models import Recogniser as Row
from governance.scanning.selectors import enforced_ruleset, recogniser
from governance.scanning.services import ensure_default

pytestmark = pytest.mark.django_db
CASES = Recogniser("cases", "CASE_NUMBER", 0.8, (), (r"CL-\d{6}",), (), "Case CL-204417.")
TYPED = {
    "title": "Case numbers",
    "ref": "cases",
    "type": "CASE_NUMBER",
    "patterns": r"CL-\d{6}",
    "score": "80",
    "example": "Case CL-204417.",
}


@pytest.fixture
def analyst(signed_in, group):
    ensure_default(by=INSTALLER, at=builders.AT)
    return signed_in(Role.SECURITY_ANALYST)


@pytest.fixture
def looked_for(analyst):
    return services.add_recogniser(definition=CASES, title="Case numbers", by=INSTALLER, at=builders.AT)


def main(answer, status=200):
    assert answer.status_code == status
    return answer.text.split("<main", 1)[1]


def entries():
    detectors = enforced_ruleset().detectors.document["detectors"]
    return {each["id"]: each for each in detectors.get("recognisers", {}).get("recognisers", [])}


def test_an_empty_list_teaches(analyst):
    assert "No recogniser of our own yet" in main(analyst.get("/recognisers/"))


def test_what_is_saved_is_in_the_ruleset_in_force(analyst, recorded):
    before = enforced_ruleset().digest
    assert analyst.post("/recognisers/new", TYPED | {"act": "save"}).status_code == 302
    assert (enforced_ruleset().digest != before, entries()["cases"]["type"]) == (True, "CASE_NUMBER")
    assert "scanning.recogniser_added" in recorded.kinds("recogniser:cases")
    assert "CL-" not in recorded.text()


def test_trying_marks_what_would_be_found_and_saves_nothing(analyst):
    text = main(analyst.post("/recognisers/new", TYPED | {"act": "try", "sample": "About <b>CL-204418</b>."}))
    assert "It would find 1 place." in text
    assert ">CL-204418</mark>" in text
    assert "&lt;b&gt;" in text
    assert not Row.objects.exists()


@pytest.mark.parametrize("act", ["save", "try"])
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"patterns": r"(?=x)CL"}, "Leave out what looks ahead"),
        ({"patterns": ".*"}, "nothing at all"),
        ({"patterns": r"CL-(\d{6}"}, "Mend it"),
        ({"patterns": "", "deny": "the\nin\nis\nto", "example": "the"}, "in nearly every text"),
        ({"patterns": "", "deny": "Falke\né"}, "2 to 100 characters that can be written: line 2 has 1."),
        ({"type": "SECRET"}, "another detector"),
        ({"example": "nothing"}, "does not find anything in the example"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(analyst, act, typed, said):
    assert said in main(analyst.post("/recognisers/new", TYPED | typed | {"act": act}), 422)
    assert not Row.objects.exists()


def test_what_words_do_wrong_is_said_at_the_words(analyst):
    typed = TYPED | {"patterns": "", "deny": "the\nin\nis\nto", "example": "the", "act": "save"}
    assert 'id="id_deny_error"' in main(analyst.post("/recognisers/new", typed), 422)


def test_as_many_words_as_may_be_looked_for_have_room(analyst):
    names = "\n".join(f"Synthetic name of a project {number:04}" for number in range(1000))
    typed = TYPED | {"patterns": "", "deny": names, "example": "Synthetic name of a project 0999", "act": "save"}
    assert analyst.post("/recognisers/new", typed).status_code == 302
    assert len(entries()["cases"]["deny"]) == 1000
    told = main(analyst.post("/recognisers/new", typed | {"ref": "more", "deny": f"{names}\nOne more"}), 422)
    assert "At most 1,000; these are 1,001." in told


def test_a_marking_has_a_page_of_its_own(analyst):
    board = Recogniser.marking("board", "restricted", ["FOR THE BOARD ONLY"])
    services.add_recogniser(definition=board, title="Board papers", by=INSTALLER, at=builders.AT)
    assert analyst.get("/recognisers/board/").headers["Location"] == "/markings/board/"


def test_past_the_last_page_nobody_is_told_that_there_is_none(analyst, looked_for):
    text = main(analyst.get("/recognisers/?page=9"))
    assert ("Show all" in text, "No recogniser of our own yet" in text) == (True, False)


@pytest.mark.parametrize("ref", ["Cases", "../x", "identifier", ""])
def test_a_name_that_rules_could_not_tell_apart_is_refused(analyst, ref):
    assert analyst.post("/recognisers/new", TYPED | {"ref": ref, "act": "save"}).status_code == 422


def test_it_is_changed_and_a_stale_form_is_refused(analyst, looked_for):
    changed = TYPED | {"patterns": r"CX-\d{6}", "example": "Case CX-204417.", "revision": "1", "act": "save"}
    assert analyst.post("/recognisers/cases/save", changed).status_code == 302
    assert (entries()["cases"]["patterns"], entries()["cases"]["version"]) == ([r"CX-\d{6}"], 2)
    assert analyst.post("/recognisers/cases/save", changed).status_code == 422


def test_switched_off_it_is_looked_for_nowhere(analyst, looked_for):
    assert analyst.post("/recognisers/cases/switch", {"on": "no"}).status_code == 302
    assert entries() == {}
    analyst.post("/recognisers/cases/switch", {"on": "yes"})
    assert set(entries()) == {"cases"}


def test_who_reads_sees_no_word_of_it(signed_in, claims, looked_for):
    text = main(signed_in(Role.DATA_STEWARD, where=claims).get("/recognisers/cases/"))
    assert ("1 pattern" in text, "CL-" in text) == (True, False)


def test_nor_over_rest(looked_for, claims):
    steward = builders.person(Role.DATA_STEWARD, claims)
    told = recogniser("cases", standing=standing_of(steward.pk))
    assert (told.pattern_count, told.definition["patterns"], told.definition["example"]) == (1, [], "")


def test_who_analyses_one_unit_changes_nothing_for_all(claims, group):
    somebody = builders.actor_with(Role.SECURITY_ANALYST, claims)
    with pytest.raises(NotAllowed):
        services.add_recogniser(definition=CASES, title="Cases", by=somebody, at=builders.AT)


def test_a_name_is_taken_once(looked_for):
    with pytest.raises(Conflict, match="ref_taken"):
        services.add_recogniser(definition=CASES, title="Cases", by=INSTALLER, at=builders.AT)


def test_there_is_an_end_to_how_many_read_every_prompt(looked_for, monkeypatch):
    monkeypatch.setattr("governance.scanning.services.recognisers.MOST_RECOGNISERS", 1)
    with pytest.raises(Invalid, match="too_many_recognisers"):
        services.add_recogniser(definition=replace(CASES, id="other"), title="O", by=INSTALLER, at=builders.AT)
