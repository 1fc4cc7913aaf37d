"""What a key opens: its models in a provider's own shape, and all of it in ours."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.core.errors import Invalid, NotFound
from governance.gateway.access import Access
from governance.gateway.address import Target, names_of, speaking, toward
from governance.gateway.dialects.batches import Batch, Named
from governance.gateway.dialects.openai.fine_tuning import OF_JOBS
from governance.gateway.dialects.openai.training_files import file_id, file_listing
from governance.gateway.gate import Gate
from governance.gateway.handler import keyed
from governance.gateway.retelling import named_batch
from governance.gateway.routes import Door, format_named
from governance.gateway.selectors.access import access_of
from governance.gateway.selectors.batches import Own, batches_of
from governance.gateway.selectors.tuning import jobs_of
from governance.gateway.stopping import refusal_of, stop_on
from governance.gateway.wire import Call

USUAL_PAGE, MOST_ON_A_PAGE = 20, 1000
# How the official clients say where a page of batches begins or ends.
AFTER, BEFORE = ("after_id", "after"), ("before_id", "before")


async def list_models(call: Call, door: Door, gate: Gate, *, at: datetime) -> bytes:
    """Return what can be sent to now, so nothing a stop concerns, in the provider's own shape. Raises NotSignedIn, NotAllowed, Unavailable."""
    access = await _access(call, door.name, gate, at=at)
    offers = [offer for offer in access.offers if stop_on(access.stops, access.sending(offer.destination)) is None]
    names = names_of(speaking(door.dialect, offers))
    return json.dumps(door.format.listing(names, at), ensure_ascii=False).encode()


async def list_batches(call: Call, door: Door, gate: Gate, *, at: datetime) -> bytes:
    """Return a page of the initiative's own batches as they were last seen, in the provider's own shape.

    Raises:
        NotSignedIn, NotAllowed, Unavailable.
        Invalid: `wrong_limit`, `no_such_batch`.
    """
    form, write = door.format.batch, door.format.batch_listing
    if form is None or write is None:
        raise NotFound("no_such_path", "This interface has no batches.")
    most = most_asked(call)
    after, before = _batch_in(call, form, AFTER), _batch_in(call, form, BEFORE)
    access = await _access(call, door.name, gate, at=at)
    own = Own(access.initiative, door.format.dialect)
    async with gate.database.reading() as conn:
        listing = await batches_of(conn, own=own, after=after, before=before, most=most, at=at)
    rows = [
        form.retold(seen, named_batch(form, number, file, door.format, gate.config))
        for number, file, seen in listing.rows
    ]
    return json.dumps(write(rows, more=listing.more), ensure_ascii=False).encode()


async def list_jobs(call: Call, door: Door, gate: Gate, *, at: datetime) -> bytes:
    """Return a page of the initiative's own fine-tuning jobs as they were last seen. Raises as `list_batches`."""
    most, after = most_asked(call), _batch_in(call, OF_JOBS, AFTER[1:])
    access = await _access(call, door.name, gate, at=at)
    async with gate.database.reading() as conn:
        jobs, more = await jobs_of(conn, own=Own(access.initiative, door.format.dialect), after=after, most=most)
    rows = [
        {
            **OF_JOBS.retold(job.seen, Named(OF_JOBS.own_id(job.id), "")),
            "training_file": file_id(job.training_set),
            "validation_file": file_id(job.validation_set) if job.validation_set else None,
        }
        for job in jobs
    ]
    return json.dumps(file_listing(rows, more=more), ensure_ascii=False).encode()


async def tell_access(call: Call, gate: Gate, *, at: datetime) -> bytes:
    """Return what the bearer of the key may call now, in Remit's own shape. Raises NotSignedIn, NotAllowed, Unavailable."""
    access = await _access(call, "access", gate, at=at)
    told = {
        "at": at.isoformat(),
        "key": {"prefix": access.prefix, "expires_at": access.key_expires_at.isoformat()},
        "initiative": access.code,
        "page": f"{gate.config.web_url}/initiatives/{access.code}/",
        "models": [model for target in _targets(access) for model in _models(target, access)],
    }
    return json.dumps(told, ensure_ascii=False).encode()


def most_asked(call: Call, *, usual: int = USUAL_PAGE, most: int = MOST_ON_A_PAGE) -> int:
    """Return how many rows a page may have. Raises Invalid, `wrong_limit`."""
    written = call.query("limit")
    asked = int(written or usual) if not written or written.isdecimal() else 0
    if not 1 <= asked <= most:
        raise Invalid("wrong_limit", f"limit is 1 to {most}.", field="limit")
    return asked


def _batch_in(call: Call, form: Batch, names: Sequence[str]) -> UUID | None:
    written = next(filter(None, map(call.query, names)), "")
    number = form.number_of(written) if written else None
    if written and number is None:
        raise Invalid("no_such_batch", "This is no id of a batch.", field=names[0])
    return number


async def _access(call: Call, name: str, gate: Gate, *, at: datetime) -> Access:
    async with keyed(call, name, gate) as case, gate.database.reading() as conn:
        case.access = await access_of(conn, call.key, at=at)
    return case.access


def _targets(access: Access) -> list[Target]:
    places = {offer.destination: offer.destination_ref for offer in access.offers}
    return [Target("", toward(place, access.offers)) for place in sorted(places, key=lambda place: places[place])]


def _models(target: Target, access: Access) -> list[dict[str, Any]]:
    """Return each model of a destination: how a call names it, where its client is pointed at, and which data may go there.

    `stopped` says why nothing is sent there now, "" when something may be.
    """
    first, spoken = target.first, format_named(target.first.dialect)
    stop = stop_on(access.stops, access.sending(target.destination))
    shared = {
        "interface": first.dialect,
        "base": spoken.base if spoken else "",
        "datasets": sorted({offer.dataset for offer in target.offers}),
        "sandbox": all(offer.sandbox for offer in target.offers),
        "stopped": refusal_of(stop).reason if stop else "",
    }
    return [{"name": f"{first.destination_ref}/{model}", **shared} for model in first.models]
