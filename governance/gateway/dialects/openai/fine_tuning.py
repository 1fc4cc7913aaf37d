"""/openai/v1/fine_tuning/jobs: a job names training sets that were handed in, and the model to tune with them.

Source: the types of the official `openai` package, version 3.54.
"""

from collections.abc import Mapping
from typing import Any

from governance.core.errors import DomainError
from governance.gateway.dialects.batches import OWN_OR_PROVIDERS, Batch, Named, Step, plain_only
from governance.gateway.dialects.openai.errors import body_of
from governance.gateway.dialects.replies import Answers
from governance.gateway.dialects.shapes import (
    Shape,
    Spot,
    Text,
    free,
    number,
    record,
    tagged,
    text,
    unscannable,
    word,
)
from governance.gateway.dialects.surface import Surface, named_in_path

FILES = ("training_file", "validation_file")  # the fields of a job that name training sets
METRICS = ("cosine", "fuzzy_match", "bleu", "gleu", "meteor", *(f"rouge_{each}" for each in (*range(1, 6), "l")))
SEEN = (
    *("status", "created_at", "finished_at", "estimated_finish", "model", "fine_tuned_model"),
    *("trained_tokens", "seed", "hyperparameters"),
)
LONGEST_SAME = 8  # a shorter id of a provider is told only where it stands alone


def _auto_or(shape: Shape) -> Shape:
    def walk(value: Any, spot: Spot, texts: list[Text]) -> None:
        if value != "auto":
            shape(value, spot, texts)

    return walk


def _no_integrations(value: Any, spot: Spot, _texts: list[Text]) -> None:
    if value != []:
        reason = "The provider would pass on what it trains with to a place that nobody decided on."
        raise unscannable(spot, reason, remedy=f"Leave {spot.name} away.")


_COMMON = {
    "batch_size": _auto_or(number(1, 100_000, whole=True)),
    "learning_rate_multiplier": _auto_or(number(0, 1000)),
    "n_epochs": _auto_or(number(1, 1000, whole=True)),
}
_OF_DPO = {**_COMMON, "beta": _auto_or(number(0, 1000))}
_REINFORCED = {
    **_COMMON,
    "compute_multiplier": _auto_or(number(0, 1000)),
    "eval_interval": _auto_or(number(1, 1_000_000, whole=True)),
    "eval_samples": _auto_or(number(1, 1_000_000, whole=True)),
    "reasoning_effort": word("default", "low", "medium", "high"),
}
_GRADED = {"type": word("string_check", "text_similarity"), "name": text(), "input": text(), "reference": text()}
# What runs code, or asks another model, is none of them.
_GRADER = tagged(
    "type",
    {
        "string_check": record({**_GRADED, "operation": word("eq", "ne", "like", "ilike")}),
        "text_similarity": record({**_GRADED, "evaluation_metric": word(*METRICS)}),
    },
)
_METHOD = record(
    {
        "type": word("supervised", "dpo", "reinforcement"),
        "supervised": record({"hyperparameters": record(_COMMON)}),
        "dpo": record({"hyperparameters": record(_OF_DPO)}),
        "reinforcement": record(
            {"grader": _GRADER, "hyperparameters": record(_REINFORCED)}, required=frozenset({"grader"})
        ),
    },
    required=frozenset({"type"}),
)
JOB = record(
    {
        "model": text(),
        "training_file": OWN_OR_PROVIDERS,
        "validation_file": OWN_OR_PROVIDERS,
        "hyperparameters": record(_COMMON),
        "integrations": _no_integrations,
        "metadata": free(),
        "method": _METHOD,
        "seed": number(0, 2**31 - 1, whole=True),
        "suffix": text(fixed=True),  # it becomes part of a name
    },
    required=frozenset({"model", "training_file"}),
)
TOLD = frozenset(
    {"id", "object", "status", "model", "fine_tuned_model", "organization_id", "result_files", *FILES}
    | {"fine_tuned_model_checkpoint", "fine_tuning_job_id", "level", "type", "code", "param", "operation"}
    | {"evaluation_metric", "reasoning_effort", *_REINFORCED, *_OF_DPO, "first_id", "last_id"}
)


def renamed(tree: Any, names: Mapping[str, str]) -> Any:
    """Return the answer with the provider's names of what we know replaced by ours, in its sentences too."""
    if isinstance(tree, str):
        for theirs, ours in names.items():
            tree = tree.replace(theirs, ours) if tree == theirs or len(theirs) >= LONGEST_SAME else tree
        return tree
    if isinstance(tree, list):
        return [renamed(each, names) for each in tree]
    return {name: renamed(each, names) for name, each in tree.items()} if isinstance(tree, dict) else tree


def _told(tree: Mapping[str, Any], named: Named) -> dict[str, Any]:
    """What comes of a job beside its model stays with the provider: nothing here could read it."""
    return {**tree, "id": named.id, "object": "fine_tuning.job", "result_files": []}


def _told_of_it(tree: Mapping[str, Any], _named: Named) -> dict[str, Any]:
    return dict(tree)


def _seen(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain_only(tree.get(name)) for name in SEEN}


def _nothing_seen(_tree: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _no_records(_tree: Mapping[str, Any]) -> tuple[str, ...]:
    return ()


def _withheld(_tree: Mapping[str, Any], error: DomainError) -> dict[str, Any]:
    return body_of(error, request_id="")


OF_JOBS = Batch("ftjob-", "", "", _no_records, _told, _seen, _withheld, trains=True)
OF_WHAT_IS_TOLD = Batch("ftjob-", "", "", _no_records, _told_of_it, _nothing_seen, _withheld, trains=True)
ANSWERS = Answers(TOLD)
NOTHING = record({})
BEGIN_JOB = Surface("openai.fine_tuning_jobs", JOB, ANSWERS, batch=OF_JOBS, step=Step.TUNE)
ASK_JOB = Surface("openai.fine_tuning_job", NOTHING, ANSWERS, named=named_in_path, batch=OF_JOBS, step=Step.ASK)
LISTEN = Surface(
    "openai.fine_tuning_events", NOTHING, ANSWERS, named=named_in_path, batch=OF_WHAT_IS_TOLD, step=Step.ASK
)
