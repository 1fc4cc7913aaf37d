"""Pages of initiatives: who answers for what, what it may use, and who says it is theirs."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from governance.approvals.rules import REVISABLE
from governance.approvals.selectors import RequestRow, requests_of
from governance.core.clock import now
from governance.core.vocabulary import Classification, Mode, Purpose
from governance.gateway.selectors.limits import limits_on
from governance.gateway.selectors.oversight import open_shortfall_of
from governance.gateway.stopping import StopScope
from governance.initiatives import selectors
from governance.initiatives.rules import (
    ENDED,
    UNDECIDED,
    AiActClass,
    Basis,
    ClaimState,
    InitiativeState,
    Involvement,
    Through,
    Tier,
    may_move,
    may_withdraw,
)
from governance.initiatives.selectors import (
    ClaimRow,
    ContestRow,
    InitiativePage,
    InitiativeRow,
    PeriodRow,
    live_contest_of,
    periods_of,
    transfer_of,
)
from governance.organisation.permissions import may
from governance.remits.evidence import ExamEvidence
from governance.remits.rules import OVERSIGHT_SHORT, GrantState, RemitState
from governance.remits.selectors import GrantRow, RemitRow, evidence_of, grants_of, remits_of
from governance.web.frame import words
from governance.web.frame.access import holds, requires, standing
from governance.web.frame.htmx import page_or_part
from governance.web.frame.limit_shapes import limit_shape
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.observed import observed_here
from governance.web.frame.shapes import Crumb
from governance.web.frame.stopped import stop_url, stops_here
from governance.web.owning.contests import row_of as contest_row
from governance.web.owning.overlaps import beside

READ, CLAIM = "initiatives:initiative:read", "initiatives:claim:assert"
UPLOAD = "training:set:upload"
TRANSFER, OBSERVE = "initiatives:initiative:transfer", "gateway:observation:ask"
PROPOSE, DRAFT, TRY = "initiatives:initiative:propose", "remits:remit:draft", "gateway:exchange:try"
HOME = Crumb("Initiatives", "/initiatives/")
SPEC = ListSpec(
    sorts={"title": "Initiative", "state": "Status", "unit": "Owner", "created": "Proposed"},
    default_sort="-created",
    filters=(
        Filter("q", "Search", hint="a word of the title or purpose"),
        Filter("state", "Status", words.choices(InitiativeState)),
        Filter("tier", "Risk", words.choices(Tier)),
        Filter("whose", "Whose", (("mine", "Mine"), ("contested", "Contested"))),
        Filter("unit", "Owner", hint="its name in addresses", names="units"),
    ),
    noun="initiative",
)


def trail_of(code: str, title: str, *further: Crumb) -> list[Crumb]:
    """Return the way to a page of an initiative."""
    return [HOME, Crumb(title, reverse("initiative", args=[code])), *further]


@requires(READ)
def initiatives(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    found = selectors.initiatives(
        standing=standing(request),
        search=state.value("q"),
        state=state.value("state"),
        tier=state.value("tier"),
        unit=state.value("unit"),
        contested=state.value("whose") == "contested",
        mine=state.value("whose") == "mine",
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [row_of(row) for row in found.rows], found.total)
    new_url = reverse("request_new") if holds(request, PROPOSE) else ""
    return page_or_part(request, "initiatives/list.html", "rows", {"page": page, "new_url": new_url})


def row_of(row: InitiativeRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "title": row.title,
        "owner": row.unit,
        "said": words.state(InitiativeState, row.state),
        "contested": row.contested,
        "risk": words.word(Tier, row.tier),
        "created_at": row.created_at,
    }


@requires(READ)
def initiative(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.initiative(code, standing=standing(request))
    return render(request, "initiatives/page.html", {"page": _page(request, found)})


def _page(request: HttpRequest, found: InitiativePage) -> dict[str, Any]:
    row, at = found.row, now()
    owned = found.owned
    owner = owned.accountable_unit
    grants, remits = grants_of(row.id, at=at), remits_of(row.id)
    asked = requests_of("remit", [remit.id for remit in remits])
    resting = [
        grant for grant in grants if grant.state is GrantState.SUSPENDED and grant.rests_because != (OVERSIGHT_SHORT,)
    ]
    return {
        "code": row.code,
        "grants": [_grant(grant) for grant in grants],
        "resting": words.joined(sorted({grant.destination for grant in resting}), ""),
        "versions": [_version(remit, asked.get(remit.id)) for remit in remits],
        **(ways_to_call(row.code) if found.is_member and holds(request, TRY) else {}),
        "left_url": f"{reverse('exchanges')}?initiative={row.code}" if holds(request, "gateway:exchange:read") else "",
        "sets_url": f"{reverse('training_sets')}?initiative={row.code}" if holds(request, "training:set:read") else "",
        "upload_url": reverse("training_new", args=[row.code]) if may(standing(request), UPLOAD, owner.path) else "",
        "change": _change(request, found, remits, again=bool(resting)),
        "extend_url": _extend_url(request, row.code, owner.path, remits),
        "exams": words.state(ExamEvidence, evidence_of(row.id)),
        **_used(request, found, owner.path, at=at),
        "keys_url": f"{reverse('key_new')}?initiative={row.id}" if found.is_member else "",
        "trail": [HOME, Crumb(row.title)],
        "stops": stops_here(request, initiative=row.id, destinations={g.destination_id for g in grants if g.usable}),
        "stop_url": stop_url(request, StopScope.INITIATIVE, row.code),
        "observed": observed_here(request, initiative=row.id),
        "end_users_url": reverse("end_users", args=[row.code]) if holds(request, "gateway:issuer:read") else "",
        "oversight_url": reverse("oversight", args=[row.code]),
        "short": (short := open_shortfall_of(row.id)),
        "short_tone": "bad" if short and short.rested_at else "wait",
        "observe_url": _observe_url(request, row.code, owner.path, grants),
        "title": row.title,
        "purpose": found.purpose_text,
        "said": words.state(InitiativeState, row.state),
        "contested": row.contested,
        "owner": row.unit,
        "claims": [_claim(claim) for claim in found.claims],
        "beside": beside(request, row.id),
        "may_claim": bool(found.may_claim) and bool(holds(request, CLAIM)),
        "may_edit": bool(found.may_edit),
        "may_transfer": bool(may(standing(request), TRANSFER, owner.path)) and row.state not in ENDED,
        "steps": _steps(row.state) if found.may_edit else [],
        "contest": contest_of(live_contest_of(owned, standing=standing(request))),
        "offer": transfer_of(row.id, standing=standing(request)),
        "periods": (periods := [_period(period) for period in periods_of(owned)]),
        "has_history": len(periods) > 1,
        "involved": [(each.unit, words.word(Involvement, each.involvement)) for each in found.involved],
        "facts": _facts(found),
    }


def _used(request: HttpRequest, found: InitiativePage, unit_path: str, *, at: datetime) -> dict[str, Any]:
    """Return how much it may use and has used."""
    limits = limits_on(found.row.id, unit_path, standing=standing(request), at=at)
    usage_url = f"{reverse('usage')}?initiative={found.row.code}" if holds(request, "insights:usage:read") else ""
    return {"limits": [limit_shape(each) for each in limits], "usage_url": usage_url}


def _facts(found: InitiativePage) -> list[tuple[str, str]]:
    row = found.row
    return [
        ("Answers for it", row.unit),
        ("Risk", f"{words.word(Tier, row.tier)}; AI Act class {words.word(AiActClass, row.ai_act_class).lower()}"),
        ("Looked at by", found.human_oversight or "not said yet"),
        ("Must be right", found.accuracy_need or "not said yet"),
        ("Builders", words.joined([member.name for member in found.members], "nobody yet")),
        ("Proposed by", found.proposed_by),
    ]


def ways_to_call(code: str) -> dict[str, str]:
    """Return where a builder of the initiative calls models: by hand, and from a program."""
    return {"try_url": reverse("try_it", args=[code]), "connect_url": reverse("connect", args=[code])}


def contest_of(row: ContestRow | None) -> dict[str, Any] | None:
    """Return the newest contest as the initiative's page shows it."""
    if row is None:
        return None
    return contest_row(row) | {"waits": row.state in UNDECIDED, "url": reverse("contest", args=[row.id])}


