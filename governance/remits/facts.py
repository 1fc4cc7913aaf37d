"""What a remit or a pattern tells the approval policy. Pure."""

from collections.abc import Iterable
from typing import Any

from governance.core.vocabulary import Classification
from governance.remits.body import RemitBody
from governance.remits.patterns import PatternBody
from governance.remits.rules import DatasetFacts, DestinationFacts, World


def stated_facts(
    *,
    unit: str,
    unit_path: str,
    ai_act_class: str,
    tier: str,
    techniques: Iterable[str],
    datasets: Iterable[DatasetFacts],
    destinations: Iterable[DestinationFacts],
    least: Classification = Classification.PUBLIC,
) -> dict[str, Any]:
    """Return the facts that workflows may ask about; `least` is a floor under the classification."""
    data = sorted(datasets, key=lambda dataset: dataset.ref)
    toward = sorted(destinations, key=lambda destination: destination.ref)
    highest = max([least, *(dataset.classification for dataset in data)], key=lambda found: found.height)
    return {
        "unit": unit,
        "unit_path": unit_path,
        "ai_act_class": str(ai_act_class),
        "tier": str(tier),
        "techniques": sorted(str(technique) for technique in techniques),
        "classification": str(highest),
        "hostings": sorted({str(destination.hosting) for destination in toward}),
        "datasets": [
            {
                "ref": dataset.ref,
                "title": dataset.title,
                "classification": str(dataset.classification),
                "steward": dataset.steward,
                "steward_path": dataset.steward_path,
            }
            for dataset in data
        ],
        "destinations": [
            {"ref": each.ref, "title": each.title, "hosting": str(each.hosting), "region": each.region}
            for each in toward
        ],
    }


def remit_facts(body: RemitBody, world: World) -> dict[str, Any]:
    return stated_facts(
        unit=world.unit,
        unit_path=world.unit_path,
        ai_act_class=body.ai_act_class,
        tier=body.tier,
        techniques=[body.technique],
        datasets=[world.datasets[ref] for ref in {grant.dataset for grant in body.grants}],
        destinations=[world.destinations[ref] for ref in {grant.destination for grant in body.grants}],
    )


def pattern_facts(body: PatternBody, world: World) -> dict[str, Any]:
    """A pattern is decided on the most it lets through."""
    return stated_facts(
        unit=world.unit,
        unit_path=world.unit_path,
        ai_act_class=body.ai_act_class,
        tier=body.tier,
        techniques=body.techniques,
        datasets=world.datasets.values(),
        destinations=world.destinations.values(),
        least=body.highest_classification,
    )
