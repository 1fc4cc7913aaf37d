"""From a call to a case: whose key, which text, toward where. Nothing is scanned and nothing is sent yet."""

from dataclasses import dataclass

from governance.core import strict_json
from governance.core.errors import Invalid
from governance.gateway.access import Access
from governance.gateway.address import (
    MODEL_UNKNOWN,
    Target,
    check_declared,
    declared_datasets,
    destination_named,
    target_of,
)
from governance.gateway.dialects.openai import chat
from governance.gateway.dialects.prompt import Prompt
from governance.gateway.gate import Gate
from governance.gateway.selectors.access import access_of, why_no_grant
from governance.gateway.services.exchanges import Case
from governance.gateway.wire import Call

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Understood:
    """`prompt` is under the provider's own name of its model."""

    prompt: Prompt
    access: Access
    target: Target


async def understand(call: Call, case: Case, gate: Gate) -> Understood:
    """Return what is asked, and fill in the case on the way, so that a refusal can be written down wherever it happens.

    Raises:
        NotSignedIn, NotAllowed: about the key, the grant or the declared datasets.
        Invalid, TooLarge: about the body.
    """
    async with gate.database.reading() as conn:
        access = case.access = await access_of(conn, call.key, at=case.at)
    case.end_user = call.header("x-remit-actor")[:LONGEST_NAME]
    case.datasets = declared_datasets(call.header("x-remit-datasets"))
    raw = await call.body(largest=gate.config.largest_body)
    case.bytes_in = len(raw)
    prompt = chat.read(strict_json.loads(raw))
    case.stream = prompt.stream
    target = case.target = await _target(prompt.model, access, gate)
    check_declared(case.datasets, target)
    prompt = prompt.addressed_to(target.model)
    case.places = prompt.places
    case.keyed_digest = gate.keys.request_digest(
        prompt.body, initiative=access.initiative, destination=target.destination
    )
    return Understood(prompt, access, target)


async def _target(model: str, access: Access, gate: Gate) -> Target:
    try:
        return target_of(model, access.offers)
    except Invalid as unclear:
        if unclear.code != MODEL_UNKNOWN:
            raise
        async with gate.database.reading() as conn:
            named = destination_named(model)
            ended = await why_no_grant(conn, access, model=model, named=named, at=access.read_at)
        if ended is not None:
            raise ended from None
        raise
