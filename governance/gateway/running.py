"""A call in a run of an agent: counted before it is scanned, its likely cost set aside with the intent to send it."""

from uuid import UUID

from governance.gateway.address import Target
from governance.gateway.case import Case
from governance.gateway.gate import Gate
from governance.gateway.limits import Use, likely_use
from governance.gateway.runs import RunTaking, caps_of, named_run, run_missing
from governance.gateway.services.runs import Charge, enter_run
from governance.gateway.understand import Understood
from governance.gateway.wire import Call


async def enter(call: Call, asked: Understood, case: Case, gate: Gate) -> None:
    """Count a call in the run it names, if it names one. What asks how a batch stands is no call of a run.

    Raises:
        Invalid: `run_missing`, or about the names. NotAllowed: a cap of its remit, or `price_unknown`.
        Unavailable: what cannot be counted is not let through.
    """
    if not case.records:
        return
    named, offers = named_run(call.header), asked.target.offers
    if named is None:
        if any(offer.runs.must_be_named for offer in offers):
            raise run_missing()
        return
    likely = asked.batch.likely if asked.batch else None
    use = likely or likely_use(asked.prompt.tree, case.bytes_in)
    charge = Charge(caps_of(offers), case.records, use, asked.target.price)
    case.run, refused = await enter_run(gate.database, named, charge, asked.access, by=case.actor, at=case.at)
    if refused is not None:
        raise refused


def taken_of_run(root: UUID, likely: Use, target: Target) -> RunTaking | None:
    """Return what the call sets aside of its run's money; nothing where a price there was a moment ago is gone."""
    price = target.price
    return (
        RunTaking(root, price.of(likely.tokens_in, likely.tokens_out), caps_of(target.offers).spend) if price else None
    )
