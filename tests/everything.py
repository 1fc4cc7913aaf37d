"""One of everything, of one unit, in the states that open most doors. By the real services where there is one; synthetic."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

from django.db import transaction

import asking
import builders
import contesting
import scope
import sending
from governance.approvals import services as approvals
from governance.approvals.models import Override, Request, Workflow
from governance.approvals.rules import DecisionKind
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.catalogue import services as catalogue
from governance.catalogue.models import Dataset
from governance.core.actors import INSTALLER, Actor
from governance.core.clock import now
from governance.core.ids import uuid7
from governance.destinations import services as destinations
from governance.destinations.models import Destination
from governance.detection.policy import Verdict
from governance.detection.recognisers import Recogniser
from governance.detection.ways import Way
from governance.gateway import services as gateway
from governance.gateway.held_copies import held_folder
from governance.gateway.limits import LimitKind, LimitScope, Period
from governance.gateway.models import Batch, Confirmation, Exchange, Justification, Publication, Run, Shortfall
from governance.gateway.rules import PublicationState
from governance.gateway.services import stops
from governance.gateway.services.issuers import set_issuer
from governance.gateway.services.limits import set_limit
from governance.gateway.services.observations import ask_to_observe
from governance.gateway.stopping import StopScope
from governance.initiatives import services as initiatives
from governance.initiatives.models import Overlap
from governance.initiatives.services.joins import ask_to_join
from governance.notices.models import Delivery, Notice
from governance.notices.services import add_webhook, notify, send_test
from governance.organisation import services as organisation
from governance.organisation.models import Person, Unit
from governance.organisation.roles import Role
from governance.organisation.services import add_closure, make_key
from governance.remits import services as remits
from governance.remits.models import Entry, Grant, Recertification, Remit, Sample
from governance.scanning import services as scanning
from governance.scanning.changing import Changes, RuleChange
from governance.scanning.models import Finding, Scan, Suppression
from governance.scanning.selectors import ruleset_in_force
from governance.training.models import ReleasePermit, TrainingSet
from governance.web.watching.ruleset_versions import VersionForm

DIGEST = "0" * 64
_numbers = count(1)


@dataclass(frozen=True)
class Deciders:
    """People of the whole organisation who decide what the unit asks."""

    steward_person: Person
    it_person: Person

    @classmethod
    def of(cls, root: Unit) -> "Deciders":
        return cls(builders.person(Role.DATA_STEWARD, root), builders.person(Role.IT_APPROVER, root))

    @property
    def steward(self) -> Actor:
        return builders.actor(self.steward_person)

    @property
    def it(self) -> Actor:
        return builders.actor(self.it_person)

    def approve(self, request: Request) -> None:
        asking.approve(request, self.steward, self.it, at=now())


def of(unit: Unit) -> SimpleNamespace:
    """Return ids of one of everything of `unit`, all by its lead."""
    at, root = now(), builders.organisation()
    deciders = Deciders.of(root)
    lead_person = builders.person(Role.REQUESTER, unit, name="Lena Lead")
    lead = builders.actor(lead_person)
    everything = SimpleNamespace(unit=unit, lead=lead, lead_person=lead_person, at=at, deciders=deciders)
    everything.number = next(_numbers)
    everything.head_person = builders.person(Role.UNIT_HEAD, unit, name="Hedda Head")
    everything.ends = (at + timedelta(days=90)).date().isoformat()
    _add_places(everything)
    _add_asked(everything)
    _add_suggestion(everything)
    _add_overlaps(everything)
    _add_exceptions(everything)
    _add_round(everything)
    _add_contests(everything)
    _add_patterns(everything)
    _add_rules(everything)
    _add_traffic(everything)
    _add_stops(everything)
    _add_limit(everything)
    _add_observations(everything)
    _add_oversight(everything)
    _add_people(everything)
    _add_time(everything)
    _add_exams(everything)
    told = {"list_name": "exchanges", "title": "Mine", "query": "verdict=hold", "by": lead, "at": at}
    everything.view = organisation.save_view(**told)
    return everything


def _add_exams(every: SimpleNamespace) -> None:
    """Two exams, one of which the initiative is measured by."""
    told = {"secrecy": "secret", "unit_id": every.unit.pk, "by": INSTALLER, "at": every.at}
    scanning.ensure_default(by=INSTALLER, at=every.at)
    numbers = (rf"N{every.number}-\d{{6}}",)
    looks = Recogniser(f"own-{every.number}", "OWN_NUMBER", 0.8, (), numbers, (), f"It is N{every.number}-204417.")
    every.recogniser = scanning.add_recogniser(definition=looks, title="Own numbers", by=INSTALLER, at=every.at)
    paper = Recogniser.marking(f"paper-{every.number}", "restricted", [f"PAPER {every.number} OF THE BOARD"])
    every.marking = scanning.add_recogniser(definition=paper, title="Board papers", by=INSTALLER, at=every.at)
    in_force = ruleset_in_force()
    every.basis = in_force.version
    changes = Changes({"contact_data": RuleChange(Verdict.REDACT, Way.HASH)}, sure=50 + every.number % 40)
    every.version = scanning.make_version(basis=every.basis, changes=changes, by=INSTALLER, at=every.at)
    every.version_form = _filled(VersionForm(in_force))
    told_of = {"unit_id": every.unit.pk, "by": INSTALLER, "at": every.at}
    every.register = catalogue.add_register(title=f"Harbour tariffs {every.number}", kind="code", **told_of)
    every.exam = catalogue.add_exam(ref=f"exam-{every.number}", title="Harbour exam", **told)
    other = catalogue.add_exam(ref=f"other-exam-{every.number}", title="Other exam", **told)
    every.named_exam = remits.name_exam(initiative=every.initiative.code, exam=other.ref, by=every.lead, at=every.at)


def _filled(form: Any) -> dict[str, str]:
    """Return what a browser sends of a form that nobody touched: a box that is not ticked is not sent."""
    return {name: str(value) for name, value in form.initial.items() if value is not False and name in form.fields}


def idea(every: SimpleNamespace, **facts: Any) -> Any:
    return scope.initiative(every.unit, by=every.lead, at=every.at, **facts)


def _add_places(every: SimpleNamespace) -> None:
    every.dataset = scope.dataset(every.unit)
    every.destination = scope.destination(**asking.OUR_TENANT)
    every.closed = scope.destination(opened=False, **asking.OUR_TENANT)
    every.provider = destinations.add_provider(name=f"Provider {every.number} of everything", by=INSTALLER, at=every.at)


def _grants(every: SimpleNamespace) -> list[dict[str, Any]]:
    return [asking.grant(every.dataset, every.destination, at=every.at, ends=every.ends)]


def _sent(every: SimpleNamespace, initiative: Any) -> Request:
    return asking.sent(initiative, _grants(every), by=every.lead, at=every.at, ends=every.ends)


def _add_asked(every: SimpleNamespace) -> None:
    every.initiative = idea(every, title="Running")
    every.claim = initiatives.assert_claim(
        initiative_id=every.initiative.pk,
        unit_id=every.unit.pk,
        basis="budget",
        evidence="We pay for it.",
        head_id=every.head_person.pk,
        by=every.lead,
        at=every.at,
    )
    approved = _sent(every, every.initiative)
    every.deciders.approve(approved)
    every.remit = approved.subject_id
    every.grant = Grant.objects.get(remit_id=every.remit)
    every.asked = idea(every, title="Asked")
    every.request = _sent(every, every.asked)
    every.initiative.refresh_from_db()
    every.new = idea(every, title="New")
    every.draft = asking.draft(idea(every, title="Drafted"), _grants(every), by=every.lead, ends=every.ends)


def _add_suggestion(every: SimpleNamespace) -> None:
    """A request that was sent back with the change written."""
    every.narrowed = _sent(every, idea(every, title="Narrowed"))
    less = {"grants": [{"number": 1, "redact": ["IBAN_CODE"]}]}
    every.suggestion = asking.suggest(every.narrowed, less, by=every.deciders.it, at=every.at)


def _add_contests(every: SimpleNamespace) -> None:
    """A contest that waits, one that the unit lost, an offer to it and one by it, and a capability."""
    at, root = every.at, builders.organisation()
    builders.person(Role.ARBITER, root, name="Zora Arbiter")  # the last by name: others of that role rule before her
    mine = contesting.Headed(every.unit, every.head_person)
    every.rival = contesting.headed(f"Rival {every.number}", at=at)
    disputed, lost = idea(every, title="Disputed"), idea(every, title="Lost")
    for each in (disputed, lost):
        contesting.claim(each, every.rival, at=at)
    every.stake = contesting.claim(disputed, mine, at=at)
    every.contest, every.ruled = contesting.contest_about(disputed), contesting.contest_about(lost)
    arbiter = builders.actor(every.ruled.arbiter)
    contesting.rule(every.ruled, contesting.award(every.rival), by=arbiter, at=at)
    every.ruling = {"outcome": "award", "unit": str(every.rival.pk), "reasons": "Synthetic reasons."}
    every.ruling |= {"effective": (at + timedelta(days=2)).date().isoformat(), "review": every.ends}
    theirs = scope.initiative(every.rival.unit, by=every.rival.head, at=at)
    given = idea(every, title="Given")
    said = {"reason": "Synthetic.", "at": at}
    every.offer = initiatives.offer_transfer(initiative_id=theirs.pk, unit_id=mine.pk, by=every.rival.head, **said)
    every.given = initiatives.offer_transfer(initiative_id=given.pk, unit_id=every.rival.pk, by=mine.head, **said)
    named = {"title": f"Drafting {every.number}", "purpose_text": "Drafts.", "by": arbiter, "at": at}
    every.capability = initiatives.add_capability(**named)
    every.spare = builders.unit(f"Spare {every.number}", parent=every.unit, at=at)


def _add_limit(every: SimpleNamespace) -> None:
    """A budget of an initiative."""
    told = {"kind": LimitKind.COST, "period": Period.MONTH, "amount": 400_000_000, "by": INSTALLER, "at": every.at}
    every.limit = set_limit(scope=LimitScope.INITIATIVE, target=every.initiative.code, **told)


def _add_observations(every: SimpleNamespace) -> None:
    """A period in force, one of which security wants something changed, and an initiative that may ask for one."""
    security = builders.actor_with(Role.SECURITY_APPROVER)
    every.observation = _observation(every, DecisionKind.APPROVE, security)
    every.unsettled = _observation(every, DecisionKind.REQUEST_CHANGES, security)
    every.observable = _sending(every, "Observable")
    vouches = {"issuer": "https://login.example/", "audience": "letters", "jwks_url": "https://login.example/keys"}
    told = {"header": "X-Token", "claim": "sub", "keys": "", "replaces": None, "by": INSTALLER, "at": every.at}
    every.issuer = set_issuer(initiative=every.initiative.code, **vouches, **told)


def _add_oversight(every: SimpleNamespace) -> None:
    """An initiative whose rights rest, for fewer answers were looked at than it promised."""
    every.at_rest = _sending(every, "At rest")
    remit = Remit.objects.get(initiative=every.at_rest)
    short = {"tally": {}, "sentences": ["0 of 80 answers (0 %) were looked at; 50 % was promised."]}
    told = {"state": "resting", "figures": short, "rest_figures": short, "warned_at": every.at, "due_at": every.at}
    with transaction.atomic():
        found = Shortfall.objects.create(initiative=every.at_rest, remit=remit, rested_at=every.at, **told)
        record(EventKind.OVERSIGHT_RESTS, subject=f"initiative:{found.initiative_id}", by=INSTALLER, at=every.at)
        remits.rest_for_oversight(initiative_id=every.at_rest.pk, by=INSTALLER, at=every.at)


def _observation(every: SimpleNamespace, said: DecisionKind, security: Actor) -> Any:
    told = {"destination": every.destination.ref, "days": 5, "reason": "To see what stops.", "at": now()}
    asked = ask_to_observe(initiative=_sending(every, f"Observed {said}").code, **told, by=every.lead)
    request = Request.objects.get(subject_kind="observation", subject_id=asked.pk)
    asking.say(said, request, by=security, comment="A synthetic comment.", at=now())
    return asked


def _sending(every: SimpleNamespace, title: str) -> Any:
    """Return an initiative that may send prompts to the destination."""
    made = idea(every, title=title)
    sending.grant(SimpleNamespace(initiative=made, person=every.lead_person), every.destination, data=every.dataset)
    return made


def _add_stops(every: SimpleNamespace) -> None:
    """A stop in force, and one that somebody asks to lift."""
    analyst = builders.actor_with(Role.SECURITY_ANALYST, every.unit)
    said = {"reason": "A synthetic leak.", "by": analyst, "at": every.at}
    every.stop, every.waiting_stop = (
        stops.place_stop(scope=StopScope.INITIATIVE, target=idea(every, title=title).code, **said)
        for title in ("Stopped", "Soon lifted")
    )
    stops.ask_lift(stop_id=every.waiting_stop.pk, **said)


def _add_overlaps(every: SimpleNamespace) -> None:
    """Two initiatives of the unit that do the same, and somebody of another unit who would rather join."""
    purpose = f"Draft replies to letters of kind {every.number} that a handler corrects, signs and files."
    same = [idea(every, title=f"Letters {each}", purpose_text=purpose) for each in "ab"]
    for each in same:
        remits.look_for_overlaps(initiative_id=each.pk, by=INSTALLER, at=every.at)
    pair = sorted(each.pk for each in same)
    every.overlap = Overlap.objects.get(first_id=pair[0], second_id=pair[1])
    stranger = builders.actor_with(Role.REQUESTER, builders.unit())
    every.join = ask_to_join(initiative_id=every.asked.pk, reason="To help.", by=stranger, at=every.at)


def _add_exceptions(every: SimpleNamespace) -> None:
    """An override that waits for a second person, one that waits for its review, and somebody who is away."""
    every.head_person = builders.person(Role.UNIT_HEAD, every.unit, name="Hugo Head")
    head, second = builders.actor(every.head_person), builders.actor_with(Role.UNIT_HEAD, every.unit)
    every.override, every.overridden = (
        approvals.ask_override(
            request_id=_sent(every, idea(every, title=title)).pk, reason="Hail.", hours=1, by=head, at=every.at
        )
        for title in ("Hurried", "Hurried before")
    )
    approvals.confirm_override(override_id=every.overridden.pk, by=second, at=every.at)
    hours_ago = [every.at - timedelta(hours=hours) for hours in (3, 2)]
    Override.objects.filter(pk=every.overridden.pk).update(starts_at=hours_ago[0], ends_at=hours_ago[1])
    approvals.end_overrides(by=INSTALLER, at=every.at)
    every.delegation = organisation.delegate(
        deputy_id=second.person,
        starts_at=every.at,
        ends_at=every.at + timedelta(days=9),
        reason="On leave.",
        by=head,
        at=every.at,
    )


def _add_rules(every: SimpleNamespace) -> None:
    """A draft of rules that was replayed, and so could be put to two people."""
    writer = builders.actor_with(Role.POLICY_ADMIN, builders.organisation())
    begun = approvals.start_draft(name="default", by=writer, at=every.at)
    stricter = begun.source.replace("IT answers for", "Our IT answers for")
    every.rules = approvals.save_draft(
        draft_id=begun.pk, source=stricter, revision=begun.revision, by=writer, at=every.at
    )
    every.replay = approvals.start_replay(draft_id=begun.pk, last=10, by=writer, at=every.at)
    every.workflow = Workflow.objects.order_by("made_at")[0]


def _add_round(every: SimpleNamespace) -> None:
    """A round of the unit's own scarce dataset that has closed, with one request of the unit in it."""
    every.scarce = scope.dataset(every.unit)
    began = every.at - timedelta(days=20)
    told = {"scarcity": "scarce", "why": "One licence.", "until": None, "round_days": 14}
    remits.mark_dataset(dataset_id=every.scarce.pk, **told, by=every.deciders.steward, at=began)
    wants = [asking.grant(every.scarce, every.destination, at=every.at, ends=every.ends)]
    asking.sent(idea(every, title="Rival"), wants, by=every.lead, at=began, ends=every.ends)
    every.entry = Entry.objects.get(allocation__dataset=every.scarce)
    every.round = every.entry.allocation


