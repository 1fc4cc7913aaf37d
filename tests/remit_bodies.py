"""Bodies and worlds for the pure tests of remits. Synthetic."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from governance.core.vocabulary import Classification, Hosting, Mode, Purpose, Technique, WeightsOwner
from governance.destinations.rules import DestinationState, TermsFacts
from governance.detection.ways import DEMANDED
from governance.initiatives.rules import AiActClass, Tier
from governance.remits.body import Conditions, GrantBody, RemitBody
from governance.remits.patterns import PatternBody
from governance.remits.promise import Promise
from governance.remits.rules import DatasetFacts, DestinationFacts, World
from governance.remits.tools import ToolRule

TODAY = date(2026, 3, 2)
ONE, TWO = "a" * 64, "b" * 64
TERMS = TermsFacts(30, trains_on_inputs=False, weights_owner=WeightsOwner.US, cleared_for=Classification.CONFIDENTIAL)


def dataset(ref, classification=Classification.INTERNAL, **facts):
    usual = DatasetFacts(
        ref, ref.title(), classification, synthetic=False, retired=False, steward="S", steward_path="/1/"
    )
    return replace(usual, **facts)


def destination(ref, **facts):
    usual = DestinationFacts(ref, ref.title(), Hosting.TENANT_CLOUD, "EU", DestinationState.OPEN, TERMS, ONE)
    return replace(usual, **facts)


WORLD = World(
    on=TODAY,
    unit="Claims",
    unit_path="/1/2/",
    unit_refs=frozenset({"group", "claims"}),
    datasets={
        "handbook": dataset("handbook"),
        "letters": dataset("letters", Classification.CONFIDENTIAL),
        "samples": dataset("samples", Classification.CONFIDENTIAL, synthetic=True),
    },
    destinations={"tenant": destination("tenant"), "public": destination("public", hosting=Hosting.PUBLIC_API)},
)


def grant(**facts):
    conditions = Conditions(("PERSON",), 100, "standard")
    usual = GrantBody("handbook", Purpose.SUMMARISE, Mode.PROMPT, "tenant", ONE, conditions, TODAY + timedelta(days=30))
    return replace(usual, **facts)


def body(*grants, **facts):
    usual = RemitBody(
        title="Letters assistant",
        purpose_text="Draft replies to letters.",
        purpose=Purpose.SUMMARISE,
        unit="claims",
        technique=Technique.PROMPT,
        accuracy_need="",
        human_oversight="A person reads every letter.",
        tier=Tier.LOW,
        ai_act_class=AiActClass.MINIMAL,
        grants=grants or (grant(),),
        ends=TODAY + timedelta(days=60),
    )
    return replace(usual, **facts)


def pattern(**facts):
    usual = PatternBody(
        purposes=(Purpose.SUMMARISE,),
        units=(),
        techniques=(Technique.PROMPT,),
        modes=(Mode.PROMPT,),
        tier=Tier.LOW,
        ai_act_class=AiActClass.MINIMAL,
        datasets=("handbook", "samples"),
        highest_classification=Classification.INTERNAL,
        synthetic=True,
        destinations=(("tenant", ONE),),
        redact=("PERSON",),
        calls_per_day=100,
        ruleset="standard",
        longest_days=90,
    )
    return replace(usual, **facts)


CONDITIONS = st.builds(
    Conditions,
    redact=st.lists(st.sampled_from(["PERSON", "IBAN_CODE", "EMAIL_ADDRESS"]), unique=True).map(tuple),
    calls_per_day=st.none() | st.integers(1, 500),
    ruleset=st.sampled_from(["standard", "strict"]),
    way=st.none() | st.sampled_from(DEMANDED),
)
TOOLS = st.lists(
    st.builds(ToolRule, st.sampled_from(["look_up", "delete_*", "provider:web"])), unique_by=lambda rule: rule.name
).map(lambda rules: tuple(sorted(rules, key=lambda rule: rule.name)))
DAYS = st.integers(0, 400).map(lambda days: TODAY + timedelta(days=days))
GRANTS = st.builds(
    GrantBody,
    dataset=st.sampled_from(sorted(WORLD.datasets)),
    purpose=st.sampled_from(Purpose),
    mode=st.sampled_from(Mode),
    destination=st.sampled_from(sorted(WORLD.destinations)),
    terms=st.sampled_from([ONE, TWO]),
    conditions=CONDITIONS,
    ends=DAYS,
)
BODIES = st.builds(
    RemitBody,
    title=st.text(max_size=9),
    purpose_text=st.text(max_size=9),
    purpose=st.sampled_from(Purpose),
    unit=st.sampled_from(["claims", "group"]),
    technique=st.sampled_from(Technique),
    accuracy_need=st.text(max_size=5),
    human_oversight=st.text(max_size=5),
    tier=st.sampled_from(Tier),
    ai_act_class=st.sampled_from(AiActClass),
    grants=st.lists(GRANTS, min_size=1, max_size=4, unique_by=lambda g: g.key).map(tuple),
    ends=DAYS,
    oversight=st.sampled_from([None, Promise(40), Promise(100, 30)]),
    tools=TOOLS,
)
PATTERNS = st.builds(
    PatternBody,
    purposes=st.lists(st.sampled_from(Purpose), min_size=1, unique=True).map(tuple),
    units=st.sampled_from([(), ("claims",), ("retail",)]),
    techniques=st.lists(st.sampled_from(Technique), min_size=1, unique=True).map(tuple),
    modes=st.lists(st.sampled_from(Mode), min_size=1, unique=True).map(tuple),
    tier=st.sampled_from(Tier),
    ai_act_class=st.sampled_from([AiActClass.MINIMAL, AiActClass.LIMITED]),
    datasets=st.lists(st.sampled_from(sorted(WORLD.datasets)), unique=True).map(tuple),
    highest_classification=st.sampled_from(Classification),
    synthetic=st.booleans(),
    destinations=st.lists(
        st.tuples(st.sampled_from(sorted(WORLD.destinations)), st.sampled_from([ONE, TWO])), min_size=1, unique=True
    ).map(tuple),
    redact=st.sampled_from([(), ("PERSON",)]),
    calls_per_day=st.none() | st.integers(1, 500),
    ruleset=st.sampled_from(["standard", "strict"]),
    longest_days=st.integers(1, 400),
    way=st.none() | st.sampled_from(DEMANDED),
)