def _period(period: PeriodRow) -> dict[str, Any]:
    return {"unit": period.unit, "since": period.since, "through": words.word(Through, period.through)}


def _steps(state: InitiativeState) -> list[dict[str, str]]:
    """Return what its people may do with it as a whole, each with the question that is asked first."""
    offered = {
        "suspend": ("Suspend it", "Suspend it? Its keys open nothing until it is resumed.", InitiativeState.SUSPENDED),
        "resume": ("Resume it", "Let it go on?", InitiativeState.ACTIVE),
        "retire": ("Retire it", "Retire it for good? Its rights and keys end.", InitiativeState.RETIRED),
    }
    fits = {"suspend": {InitiativeState.ACTIVE}, "resume": {InitiativeState.SUSPENDED}}
    return [
        {"step": step, "title": title, "asks": asks}
        for step, (title, asks, to) in offered.items()
        if may_move(state, to) and state in fits.get(step, {state})
    ]


def _change(request: HttpRequest, found: InitiativePage, remits: list[RemitRow], *, again: bool) -> dict[str, str]:
    """Return how the reader goes on with the scope: finish the draft, or begin the next version; `again` when rights rest."""
    versions = [remit for remit in remits if not remit.sandbox]
    draft = next((remit for remit in versions if remit.state is RemitState.DRAFT), None)
    if not found.may_edit or not holds(request, DRAFT):
        return {}
    if draft:
        return {"title": "Finish the request", "url": reverse("request_data", args=[draft.id])}
    if any(remit.state is RemitState.SUBMITTED for remit in versions):
        return {}
    title = "Ask again" if again else "Ask for more"
    return {"title": title, "post_to": reverse("request_more", args=[found.row.code])}


