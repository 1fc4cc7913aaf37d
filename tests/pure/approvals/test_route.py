"""The shipped workflow, what a route can ask of whom, and the promises every route keeps."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.approvals.attached import attached_of
from governance.approvals.definitions import parse_definition
from governance.approvals.facts import example_facts
from governance.approvals.policy import Route, route
from governance.approvals.shipped import shipped_definition
from governance.core.errors import Invalid
from governance.core.verdict import Denied
from governance.detection.ways import Way

DOCUMENT = shipped_definition()
DEFAULT = parse_definition(DOCUMENT)
CLAIMS, HR = "/1/2/", "/1/3/"
USUAL = example_facts() | {"classification": "internal", "ai_act_class": "minimal", "unit_path": "/1/9/"}


def dataset(title, path=CLAIMS):
    return {**USUAL["datasets"][0], "title": title, "steward_path": path}


def facts(**changed):
    return USUAL | {"datasets": [dataset("Product handbook")]} | changed


def asked(given_facts):
    return [stage.name for stage in route(DEFAULT, given_facts).asked]


def stage(**changed):
    return {"name": "IT", "reason": "It runs it.", "slots": [{"role": "it_approver", "label": "IT"}]} | changed


def planned(*stages, more=None, **changed):
    document = {"name": "default", "stages": list(stages), **(more or {})}
    return route(parse_definition(document), facts(**changed))


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        pytest.param({}, ["Data stewards", "IT"], id="internal data in our tenant: steward and IT"),
        pytest.param({"classification": "confidential"}, ["Data stewards", "IT", "Security"], id="confidential data"),
        pytest.param({"classification": "restricted"}, ["Data stewards", "IT", "Security"], id="restricted data"),
        pytest.param({"hostings": ["public_api"]}, ["Data stewards", "IT", "Security"], id="a public API"),
        pytest.param({"ai_act_class": "high"}, ["Data stewards", "IT", "Legal"], id="a high-risk system"),
        pytest.param({"datasets": []}, ["IT"], id="no dataset: IT alone"),
    ],
)
def test_who_is_asked(changed, names):
    assert asked(facts(**changed)) == names


def test_steward_and_it_decide_side_by_side_and_security_after_them():
    stages = {stage.name: stage for stage in route(DEFAULT, facts()).stages}
    assert stages["Data stewards"].after == stages["IT"].after == ()
    assert stages["Security"].after == ("Data stewards", "IT")
    assert [stage.position for stage in stages.values()] == [1, 1, 2, 2]


def test_every_stage_says_why_it_is_asked_or_skipped():
    stages = {stage.name: stage for stage in route(DEFAULT, facts(hostings=["public_api"])).stages}
    assert stages["Security"].reason == "A destination is a public API."
    assert stages["Legal"].skipped
    assert stages["Legal"].reason == "The AI Act class is minimal, below high."


def test_a_skipped_stage_names_every_condition_that_failed():
    security = next(stage for stage in route(DEFAULT, facts()).stages if stage.name == "Security")
    assert security.reason == "The data is internal, below confidential. No destination is a public API."


def test_each_steward_unit_has_one_seat_for_all_its_datasets():
    datasets = [dataset("Letters"), dataset("Files"), dataset("Salaries", HR)]
    stewards = route(DEFAULT, facts(datasets=datasets)).asked[0]
    assert [(slot.label, slot.unit_path) for slot in stewards.slots] == [
        ("steward of Files and Letters", CLAIMS),
        ("steward of Salaries", HR),
    ]
    assert stewards.needed == 2


@pytest.mark.parametrize(
    ("slot", "seats"),
    [
        pytest.param({"role": "it_approver", "label": "IT"}, [("IT", "/1/9/", "", ())], id="a role on the asking unit"),
        pytest.param(
            {"role": "unit_head", "on": "whole organisation", "label": "head"},
            [("head", "/1/", "", ())],
            id="a role on the whole organisation",
        ),
        pytest.param(
            {"role": "legal_approver", "on": "group-legal", "label": "lawyer"},
            [("lawyer", "/1/9/", "group-legal", ())],
            id="a role on a unit by its short name",
        ),
        pytest.param(
            {"people": ["ana", "ben"], "label": "AI council", "seats": 2},
            [
                ("AI council (1 of 2)", "/1/9/", "", ("ana", "ben")),
                ("AI council (2 of 2)", "/1/9/", "", ("ana", "ben")),
            ],
            id="two of a named group",
        ),
        pytest.param(
            {"role": "unit_head", "label": "head of {unit}"},
            [("head of Claims", "/1/9/", "", ())],
            id="a fact in a label",
        ),
    ],
)
def test_a_seat_is_found_by_relation(slot, seats):
    found = planned(stage(slots=[slot])).asked[0].slots
    assert [(seat.label, seat.unit_path, seat.unit_ref, seat.people) for seat in found] == seats


SIDES = [
    {"role": "it_approver", "label": "IT", "group": "run"},
    {"role": "security_approver", "label": "security", "group": "run"},
    {"role": "unit_head", "label": "head", "group": "business"},
]


@pytest.mark.parametrize(
    ("changed", "needed"),
    [
        pytest.param({"slots": SIDES}, 3, id="all unless it says otherwise"),
        pytest.param({"slots": SIDES, "quorum": "any"}, 2, id="any, but one of each side"),
        pytest.param({"slots": SIDES, "quorum": "at_least", "needed": 2}, 2, id="two, one of each side"),
        pytest.param({"slots": [{**each, "group": "one"} for each in SIDES], "quorum": "any"}, 1, id="any of one side"),
    ],
)
def test_how_many_must_agree(changed, needed):
    assert planned(stage(**changed)).asked[0].needed == needed


PRICEY = {"if": "cost > 5.0", "because": "It is dear.", "redact": ["PERSON", "IBAN"]}


def test_conditions_are_attached_by_rule():
    strict = {"if": 'tier == "high"', "because": "The tier is high.", "human_oversight": "Ina reads."}
    dated = {"because": "Every right ends.", "longest_days": 90}
    attached = planned(stage(), more={"attach": [PRICEY, strict, dated]}).attached
    assert [each.because for each in attached] == ["It is dear.", "Every right ends."]
    assert attached[0].in_words == "Always replaced before it leaves: iban, name of a person."


def test_a_rule_says_how_values_are_replaced_and_binds_so():
    [attached] = planned(stage(), more={"attach": [{"because": "It leaves us.", "way": "placeholder"}]}).attached
    assert attached.in_words.startswith("What is replaced is replaced by a placeholder, or a hash")
    assert attached.binding(date(2027, 3, 1)).way is Way.PLACEHOLDER
    assert attached_of(attached.to_json()) == attached
    assert attached_of({key: value for key, value in attached.to_json().items() if key != "way"}).way is None


def test_a_prohibited_practice_has_no_route():
    verdict = route(DEFAULT, facts(ai_act_class="prohibited"))
    assert isinstance(verdict, Denied)
    assert verdict.code == "prohibited_practice"


def test_a_route_that_asks_nobody_is_denied():
    never = [{"if": 'tier == "high"', "because": "high", "otherwise": "It is {tier}."}]
    assert getattr(planned(stage(when=never)), "code", "") == "nobody_asked"


@pytest.mark.parametrize("name", ["classification", "hostings", "ai_act_class", "unit_path", "datasets"])
def test_a_missing_fact_stops_the_route(name):
    stated = facts()
    del stated[name]
    with pytest.raises(Invalid, match=name):
        route(DEFAULT, stated)


def test_an_attached_condition_that_cannot_be_answered_stops_the_route():
    priceless = facts()
    del priceless["cost"]
    definition = parse_definition({"name": "default", "stages": [stage()], "attach": [PRICEY]})
    with pytest.raises(Invalid, match="cost"):
        route(definition, priceless)


FACTS = st.fixed_dictionaries(
    {
        "classification": st.sampled_from(["public", "internal", "confidential", "restricted"]),
        "hostings": st.lists(st.sampled_from(["public_api", "tenant_cloud", "self_hosted"]), unique=True),
        "ai_act_class": st.sampled_from(["minimal", "limited", "high", "prohibited"]),
        "datasets": st.lists(st.builds(dataset, st.text(min_size=1, max_size=9), st.sampled_from([CLAIMS, HR]))),
    }
)


@given(FACTS)
def test_the_default_route_is_total_and_never_lets_danger_past_security(changed):
    stated = facts(**changed)
    found = route(DEFAULT, stated)
    if stated["ai_act_class"] == "prohibited":
        assert isinstance(found, Denied)
        return
    assert isinstance(found, Route)
    names = {stage.name for stage in found.asked}
    dangerous = stated["classification"] in {"confidential", "restricted"} or "public_api" in stated["hostings"]
    assert ("Security" in names) is dangerous
    assert ("Data stewards" in names) is bool(stated["datasets"])
    assert all(stage.reason and 1 <= stage.needed <= len(stage.slots) for stage in found.asked)
