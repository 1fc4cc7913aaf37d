"""Requests, delegations, roles, edits, overrides and time in any order, on the real services and the real database.

Whatever people try: nobody approves their own request by any road, a seat is decided once, one person is one voice, and a
decision is about exactly the bytes it names. Each run is rolled back. The long form (over 10,000 steps; it prints its
counts and its seed, and takes another seed from REMIT_SEED):

    ./dev test -m long tests/domain/test_approvals_machine.py -s
"""

import os
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import ClassVar
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

import asking
import builders
import scope
from governance.approvals import services as approvals
from governance.approvals.binding import Binding
from governance.approvals.models import Candidate, Decision, Override, Request, Slot, Suggestion
from governance.approvals.rules import DecisionKind, RequestState, StageState
from governance.core.actors import CLOCK
from governance.core.canonical import digest as digest_of
from governance.core.errors import DomainError
from governance.organisation import services as organisation
from governance.organisation.roles import Role
from governance.remits import services as remits
from governance.remits.models import Grant, Remit

pytestmark = pytest.mark.django_db
ROLES = [Role.DATA_STEWARD, Role.IT_APPROVER, Role.SECURITY_APPROVER, Role.UNIT_HEAD]
PEOPLE = 9
MOST_OPEN = 4
LONG_STEPS = 10_000
PERSON = st.integers(0, PEOPLE - 1)
NTH = st.integers(0, 5)


class World:
    """Nine people of whom each asks and decides: every road back to one's own request is open but for the rules."""

    def __init__(self):
        self.root = builders.organisation()
        self.units = [builders.unit("Claims"), builders.unit("Retail")]
        held = [[Role.REQUESTER, ROLES[n % 3], *([ROLES[3]] if n % 4 == 0 else [])] for n in range(PEOPLE)]
        self.people = [
            builders.person(None, self.root, roles=roles, name=f"Person {n}") for n, roles in enumerate(held)
        ]
        self.actors = [builders.actor(person) for person in self.people]
        steward_units = [*self.units, self.root]
        self.datasets = [scope.dataset(unit, classification="confidential") for unit in steward_units]
        self.place = scope.destination(**asking.OUR_TENANT)