def _extend_url(request: HttpRequest, code: str, unit_path: str, remits: list[RemitRow]) -> str:
    """Return where the remit in force is extended, "" while another version is underway or the reader may not."""
    states = {remit.state for remit in remits if not remit.sandbox}
    underway = states & {RemitState.DRAFT, RemitState.SUBMITTED}
    if underway or RemitState.APPROVED not in states:
        return ""
    permitted = may(standing(request), "remits:remit:submit", unit_path)
    return reverse("extend", args=[code]) if permitted else ""


def _observe_url(request: HttpRequest, code: str, unit_path: str, grants: list[GrantRow]) -> str:
    """Return where the reader asks that rules are only observed at first, "" while nothing is sent or they may not."""
    sends = any(grant.usable and not grant.sandbox for grant in grants)
    return reverse("observe", args=[code]) if sends and may(standing(request), OBSERVE, unit_path) else ""


def _grant(grant: GrantRow) -> dict[str, Any]:
    return {
        "dataset": grant.dataset,
        "classification": words.state(Classification, grant.classification).text,
        "mode": words.word(Mode, grant.mode),
        "purpose": words.word(Purpose, grant.purpose),
        "destination": grant.destination,
        "conditions": grant.conditions_text,
        "ends_at": grant.ends_at,
        "said": words.state(GrantState, grant.state),
        "sandbox": grant.sandbox,
    }


def _version(remit: RemitRow, asked: RequestRow | None) -> dict[str, Any]:
    return {
        "title": "For trying out" if remit.sandbox else f"Version {remit.version}",
        "said": words.state(RemitState, remit.state),
        "by": remit.pattern or remit.drafted_by,
        "at": remit.submitted_at or remit.drafted_at,
        "ends_at": remit.ends_at,
        "url": reverse("request", args=[asked.id]) if asked else "",
        "waits_for": _waits_for(asked) if asked else "",
    }


def _waits_for(asked: RequestRow) -> str:
    """Return who owes the next step of a request: the stages asked now, or its asker; "" when it is over."""
    return words.joined(list(asked.waits_for), asked.requester if asked.state in REVISABLE else "")


def _claim(claim: ClaimRow) -> dict[str, Any]:
    said = words.state(ClaimState, claim.state)
    return {
        "id": claim.id,
        "unit": claim.unit,
        "basis": words.word(Basis, claim.basis),
        "evidence": claim.evidence,
        "status": "Accountable" if claim.is_owner else said.text,
        "tone": "good" if claim.is_owner else said.tone,
        "may_withdraw": bool(claim.may_withdraw and may_withdraw(claim.state)),
    }
