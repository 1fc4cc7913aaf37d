"""For each address of the pages: how it is opened or sent on the things of one unit, and where its permission must hold.

HERE: the thing lies in the unit, so the role must hold there or above. ANYWHERE: holding the role on any unit is enough.
WHOLE: the thing is the whole organisation's, so the role must hold on the top unit. NOBODY: the thing is somebody's own,
whatever roles others hold. `also` names further permissions that the page asks for itself; `rules` the codes of rules of the
object, which come after the permission and may refuse whoever holds it ("form": the form says so at a field). `offers`: the form
offers only what the permission holds for, so that anything else is no valid choice. `elsewhere`: whoever may read the thing
may come with a role on another unit, for which they claim it or decide about it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.core import signing

import contesting
from governance.core.canonical import digest
from governance.web.building.trying import LOOK

HERE, ANYWHERE, WHOLE, NOBODY = "here", "anywhere", "whole", "nobody"
Form = Callable[[SimpleNamespace], dict[str, Any]] | dict[str, Any] | None


@dataclass(frozen=True)
class Door:
    """One way in. `form` is what is sent (a POST), or a function that makes it of the things; None opens the page (a GET)."""

    path: str
    form: Form = None
    reach: str = HERE
    also: tuple[str, ...] = ()
    rules: frozenset[str] = frozenset()
    offers: bool = False
    elsewhere: bool = False

    @property
    def method(self) -> str:
        return "get" if self.form is None else "post"

    def path_for(self, every: SimpleNamespace) -> str:
        return self.path.format(e=every)

    def form_for(self, every: SimpleNamespace) -> dict[str, Any]:
        return (self.form(every) if callable(self.form) else self.form) or {}


RECOGNISER = {
    "title": "Cases",
    "ref": "cases",
    "type": "CASE_NUMBER",
    "patterns": "CL-[0-9]{6}",
    "score": "80",
    "example": "Case CL-204417.",
}


MARKED = {"title": "Board papers", "ref": "board-papers", "level": "restricted", "deny": "FOR THE BOARD ONLY"}


def page(path: str, reach: str = HERE, **more: Any) -> Door:
    return Door(path, None, reach, **_frozen(more))


def act(path: str, form: Form = None, reach: str = HERE, **more: Any) -> Door:
    return Door(path, form or {}, reach, **_frozen(more))


def _frozen(more: dict[str, Any]) -> dict[str, Any]:
    return more | {"rules": frozenset(more.get("rules", ()))}


def _day(every: SimpleNamespace, days: int) -> str:
    return (every.at + timedelta(days=days)).date().isoformat()


def _look(every: SimpleNamespace) -> dict[str, Any]:
    """What the page signs when it shows an answer."""
    shown = {"exchange": str(every.exchange.pk), "shown_at": every.at.isoformat()}
    return {"outcome": "accepted", "look": signing.dumps(shown, salt=LOOK)}


def _suggestion(every: SimpleNamespace) -> dict[str, Any]:
    return _decision(every) | {"1-mode": "prompt", "1-destination": every.destination.ref, "1-calls_per_day": 3}


def _decision(every: SimpleNamespace) -> dict[str, Any]:
    digest = every.request.revisions.order_by("-number")[0].digest
    return {"kind": "request_changes", "digest": digest, "comment": "Fewer."}


def _claim(every: SimpleNamespace) -> dict[str, Any]:
    return {"speaker": f"{every.unit.pk}:{every.head_person.pk}", "basis": "run", "evidence": "We run it."}


def _description(every: SimpleNamespace) -> dict[str, Any]:
    described = {"title": "Another", "purpose_text": "Something.", "tier": "low", "ai_act_class": "minimal"}
    return described | {"revision": every.initiative.revision}


def _ruling(every: SimpleNamespace) -> dict[str, Any]:
    """Return what carries out the ruling: the page takes it only with the print of what it has shown."""
    dated = {name: every.ruling[name] for name in ("effective", "review", "reasons")}
    shown = digest({**contesting.award(every.rival).to_json(), **dated})
    return every.ruling | {"then": "rule", "previewed": shown}


def _dataset(every: SimpleNamespace) -> dict[str, Any]:
    return {"title": "New", "steward_unit_id": str(every.unit.pk), "classification": "internal"}


def _award(every: SimpleNamespace) -> dict[str, Any]:
    return {"division": "shared", "reasons": "It is enough for one.", f"{every.entry.pk}-awarded": "on"}


def _webhook(every: SimpleNamespace) -> dict[str, Any]:
    return {"title": "Another", "url": "https://hooks.example.com/", "unit_id": str(every.unit.pk), "role": ""}


def _place(every: SimpleNamespace) -> dict[str, Any]:
    asked = {"provider_name": "Another provider", "title": "Another", "ref": "another", "model_names": "m"}
    return asked | {
        "dialect": "openai",
        "base_url": "https://api.example.com/v1",
        "region": "EU",
        "hosting": "public_api",
    }


REASON = {"reason": "A synthetic reason."}
TERMS = {"retention_days": 0, "weights_owner": "us", "cleared_for": "public"}
HELD = "/exchanges/{e.held.pk}/hold"
SUGGESTED = "/inbox/{e.narrowed.pk}/suggestions/{e.suggestion.pk}"
SENDS = ("approvals:request:read", "remits:remit:draft")
INITIATIVE, NEW, INBOX = "/initiatives/{e.initiative.code}", "/initiatives/{e.new.code}", "/inbox/{e.request.pk}"
PLACE, PERSON, EXCHANGE = "/destinations/{e.destination.ref}", "/people/{e.colleague.pk}", "/exchanges/{e.exchange.pk}"
VERSION = "/rulesets/{e.version.version}"
SET, HOOK, DATASET = "/training-sets/{e.training_set.pk}", "/webhooks/{e.webhook.pk}", "/datasets/{e.dataset.ref}"
RULES, CONTEST, HOURS = "/rules/drafts/{e.rules.pk}", "/contests/{e.contest.pk}", "/hours/{e.unit.pk}"
ISSUER = {
    "header": "X-Token",
    "issuer": "https://login.example/",
    "audience": "letters",
    "claim": "sub",
    "jwks_url": "https://login.example/keys",
    "keys": "",
}
WISH = {"days": 3, "reason": "A synthetic reason."}
LIMIT = {"what": "cost:month", "amount": "400"}
STOP, WAITING_STOP = "/stops/{e.stop.pk}", "/stops/{e.waiting_stop.pk}"
BUILDERS_ONLY, ARBITER_ONLY = ("not_a_member",), ("not_the_arbiter",)
WISHES = dict.fromkeys(("decisions", "requests", "ownership", "refusals", "security", "digests"), "daily")

DOORS: dict[str, list[Door]] = {  # name of the address -> ways in, in the order of web/urls.py
    "home": [page("/", ANYWHERE)],
    "initiatives": [page("/initiatives/", ANYWHERE)],
    "initiative": [page(f"{INITIATIVE}/")],
    "initiative_claim": [page(f"{NEW}/claim", elsewhere=True), act(f"{NEW}/claim", _claim, offers=True)],
    "claim_withdraw": [act(f"{INITIATIVE}/claims/{{e.claim.pk}}/withdraw")],
    "initiative_edit": [page(f"{INITIATIVE}/edit"), act(f"{INITIATIVE}/edit", _description)],
    "initiative_move": [act(f"{INITIATIVE}/move/suspend"), act(f"{INITIATIVE}/move/retire")],
    "initiative_builders": [
        page(f"{INITIATIVE}/builders/", elsewhere=True),  # a unit that a ruling made responsible chooses builders, too
        act(f"{INITIATIVE}/builders/", lambda e: {"login": e.colleague.login}),
    ],
    "builder_remove": [act(f"{INITIATIVE}/builders/{{e.lead_person.pk}}/remove")],
    "transfer_new": [
        page(f"{NEW}/transfer"),
        act(f"{NEW}/transfer", lambda e: REASON | {"unit_id": str(e.rival.pk)}),
    ],
    "transfer_answer": [
        act("/initiatives/{e.offer.initiative.code}/transfers/{e.offer.pk}", {"answer": "accept"}),
        act("/initiatives/{e.offer.initiative.code}/transfers/{e.offer.pk}", {"answer": "decline"}),
        act("/initiatives/{e.given.initiative.code}/transfers/{e.given.pk}", {"answer": "withdraw"}),
    ],
    "capabilities": [page("/capabilities/", ANYWHERE)],
    "capability_new": [
        page("/capabilities/new", ANYWHERE),
        act("/capabilities/new", {"title": "Another area", "purpose_text": "Drafts."}, ANYWHERE),
    ],
    "registers": [page("/registers/", ANYWHERE)],
    "register_new": [
        page("/registers/new", ANYWHERE),
        act(
            "/registers/new",
            lambda e: {"title": "Pricing", "kind": "code", "unit_id": str(e.unit.pk)},
            offers=True,
        ),
    ],
    "register_retire": [act("/registers/{e.register.pk}/retire")],
    "recognisers": [page("/recognisers/", ANYWHERE)],
    "recogniser_new": [page("/recognisers/new", ANYWHERE), act("/recognisers/new", RECOGNISER, WHOLE)],
    "recogniser": [page("/recognisers/{e.recogniser.ref}/", ANYWHERE)],
    "recogniser_save": [
        act(
            "/recognisers/{e.recogniser.ref}/save",
            RECOGNISER | {"revision": "1"},
            WHOLE,
            also=("scanning:recogniser:read",),
        )
    ],
    "recogniser_switch": [
        act("/recognisers/{e.recogniser.ref}/switch", {"on": "no"}, WHOLE, also=("scanning:recogniser:read",))
    ],
    "markings": [page("/markings/", ANYWHERE)],
    "marking_new": [page("/markings/new", ANYWHERE), act("/markings/new", MARKED, WHOLE)],
    "marking": [page("/markings/{e.marking.ref}/", ANYWHERE)],
    "marking_save": [
        act(
            "/markings/{e.marking.ref}/save",
            MARKED | {"revision": "1"},
            WHOLE,
            also=("scanning:recogniser:read",),
        )
    ],
    "marking_switch": [
        act("/markings/{e.marking.ref}/switch", {"on": "no"}, WHOLE, also=("scanning:recogniser:read",))
    ],
    "rulesets": [page("/rulesets/", ANYWHERE)],
    "ruleset_new": [
        page("/rulesets/new", ANYWHERE),
        act("/rulesets/new", lambda e: e.version_form | {"sure": "61"}, WHOLE, rules=("form",)),
    ],
    "ruleset": [page("/rulesets/1/", ANYWHERE)],
    "ruleset_calls": [page("/rulesets/1/calls/", ANYWHERE, also=("scanning:ruleset:read",))],
    "ruleset_shadow": [act(f"{VERSION}/shadow", {"on": "yes"}, WHOLE, rules=("behind", "in_force"))],
    "ruleset_renew": [act(f"{VERSION}/renew", reach=WHOLE, rules=("nothing_changed",))],
    "ruleset_enforce": [act(f"{VERSION}/enforce", reach=WHOLE, rules=("behind", "in_force", "own_version"))],
    "exams": [page("/evaluation-sets/", ANYWHERE)],
    "exam_new": [
        page("/evaluation-sets/new", ANYWHERE),
        act(
            "/evaluation-sets/new",
            lambda e: {"title": "Another", "ref": "another", "secrecy": "secret", "unit_id": str(e.unit.pk)},
            offers=True,
        ),
    ],
    "exam": [page("/evaluation-sets/{e.exam.ref}/", ANYWHERE)],
    "exam_ticket": [act("/evaluation-sets/{e.exam.ref}/ticket")],
    "exam_retire": [act("/evaluation-sets/{e.exam.ref}/retire")],
    "initiative_exams": [page("/initiatives/{e.initiative.code}/exams/")],
    "initiative_exam_name": [
        act(
            "/initiatives/{e.initiative.code}/exams/name",
            lambda e: {"exam": e.exam.ref, "act": "name"},
            also=("initiatives:initiative:read",),
        )
    ],
    "capability_claim": [
        page("/capabilities/{e.capability.code}/claim", ANYWHERE),
        act("/capabilities/{e.capability.code}/claim", _claim, offers=True),
    ],
    "contests": [page("/contests/", ANYWHERE)],
    "contest": [page(f"{CONTEST}/")],
    "contest_state": [
        act(f"{CONTEST}/statement", lambda e: {"unit_id": str(e.unit.pk), "revision": 0, "text": "Ours."})
    ],
    "contest_withdraw": [act(f"{CONTEST}/claims/{{e.stake.pk}}")],
    "contest_comment": [act(f"{CONTEST}/comment", {"text": "A word."})],
    "contest_appeal": [
        act("/contests/{e.ruled.pk}/appeal", lambda e: {"unit_id": str(e.unit.pk), "reasons": "The contract is ours."})
    ],
    # One person rules: the arbiter that the policy named, here of the whole organisation.
    "contest_rule": [
        page(f"{CONTEST}/rule", WHOLE, rules=ARBITER_ONLY),
        act(f"{CONTEST}/rule", lambda e: e.ruling, WHOLE, rules=ARBITER_ONLY),
        act(f"{CONTEST}/rule", _ruling, WHOLE, rules=ARBITER_ONLY),
    ],
    "try_it": [page(f"{INITIATIVE}/try/", rules=BUILDERS_ONLY)],
    "try_look": [act(f"{INITIATIVE}/try/look", _look, rules=(*BUILDERS_ONLY, "no_answer"))],
    "connect": [page(f"{INITIATIVE}/connect/", rules=BUILDERS_ONLY)],
    "connect_calls": [page(f"{INITIATIVE}/connect/calls", rules=BUILDERS_ONLY)],
    "doctor_file": [page("/doctor.py", ANYWHERE)],
    "extend": [page(f"{INITIATIVE}/extend"), act(f"{INITIATIVE}/extend", lambda e: {"ends": _day(e, 120)})],
    "request_more": [act(f"{INITIATIVE}/more")],
    "training_new": [page(f"{INITIATIVE}/training-sets/new/")],
    "training_ticket": [act(f"{INITIATIVE}/training-sets/ticket")],
    "request_new": [
        page("/requests/new/", ANYWHERE),
        act(
            "/requests/new/",
            lambda e: {
                "title": "Another",
                "purpose_text": "Something.",
                "unit_id": str(e.unit.pk),
                "purpose": "summarise",
            },
            offers=True,
        ),
    ],
    "request_data": [
        page("/requests/{e.draft.pk}/data/"),
        act("/requests/{e.draft.pk}/data/", lambda e: {"then": "save", "datasets": [e.dataset.ref]}),
    ],
    "request_care": [page("/requests/{e.draft.pk}/care/")],
    "inbox": [page("/inbox/", ANYWHERE)],
    "decided": [page("/inbox/decided", ANYWHERE)],
    "asked": [page("/inbox/asked", ANYWHERE)],
    # Several requests on one sheet: only those that wait for the reader, so nobody here finds any.
    "together": [page("/inbox/together/none-such/", NOBODY)],
    "together_approve": [act("/inbox/together/none-such/approve", {"chosen": "x"}, ANYWHERE)],
    "request": [page(f"{INBOX}/", also=("approvals:request:read",))],
    "request_decide": [act(f"{INBOX}/decide", _decision, rules=("not_asked", "no_free_seat"))],
    "request_comment": [act(f"{INBOX}/comment", {"text": "A word."}, elsewhere=True)],
    "request_withdraw": [act(f"{INBOX}/withdraw", reach=NOBODY)],
    "suggest": [
        page(f"{INBOX}/suggest/", also=("approvals:request:read",), rules=("not_asked", "no_free_seat")),
        act(f"{INBOX}/suggest/", _suggestion, also=("approvals:request:read",), rules=("not_asked", "no_free_seat")),
    ],
    "suggestion_take": [act(f"{SUGGESTED}/take", also=SENDS)],
    "suggestion_decline": [act(f"{SUGGESTED}/decline", {"answer": "We need it."}, also=SENDS)],
    "override_ask": [act("/inbox/{e.request.pk}/override", REASON | {"hours": 2}, rules=("took_part",))],
    "overrides": [page("/overrides/", ANYWHERE)],
    "override_confirm": [act("/overrides/{e.override.pk}/confirm", rules=("needs_another",))],
    "override_review": [
        act("/overrides/{e.overridden.pk}/review", {"verdict": "justified", "finding": "It was urgent."})
    ],
    "away": [page("/away/", ANYWHERE)],
    "away_make": [
        act(
            "/away/hand-on",
            lambda e: {
                "deputy_id": str(e.deciders.it_person.pk),
                "first_day": _day(e, 1),
                "last_day": _day(e, 3),
                "reason": "Leave.",
            },
            ANYWHERE,
        )
    ],
    "away_end": [act("/away/{e.delegation.pk}/end", reach=NOBODY)],
    "overlaps": [page("/overlaps/", ANYWHERE)],
    "overlap": [page("/overlaps/{e.overlap.pk}/")],
    "overlap_resolve": [
        act("/overlaps/{e.overlap.pk}/resolve", {"resolution": "distinct", "reasons": "Other customers."})
    ],
    "join_ask": [act("/initiatives/{e.asked.pk}/join", {"reason": "To help."}, ANYWHERE)],
    "join_answer": [act("/joins/{e.join.pk}/answer", {"answer": "accept"})],
    "allocations": [page("/allocations/", ANYWHERE)],
    "allocation": [page("/allocations/{e.round.pk}/")],
    "allocation_award": [act("/allocations/{e.round.pk}/award", _award)],
    "case_state": [
        act(
            "/allocations/{e.round.pk}/case/{e.entry.pk}",
            lambda e: {f"{e.entry.pk}-expected_value": "Hours.", f"{e.entry.pk}-beneficiaries": "Customers."},
        )
    ],
    "dataset_mark": [
        page(f"{DATASET}/scarce", ANYWHERE),
        act(f"{DATASET}/scarce", {"scarcity": "scarce", "why": "One licence.", "round_days": 7}),
    ],
    "dataset_unmark": [act("/datasets/{e.scarce.ref}/enough")],
    "units": [page("/units/", ANYWHERE)],
    "unit": [page("/units/{e.unit.pk}/", ANYWHERE)],
    "unit_new": [
        page("/units/{e.unit.pk}/new"),
        act("/units/{e.unit.pk}/new", {"name": "Synthetic desk", "ref": "synthetic-desk", "kind": "business_line"}),
    ],
    "unit_head": [act("/units/{e.unit.pk}/head", {"person_id": "", "revision": 1})],
    "unit_dissolve": [
        page("/units/{e.spare.pk}/dissolve"),
        act("/units/{e.spare.pk}/dissolve", lambda e: {"successor_id": str(e.unit.pk), "name": e.spare.name}),
    ],
    "handling_record": [page("/units/{e.unit.pk}/handling/", ANYWHERE)],
    "record_comment": [act("/units/{e.unit.pk}/handling/comment", {"text": "We trained."})],
    # The rules of approval are the whole organisation's; two people decide about each change of them.
    "rules": [page("/rules/", ANYWHERE)],
    "rules_version": [page("/rules/{e.workflow.pk}/", ANYWHERE)],
    "rules_draft_new": [act("/rules/drafts/new", {"name": "default"}, ANYWHERE)],
    "rules_draft": [page(f"{RULES}/", ANYWHERE)],
    "rules_draft_check": [act(f"{RULES}/check", {"source": "name: default"}, ANYWHERE, rules=("form",))],
    "rules_draft_save": [
        act(f"{RULES}/save", lambda e: {"source": e.rules.source, "revision": e.rules.revision}, ANYWHERE)
    ],
    "rules_draft_try": [act(f"{RULES}/try", {"tier": "low"}, ANYWHERE, rules=("form",))],
    "rules_draft_replay": [act(f"{RULES}/replay", {"last": 1}, ANYWHERE)],
    "rules_draft_submit": [act(f"{RULES}/submit", reach=ANYWHERE)],
    "rules_draft_discard": [act(f"{RULES}/discard", reach=ANYWHERE)],
    "rules_replay": [page("/rules/replays/{e.replay.pk}/", ANYWHERE)],
    "patterns": [page("/patterns/", ANYWHERE)],
    "pattern_new": [page("/patterns/new", ANYWHERE)],
    "samples": [page("/patterns/samples/", ANYWHERE)],
    "sample_look": [act("/patterns/samples/{e.sample.pk}", {"outcome": "fine"})],
    "pattern": [page("/patterns/{e.pattern.pk}/", ANYWHERE)],
    "pattern_edit": [page("/patterns/{e.returned.pk}/edit", ANYWHERE)],
    "pattern_end": [act("/patterns/{e.pattern.pk}/end")],
    "portfolio": [page("/portfolio/", ANYWHERE)],
    "waiting": [page("/portfolio/waiting/", ANYWHERE)],
    "open_requests": [page("/portfolio/waiting/requests/", ANYWHERE)],
    "ownership": [page("/portfolio/ownership/", ANYWHERE)],
    "flows": [page("/portfolio/flows/", ANYWHERE)],
    "exposure": [page("/portfolio/exposure/", ANYWHERE)],
    "datasets": [page("/datasets/", ANYWHERE)],
    "dataset_new": [page("/datasets/new", ANYWHERE), act("/datasets/new", _dataset, offers=True)],
    "dataset": [page(f"{DATASET}/", ANYWHERE)],
    "dataset_edit": [act(f"{DATASET}/edit", lambda e: _dataset(e) | {"revision": 1}, offers=True)],
    "dataset_retire": [act(f"{DATASET}/retire")],
    "surfaces": [page("/surfaces/", ANYWHERE)],
    "destinations": [page("/destinations/", ANYWHERE)],
    "destination_new": [act("/destinations/new", _place, WHOLE)],
    "destination": [page(f"{PLACE}/", ANYWHERE)],
    "destination_terms": [act(f"{PLACE}/terms", TERMS, WHOLE)],
    "destination_prices": [
        page(f"{PLACE}/prices", ANYWHERE),
        act(f"{PLACE}/prices", {"model": "", "price_in": "1", "price_out": "2"}, WHOLE),
    ],
    "destination_unread": [
        act(f"{PLACE}/unread", lambda e: {"unread": ["pictures"], "revision": e.destination.revision}, WHOLE)
    ],
    "destination_answers": [
        act(f"{PLACE}/answers", lambda e: {"reply_check": "whole", "revision": e.destination.revision}, WHOLE)
    ],
    "destination_open": [act("/destinations/{e.closed.ref}/open", reach=WHOLE)],
    "destination_suspend": [act(f"{PLACE}/suspend", REASON, WHOLE)],
    "destination_key": [act(f"{PLACE}/key", {"secret": "synthetic-provider-key"}, WHOLE)],
    "holds_discard": [
        act("/reviews/discard", lambda e: {"request": str(e.held.pk), "reason": "A synthetic reason."}),
    ],
    "exchange_hold": [page(f"{HELD}/")],
    "exchange_hold_reveal": [act(f"{HELD}/reveal", REASON)],
    "exchange_hold_release": [act(f"{HELD}/release", REASON)],
    "exchange_hold_discard": [act(f"{HELD}/discard", REASON)],
    "exchanges": [page("/exchanges/", ANYWHERE)],
    "exchange": [page(f"{EXCHANGE}/")],
    "calls": [page("/calls/", reach=ANYWHERE)],
    "exchange_call": [act(f"{EXCHANGE}/call", {"answer": "confirm"}, rules=BUILDERS_ONLY)],
    "exchange_justify": [act(f"{EXCHANGE}/justify", REASON, rules=BUILDERS_ONLY)],
    "mistake_report": [
        act(
            f"{EXCHANGE}/findings/{{e.finding.pk}}/mistake",
            {"comment": "A product."},
            also=("gateway:exchange:read",),
        )
    ],
    "training_sets": [page("/training-sets/", ANYWHERE)],
    "training_set": [page(f"{SET}/")],
    "training_copy": [act(f"{SET}/copy")],
    "training_release": [act(f"{SET}/release", lambda e: {"destination_id": str(e.destination.pk)}, rules=("form",))],
    "training_settle": [act(f"{SET}/sent/{{e.publication.pk}}", {"arrived": "yes"}, also=("training:set:read",))],
    "recertify": [page("/recertify/", ANYWHERE)],
    "recertify_together": [
        act("/recertify/together", lambda e: {"recertification": [str(e.asked_again.pk)]}),
    ],
    "recertify_answer": [
        act("/recertify/{e.asked_again.pk}/answer", {"outcome": "yes"}),
        act("/recertify/{e.asked_again.pk}/answer", {"outcome": "no"}),
    ],
    "recertify_confirm": [
        act("/recertify/{e.to_confirm.pk}/confirm", {"outcome": "yes"}),
        act("/recertify/{e.to_confirm.pk}/confirm", {"outcome": "no", "comment": "The data moved."}),
    ],
    "hours": [page("/hours/", ANYWHERE)],
    "unit_hours": [page(f"{HOURS}/", ANYWHERE)],
    "unit_hours_set": [act(f"{HOURS}/week", {"days": [1, 2], "opens": "08:00", "closes": "12:00"})],
    "closure_add": [
        act(
            f"{HOURS}/closures",
            lambda e: {"first_date": _day(e, 30), "last_date": _day(e, 31), "reason": "Feast"},
        )
    ],
    "closure_remove": [act(f"{HOURS}/closures/{{e.closure.pk}}/remove")],
    "end_users": [page(f"{INITIATIVE}/end-users")],
    "end_users_set": [act(f"{INITIATIVE}/end-users/set", lambda e: ISSUER | {"replaces": e.issuer.pk})],
    "end_users_end": [act(f"{INITIATIVE}/end-users/end", lambda e: {"replaces": e.issuer.pk})],
    "observing": [page("/observing/", ANYWHERE)],
    "observation": [page("/observing/{e.observation.pk}/")],
    "observe_again": [act("/observing/{e.unsettled.pk}/again", WISH)],
    "observe_end": [act("/observing/{e.observation.pk}/end", REASON)],
    "batches": [page("/initiatives/{e.initiative.code}/batches/")],
    "runs": [page("/initiatives/{e.initiative.code}/runs/")],
    "run": [page("/runs/{e.run.pk}/")],
    "oversight": [page("/initiatives/{e.initiative.code}/oversight/")],
    "oversight_lift": [act("/initiatives/{e.at_rest.code}/oversight/lift", REASON, rules=("own_promise",))],
    "observe": [
        page("/initiatives/{e.observable.code}/observe"),
        act("/initiatives/{e.observable.code}/observe", lambda e: WISH | {"destination": e.destination.ref}),
    ],
    "limits": [page("/limits/", ANYWHERE)],
    "limit_new": [
        page("/limits/new", ANYWHERE),
        act("/limits/new", lambda e: LIMIT | {"scope": "initiative", "target": e.asked.code}),
        act("/limits/new", lambda e: LIMIT | {"scope": "unit", "target": e.spare.ref}),
    ],
    "limit": [
        page("/limits/{e.limit.pk}/"),
        act("/limits/{e.limit.pk}/", lambda e: {"amount": "500", "revision": e.limit.revision}),
    ],
    "limit_end": [act("/limits/{e.limit.pk}/end")],
    "usage": [page("/usage/", ANYWHERE)],
    "stops": [page("/stops/", ANYWHERE)],
    "stop_new": [
        page("/stops/new", ANYWHERE),
        act("/stops/new", lambda e: REASON | {"scope": "initiative", "target": e.asked.code}),
        act("/stops/new", REASON | {"scope": "everything"}, WHOLE, also=("gateway:stop:make_wide",), offers=True),
        act(
            "/stops/new",
            lambda e: REASON | {"scope": "destination", "target": e.destination.ref, "then": "drill"},
            WHOLE,
            also=("gateway:stop:make_wide",),
            offers=True,
        ),
    ],
    "stop": [page(f"{STOP}/"), page(f"{WAITING_STOP}/")],
    "stop_lift": [act(f"{STOP}/lift", REASON)],
    "stop_confirm": [act(f"{WAITING_STOP}/confirm")],
    "stop_keep": [act(f"{WAITING_STOP}/keep", also=("gateway:stop:lift",))],
    "reviews": [page("/reviews/", ANYWHERE)],
    "mistake_answer": [
        act("/reviews/mistakes/{e.mistake.pk}", lambda e: {f"{e.mistake.pk}-answer": "It is one.", "outcome": "no"})
    ],
    "let_pass": [page("/let-pass/", ANYWHERE)],
    "let_pass_end": [act("/let-pass/{e.suppression.pk}/end")],
    "reason_review": [act("/reviews/reasons/{e.justification.pk}", {"outcome": "fine"})],
    "keys": [page("/keys/", ANYWHERE)],
    "key_new": [
        page("/keys/new", ANYWHERE),
        act("/keys/new", lambda e: {"title": "k", "scope": "api:read", "ends": _day(e, 60)}, ANYWHERE),
    ],
    "key_revoke": [act("/keys/{e.key.pk}/revoke", also=("organisation:key:revoke",))],
    "names": [page("/names/initiatives", ANYWHERE)],
    "notices": [page("/notices/", ANYWHERE)],
    "notices_read": [act("/notices/read", reach=ANYWHERE)],
    "notice_preferences": [
        page("/notices/preferences/", ANYWHERE),
        act("/notices/preferences/", WISHES, ANYWHERE),
    ],
    "saved_views": [page("/views/exchanges/", ANYWHERE)],
    "view_save": [act("/views/exchanges/save", {"title": "Refused", "query": "verdict=block"}, ANYWHERE)],
    "view_rename": [
        page("/views/exchanges/{e.view.pk}/rename", NOBODY),
        act("/views/exchanges/{e.view.pk}/rename", {"title": "Others"}, NOBODY),
    ],
    "view_remove": [act("/views/exchanges/{e.view.pk}/remove", reach=NOBODY)],
    "notice": [page("/notices/{e.notice.pk}/", NOBODY)],
    "notice_read": [act("/notices/{e.notice.pk}/read", reach=NOBODY)],
    "webhooks": [page("/webhooks/", ANYWHERE)],
    "webhook_new": [page("/webhooks/new", ANYWHERE), act("/webhooks/new", _webhook, offers=True)],
    "webhook": [page(f"{HOOK}/")],
    "webhook_edit": [act(f"{HOOK}/edit", {"title": "T", "url": "https://hooks.example.com/", "revision": 1})],
    "webhook_secret": [act(f"{HOOK}/secret")],
    "webhook_switch": [act(f"{HOOK}/switch", {"active": "no"})],
    "webhook_test": [act(f"{HOOK}/test")],
    "webhook_remove": [act(f"{HOOK}/remove")],
    "delivery_again": [act(f"{HOOK}/deliveries/{{e.delivery.pk}}/again")],
    "channels": [page("/channels/", ANYWHERE)],
    "audit": [page("/audit/", ANYWHERE)],
    "people": [page("/people/", ANYWHERE)],
    "person_new": [
        act("/people/new", lambda e: {"name": "Nina New", "login": "new-one", "unit_id": str(e.unit.pk)}),
    ],
    "person": [page(f"{PERSON}/")],
    "person_deactivate": [act(f"{PERSON}/deactivate")],
    "role_give": [act(f"{PERSON}/roles/give", lambda e: {"role": "auditor", "unit_id": str(e.unit.pk)})],
    "role_take": [act(f"{PERSON}/roles/take", lambda e: {"role": "builder", "unit_id": str(e.unit.pk)})],
    "sign_out": [act("/sign-out/", reach=ANYWHERE)],
    "step_up": [page("/step-up/", ANYWHERE)],
}