class Approvals(RuleBasedStateMachine):
    world: ClassVar[World]
    counts: ClassVar[Counter] = Counter()

    def __init__(self):
        super().__init__()
        self.run = transaction.atomic()
        self.run.__enter__()
        self.at = asking.AT
        self.seen: set = set()
        self.asked: list = []
        # What was handed on, kept apart from the product's own tables: giver, deputy, from, until.
        self.handed: list[list] = []
        self.delegations: list = []
        self.inactive: set = set()

    def teardown(self):
        transaction.set_rollback(True)
        self.run.__exit__(None, None, None)

    def tried(self, what, act):
        """Do `act`; a refusal is an answer too. Anything else is a fault."""
        self.counts["steps"] += 1
        try:
            with transaction.atomic():
                made = act()
        except DomainError as refused:
            self.counts[f"{what}: {refused.code}"] += 1
            return None
        self.counts[what] += 1
        return made

    def request(self, nth):
        return Request.objects.get(pk=self.asked[nth % len(self.asked)])

    @precondition(lambda self: len(self.asked) < MOST_OPEN)
    @rule(who=PERSON, drafter=PERSON, data=st.sets(st.integers(0, 2), min_size=1), unit=st.integers(0, 1))
    def ask(self, who, drafter, data, unit):
        by, writes = self.world.actors[who], self.world.actors[drafter]

        def act():
            initiative = scope.initiative(self.world.units[unit], by=by, at=self.at)
            grants = [asking.grant(self.world.datasets[n], self.world.place, at=self.at) for n in sorted(data)]
            draft = asking.draft(initiative, grants, by=writes, at=self.at)
            return remits.submit(remit_id=draft.pk, revision=draft.revision, by=by, at=self.at).request_id

        if made := self.tried("ask", act):
            self.asked.append(made)

    @precondition(lambda self: self.asked)
    @rule(
        nth=NTH,
        who=PERSON,
        kind=st.sampled_from([DecisionKind.APPROVE] * 4 + [DecisionKind.REQUEST_CHANGES, DecisionKind.REJECT]),
        stale=st.booleans(),
        narrow=st.booleans(),
    )
    def decide(self, nth, who, kind, stale, narrow):
        request = self.request(nth)
        revisions = request.revisions.order_by("number" if stale else "-number")
        binding = Binding(redact=("IBAN_CODE",)) if narrow and kind is DecisionKind.APPROVE else Binding()
        self.tried(
            "decide",
            lambda: approvals.decide(
                request_id=request.pk,
                kind=kind,
                digest=revisions[0].digest,
                comment="Because.",
                conditions=binding,
                by=self.world.actors[who],
                at=self.at,
            ),
        )

    @precondition(lambda self: self.asked)
    @rule(nth=NTH)
    def everybody_tries_to_approve(self, nth):
        request = self.request(nth)
        for actor in self.world.actors:
            self.tried("approve", lambda actor=actor: asking.approve(request, actor, at=self.at))

    @precondition(lambda self: self.asked)
    @rule(nth=NTH, writer=PERSON, sender=PERSON, material=st.booleans(), asked_back=st.booleans())
    def edit_and_send_again(self, nth, writer, sender, material, asked_back):
        request = self.request(nth)
        if asked_back:  # somebody wants changes first: without that a sent request is not edited
            sender = next(n for n, person in enumerate(self.world.people) if person.pk == request.requester_id)
            for actor in self.world.actors:
                self.tried("ask back", partial(self.ask_back, request, actor))
        remit = Remit.objects.get(pk=request.subject_id)
        # More calls a day let more through; another title changes nothing that somebody decided on.
        more = {"calls_per_day": 900 + self.counts["steps"] % 90}
        grants = [each | {"conditions": each["conditions"] | more} for each in remit.body["grants"]]
        body = remit.body | ({"grants": grants} if material else {"title": f"Title {self.counts['steps']}"})

        def act():
            saved = remits.save_draft(
                remit_id=remit.pk, body=body, revision=remit.revision, by=self.world.actors[writer], at=self.at
            )
            remits.submit(remit_id=saved.pk, revision=saved.revision, by=self.world.actors[sender], at=self.at)

        self.tried("edit", act)

    @precondition(lambda self: self.asked)
    @rule(nth=NTH, hours=st.sampled_from([0, 0, 30]), taker=PERSON, material=st.booleans(), counts=st.booleans())
    def suggest_and_take(self, nth, hours, taker, material, counts):
        """Somebody writes the change they ask for; whoever may send the request takes it, now or days later."""
        request = self.request(nth)
        less = {"grants": [{"number": 1, "redact": ["LOCATION"]}]}
        change = less | ({"human_oversight": f"Somebody reads {self.counts['steps']}."} if material else {})
        for actor in self.world.actors:
            self.tried(
                "suggest", lambda actor=actor: asking.suggest(request, change, by=actor, counts=counts, at=self.at)
            )
        waiting = Suggestion.objects.filter(decision__request=request, state="open").order_by("pk").first()
        if waiting is None:
            return
        self.time_passes_by(hours)
        asker = next(n for n, person in enumerate(self.world.people) if person.pk == request.requester_id)
        for who in (taker, asker):
            by = self.world.actors[who]
            self.tried("take", lambda by=by: remits.take_suggestion(suggestion_id=waiting.pk, by=by, at=self.at))
        waiting.refresh_from_db()
        self.counts["counted beforehand"] += waiting.given_id is not None

    def ask_back(self, request, actor):
        return asking.say(DecisionKind.REQUEST_CHANGES, request, by=actor, comment="Other.", at=self.at)

    @precondition(lambda self: self.asked)
    @rule(nth=NTH, who=PERSON)
    def withdraw(self, nth, who):
        request = self.request(nth)
        by = self.world.actors[who]
        self.tried("withdraw", lambda: approvals.withdraw(request_id=request.pk, by=by, at=self.at))

    @rule(
        giver=PERSON,
        deputy=PERSON,
        role=st.sampled_from([None, *ROLES]),
        ahead=st.integers(0, 2),
        days=st.integers(1, 9),
    )
    def hand_on(self, giver, deputy, role, ahead, days):
        starts_at = self.at + timedelta(days=ahead)
        ends_at = starts_at + timedelta(days=days)
        made = self.tried(
            "hand on",
            lambda: organisation.delegate(
                deputy_id=self.world.people[deputy].pk,
                starts_at=starts_at,
                ends_at=ends_at,
                reason="On leave.",
                role=role,
                by=self.world.actors[giver],
                at=self.at,
            ),
        )
        if made:
            self.delegations.append((made.pk, giver))
            self.handed.append([self.world.people[giver].pk, self.world.people[deputy].pk, starts_at, ends_at])

    @precondition(lambda self: self.delegations)
    @rule(nth=NTH)
    def take_back(self, nth):
        place = nth % len(self.delegations)
        delegation, giver = self.delegations[place]
        by = self.world.actors[giver]
        if self.tried("take back", lambda: organisation.end_delegation(delegation_id=delegation, by=by, at=self.at)):
            self.handed[place][3] = self.at

    @rule(who=PERSON, role=st.sampled_from(ROLES), give=st.booleans())
    def change_role(self, who, role, give):
        change = organisation.give_role if give else organisation.take_role
        person, where = self.world.people[who].pk, self.world.root.pk
        self.tried(
            "change role",
            lambda: change(person_id=person, role=role, unit_id=where, by=builders.INSTALLER, at=self.at),
        )

    @precondition(lambda self: len(self.asked) > 1 and not self.inactive)
    @rule(who=PERSON)
    def leave(self, who):
        person = self.world.people[who].pk
        if self.tried(
            "leave", lambda: organisation.deactivate_person(person_id=person, by=builders.INSTALLER, at=self.at)
        ):
            self.inactive.add(person)

    @precondition(lambda self: self.asked)
    @rule(nth=NTH, first=PERSON, second=PERSON)
    def override(self, nth, first, second):
        request, (one, other) = self.request(nth), (self.world.actors[first], self.world.actors[second])

        def act():
            asked = approvals.ask_override(request_id=request.pk, reason="Hail.", hours=5, by=one, at=self.at)
            return approvals.confirm_override(override_id=asked.pk, by=other, at=self.at)

        self.tried("override", act)

    @rule(hours=st.integers(1, 40))
    def time_passes(self, hours):
        self.time_passes_by(hours)

    def time_passes_by(self, hours):
        self.at += timedelta(hours=hours)
        self.tried("look again", lambda: approvals.seek_unreached(by=CLOCK, at=self.at))
        self.tried("end overrides", lambda: approvals.end_overrides(by=CLOCK, at=self.at))

    def was_deputy(self, person, of, since, until):
        """Say, from what the machine itself remembers, whether `person` sat in for one of `of`, at first or second hand."""
        held = [(giver, deputy) for giver, deputy, starts, ends in self.handed if starts <= until and ends > since]
        first = {deputy for giver, deputy in held if giver in of}
        return person in first | {deputy for giver, deputy in held if giver in first}

    def holds(self, giver, deputy, at):
        """Say whether `deputy` sits in for `giver` at that moment, in one step or two."""
        now = [(g, d) for g, d, starts, ends in self.handed if starts <= at < ends]
        return (giver, deputy) in now or any((giver, middle) in now and (middle, deputy) in now for _, middle in now)

    def authors(self, request, number):
        """Return who wrote part of a request up to its revision `number`."""
        revisions = request.revisions.filter(number__lte=number)
        return {person for each in revisions for person in (each.editor_id, *map(UUID, each.authors))}

    @invariant()
    def nobody_decides_their_own(self):
        fresh = Decision.objects.exclude(pk__in=self.seen).select_related("request", "revision", "slot")
        for decision in fresh:
            self.seen.add(decision.pk)
            own = {decision.request.requester_id, *self.authors(decision.request, decision.revision.number)}
            assert decision.actor_id not in own
            assert decision.on_behalf_of_id not in own
            assert not self.was_deputy(decision.actor_id, own, decision.request.opened_at, decision.at)
            assert decision.actor_id not in self.inactive
            if decision.on_behalf_of_id:
                assert self.holds(decision.on_behalf_of_id, decision.actor_id, decision.at)
            asked = decision.on_behalf_of_id or decision.actor_id
            assert decision.slot.candidates.filter(person_id=asked).exists()
            assert decision.digest == decision.revision.digest == digest_of(decision.revision.body)

    @invariant()
    def a_yes_given_beforehand_is_to_exactly_what_was_suggested(self):
        counted = Suggestion.objects.filter(given__isnull=False)
        for each in counted.select_related("decision__slot", "given__slot", "given__revision"):
            assert each.counts
            assert each.state == "taken"
            assert each.given.digest == each.digest == each.given.revision.digest == digest_of(each.body)
            assert each.given.revision.number == each.decision.revision.number + 1
            who = (each.decision.actor_id, each.decision.on_behalf_of_id, each.decision.slot.label)
            assert who == (each.given.actor_id, each.given.on_behalf_of_id, each.given.slot.label)
            assert each.given.actor_id != each.answered_by_id

    @invariant()
    def a_seat_is_decided_once_and_a_person_is_one_voice(self):
        made = list(Decision.objects.values_list("slot_id", "revision_id", "actor_id", "on_behalf_of_id"))
        assert len({slot for slot, *_ in made}) == len(made)
        voices = [(revision, person) for _, revision, *people in made for person in people if person]
        assert len(set(voices)) == len(voices)
        twice = Slot.objects.filter(carried__isnull=False, decisions__isnull=False)
        assert not twice.exists()

    @invariant()
    def whoever_is_asked_in_a_review_is_found_by_their_inbox(self):
        under_way = Q(slot__stage__state=StageState.OPEN, slot__stage__revision__request__state=RequestState.IN_REVIEW)
        asked = Candidate.objects.filter(under_way, slot__carried=None, slot__decisions=None)
        assert not asked.filter(live=False).exists()
        assert (
            not Candidate.objects.exclude(slot__stage__revision__request__state="in_review").filter(live=True).exists()
        )

    @invariant()
    def what_is_approved_was_decided_as_it_is(self):
        for request in Request.objects.filter(pk__in=self.asked, state=RequestState.APPROVED):
            latest = request.revisions.order_by("-number")[0]
            assert Remit.objects.get(pk=request.subject_id).digest == latest.digest
            own = {request.requester_id, *self.authors(request, latest.number)}
            stages = latest.stages.exclude(state=StageState.SKIPPED)
            assert {stage.state for stage in stages} == {StageState.SATISFIED}
            for stage in stages:
                filled = [slot.carried or slot.decisions.first() for slot in stage.slots.all()]
                counted = [decision for decision in filled if decision]
                assert len(counted) >= stage.needed
                assert not own & {person for each in counted for person in (each.actor_id, each.on_behalf_of_id)}

    @invariant()
    def what_holds_was_approved_or_overridden_by_two(self):
        holding = Grant.objects.filter(state="active", remit__sandbox=False)
        assert not holding.filter(by_override=False).exclude(remit__state="approved").exists()
        lent = set(holding.filter(by_override=True).values_list("remit_id", flat=True))
        two = Override.objects.filter(confirmed_by__isnull=False, ended_at=None)
        assert lent <= set(two.values_list("request__subject_id", flat=True))


def machine(number):
    """Return the machine in a world of its own, its runs drawn from the seed `number`."""
    Approvals.world, Approvals.counts = World(), Counter()
    return seed(number)(Approvals)


def run(number, *, runs, steps, phases=tuple(Phase)):
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    how = settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=checks,
        phases=phases,
    )
    run_state_machine_as_test(machine(number), settings=how)
    return Approvals.counts


def test_no_order_of_acts_breaks_a_rule():
    counts = run(20261125, runs=5, steps=20)
    assert counts["steps"] > 100
    assert counts["approve"] + counts["decide"] > 0


@pytest.mark.long
def test_no_order_of_ten_thousand_acts_breaks_a_rule(capsys):
    first = int(os.environ.get("REMIT_SEED", "20261125"))
    totals: Counter = Counter()
    for number in range(first, first + 20):
        totals += run(number, runs=40, steps=50, phases=(Phase.generate,))
        if totals["steps"] >= LONG_STEPS:
            break
    with capsys.disabled():
        print(f"\nseeds {first} to {number}, {totals['steps']:,} steps")
        for what, times in totals.most_common():
            print(f"  {times:>7,}  {what}")
    assert totals["steps"] >= LONG_STEPS