def _add_patterns(every: SimpleNamespace) -> None:
    bounds = asking.bounds([every.dataset], [every.destination], at=every.at, redact=["PERSON"])
    ready = asking.pattern(
        bounds,
        every.deciders.steward,
        every.deciders.it,
        name=f"Everyday {every.number}",
        owner=every.unit,
        rate=1.0,
        at=every.at,
    )
    every.pattern, every.bounds = ready, bounds
    decided = asking.draft(idea(every, title="Decided at once"), _grants(every), by=every.lead, ends=every.ends)
    remits.submit(remit_id=decided.pk, revision=decided.revision, by=every.lead, at=every.at)
    every.sample = Sample.objects.get(remit_id=decided.pk)
    every.returned = remits.propose_pattern(
        name=f"Returned {every.number}",
        body=bounds,
        owner_unit_id=every.unit.pk,
        ends_at=every.at + timedelta(days=90),
        sampling_rate=0.1,
        by=builders.actor_with(Role.POLICY_ADMIN, every.unit),
        at=every.at,
    )
    request = Request.objects.get(subject_id=every.returned.pk)
    asking.say(DecisionKind.REQUEST_CHANGES, request, by=every.deciders.it, comment="Fewer.", at=every.at)


def lay_held_copy(every: SimpleNamespace) -> None:
    """Seal what the held request would send. A release takes the file away, and no database brings it back."""
    messages = [{"role": "user", "content": "A plan of ours that Ada Lane wrote, and nothing that is real."}]
    with held_folder().writer(f"everything-{every.number}") as copy:
        copy.write(json.dumps({"model": "m", "messages": messages}).encode())


