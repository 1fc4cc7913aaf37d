"""The shipped workflow, and the promises every route keeps."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.approvals.policy import Route, parse_definition, route
from governance.approvals.shipped import shipped_definition
from governance.core.errors import Invalid
from governance.core.verdict import Denied

DOCUMENT = shipped_definition()
DEFAULT = parse_definition(DOCUMENT)
CLAIMS, HR = "/1/2/", "/1/3/"


def dataset(title, path=CLAIMS):
    return {"title": title, "steward_path": path}


def facts(**changed):
    return {
        "unit_path": "/1/9/",
        "classification": "internal",
        "hostings": ["tenant_cloud"],
        "ai_act_class": "minimal",
        "datasets": [dataset("Product handbook")],
        **changed,
    }


def asked(given_facts):
    return [stage.name for stage in route(DEFAULT, given_facts).asked]


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
    positions = {stage.name: stage.position for stage in route(DEFAULT, facts()).stages}
    assert positions["Data stewards"] == positions["IT"] < positions["Security"] == positions["Legal"]


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
    stage = route(DEFAULT, facts(datasets=datasets)).asked[0]
    assert [(slot.label, slot.unit_path) for slot in stage.slots] == [
        ("steward of Files and Letters", CLAIMS),
        ("steward of Salaries", HR),
    ]
    assert stage.needed == 2


def test_a_prohibited_practice_has_no_route():
    verdict = route(DEFAULT, facts(ai_act_class="prohibited"))
    assert isinstance(verdict, Denied)
    assert verdict.code == "prohibited_practice"


def test_a_route_that_asks_nobody_is_denied():
    document = {**DOCUMENT, "stages": [DOCUMENT["stages"][3]]}
    verdict = route(parse_definition(document), facts())
    assert getattr(verdict, "code", "") == "nobody_asked"


def test_a_missing_fact_stops_the_route():
    stated = facts()
    del stated["classification"]
    with pytest.raises(Invalid, match="classification"):
        route(DEFAULT, stated)


FACTS = st.fixed_dictionaries(
    {
        "unit_path": st.just("/1/9/"),
        "classification": st.sampled_from(["public", "internal", "confidential", "restricted"]),
        "hostings": st.lists(st.sampled_from(["public_api", "tenant_cloud", "self_hosted"]), unique=True),
        "ai_act_class": st.sampled_from(["minimal", "limited", "high", "prohibited"]),
        "datasets": st.lists(st.builds(dataset, st.text(min_size=1, max_size=9), st.sampled_from([CLAIMS, HR]))),
    }
)


@given(FACTS)
def test_the_default_route_is_total_and_never_lets_danger_past_security(stated):
    planned = route(DEFAULT, stated)
    if stated["ai_act_class"] == "prohibited":
        assert isinstance(planned, Denied)
        return
    assert isinstance(planned, Route)
    names = {stage.name for stage in planned.asked}
    dangerous = stated["classification"] in {"confidential", "restricted"} or "public_api" in stated["hostings"]
    assert ("Security" in names) is dangerous
    assert ("Data stewards" in names) is bool(stated["datasets"])
    assert all(stage.reason and 1 <= stage.needed <= len(stage.slots) for stage in planned.asked)


def test_the_digest_names_the_meaning_not_the_order_of_keys():
    assert parse_definition(dict(reversed(DOCUMENT.items()))).digest == DEFAULT.digest


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        pytest.param(("stages", 0, "positon"), 1, "stages[0].positon", id="a misspelt key"),
        pytest.param(("stages", 0, "quorum"), "most", "stages[0].quorum", id="an unknown quorum"),
        pytest.param(("stages", 0, "position"), "1", "stages[0].position", id="a number as text"),
        pytest.param(("stages", 0, "position"), True, "stages[0].position", id="a truth as number"),
        pytest.param(("stages", 1, "slots"), [], "stages[1].slots", id="a stage that asks nobody"),
        pytest.param(("stages",), [], "stages", id="no stage"),
        pytest.param(("denials", 0, "code"), "", "denials[0].code", id="a denial without a code"),
    ],
)
def test_a_broken_workflow_names_its_fault(path, value, field):
    document = deepcopy(DOCUMENT)
    *steps, last = path
    place = document
    for step in steps:
        place = place[step]
    place[last] = value
    with pytest.raises(Invalid) as refused:
        parse_definition(document)
    assert refused.value.field == field
