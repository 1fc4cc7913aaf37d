"""From a call to a case: whose key, which text, toward where. Nothing is scanned and nothing is sent yet."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from governance.core.errors import Busy, DomainError, Invalid, NotAllowed, NotFound
from governance.core.vocabulary import Mode
from governance.gateway.access import Access
from governance.gateway.address import (
    MODEL_UNKNOWN,
    Target,
    check_declared,
    declared_datasets,
    destination_named,
    speaking,
    target_of,
    toward,
)
from governance.gateway.batches import Begun
from governance.gateway.case import Case
from governance.gateway.dialects.batches import PROVIDER_ID, Batch, Step
from governance.gateway.dialects.openai.batches import OF_FILES
from governance.gateway.dialects.prompt import Prompt
from governance.gateway.dialects.surface import Surface
from governance.gateway.dialects.wire_format import Route, Treatment
from governance.gateway.gate import Gate
from governance.gateway.own_caches import with_own_caches
from governance.gateway.own_files import with_own_files
from governance.gateway.routes import Door, format_named
from governance.gateway.selectors.access import offers_to_train, why_no_grant
from governance.gateway.selectors.batches import Own, batch_of
from governance.gateway.selectors.tuning import NamedSet, job_of
from governance.gateway.stopping import require_unstopped
from governance.gateway.tools import check_batched, check_tools, lists_of
from governance.gateway.tuning import named_sets
from governance.gateway.wire import Call

LONGEST_NAME = 200
PAGE_SIZE = re.compile(r"[1-9]\d?|100")


@dataclass(frozen=True, slots=True)
class Understood:
    """`prompt` is under the provider's own name of its model; `door` is where it came in. `batch` is the one it is about.

    `sets` are the training sets that it names, by the field of the body; `query` is what of the call's own goes along.
    """

    door: Door
    prompt: Prompt
    access: Access
    target: Target
    batch: Begun | None = None
    sets: Mapping[str, NamedSet] = field(default_factory=dict)
    query: str = ""

    @property
    def provider_path(self) -> str:
        path = self.door.provider_path(self.target.model, self.batch.provider_id if self.batch else "")
        return f"{path}?{self.query}" if self.query else path


async def understand(call: Call, door: Door, case: Case, gate: Gate) -> Understood:
    """Return what is asked, and fill in the case on the way, so that a refusal can be written down wherever it happens.

    Raises:
        NotSignedIn, NotAllowed: about the key, the end user, the grant or the declared datasets.
        NotAllowed: `stopped`, `tool_not_allowed`, `tool_not_in_batches`.
        NotAllowed, NotFound: `surface_refused`, `surface_unsupported`: about a path whose calls are not scanned.
        Invalid, TooLarge: about the body.
    """
    remembered = gate.known.recall(call.key)
    if remembered is not None:
        try:
            return await _understand(call, door, case, remembered, gate)
        except Busy:
            raise  # of what has no room nothing more is asked
        except DomainError:
            access = await gate.known.ask(call.key, at=case.at)
    else:
        access = await gate.known.learn(call.key, at=case.at)
    return await _understand(call, door, case, access, gate)


async def _understand(call: Call, door: Door, case: Case, access: Access, gate: Gate) -> Understood:
    case.access = access  # before anything can be refused: a refusal is written down for whoever holds the key
    surface = _scanned(door.route)
    if surface.trains:
        case.mode, access = Mode.FINE_TUNE, await _to_train(access, gate)
        case.access = access
    case.end_user = call.header("x-remit-actor")[:LONGEST_NAME]
    if access.issuer is not None and not door.dry:  # nothing of a dry run leaves, whoever asks
        case.verified_user = await gate.key_sets.verify(access.issuer, call.header(access.issuer.header.lower()))
    case.datasets = declared_datasets(call.header("x-remit-datasets"))
    if surface.bodiless:
        return await _about_a_batch(call, door, case, access, gate)
    raw = await call.body(largest=gate.config.largest_body)
    tree = surface.read(raw, call.header("content-type"))
    surface = surface.of(tree)
    cached = await with_own_caches(call, door, tree, access, gate)
    case.bytes_in = len(raw) + cached + await with_own_files(call, surface, tree, access, gate, beside=cached)
    prompt = Prompt.of(surface, tree, in_path=door.model)
    if surface.step is Step.START:
        return await _begun_with_a_file(prompt, door, case, access, gate)
    case.stream, case.records = prompt.stream, 0 if surface.step is Step.UPLOAD else prompt.records
    target = case.target = await _target(prompt.model, door, access, gate)
    require_unstopped(access.stops, access.sending(target.destination))
    check_declared(case.datasets, target)
    _check_tools(prompt, target)
    sets = await named_sets(prompt.tree, target, access, gate) if surface.step is Step.TUNE else {}
    prompt = prompt.addressed_to(target.model)
    case.places = prompt.places
    case.keyed_digest = gate.keys.request_digest(
        prompt.body, initiative=access.initiative, destination=target.destination
    )
    return Understood(door, prompt, access, target, sets=sets)


async def _to_train(access: Access, gate: Gate) -> Access:
    """Return the access by the grants to train instead of those for prompts. Raises NotAllowed, `no_grant`."""
    async with gate.database.reading() as conn:
        offers = await offers_to_train(conn, access.initiative, at=access.read_at)
    if not offers:
        remedy = "Ask for a grant in the mode fine-tune, in a new version of the remit."
        raise NotAllowed("no_grant", "This initiative has no grant to train a model anywhere.", remedy=remedy)
    return replace(access, offers=offers)


def _check_tools(prompt: Prompt, target: Target) -> None:
    declared, lists = list(prompt.surface.declares(prompt.tree)), lists_of(target.offers)
    check_tools(declared, lists)
    if prompt.answered_later:
        check_batched(declared, lists)


async def _about_a_batch(call: Call, door: Door, case: Case, access: Access, gate: Gate) -> Understood:
    """Return a call that asks about a batch of the initiative: no body is read, and nothing but the provider's name of it is sent.

    Raises:
        NotFound: `no_such_batch`, `no_such_job`, `no_such_response`, also of one that is another's.
        NotAllowed: `no_grant`, `stopped`; `unscannable` for a stream of what ran in the background.
    """
    surface = _scanned(door.route)
    if surface.batch is not None and surface.batch.alone and call.query("stream").lower() == "true":
        remedy = "Leave stream away, and ask until it is completed."
        raise NotAllowed("unscannable", "What ran in the background is fetched whole.", field="stream", remedy=remedy)
    begun = await _begun(door.batch, surface.batch, door, access, gate)
    target = _where_begun(begun, case, access)
    prompt = Prompt.of(surface, {}, in_path=begun.model)
    case.stream, case.records = prompt.stream, 0
    return Understood(door, prompt, access, target, begun, query=_page(call) if door.route.pages else "")


def _page(call: Call) -> str:
    """Return which page of a list is asked for, written anew. Raises Invalid, `wrong_page`."""
    after, limit = call.query("after"), call.query("limit")
    if (after and not PROVIDER_ID.fullmatch(after)) or (limit and not PAGE_SIZE.fullmatch(limit)):
        raise Invalid("wrong_page", "after is an id of the list, limit 1 to 100.", field="after")
    return "&".join(f"{name}={value}" for name, value in (("after", after), ("limit", limit)) if value)


async def _begun_with_a_file(prompt: Prompt, door: Door, case: Case, access: Access, gate: Gate) -> Understood:
    """Return a call that begins a batch with a file of the initiative, which is named to the provider as the provider knows it.

    Raises:
        NotFound: `no_such_batch`. NotAllowed: `no_grant`, `stopped`. Invalid: `other_endpoint`.
    """
    file = await _begun(str(prompt.tree["input_file_id"]), OF_FILES, door, access, gate)
    target = _where_begun(file, case, access)
    if prompt.tree["endpoint"] != file.seen.get("endpoint"):
        raise Invalid("other_endpoint", "The records of the file are for another endpoint.", field="endpoint")
    tree = {**prompt.tree, "input_file_id": file.provider_id}
    prompt = Prompt.of(prompt.surface, tree, in_path=file.model)
    case.records, case.places = file.records, prompt.places
    case.keyed_digest = gate.keys.request_digest(
        prompt.body, initiative=access.initiative, destination=target.destination
    )
    return Understood(door, prompt, access, target, file)


def _where_begun(begun: Begun, case: Case, access: Access) -> Target:
    offers = [each for each in toward(begun.destination, access.offers) if begun.model in each.models]
    if not offers:
        remedy = "Ask for a grant toward it, or see to the batch at the provider."
        raise NotAllowed("no_grant", "No grant leads to where this batch is any more.", remedy=remedy)
    target = case.target = Target(begun.model, tuple(offers))
    require_unstopped(access.stops, access.sending(target.destination))
    check_declared(case.datasets, target)
    return target


async def _begun(own_id: str, form: Batch | None, door: Door, access: Access, gate: Gate) -> Begun:
    number = form.number_of(own_id) if form else None
    if form is not None and number is not None:
        own = Own(access.initiative, form.kept_as or door.format.dialect)
        async with gate.database.reading() as conn:
            if form.trains:
                begun = await job_of(conn, number, own=own)
            else:
                begun = await batch_of(conn, number, own=own, is_file=form.is_file, at=access.read_at)
        part = form.part_of(own_id)
        name = begun.seen.get(part) if begun and part else begun and begun.provider_id
        if begun and isinstance(name, str) and PROVIDER_ID.fullmatch(name):
            return replace(begun, provider_id=name)
    if form is not None and form.trains:
        remedy = "A job is known to the initiative that began it."
        raise NotFound("no_such_job", "This initiative has no such job.", remedy=remedy)
    if form is not None and form.alone:
        remedy = "What runs in the background is known to the initiative that began it, for a month."
        raise NotFound("no_such_response", "This initiative has no such response in the background.", remedy=remedy)
    remedy = "A batch is known to the initiative that began it, for a month."
    raise NotFound("no_such_batch", "This initiative has no such batch.", remedy=remedy)


def _scanned(route: Route) -> Surface:
    if route.surface is not None:
        return route.surface
    reason = f"{route.title}: {route.why} Nothing was sent."
    if route.treatment is Treatment.REFUSED:
        raise NotAllowed("surface_refused", reason, remedy=route.remedy)
    raise NotFound("surface_unsupported", reason, remedy=route.remedy)


async def _target(model: str, door: Door, access: Access, gate: Gate) -> Target:
    try:
        return target_of(model, speaking(door.dialect, access.offers))
    except Invalid as unclear:
        trains = door.route.surface is not None and door.route.surface.trains
        if unclear.code != MODEL_UNKNOWN or trains:  # of grants for prompts is told below
            raise
        _refuse_other_dialect(model, access)
        async with gate.database.reading() as conn:
            named = destination_named(model)
            ended = await why_no_grant(conn, access, model=model, named=named, at=access.read_at)
        if ended is not None:
            raise ended from None
        raise


def _refuse_other_dialect(model: str, access: Access) -> None:
    """Tell a caller who came in at the wrong door where the right one is."""
    with suppress(Invalid):
        elsewhere = target_of(model, access.offers).first
        spoken = format_named(elsewhere.dialect)
        remedy = (
            f"Call it with {spoken.title}'s own client, whose base URL here ends in {spoken.base}." if spoken else ""
        )
        raise NotAllowed(
            "other_dialect", f"{elsewhere.destination_ref} has another interface.", field="model", remedy=remedy
        )