def _add_held(every: SimpleNamespace) -> None:
    """A request that waits for two people, with its sealed copy."""
    lay_held_copy(every)
    kept = {"surface": "openai.chat_completions", "model": "m", "verdict": "hold", "state": "held"}
    owned = {"initiative": every.initiative, "unit": every.unit, "destination": every.destination}
    every.held = Exchange.objects.create(
        at=every.at,
        keyed_digest=f"synthetic {every.number}".encode(),
        reasons=[{"rule": "plans", "sentence": "It holds a plan.", "type": "MARKING", "action": "hold"}],
        **kept,
        **owned,
    )
    scan = {"ruleset_digest": DIGEST, "receipt": {}, "complete": True, "verdict": "hold", "at": every.at}
    subject = f"exchange:{every.held.pk}"
    every.held.scan = Scan.objects.create(subject=subject, unit=every.unit, digest=DIGEST, **scan)
    every.held.save(update_fields=["scan"])
    _finding(every.held.scan, "messages[0].content")
    every.hold = scanning.hold(
        subject=subject,
        unit_id=every.unit.pk,
        digest=DIGEST,
        storage_ref=f"everything-{every.number}",
        reason="plans",
        by=INSTALLER,
        at=every.at,
    )


def _add_traffic(every: SimpleNamespace) -> None:
    """What the gateway and the workers write; no process of theirs runs here."""
    exchange = uuid7()
    scan = Scan.objects.create(
        subject=f"exchange:{exchange}",
        unit=every.unit,
        digest=DIGEST,
        ruleset_digest=DIGEST,
        receipt={},
        complete=True,
        verdict="justify",
        at=every.at,
    )
    every.run = _run(every)
    every.exchange = Exchange.objects.create(
        pk=exchange,
        run=every.run,
        at=every.at,
        initiative=every.initiative,
        unit=every.unit,
        scan=scan,
        surface="openai.chat_completions",
        verdict="justify",
        keyed_digest=b"synthetic",
        state="refused",
        counts={"PERSON": 2},
        reasons=[{"rule": "people", "sentence": "Names stay here.", "type": "PERSON", "action": "justify"}],
    )
    every.finding, reported = (_finding(scan, place) for place in ("messages[0]", "messages[1]"))
    every.justification = gateway.justify(
        exchange_id=every.exchange.pk, reason="A customer asked for it.", by=every.lead, at=every.at
    )
    Justification.objects.filter(pk=every.justification.pk).update(used_at=every.at)
    Confirmation.objects.create(
        exchange=every.exchange,
        initiative=every.initiative,
        keyed_digest=b"synthetic",
        tools=["delete_*"],
        storage_ref=f"confirmation-{every.number}",
        asked_at=every.at,
        expires_at=every.at + timedelta(days=1),
    )
    every.mistake = scanning.report_mistake(finding_id=reported.pk, comment="", by=every.lead, at=every.at)
    every.suppression = Suppression.objects.create(
        keyed_digest=b"synthetic",
        type="PHONE",
        reason="Our own switchboard.",
        owner=every.lead_person,
        unit=every.unit,
        starts_at=every.at,
        ends_at=now() + timedelta(days=30),
    )
    every.batch = _batch(every)
    _add_held(every)
    every.training_set = TrainingSet.objects.create(
        initiative=every.initiative,
        title="Letters",
        digest=DIGEST,
        bytes=1,
        storage_ref=f"synthetic-{every.number}",
        state="findings",
        counts={"PERSON": 1},
        uploaded_by=every.lead_person,
        uploaded_at=every.at,
    )
    every.publication = possibly_sent(every.training_set, every.destination, at=every.at)


