"""Send a training set that was released: an exchange of its own, by its release permit, hashed before its bytes leave and while they do."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from governance.core import strict_json
from governance.core.clock import now
from governance.core.errors import DomainError, Invalid, Unavailable
from governance.core.ids import uuid7
from governance.core.vocabulary import Mode
from governance.detection.policy import Decision, Verdict
from governance.gateway.case import Case, Outcome, Publishing
from governance.gateway.dialects.multipart import MULTIPART, form_around
from governance.gateway.dialects.prompt import Prompt
from governance.gateway.faults import ProviderFault
from governance.gateway.gate import Gate
from governance.gateway.judge import Judged
from governance.gateway.permit import EgressPermit, Streamed, mint_for_release
from governance.gateway.reading import unreadable
from governance.gateway.retelling import name_in
from governance.gateway.rules import ExchangeState
from governance.gateway.selectors.tuning import NamedSet, on_its_way
from governance.gateway.services.exchanges import close_exchange, open_exchange
from governance.gateway.services.tuning import end_publication
from governance.gateway.stream import BAD, ProviderReply
from governance.gateway.understand import Understood
from governance.gateway.wire import Call, ClientLeft
from governance.training.vault import vault

SURFACE, PATH = "openai.training_file", "/files"
HEAD, TAIL = form_around({"purpose": b"fine-tune"}, name="training.jsonl")
LARGEST_ANSWER = 64 * 1024
CLIENT_LEFT, REFUSED = "client_left", "provider_refused_file"
# By those who released it; every record was scanned before they did.
ALLOWED = Decision(Verdict.ALLOW, (), (), "")


async def with_sets_sent(
    call: Call, asked: Understood, judged: Judged, gate: Gate, *, headers: Mapping[str, str]
) -> Judged:
    """Return what may leave under the provider's names of the training sets in it; a set that it does not have yet is sent first.

    Raises:
        Conflict: `set_on_its_way`. NotAllowed, Unavailable: as for any call. ClientLeft.
        Unavailable: `provider_refused_file`, `bytes_changed`, `release_permit_forged`.
    """
    names: dict[str, str] = {}
    known: dict[UUID, str] = {}
    for name, each in asked.sets.items():
        if each.id not in known:
            known[each.id] = each.provider_id or await _published(call, asked, each, gate, headers)
        names[name] = known[each.id]
    prompt = judged.sent
    return replace(judged, sent=Prompt.of(prompt.surface, {**prompt.tree, **names}, in_path=prompt.model))


@dataclass(frozen=True, slots=True)
class Parcel:
    """A set on its way: in which exchange, under which permits."""

    of: NamedSet
    asked: Understood
    case: Case
    permit: EgressPermit
    publishing: Publishing
    headers: Mapping[str, str] = field(repr=False)


async def _published(call: Call, asked: Understood, each: NamedSet, gate: Gate, headers: Mapping[str, str]) -> str:
    """Return the provider's name of a set, once it was sent and taken."""
    parcel = await _intended(asked, each, gate, headers)
    name, code, kept = "", "gateway_stopped", True
    try:
        name, code = await _sent(call, parcel, gate), ""
    except ClientLeft:
        code = CLIENT_LEFT
        raise
    except DomainError as fault:
        code = fault.code
        kept = code != REFUSED and not (isinstance(fault, ProviderFault) and not fault.sent)
        raise
    finally:
        # A stopping gateway cancels us here; what became of it is still written.
        await asyncio.shield(_close(parcel, gate, name=name, code=code, kept=kept))
    return name


async def _intended(asked: Understood, each: NamedSet, gate: Gate, headers: Mapping[str, str]) -> Parcel:
    """Mint the permit from the release, and commit the intent together with the use of the release permit."""
    if each.release is None:
        raise on_its_way()
    case = Case(uuid7(), now(), SURFACE, asked.access, asked.target, decision=ALLOWED, records=0, mode=Mode.FINE_TUNE)
    destination = asked.target.destination
    case.publishing = Publishing(case.id, each.id, each.digest, destination, each.release.permit)
    case.request_digest, case.bytes_in, case.bytes_out = each.digest, each.bytes, each.bytes
    form_digest = await asyncio.to_thread(_digest_of_form, each)
    permit = mint_for_release(
        each.release,
        gate.keys.permits,
        set_digest=each.digest,
        form_digest=form_digest,
        destination_ref=asked.target.first.destination_ref,
        exchange=case.id,
        destination=destination,
        path=PATH,
        grants=asked.target.grants,
        moment=time.monotonic(),
    )
    with gate.watch.opening(asked.access.sending(destination)):
        await open_exchange(gate.database, case, calls_per_day=None, by=case.actor, at=now())
    return Parcel(each, asked, case, permit, case.publishing, headers)


async def _sent(call: Call, parcel: Parcel, gate: Gate) -> str:
    access, target, each = parcel.asked.access, parcel.asked.target, parcel.of
    body = Streamed(len(HEAD) + each.bytes + len(TAIL), lambda: _form(each))
    lease = gate.watch.over(access.key, target.grants, access.sending(target.destination))
    with call.listening():  # its place at work is for others meanwhile
        async with call.attended(), lease:
            told = {**parcel.headers, "content-type": MULTIPART}
            reply = await gate.door.send(parcel.permit, body, target.first, headers=told)
            try:
                return await _name_of(reply)
            finally:
                reply.close()


async def _close(parcel: Parcel, gate: Gate, *, name: str, code: str, kept: bool) -> None:
    case, access, at = parcel.case, parcel.asked.access, now()
    state = ExchangeState.COMPLETED if name else ExchangeState.FAILED
    outcome = Outcome(state, code, case.bytes_out if kept or code == REFUSED else 0)
    await end_publication(
        gate.database, parcel.publishing, provider_id=name, kept=kept, access=access, by=case.actor, at=at
    )
    await close_exchange(gate.database, case, outcome=outcome, by=case.actor, at=at)


async def _name_of(reply: ProviderReply) -> str:
    """Return the name a provider gave a file. Nothing else that it says is told to anybody: it may quote the file."""
    raw = b""
    async for chunk in reply.chunks():
        raw += chunk
        if len(raw) > LARGEST_ANSWER:
            raise Unavailable("reply_too_large", "The provider's answer is too large.")
    if reply.status >= BAD:
        remedy = (
            "What it said is not passed on, for it may quote the file. See whether its records are as it wants them."
        )
        reason = f"The provider did not take the training set ({reply.status})."
        raise ProviderFault(REFUSED, reason, sent=True, remedy=remedy)
    try:
        tree = strict_json.loads(raw)
    except Invalid as wrong:
        raise unreadable(wrong) from wrong
    return name_in(tree if isinstance(tree, dict) else {})


def _digest_of_form(each: NamedSet) -> str:
    """Return the SHA-256 of what will be sent, once the bytes in storage are proved to be those that were decided on."""
    form, own = hashlib.sha256(HEAD), hashlib.sha256()
    with vault().reader(each.storage_ref) as reader:
        for block in reader:
            form.update(block)
            own.update(block)
    if own.hexdigest() != each.digest:
        raise Unavailable("bytes_changed", "The bytes in storage are not those that were released. Nothing was sent.")
    form.update(TAIL)
    return form.hexdigest()


async def _form(each: NamedSet) -> AsyncIterator[bytes]:
    yield HEAD
    with await asyncio.to_thread(vault().reader, each.storage_ref) as reader:
        blocks = iter(reader)
        while block := await asyncio.to_thread(next, blocks, None):
            yield block
    yield TAIL
