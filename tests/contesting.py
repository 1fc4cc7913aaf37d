"""Builders of claims and contests: units with their heads, who claims what, who rules. By the real services; synthetic."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import builders
from governance.core.actors import Actor
from governance.initiatives import services
from governance.initiatives.models import Claim, Contest, Ruling
from governance.initiatives.rules import Outcome, Plan
from governance.organisation.models import Person, Unit
from governance.organisation.roles import Role

AT = builders.AT
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Headed:
    """A unit and the person who heads it and speaks for it."""

    unit: Unit
    person: Person

    @property
    def head(self) -> Actor:
        return builders.actor(self.person)

    @property
    def pk(self) -> UUID:
        return self.unit.pk


def headed(name: str = "", *, parent: Unit | None = None, at=AT) -> Headed:
    unit = builders.unit(name, parent=parent, at=at)
    return Headed(unit, builders.person(Role.UNIT_HEAD, unit, name=f"Head of {unit.name}", at=at))


def claim(thing, side: Headed, *, basis="budget", evidence="Cost centre 4711", at=AT, by=None, **more) -> Claim:
    """Claim an initiative or a capability for a unit, in the name of its head."""
    kind = "capability_id" if thing._meta.model_name == "capability" else "initiative_id"
    named = {kind: thing.pk, "unit_id": side.pk, "head_id": side.person.pk}
    return services.assert_claim(**named, basis=basis, evidence=evidence, by=by or side.head, at=at, **more)


def contest_about(thing) -> Contest:
    """Return the newest contest about it."""
    return thing.contests.order_by("-opened_at", "-pk").first()


def award(side: Headed) -> Plan:
    return Plan(Outcome.AWARD, unit=side.pk)


def rule(contest: Contest, plan: Plan, *, by: Actor, at=AT, days=0, reasons="Synthetic reasons.") -> Ruling:
    """Rule, taking effect `days` from the day of `at`."""
    effective = at.astimezone(ZoneInfo("Europe/Zurich")).date() + days * DAY  # the zone of the organisation
    return services.rule_on_contest(
        contest_id=contest.pk,
        plan=plan,
        reasons=reasons,
        effective=effective,
        review=effective + 180 * DAY,
        by=by,
        at=at,
    )


def appeal(contest: Contest, side: Headed, *, at=AT, reasons="Synthetic: it overlooked the contract."):
    return services.appeal_ruling(contest_id=contest.pk, unit_id=side.pk, reasons=reasons, by=side.head, at=at)
