"""What a remit, a pattern or a release tells the approval policy: every fact of governance/approvals/facts.py. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from governance.core.vocabulary import Classification
from governance.remits.body import RemitBody
from governance.remits.evidence import ExamEvidence
from governance.remits.patterns import PatternBody
from governance.remits.rules import DatasetFacts, DestinationFacts, World
from governance.remits.tools import ToolClass, ToolRule

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, beside the data and the destinations it names."""

    ai_act_class: str
    tier: str
    purposes: Iterable[str]
    modes: Iterable[str]
    techniques: Iterable[str]
    least: Classification = Classification.PUBLIC  # a floor under the classification
    contest_open: bool = False
    sandbox: bool = False
    exam_evidence: ExamEvidence = ExamEvidence.ABSENT
    oversight_share: int = 0
    tools: Iterable[ToolRule] = ()


def stated_facts(
    asked: Asked, *, world: World, datasets: Iterable[DatasetFacts], destinations: Iterable[DestinationFacts]
) -> dict[str, Any]:
    """Return the facts that workflows may ask about. A price that nobody knows is left out, never stated as nothing."""
    data = sorted(datasets, key=lambda dataset: dataset.ref)
    toward = [_destination(each) for each in sorted(destinations, key=lambda destination: destination.ref)]
    highest = max([asked.least, *(dataset.classification for dataset in data)], key=lambda found: found.height)
    prices = [each["price"] for each in toward if "price" in each]
    return {
        "unit": world.unit,
        "unit_path": world.unit_path,
        "unit_refs": sorted(world.unit_refs),
        "ai_act_class": str(asked.ai_act_class),
        "tier": str(asked.tier),
        "purposes": sorted({str(purpose) for purpose in asked.purposes}),
        "modes": sorted({str(mode) for mode in asked.modes}),
        "techniques": sorted({str(technique) for technique in asked.techniques}),
        "classification": str(highest),
        "personal_data": sorted({kind for dataset in data for kind in dataset.personal_data}),
        "hostings": sorted({each["hosting"] for each in toward}),
        "datasets": [_dataset(each) for each in data],
        "destinations": toward,
        "contest_open": asked.contest_open,
        "sandbox": asked.sandbox,
        "exam_evidence": str(asked.exam_evidence),
        "oversight_share": asked.oversight_share,
        **_tools(list(asked.tools)),
        **({"cost": max(prices)} if prices and len(prices) == len(toward) else {}),
    }


def _tools(rules: list[ToolRule]) -> dict[str, Any]:
    return {
        "uses_tools": bool(rules),
        "confirms_tools": any(rule.tool_class is ToolClass.CONFIRM for rule in rules),
        "provider_tools": sorted(rule.name for rule in rules if rule.at_provider),
    }


def _dataset(dataset: DatasetFacts) -> dict[str, Any]:
    return {
        "ref": dataset.ref,
        "title": dataset.title,
        "classification": str(dataset.classification),
        "personal_data": sorted(dataset.personal_data),
        "steward": dataset.steward,
        "steward_path": dataset.steward_path,
        "crown_jewel": dataset.crown_jewel,
        "synthetic": dataset.synthetic,
        "jurisdictions": sorted(dataset.jurisdictions),
    }


def _destination(found: DestinationFacts) -> dict[str, Any]:
    stated = {"ref": found.ref, "title": found.title, "hosting": str(found.hosting), "region": found.region}
    terms = found.terms
    if terms is None:
        return stated
    prices = [price for price in (terms.price_in, terms.price_out) if price is not None]
    return {
        **stated,
        "retention_days": terms.retention_days,
        "trains_on_inputs": terms.trains_on_inputs,
        "weights_owner": str(terms.weights_owner),
        "cleared_for": str(terms.cleared_for),
        **({"price": max(prices) / MICRO} if prices else {}),
    }


def remit_facts(
    body: RemitBody,
    world: World,
    *,
    contest_open: bool = False,
    exam_evidence: ExamEvidence = ExamEvidence.ABSENT,
) -> dict[str, Any]:
    asked = Asked(
        ai_act_class=body.ai_act_class,
        tier=body.tier,
        purposes={body.purpose, *(grant.purpose for grant in body.grants)},
        modes={grant.mode for grant in body.grants},
        techniques=[body.technique],
        contest_open=contest_open,
        exam_evidence=exam_evidence,
        oversight_share=body.oversight.share if body.oversight else 0,
        tools=body.tools,
    )
    return stated_facts(
        asked,
        world=world,
        datasets=[world.datasets[ref] for ref in {grant.dataset for grant in body.grants}],
        destinations=[world.destinations[ref] for ref in {grant.destination for grant in body.grants}],
    )


def pattern_facts(body: PatternBody, world: World, *, sandbox: bool = False) -> dict[str, Any]:
    """A pattern is decided on the most it lets through."""
    asked = Asked(
        ai_act_class=body.ai_act_class,
        tier=body.tier,
        purposes=body.purposes,
        modes=body.modes,
        techniques=body.techniques,
        least=body.highest_classification,
        sandbox=sandbox,
    )
    return stated_facts(asked, world=world, datasets=world.datasets.values(), destinations=world.destinations.values())
