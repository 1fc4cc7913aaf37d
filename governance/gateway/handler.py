"""One exchange, from the key to the outcome. Read this page to know what the gateway does."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from functools import partial

from governance.core.clock import now
from governance.core.errors import Busy, DomainError, Invalid, Unavailable
from governance.core.ids import uuid7
from governance.core.log import REQUEST_ID
from governance.destinations.rules import ReplyCheck
from governance.detection.document import Document
from governance.detection.policy import Decision, Verdict
from governance.detection.report import Report
from governance.gateway.admitting.admission import Place
from governance.gateway.case import Case
from governance.gateway.config import Config
from governance.gateway.database import DATABASE_BEHIND, DATABASE_DOWN
from governance.gateway.decision import strictest
from governance.gateway.dialects.batches import ANSWERS_PART, Step
from governance.gateway.dialects.refusals import status_of
from governance.gateway.documents import with_documents_read
from governance.gateway.forward import CLIENT_LEFT, Parcel, forward, refusal_headers
from governance.gateway.gate import Gate
from governance.gateway.holding import keep
from governance.gateway.judge import Ask, Judge, Judged
from governance.gateway.limits import Use, likely_use, rates_of, takings
from governance.gateway.permit import EgressPermit, mint
from governance.gateway.person import Person
from governance.gateway.portions import ask_in_portions
from governance.gateway.publishing import with_sets_sent
from governance.gateway.rates import count_call
from governance.gateway.reading import Reading
from governance.gateway.retelling import Retelling
from governance.gateway.retelling_jobs import RetellingOfJob
from governance.gateway.routes import Door
from governance.gateway.running import enter, taken_of_run
from governance.gateway.selectors.justifications import is_justified
from governance.gateway.selectors.releases import Same, held_before
from governance.gateway.selectors.standing import TAKEN_BACK
from governance.gateway.selectors.suppressions import without_mistakes
from governance.gateway.services.exchanges import hold_exchange, open_exchange, refuse_exchange, refuse_key
from governance.gateway.serving import served
from governance.gateway.shadow import Noted
from governance.gateway.tools import confirms_any, lists_of
from governance.gateway.understand import Understood, understand
from governance.gateway.upstream import Upstream
from governance.gateway.wire import Call, ClientLeft
from governance.organisation.key_text import prefix_of
from governance.scanning.remote import NOTHING_SENT
from governance.scanning.selectors import Enforced


def gate_of(config: Config) -> Gate:
    return Gate.of(config, Upstream(timeout_s=config.upstream_timeout_s, loopback_allowed=config.loopback_allowed))


async def exchange(call: Call, door: Door, gate: Gate) -> None:
    """Understand, scan, decide, commit the intent, send, answer. Whatever is in doubt ends in `_refuse`, with nothing sent."""
    case = Case(uuid7(), now(), door.name)
    REQUEST_ID.set(str(case.id))
    try:
        with gate.place_for(call) as place:
            await _admitted(call, door, case, place, gate)
    except Busy as shed:
        # Told and not written down: one row for each of a flood would be another flood. How many there were is in the sign of life.
        await call.reply(status_of(shed), _words(door, case, shed), refusal_headers(case, shed))


async def _admitted(call: Call, door: Door, case: Case, place: Place, gate: Gate) -> None:
    try:
        asked, parcel = await _prepare(call, door, case, gate)
        if parcel is not None and not asked.prompt.stream:
            place.pause()  # until all of the answer has come; a stream comes at its provider's pace
            await forward(call, case, asked, parcel, gate)
        place.rest(done=True)
        if parcel is not None and asked.prompt.stream:
            await forward(call, case, asked, parcel, gate)
    except ClientLeft:
        left = Invalid(CLIENT_LEFT, "The client left before its request was whole.")
        with suppress(Unavailable):  # nobody is there to be told
            await _write_refusal(call, case, left, gate)
    except Busy:
        raise
    except DomainError as refused:
        await _refuse(call, door, case, await _exactly(refused, call, door, case, gate), gate)
        place.rest(done=not isinstance(refused, Unavailable))


async def _prepare(call: Call, door: Door, case: Case, gate: Gate) -> tuple[Understood, Parcel | None]:
    """Return what is sent, once the intent to send it is committed; nothing when an answer waited here. Raises the refusal."""
    with _shed_when_behind():
        asked = await understand(call, door, case, gate)
        await count_call(gate.scanner.client, rates_of(asked.access.limits), call=case.id)
        await enter(call, asked, case, gate)
        asked = await with_documents_read(asked, case, gate)
        enforced = await gate.rulesets.of(asked.access.ruleset)
        headers = dict(door.format.provider_headers(gate.keys.provider_key(asked.target.first), call.header))
        headers["content-type"] = asked.prompt.surface.media_type
        judged = await judge(asked, case, enforced, gate)
    if await served(call, case, asked, gate):
        return asked, None
    if asked.sets:
        judged = await with_sets_sent(call, asked, judged, gate, headers=headers)
    opening = gate.watch.opening(asked.access.sending(asked.target.destination))
    with opening, nullcontext() if asked.sets else _shed_when_behind():  # a set has been sent by now
        permit = await intend(asked, judged, case, enforced, gate)
    reading, told = _reading(asked, judged, case, enforced, gate), _told(asked, judged, case, gate)
    reading = told.read(reading) if isinstance(told, Retelling) else reading
    return asked, Parcel(
        judged.sent.body, permit, reading, headers, told, _foreseen(asked, judged), counts=_counts(asked)
    )


@contextmanager
def _shed_when_behind() -> Iterator[None]:
    """Turn a call away that waits too long for the record: nothing of it was sent or written, so it may come again. Raises Busy."""
    try:
        yield
    except Unavailable as late:
        if late.code != DATABASE_BEHIND:
            raise
        raise Busy(late.code, late.reason, remedy=NOTHING_SENT) from late


def _told(asked: Understood, judged: Judged, case: Case, gate: Gate) -> Retelling | RetellingOfJob | None:
    form = asked.prompt.surface.batch
    if form is not None and form.trains:
        return RetellingOfJob(form, asked, judged.sent, case, gate)
    return Retelling.of(asked, judged, case, gate)


async def _exactly(refused: DomainError, call: Call, door: Door, case: Case, gate: Gate) -> DomainError:
    """Return what was taken back, where only that something was is known: the key may have been read half a second ago."""
    if refused.code != TAKEN_BACK:
        return refused
    try:
        await gate.known.ask(call.key, at=now())
        await understand(call, door, case, gate)
    except DomainError as exact:
        return exact
    return refused


@asynccontextmanager
async def keyed(call: Call, name: str, gate: Gate) -> AsyncIterator[Case]:
    """Let something be answered that needs a key and sends nothing; a key that is refused is written down as for any call."""
    case = Case(uuid7(), now(), name)
    with gate.place_for(call):
        try:
            yield case
        except DomainError as refused:
            if case.access is None and refused.code != DATABASE_DOWN:
                await _write_refusal(call, case, refused, gate)
            raise


async def judge(asked: Understood, case: Case, enforced: Enforced, gate: Gate) -> Judged:
    """Return what may leave. Raises the refusal when nothing may."""
    began, access = time.monotonic(), asked.access
    judging = judge_of(asked, case, enforced, gate)
    case.observation = judging.conditions.observation if judging.conditions.observed else None
    try:
        case.report, case.decision = looked = await judging.look(asked.prompt)
        if asked.prompt.texts:
            gate.shadow.note(_noted(asked, case, judging, looked, gate))
        if case.decision.verdict is Verdict.HOLD:
            await _held_or_released(asked, case, gate)
        if case.decision.justifiable and case.keyed_digest:
            case.justified = await is_justified(
                gate.database, case.keyed_digest, initiative=access.initiative, at=case.at
            )
        opened = {"justified": case.justified, "released": case.released}
        judged = await judging.prepare(asked.prompt, case.report, case.decision, **opened)
        case.ways = judged.ways
        return judged
    finally:
        case.timings["scan"] = (time.monotonic() - began) * 1000


def _noted(asked: Understood, case: Case, judging: Judge, looked: tuple[Report, Decision], gate: Gate) -> Noted:
    """Return what a version of the ruleset in shadow needs to decide the call a second time."""
    return Noted(
        case.id, asked.prompt, judging.conditions, *looked, ask=lambda beside: _asking(asked, case, beside, gate)
    )


def judge_of(asked: Understood, case: Case, enforced: Enforced, gate: Gate) -> Judge:
    """Return who judges the prompt: by the rules in force, under the strictest conditions of the grants toward its target."""
    key = gate.keys.of_placeholders(asked.access.initiative)
    return Judge(_asking(asked, case, enforced, gate), enforced.policy, strictest(asked.target.offers), key)


async def _held_or_released(asked: Understood, case: Case, gate: Gate) -> None:
    """Find out whether two people released exactly this; if not, keep it for them, once however often it comes."""
    digest, same = case.keyed_digest, Same()
    if digest is not None:
        same = await held_before(gate.database, digest, initiative=asked.access.initiative, at=case.at)
    case.released, case.waits_as = same.released, None if same.released else same.waiting
    if not (case.released or case.waits_as):
        case.held = await keep(asked.prompt.body, case.id, gate.config)


def _asking(asked: Understood, case: Case, enforced: Enforced, gate: Gate) -> Ask:
    async def ask(document: Document) -> Report:
        at_once = partial(gate.asking.ask, ruleset=enforced.detectors, sharer=asked.access.prefix)
        report = await (ask_in_portions(document, at_once) if asked.prompt.is_batch else at_once(document))
        return await without_mistakes(gate.database, report, unit_path=asked.access.unit_path, at=case.at)

    return ask


def _reading(asked: Understood, judged: Judged, case: Case, enforced: Enforced, gate: Gate) -> Reading:
    """Return how the answer will be read: what the caller wrote is theirs to see, and nothing else that needs taking out."""
    conditions = judged.conditions
    return Reading(
        ask=_asking(asked, case, enforced, gate),
        check=ReplyCheck(asked.target.first.reply_check),
        policy=enforced.replies,
        facts=conditions.facts_back,
        observation=conditions.observation if conditions.observed else None,
        known=frozenset(found.keyed_digest for found in judged.report.findings),
        originals=judged.originals,
        most_held=gate.config.largest_reply_held,
        person=_person(asked, case, enforced, gate),
    )


def _person(asked: Understood, case: Case, enforced: Enforced, gate: Gate) -> Person | None:
    """Return who confirms calls of tools in the answer, None where the remits want nobody to."""
    lists = lists_of(asked.target.offers)
    return Person(case, gate, lists, _asking(asked, case, enforced, gate)) if confirms_any(lists) else None


async def intend(asked: Understood, judged: Judged, case: Case, enforced: Enforced, gate: Gate) -> EgressPermit:
    """Mint the permit and commit the intent. Nothing can be sent without what this returns."""
    began, conditions = time.monotonic(), judged.conditions
    permit = mint(
        judged.sent,
        judged.sent_report,
        judged.sent_decision,
        ruleset=enforced.detectors.digest,
        justified=case.justified,
        released=case.released,
        exchange=case.id,
        destination=asked.target.destination,
        method=asked.door.route.method,
        path=asked.provider_path,
        grants=asked.target.grants,
        moment=began,
        unread=conditions.unread,
    )
    case.request_digest, case.bytes_out = permit.digest, len(judged.sent.body)
    cap = None
    if case.records:  # what only asks how a batch stands takes nothing
        likely = _foreseen(asked, judged) or likely_use(judged.sent.tree, case.bytes_out)
        case.taken = takings(asked.access.limits, likely, asked.target.price, case.at)
        case.taken_of_run = taken_of_run(case.run.root, likely, asked.target) if case.run else None
        cap = conditions.calls_per_day
    await open_exchange(gate.database, case, calls_per_day=cap, by=case.actor, at=now())
    case.timings["intent"] = (time.monotonic() - began) * 1000
    return permit


def _foreseen(asked: Understood, judged: Judged) -> Use | None:
    """Return what a call whose answer comes later is charged; None where the answer tells."""
    match judged.sent.surface.step:
        case Step.BEGIN:
            return likely_use(judged.sent.tree, len(judged.sent.body))
        case Step.START:
            return asked.batch.likely if asked.batch else None
    return None


def _counts(asked: Understood) -> bool:
    """Say whether what comes back are answers of what began before; those that failed are a file of their own and used nothing."""
    surface = asked.prompt.surface
    if surface.batch and surface.batch.alone:
        return surface.step is Step.ASK
    part = surface.batch.part_of(asked.door.batch) if surface.batch else ""
    return surface.step is Step.TAKE and part in {"", ANSWERS_PART}


async def _refuse(call: Call, door: Door, case: Case, refused: DomainError, gate: Gate) -> None:
    """Write down the refusal and tell the client. When even that cannot be written, that is what the client is told."""
    try:
        if refused.code not in {DATABASE_DOWN, DATABASE_BEHIND}:  # asking it a second time would only double the wait
            await _write_refusal(call, case, refused, gate)
        link = gate.link(case.waits_as or case.id) if case.access else ""
    except Unavailable as unwritten:
        refused, link = unwritten, ""
    await call.reply(status_of(refused), _words(door, case, refused, link=link), refusal_headers(case, refused))


def _words(door: Door, case: Case, refused: DomainError, *, link: str = "") -> bytes:
    return door.format.error_reply(refused, request_id=str(case.id), link=link)


async def _write_refusal(call: Call, case: Case, refused: DomainError, gate: Gate) -> None:
    if case.held is not None:
        await hold_exchange(gate.database, case, held=case.held, by=case.actor, at=now())
    elif case.access is not None:
        await refuse_exchange(gate.database, case, error=refused, by=case.actor, at=now())
    elif (prefix := prefix_of(call.key)) and not isinstance(refused, Unavailable):
        await refuse_key(gate.database, code=refused.code, prefix=prefix, by=case.actor, at=case.at)
