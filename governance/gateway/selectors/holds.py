"""A held request as security sees it: what was found with the words around it, masked until somebody says why they must read it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from governance.core.errors import NotFound, Unavailable
from governance.core.storage import SealedFolder
from governance.detection.documents.apart import read_apart
from governance.detection.documents.kinds import Kind
from governance.detection.documents.reading import Opaque, Reading
from governance.gateway.dialects.prompt import Prompt
from governance.gateway.dialects.shapes import Enclosed
from governance.gateway.models import Exchange, Release
from governance.gateway.routes import surface_named
from governance.organisation.permissions import Standing, may
from governance.organisation.selectors import paths_for, within
from governance.scanning.models import ActOnHold, Hold
from governance.scanning.rules import HoldAct, HoldState
from governance.scanning.selectors import ActRow, FindingRow, acts_on, findings_of, hold_of

READ, DECIDE = "scanning:hold:read", "scanning:hold:release"
SUBJECT = "exchange:"
MOST = 200  # shown at once: whoever has more to decide begins with those that are discarded first
READ_S, PICTURES_S = 10.0, 25.0  # that reading a document may take, without the pictures inside it and with them
AROUND = 80  # characters on either side of a finding


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `kind` is the type of what was found there, "" for the words around it."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class HeldText:
    place: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class HeldPage:
    """`texts` are masked unless they were revealed. `released_until` is set once two people let it pass.

    `may_release` is False for whoever has released it: of the two decisions only to discard it is left to them.
    """

    exchange: UUID
    initiative: str
    destination: str
    unit: str
    reason: str
    state: str
    held_at: datetime
    expires_at: datetime
    acts: list[ActRow]
    texts: list[HeldText]
    released_until: datetime | None
    used_at: datetime | None
    may_decide: bool
    may_release: bool
    may_reveal: bool


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One request that waits. `released_by` names who would release it; `yours` says that the reader can still decide about it."""

    exchange: UUID
    reason: str
    initiative: str
    destination: str
    unit: str
    released_by: tuple[str, ...]
    yours: bool
    held_at: datetime
    expires_at: datetime


def held_requests(*, standing: Standing, at: datetime) -> list[HeldRow]:
    """Return the requests that wait and the reader may know of, the one that is discarded first on top. Three queries."""
    inside = within(paths_for(standing, READ), "unit__path")
    waiting = Hold.objects.filter(inside, state=HoldState.HELD, expires_at__gt=at, subject__startswith=SUBJECT)
    releases = Prefetch("acts", ActOnHold.objects.filter(kind=HoldAct.RELEASE).select_related("person"), to_attr="said")
    holds = {
        UUID(hold.subject.removeprefix(SUBJECT)): hold
        for hold in waiting.select_related("unit").prefetch_related(releases).order_by("expires_at", "pk")[:MOST]
    }
    calls = Exchange.objects.select_related("initiative", "destination", "key").in_bulk(list(holds))
    return [_held_row(calls[key], hold, standing) for key, hold in holds.items() if key in calls]


def _held_row(call: Exchange, hold: Any, standing: Standing) -> HeldRow:
    own = call.key is not None and call.key.made_by_id == standing.person
    told = [(act.person_id, act.person.name) for act in hold.said]
    held = may(standing, DECIDE, hold.unit.path)
    return HeldRow(
        exchange=call.pk,
        reason=_reason(call) or hold.reason,
        initiative=call.initiative.title if call.initiative else "",
        destination=call.destination.title if call.destination else "",
        unit=hold.unit.name,
        released_by=tuple(name for _, name in told),
        yours=bool(held) and not own and standing.person not in {person for person, _ in told},
        held_at=hold.held_at,
        expires_at=hold.expires_at,
    )


def _reason(call: Exchange) -> str:
    return "; ".join(dict.fromkeys(each["sentence"] for each in call.reasons if each["action"] == "hold"))


