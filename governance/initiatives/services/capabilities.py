"""Areas of capability that units may claim as a whole."""

from datetime import datetime

from django.db import connection, transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid
from governance.core.ids import slug
from governance.core.verdict import require
from governance.initiatives.locks import person_behind, told
from governance.initiatives.models import Capability
from governance.initiatives.rules import AiActClass, Tier, free_code, may_describe
from governance.organisation.selectors import authorize

EDIT = "initiatives:capability:edit"


@transaction.atomic
def add_capability(*, title: str, purpose_text: str, by: Actor, at: datetime) -> Capability:
    """Name an area that units may claim. Nobody owns it until a claim on it stands.

    Raises:
        NotAllowed: the actor may not. Invalid: "bad_title", "no_purpose". Conflict: "title_taken".
    """
    authorize(by, EDIT, None)
    verdict = may_describe(title=title, purpose_text=purpose_text, tier=Tier.LOW, ai_act_class=AiActClass.MINIMAL)
    require(verdict, Invalid)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('capability code', 0))")
    if Capability.objects.filter(title__iexact=title.strip()).exists():
        raise Conflict("title_taken", "There is a capability of this name.", field="title")
    stem = slug(title, limit=40) or "capability"
    capability = Capability.objects.create(
        code=free_code(stem, Capability.objects.filter(code__startswith=stem).values_list("code", flat=True)),
        title=title.strip(),
        purpose_text=purpose_text.strip(),
        added_by_id=person_behind(by),
        added_at=at,
    )
    record(EventKind.CAPABILITY_ADDED, **told(capability, by, at), code=capability.code)
    return capability