def possibly_sent(row: TrainingSet, to: Destination, *, at: datetime) -> Publication:
    """Return a publication as a gateway leaves it that lost its provider in the middle."""
    call = Exchange.objects.create(
        at=at, initiative=row.initiative, surface="openai.training_file", verdict="allow", state="failed", closed_at=at
    )
    permit = ReleasePermit.objects.create(
        training_set=row,
        destination=to,
        terms=to.terms.first(),
        digest=row.digest,
        body={},
        signature=b"",
        issued_at=at,
        expires_at=at + timedelta(days=7),
        used_at=at,
    )
    return Publication.objects.create(
        pk=call.pk,
        exchange=call,
        training_set=row,
        destination=to,
        permit=permit,
        state=PublicationState.UNKNOWN,
        begun_at=at,
        ended_at=at,
    )


def _batch(every: SimpleNamespace) -> Batch:
    begun = {
        "surface": "openai.batches",
        "model": "m",
        "verdict": "allow",
        "state": "completed",
        "records": 2,
        "cost": 7,
    }
    owned = {"initiative": every.initiative, "destination": every.destination}
    call = Exchange.objects.create(at=every.at, unit=every.unit, **begun, **owned)
    times = {"begun_at": every.at, "seen_at": every.at, "expires_at": every.at + timedelta(days=31)}
    told = {"dialect": "openai", "model": "m", "provider_id": f"batch-{every.number}", "records": 2}
    return Batch.objects.create(exchange=call, seen={"status": "in_progress"}, **told, **owned, **times)


