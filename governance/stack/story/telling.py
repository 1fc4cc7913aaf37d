"""Tell the whole story once, in one transaction, and say what a person who tries Remit needs to know."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from governance.core.actors import Actor
from governance.initiatives.models import Initiative
from governance.organisation.services import make_key
from governance.stack import stand_in
from governance.stack.story.allocations import open_round
from governance.stack.story.cast import Calendar, Cast
from governance.stack.story.catalogue import fill_catalogue
from governance.stack.story.contests import tell_of_contests
from governance.stack.story.desk import go_away_and_make_exceptions
from governance.stack.story.destinations import STAND_IN, open_destinations
from governance.stack.story.end_users import verify_customers
from governance.stack.story.exams import set_exams
from governance.stack.story.hours import ask_whether_needed, state_hours
from governance.stack.story.initiatives import start_initiatives
from governance.stack.story.limits import set_limits
from governance.stack.story.notices import choose_how_to_hear
from governance.stack.story.observing import observe_at_first
from governance.stack.story.organisation import PEOPLE, found_organisation
from governance.stack.story.patterns import approve_patterns
from governance.stack.story.recognisers import look_for_our_own
from governance.stack.story.requests import ask_and_decide
from governance.stack.story.rulesets import hold_what_is_restricted, try_a_version
from governance.stack.story.sources import index_our_own
from governance.stack.story.stops import stop_and_drill
from governance.stack.story.titles import CODE, LETTERS
from governance.stack.story.training import bring_training_sets
from governance.stack.story.views import save_views
from governance.stack.story.workflows import draft_rules

KEY_DAYS = 90
KEY_HOLDERS = {LETTERS: "bea", CODE: "juno"}


@dataclass(frozen=True, slots=True)
class Told:
    """What stands in demo.json."""

    people: list[dict[str, Any]]
    keys: list[dict[str, str]]


@transaction.atomic
def tell_story(*, at: datetime, stand_in_url: str) -> Told:
    """Build the demo organisation through the real services, `at` being the moment its story ends."""
    cast = Cast(Calendar(at))
    found_organisation(cast)
    state_hours(cast)
    fill_catalogue(cast)
    open_destinations(cast, stand_in_url=stand_in_url)
    approve_patterns(cast)
    initiatives = start_initiatives(cast)
    tell_of_contests(cast, initiatives)
    outcomes = ask_and_decide(cast, initiatives)
    open_round(cast)
    go_away_and_make_exceptions(cast, outcomes)
    look_for_our_own(cast)
    set_exams(cast, initiatives[LETTERS])
    index_our_own(cast)
    bring_training_sets(cast, initiatives[LETTERS])
    draft_rules(cast)
    ask_whether_needed(cast, initiatives)
    set_limits(cast, initiatives)
    observe_at_first(cast, initiatives)
    verify_customers(cast, initiatives)
    stop_and_drill(cast)
    hold_what_is_restricted(cast)
    try_a_version(cast)
    choose_how_to_hear(cast)
    save_views(cast)
    keys = [_hand_out(cast.actor(login), initiatives[title], at=at) for title, login in KEY_HOLDERS.items()]
    return Told(people=_people(cast), keys=keys)


def _hand_out(by: Actor, initiative: Initiative, *, at: datetime) -> dict[str, str]:
    ends = at + timedelta(days=KEY_DAYS)
    _, text = make_key(title="Demo", scope=f"initiative:{initiative.pk}", expires_at=ends, by=by, at=at)
    return {
        "initiative": initiative.code,
        "title": initiative.title,
        "key": text,
        "model": f"{STAND_IN}/{stand_in.MODELS[0]}",
    }


def _people(cast: Cast) -> list[dict[str, Any]]:
    return [
        {
            "login": login,
            "password": cast.passwords[login],
            "name": name,
            "roles": [str(role) for role in roles],
            "unit": cast.units[unit].name,
        }
        for login, name, unit, roles, _ in PEOPLE
    ]
