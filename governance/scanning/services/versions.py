"""Versions of the ruleset that people make: tried beside the one in force, and put in force by somebody else."""

from datetime import datetime

from django.db import transaction

from governance.core.actors import Actor
from governance.core.errors import Conflict, NotFound, Unavailable
from governance.core.verdict import require
from governance.organisation.selectors import authorize, root_unit
from governance.scanning.changing import Changes, changed
from governance.scanning.comparing import behind
from governance.scanning.models import Ruleset
from governance.scanning.rules import RulesetMode, may_enforce, may_run
from governance.scanning.services.rulesets import activate_ruleset, carry_over, keep_version, set_shadow

EDIT, ENFORCE = "scanning:ruleset:edit", "scanning:ruleset:enforce"


@transaction.atomic
def make_version(*, basis: int, changes: Changes, by: Actor, at: datetime) -> Ruleset:
    """Keep a version that decides otherwise than the one in force, which was version `basis` when the reader saw it.

    Raises:
        NotAllowed: the actor may not change what the whole organisation is decided by.
        Conflict: `stale_basis`. Invalid: a code of changing.changed. Unavailable: `ruleset_missing`.
    """
    _authorize(by, EDIT)
    in_force = _in_force()
    if in_force.version != basis:
        reason = f"Version {in_force.version} has come into force meanwhile."
        raise Conflict("stale_basis", reason, remedy="Look at it and make your changes again.")
    return keep_version(body=changed(in_force.body, changes), by=by, at=at)


@transaction.atomic
def renew_version(*, version: int, by: Actor, at: datetime) -> Ruleset:
    """Keep what a version decides otherwise together with all that is registered now; if it ran in shadow, the new one does.

    Raises as `make_version`, and NotFound, `no_such_ruleset`.
    """
    _authorize(by, EDIT)
    rows = _locked()
    _in_force()
    return carry_over(row=_named(rows, version), by=by, at=at)


@transaction.atomic
def run_in_shadow(*, version: int, on: bool, by: Actor, at: datetime) -> Ruleset:
    """Have a version decide beside the one in force, with no effect; at most one does. Doing what is done already changes nothing.

    Raises:
        NotAllowed: no permission. NotFound: `no_such_ruleset`. Conflict: `in_force`, `behind`.
    """
    _authorize(by, EDIT)
    rows = _locked()
    row = _named(rows, version)
    if (row.mode == RulesetMode.SHADOW) == on:
        return row
    if on:
        require(may_run(RulesetMode(row.mode), behind=behind(row.body, _in_force().body)), Conflict)
    set_shadow(row=row if on else None, by=by, at=at)
    return row


@transaction.atomic
def put_in_force(*, version: int, by: Actor, at: datetime) -> Ruleset:
    """Decide by this version from now on.

    Raises:
        NotAllowed: no permission, or `own_version`. NotFound: `no_such_ruleset`. Conflict: `in_force`, `behind`.
    """
    _authorize(by, ENFORCE)
    row = _named(_locked(), version)
    require(may_run(RulesetMode(row.mode), behind=behind(row.body, _in_force().body)), Conflict)
    require(may_enforce(person=by.person, maker=row.maker_id))
    return activate_ruleset(ruleset_id=row.pk, by=by, at=at)


def _authorize(by: Actor, permission: str) -> None:
    root = root_unit()
    authorize(by, permission, root.path if root else None)


def _locked() -> list[Ruleset]:
    return list(Ruleset.objects.select_for_update().order_by("version"))


def _named(rows: list[Ruleset], version: int) -> Ruleset:
    found = next((row for row in rows if row.version == version), None)
    if found is None:
        raise NotFound("no_such_ruleset", "There is no such version of the ruleset.")
    return found


def _in_force() -> Ruleset:
    # Locked, so that of two people who make a version at once each gets a number.
    found = Ruleset.objects.select_for_update().filter(mode=RulesetMode.ENFORCE).first()
    if found is None:
        raise Unavailable("ruleset_missing", "No ruleset is in force.")
    return found
