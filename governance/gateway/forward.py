"""Send what was permitted, pass the answer on, and write down how it ended."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from governance.core.clock import now
from governance.core.errors import DomainError, Unavailable
from governance.gateway.case import Answered, Case, Outcome
from governance.gateway.decision import cost_of
from governance.gateway.dialects.refusals import retry_headers, status_of
from governance.gateway.faults import ProviderFault
from governance.gateway.gate import Gate
from governance.gateway.limits import Use, tokens_of
from governance.gateway.outcomes import Ended
from governance.gateway.permit import EgressPermit
from governance.gateway.person import UNCONFIRMED
from governance.gateway.reading import Reading
from governance.gateway.rules import ExchangeState
from governance.gateway.services.batches import count_batch
from governance.gateway.stream import BAD, Passed, ProviderReply, Retold, pass_records, pass_stream, pass_whole
from governance.gateway.understand import Understood
from governance.gateway.wire import Call, ClientLeft

CLIENT_LEFT = "client_left"


@dataclass(frozen=True, slots=True)
class Parcel:
    """The bytes, the permit for exactly them, and the headers with the key that the provider asks for.

    `reading` is for what comes back, `told` for what it says of a batch. `foreseen` is what a call whose answer comes later is
    charged for; `counts`: what comes back are the answers of a batch, which tell what it used.
    """

    body: bytes
    permit: EgressPermit
    reading: Reading
    headers: Mapping[str, str] = field(repr=False)
    told: Retold | None = None
    foreseen: Use | None = None
    counts: bool = False


async def forward(call: Call, case: Case, asked: Understood, parcel: Parcel, gate: Gate) -> None:
    """Send, answer the client, and close the exchange, however it ends."""
    outcome = Outcome(ExchangeState.FAILED, "gateway_stopped", len(parcel.body))
    try:
        outcome = await _exchange(call, case, asked, parcel, gate)
    finally:
        # A stopping gateway cancels us here; the outcome is still written.
        ends_confirmation = bool(case.confirmation) and outcome.error_code not in {"", CLIENT_LEFT, UNCONFIRMED}
        await asyncio.shield(gate.outcomes.close(Ended(case, outcome, now(), ends_confirmation)))
        call.let_go()


async def _exchange(call: Call, case: Case, asked: Understood, parcel: Parcel, gate: Gate) -> Outcome:
    passed, state, code, size = (
        Passed(asked.prompt, parcel.reading, parcel.told),
        ExchangeState.COMPLETED,
        "",
        len(parcel.body),
    )
    began, offer = time.monotonic(), asked.target.first
    try:
        sending = asked.access.sending(asked.target.destination)
        lease = gate.watch.over(asked.access.key, asked.target.grants, sending, relaxation=parcel.reading)
        async with call.attended(), lease:
            reply = await gate.door.send(parcel.permit, parcel.body, offer, headers=parcel.headers)
            case.timings["provider_head"] = _since(began)
            await _pass(call, case, reply, passed)
        if reply.status >= BAD:
            state, code = ExchangeState.FAILED, f"provider_status_{reply.status}"
    except ClientLeft:
        state, code = ExchangeState.FAILED, CLIENT_LEFT
    except DomainError as fault:
        state, code = ExchangeState.FAILED, fault.code
        size = 0 if isinstance(fault, ProviderFault) and not fault.sent else size
        await _tell(call, case, asked, passed, _Told(fault, gate.link(case.id)))
    case.timings |= {"provider": _since(began), "first_byte": case.timings.get("provider_head", 0) + passed.first_ms}
    await _note_reply(case, passed, gate)
    if parcel.counts:
        if state is ExchangeState.COMPLETED:
            await _count(case, asked, passed, gate)
        return Outcome(state, code, size)  # what its answers used counts for the batch, however often they are fetched
    price, usage = asked.target.price, passed.usage
    cost = cost_of(price, *usage)
    # A provider that does not say what it used is charged for what went back and forth.
    counted = (usage.tokens_in, tokens_of(size)), (usage.tokens_out, tokens_of(passed.size))
    used = Use(*(told if told is not None else guess for told, guess in counted)) if size else None
    if used and parcel.foreseen and (state is ExchangeState.COMPLETED or code == CLIENT_LEFT):
        used = parcel.foreseen
    return Outcome(state, code, size, *usage, cost, used, price)


async def _count(case: Case, asked: Understood, passed: Passed, gate: Gate) -> None:
    used = Use(passed.usage.tokens_in or 0, passed.usage.tokens_out or 0)
    if asked.batch is None or not any(passed.usage):
        return  # a provider that tells of no tokens: what was charged stays
    with suppress(Unavailable):  # counted when they are fetched again
        await count_batch(gate.database, asked.batch.id, used, access=asked.access, by=case.actor, at=now())


async def _pass(call: Call, case: Case, reply: ProviderReply, passed: Passed) -> None:
    headers = {**reply_headers(case), **reply.advice}
    try:
        if passed.is_records(reply):
            await pass_records(call, reply, headers, passed)
        elif passed.is_stream(reply):
            await pass_stream(call, reply, headers, passed)
        else:
            await pass_whole(call, reply, headers, passed)
    finally:
        reply.close()


async def _note_reply(case: Case, passed: Passed, gate: Gate) -> None:
    if passed.first_ms:  # something came, whether or not any of it was passed on
        await gate.afterwards.look(passed)
        case.reply = Answered(passed.reading.check, passed.reading.seen)
        case.timings["reply_scan"] = passed.reading.seen.milliseconds


def _since(began: float) -> float:
    return (time.monotonic() - began) * 1000


class _Told(NamedTuple):
    """What went wrong, and where to read about it."""

    fault: DomainError
    link: str


async def _tell(call: Call, case: Case, asked: Understood, passed: Passed, told: _Told) -> None:
    """Say what went wrong: as a reply, or as the last frame of a stream that has begun."""
    fault, wire, words = told.fault, asked.door.format, {"request_id": str(case.id), "link": told.link}
    if call.begun:
        await call.end(passed.cut_off(wire.error_frame(fault, **words)))
    else:
        await call.reply(status_of(fault), wire.error_reply(fault, **words), refusal_headers(case, fault))


def reply_headers(case: Case) -> dict[str, str]:
    told = {"x-request-id": str(case.id), "x-remit-exchange": str(case.id), "x-remit-verdict": str(case.verdict)}
    return told | ({"x-remit-would-be": case.would_be} if case.observation else {})


def refusal_headers(case: Case, error: DomainError) -> dict[str, str]:
    return {**reply_headers(case), "content-type": "application/json", **retry_headers(error)}
