"""A request sent again after its answer was confirmed, or while it waits: it gets that answer, once, and nothing is sent."""

from governance.core.clock import now
from governance.gateway.case import Case
from governance.gateway.forward import reply_headers
from governance.gateway.gate import Gate
from governance.gateway.person import forget_answer, kept_answer, word
from governance.gateway.selectors.waiting_calls import waiting_answer
from governance.gateway.services.calls import give_out
from governance.gateway.tools import confirms_any, lists_of
from governance.gateway.understand import Understood
from governance.gateway.waiting import Line
from governance.gateway.wire import Call

OK = 200


async def served(call: Call, case: Case, asked: Understood, gate: Gate) -> bool:
    """Answer from what a person confirmed; say whether there was anything.

    Raises:
        NotAllowed: as `word`, and what the watch raises. ClientLeft: who asked waits no more.
    """
    surface, target = asked.prompt.surface, asked.target
    if case.keyed_digest is None or not confirms_any(lists_of(target.offers)):
        return False
    if next(iter(surface.declares(asked.prompt.tree)), None) is None:
        return False
    found = await waiting_answer(gate.database, case.keyed_digest, initiative=asked.access.initiative, at=case.at)
    if found is None:
        return False
    framing = surface.framing()
    line = Line(call, framing, OK, {}, silent=True)
    async with gate.watch.over(asked.access.key, target.grants, asked.access.sending(target.destination)):
        with call.listening():  # its place at work is for others while a person thinks
            await line.waiting_for(word(found, gate))
    frames, media_type = await kept_answer(found, gate)
    await give_out(gate.database, case, found, served=True, by=case.actor, at=now())
    await forget_answer(found, gate)
    written = [framing.write(frame) if asked.prompt.stream else frame.data for frame in frames]
    body = b"".join([*written, framing.end() if asked.prompt.stream else b""])
    await call.reply(OK, body, {**reply_headers(case), "content-type": media_type, "x-remit-confirmed": str(found.id)})
    call.let_go()
    return True