def _run(every: SimpleNamespace) -> Run:
    key = uuid7()
    return Run.objects.create(
        pk=key,
        root_id=key,
        initiative=every.initiative,
        name=f"plan-{every.number}",
        depth=1,
        calls=1,
        began_at=every.at,
        last_at=every.at,
    )


def _finding(scan: Scan, path: str) -> Finding:
    return Finding.objects.create(
        scan=scan,
        type="PERSON",
        detector="synthetic",
        path=path,
        start=0,
        end=4,
        score=0.9,
        action="justify",
        rule="people",
        keyed_digest=b"synthetic",
    )


def _add_people(every: SimpleNamespace) -> None:
    every.colleague = builders.person(Role.BUILDER, every.unit, name="Carl Colleague")
    ends = every.at + timedelta(days=30)
    every.key, every.key_text = make_key(title="k", scope="api:read", expires_at=ends, by=every.lead, at=every.at)
    notify(people=[every.lead_person.pk], kind="tests.told", text="Something.", link="/", by=INSTALLER, at=every.at)
    every.notice = Notice.objects.get(person=every.lead_person, kind="tests.told")
    head = builders.actor_with(Role.UNIT_HEAD, every.unit)
    every.webhook, _ = add_webhook(
        title="w", url="https://hooks.example.com/", unit_id=every.unit.pk, by=head, at=every.at
    )
    every.delivery = send_test(webhook_id=every.webhook.pk, by=head, at=every.at)
    Delivery.objects.filter(pk=every.delivery.pk).update(state="given_up")
    every.built_in = Dataset.objects.filter(built_in=True).first()


def _add_time(every: SimpleNamespace) -> None:
    """Two grants to recertify, one of which waits for its steward, and a day on which the unit is closed."""
    letters = scope.dataset(every.unit, classification="confidential")
    asked = asking.grant(letters, every.destination, at=every.at, ends=every.ends)
    request = asking.sent(idea(every, title="Letters"), [asked], by=every.lead, at=every.at, ends=every.ends)
    security = builders.actor_with(Role.SECURITY_APPROVER, builders.organisation())
    asking.approve(request, every.deciders.steward, every.deciders.it, security, at=every.at)
    of_letters = Grant.objects.get(remit_id=request.subject_id)
    ids = [every.grant.pk, of_letters.pk]
    remits.propose_lapse(grant_ids=ids, by=INSTALLER, at=every.at)
    every.asked_again, every.to_confirm = (Recertification.objects.get(grant_id=grant) for grant in ids)
    remits.answer_recertification(recertification_id=every.to_confirm.pk, needed=True, by=every.lead, at=every.at)
    day = every.at.date()
    every.closure = add_closure(
        unit_id=every.unit.pk, first_date=day, last_date=day, reason="Feast", by=INSTALLER, at=every.at
    )
