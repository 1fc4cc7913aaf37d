"""Who vouches for the end users of an initiative, as people see it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.gateway.models import EndUserIssuer
from governance.initiatives.selectors import initiative_seen
from governance.organisation.permissions import Standing, may

EDIT = "gateway:issuer:edit"


@dataclass(frozen=True, slots=True)
class IssuerRow:
    """`key_ids` are those of pasted keys, "" for one without; none where they are read from `jwks_url`."""

    id: UUID
    header: str
    issuer: str
    audience: str
    claim: str
    jwks_url: str
    key_ids: tuple[str, ...]
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class IssuerPage:
    """`row` is None while nobody has to prove who they are."""

    initiative: str
    initiative_title: str
    row: IssuerRow | None
    may_edit: bool


def issuer_of(code: str, *, standing: Standing) -> IssuerPage:
    """Return how the end users of an initiative are verified.

    Raises:
        NotFound: `no_such_initiative`, also when the reader may not see it.
    """
    found = initiative_seen(code, standing)
    row = EndUserIssuer.objects.select_related("set_by").filter(initiative=found, ended_at=None).first()
    permitted = may(standing, EDIT, found.accountable_unit.path)
    return IssuerPage(found.code, found.title, _row(row) if row else None, bool(permitted))


def token_header_of(initiative_id: UUID) -> str:
    """Return the header in which each call of an initiative has to prove who asks, "" where none has to."""
    found = EndUserIssuer.objects.filter(initiative=initiative_id, ended_at=None)
    return found.values_list("header", flat=True).first() or ""


def _row(found: EndUserIssuer) -> IssuerRow:
    return IssuerRow(
        id=found.pk,
        header=found.header,
        issuer=found.issuer,
        audience=found.audience,
        claim=found.claim,
        jwks_url=found.jwks_url,
        key_ids=tuple(str(key.get("kid", "")) for key in found.keys),
        set_by=found.set_by.name if found.set_by else "Remit",
        set_at=found.set_at,
    )
