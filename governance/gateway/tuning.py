"""Which training sets a job may name: those of its initiative that people released toward where the job goes."""

from collections.abc import Mapping

from governance.core.errors import DomainError, NotAllowed
from governance.core.verdict import Denied
from governance.gateway.access import Access
from governance.gateway.address import Target
from governance.gateway.dialects.kept import no_such_file
from governance.gateway.dialects.openai.fine_tuning import FILES
from governance.gateway.dialects.openai.training_files import file_number
from governance.gateway.dialects.surface import Tree
from governance.gateway.gate import Gate
from governance.gateway.selectors.tuning import NamedSet, named_set, on_its_way
from governance.training.rules import may_ask_release


async def named_sets(tree: Tree, target: Target, access: Access, gate: Gate) -> Mapping[str, NamedSet]:
    """Return the training sets that a job names, by the field that names each.

    Raises:
        NotFound: `no_such_file`, also of one that is another's.
        NotAllowed: `not_released`. Conflict: `set_on_its_way`.
    """
    found: dict[str, NamedSet] = {}
    async with gate.database.reading() as conn:
        for name in FILES:
            if tree.get(name) is None:
                continue
            number = file_number(str(tree[name]))
            row = await named_set(conn, number, access, target, at=access.read_at) if number else None
            if row is None:
                raise no_such_file(name)
            if not row.provider_id and row.release is None:
                raise on_its_way() if row.on_its_way else _not_released(row, target, name, gate)
            found[name] = row
    return found


def _not_released(row: NamedSet, target: Target, field: str, gate: Gate) -> DomainError:
    """Return the refusal that says what stands between the set and its release."""
    may = may_ask_release(row.state, row.counts, granted=True)
    where = target.first.destination_ref
    why = may.reason if isinstance(may, Denied) else f"Nobody has released it to {where}, or the release has run out."
    remedy = may.remedy if isinstance(may, Denied) else "Ask for its release there."
    page = f"{gate.config.web_url}/training-sets/{row.id}/"
    return NotAllowed(
        "not_released", f"This training set may not go to {where}. {why}", field=field, remedy=f"{remedy} {page}"
    )
