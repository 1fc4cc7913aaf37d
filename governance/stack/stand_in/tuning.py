"""The stand-in's fine-tuning jobs in OpenAI's interface: begun with a file it was given, and done for who asks again."""

import json
from collections import OrderedDict
from collections.abc import Collection
from typing import Any
from uuid import uuid4

from governance.stack.stand_in.told import JSON, NAME, Reply

MOST_KEPT = 40
BEGAN = 1_767_600_000
_jobs: OrderedDict[str, dict[str, Any]] = OrderedDict()


def reply(method: str, path: str, asked: dict[str, Any], files: Collection[str]) -> Reply | None:
    """Return the reply to a call about fine-tuning, None for any other; `files` are those it was given."""
    if (method, path) == ("POST", "/fine_tuning/jobs"):
        return _told(_begin(asked)) if asked.get("training_file") in files else None
    name, what = [*path.partition("?")[0].removeprefix("/fine_tuning/jobs/").split("/"), ""][:2]
    said = _about(method, what, _jobs[name]) if name in _jobs else None
    return _told(said) if said else None


def _about(method: str, what: str, job: dict[str, Any]) -> dict[str, Any] | None:
    match (method, what):
        case ("GET", ""):
            return {**job, "status": "succeeded", "fine_tuned_model": f"ft:{job['model']}:demo"}
        case ("POST", "cancel"):
            return {**job, "status": "cancelled"}
        case ("GET", "events"):
            return {"object": "list", "data": _events(job), "has_more": False}
        case ("GET", "checkpoints"):
            return {"object": "list", "data": [_checkpoint(job)], "has_more": False}
    return None


def _begin(asked: dict[str, Any]) -> dict[str, Any]:
    name = f"ftjob-{uuid4().hex}"
    told = {"id": name, "object": "fine_tuning.job", "created_at": BEGAN, "status": "queued", "fine_tuned_model": None}
    told |= {"organization_id": "org-stand-in", "result_files": [], "seed": 1, "trained_tokens": None, "error": None}
    _jobs[name] = {"hyperparameters": {"n_epochs": "auto"}, "validation_file": None, **told, **asked}
    while len(_jobs) > MOST_KEPT:
        _jobs.popitem(last=False)
    return _jobs[name]


def _events(job: dict[str, Any]) -> list[dict[str, Any]]:
    sentences = [f"This is {NAME}: it trains nothing.", f"Job {job['id']} begins with {job['training_file']}."]
    sentences += [f"Meant {name}: {each}" for name, each in (job.get("metadata") or {}).items()]
    kind = {"object": "fine_tuning.job.event", "created_at": BEGAN, "level": "info", "type": "message"}
    return [{"id": f"ftevent-{number}", "message": each, **kind} for number, each in enumerate(sentences)]


def _checkpoint(job: dict[str, Any]) -> dict[str, Any]:
    told = {"id": "ftckpt-1", "object": "fine_tuning.job.checkpoint", "created_at": BEGAN, "step_number": 10}
    model = f"ft:{job['model']}:demo:step-10"
    return {**told, "fine_tuning_job_id": job["id"], "fine_tuned_model_checkpoint": model, "metrics": {"step": 10}}


def _told(body: dict[str, Any]) -> Reply:
    return Reply(200, JSON, [json.dumps(body).encode()])