def held_request(
    exchange_id: UUID, *, standing: Standing, folder: SealedFolder, at: datetime, revealed: bool = False
) -> HeldPage:
    """Return a held request. `revealed` shows it as it is: for whoever has just said why, and nobody else.

    Raises:
        NotFound: `no_such_hold`, also when the reader may not see it.
    """
    related = Exchange.objects.select_related("initiative", "unit", "destination", "key")
    found = related.filter(pk=exchange_id).first()
    hold = hold_of(f"exchange:{exchange_id}")
    if found is None or hold is None or found.unit is None or not may(standing, READ, found.unit.path):
        raise NotFound("no_such_hold", "There is no such held request.")
    release = Release.objects.filter(exchange=found).first()
    open_now, acts = hold.is_open(at), acts_on(hold.id)
    own = found.key is not None and found.key.made_by_id == standing.person
    may_decide = open_now and not own and bool(may(standing, DECIDE, found.unit.path))
    return HeldPage(
        exchange=found.pk,
        initiative=found.initiative.title if found.initiative else "",
        destination=found.destination.title if found.destination else "",
        unit=found.unit.name,
        reason=_reason(found),
        state=hold.state,
        held_at=hold.held_at,
        expires_at=hold.expires_at,
        acts=acts,
        texts=_texts(found, folder, hold.storage_ref, revealed=revealed) if open_now else [],
        released_until=release.expires_at if release else None,
        used_at=release.used_at if release else None,
        may_decide=may_decide,
        may_release=may_decide and not any(a.kind == HoldAct.RELEASE and a.person_id == standing.person for a in acts),
        may_reveal=open_now and bool(may(standing, "scanning:hold:reveal", found.unit.path)),
    )


def _texts(found: Exchange, folder: SealedFolder, ref: str, *, revealed: bool) -> list[HeldText]:
    surface = surface_named(found.surface)
    with folder.reader(ref) as reader:
        tree = surface.read(reader.read(), surface.media_type)
    # Only where the words of pictures decided something were they read then.
    pictures = any(each["rule"] == "goes_unread" and Opaque.READ_PICTURES in each["sentence"] for each in found.reasons)
    prompt = _with_documents(Prompt.of(surface.of(tree), tree, in_path=found.model), pictures=pictures)
    findings = findings_of(found.scan_id) if found.scan_id else []
    shown = []
    for text in prompt.texts:
        here = [each for each in findings if each.place == text.place]
        if revealed:
            shown.append(HeldText(text.place, (Piece(text.text),)))
        elif here:
            shown.append(HeldText(text.place, tuple(_masked(text.text, here))))
    return shown


def _with_documents(prompt: Prompt, *, pictures: bool) -> Prompt:
    """Return the prompt with the words of its documents, which are read again: only the request itself is kept."""
    readings = {each.digest: _reading(each, pictures=pictures) for each in prompt.unread}
    return prompt.with_readings(readings) if readings else prompt


def _reading(each: Enclosed, *, pictures: bool) -> Reading:
    inside = pictures and each.kind is not Kind.PICTURE
    try:
        return read_apart(each.kind, each.raw, seconds=PICTURES_S if inside else READ_S, pictures=inside)
    except Unavailable:
        return Reading([("its words", "This document cannot be read now. Open this page again in a moment.")])


def _masked(text: str, findings: Sequence[FindingRow]) -> Iterator[Piece]:
    """Yield the findings, masked, each with the words around it."""
    at = 0
    for found in sorted(findings, key=lambda each: (each.start, -each.end)):
        if found.start < at:
            continue
        around = text[at : found.start]
        if len(around) > 2 * AROUND:
            around = (around[:AROUND] if at else "") + " … " + around[-AROUND:]
        yield Piece(around)
        yield Piece("", f"{found.type}:{found.subtype}" if found.subtype else found.type)
        at = found.end
    rest = text[at:]
    yield Piece(rest if len(rest) <= AROUND else rest[:AROUND] + " …")
