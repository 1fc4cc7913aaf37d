"""A year of an organisation on a simulated clock: `./dev bench organisation [--scale 0.05] [--seed 11] [--written 0.5]`.

The real services on a real Postgres, three times: Remit as it ships, Remit in which nobody writes the change they ask for, and
the same services with a workflow of serial stages that lapse on silence. All get the same askers, requests, approvers, leave
and dice. Everything is synthetic.

Full size (--scale 1): 40,000 people, 300 initiatives, 60 approvers, 6,000 requests over a year, 10 rival claims.

What is assumed, for all alike:
- 60 % of the requests are for internal data at low risk, 28 % for confidential data at medium risk, 12 % high (AI Act class high).
- An approver works 9 to 17 on weekdays of their own zone, is away for five weeks of the year without a deputy, and looks at
  what waits twice a day at a random time. Each thing that waits is passed over with probability 0.3 at each look.
- A decision takes a lognormal number of minutes with a median of 4 (low), 6 (medium) or 12 (high). Who reads what somebody else
  decides in those minutes has read in vain; what was decided before they came to it is no longer there. 8 % of the decisions ask for changes, which take the asker half to two working
  days; 2 % reject. Whoever is rejected counts as answered, not as dead.
- A prompt is tried one minute after the approval; whether it is allowed is asked of the grants (usable_grants).
What differs:
- Remit: patterns decide what lies inside them, stages run side by side, everybody who holds the role may take a seat, silence
  is reminded of and goes to the heads above, who look once a day. 5 % of what patterns decide is looked at later, 3 minutes each.
  Who is told that a pattern ends proposes it again within a working day, and approvers decide that too. An approver who sees
  that another of the same pool has a request open takes up the next one.
- Half of what approvers ask to be changed they can write themselves (--written), since it takes something away: less data, an
  earlier end, more replaced, another of the places named, who watches. The other half asks for what only the asker knows: what
  it is for, who gains, what was measured. Nobody has counted this yet, so half is a guess made before the figures were seen,
  and nothing of the kind (0 %) is printed beside it. Writing takes the approver 3 minutes more, and their yes goes with it.
  The asker finds it when they next look, twice a day at a random time like an approver, and passes it over with probability
  0.3. They take 80 % of what they find; the rest they decline, and change the request by hand as if it had been said in words.
- Baseline: one stage after the other, each given to one named approver in turn, as in a queue of tickets. A stage in which nobody
  answers for 80 working hours lapses, and with it the request; its asker sends it anew within a working day.
What is not modelled: approvers who slow down under load, holidays of countries, urgent calls, deputies, and learning.
"""

import argparse
import heapq
import json
import random
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import _stack  # noqa: F401 - settings and folders first
from _organisation import DAYS, ENDS, PATTERN_DAYS, START, Approver, Asker, World, build

from governance.approvals import services as approvals
from governance.approvals.models import Candidate, Request, Revision, Stage, Suggestion
from governance.approvals.rules import DecisionKind
from governance.approvals.selectors.looking import looking
from governance.approvals.suggesting import Suggested
from governance.core.actors import CLOCK
from governance.core.errors import DomainError
from governance.core.vocabulary import Mode
from governance.destinations.selectors import terms_in_force
from governance.initiatives import services as initiatives
from governance.initiatives.models import Initiative
from governance.organisation.models import Person
from governance.organisation.working_time import WorkingCalendar, due_after, working_hours_between
from governance.remits import services as remits
from governance.remits.models import Pattern, Remit, Sample
from governance.remits.selectors import usable_grants

SHARE = {"pattern": 0.60, "medium": 0.28, "high": 0.12}
MEDIAN_MINUTES = {"pattern": 4, "medium": 6, "high": 12, "renewal": 12}
SPREAD, PASSED_OVER, CHANGES, REJECTED = 0.5, 0.3, 0.08, 0.02
LOOKS_A_DAY, LAPSE_HOURS, SAMPLE_MINUTES, DAY_HOURS = 2, 80, 3, 8
WRITTEN, WRITE_MINUTES, TAKEN = 0.5, 3, 0.8
SUGGESTED_TYPES = ("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "IBAN_CODE", "CREDIT_CARD", "LOCATION")
MINUTE = timedelta(minutes=1)
ARMS = ("remit", "in words", "baseline")
FRIDAY, AWAKE = 5, range(8, 23)  # when something can fall due in any of the zones, UTC; spares idle calls of the clock


@dataclass
class Wish:
    """One thing somebody wants: asked first at `asked_at`, allowed at `allowed_at`; sent again after a lapse."""

    kind: str
    asker: Asker
    asked_at: datetime
    request: object = None
    digest: str = ""
    allowed_at: datetime | None = None
    rejected: bool = False
    lapsed: int = 0
    suggested: int = 0


@dataclass
class Year:
    """The simulated clock and what is to happen. `turn` hands out named approvers in the baseline.

    `written` is the share of asked changes that are written; it has dice of its own, so that nothing else falls otherwise.
    """

    world: World
    dice: random.Random
    baseline: bool
    written: float
    own: random.Random
    events: list = field(default_factory=list)
    order: count = field(default_factory=count)
    open: dict = field(default_factory=dict)  # id of the request -> wish
    busy: dict = field(default_factory=dict)  # code of the initiative -> wishes that wait for the version underway
    minutes: float = 0.0
    wasted: int = 0
    asked_back: int = 0
    suggestions: int = 0
    taken: int = 0
    named: dict = field(default_factory=dict)
    turn: count = field(default_factory=count)

    def at(self, moment: datetime, act, *args) -> None:
        heapq.heappush(self.events, (moment, next(self.order), act, args))

    def run(self) -> None:
        end = START + timedelta(days=DAYS + 60)
        while self.events and self.events[0][0] < end:
            moment, _, act, args = heapq.heappop(self.events)
            act(self, moment, *args)


def plan(year: Year, requests: int) -> None:
    for _ in range(requests):
        kind = year.dice.choices(list(SHARE), SHARE.values())[0]
        asker = year.dice.choice(year.world.askers)
        day = START + timedelta(days=year.dice.uniform(0, DAYS))
        year.at(due_after(day, year.dice.uniform(0.01, 7.9), asker.calendar), ask, Wish(kind, asker, day))
    for approver in year.world.approvers.values():
        _plan_looks(year, approver, LOOKS_A_DAY)
    if not year.baseline:
        for head in Person.objects.filter(name__startswith="Head of "):
            known = Approver(_actor(head), year.world.askers[0].calendar, frozenset())
            year.world.approvers[head.pk] = known
            _plan_looks(year, known, 1)
        for hour in range(24 * (DAYS + 60)):
            moment = START + timedelta(hours=hour)
            if moment.isoweekday() <= FRIDAY and moment.hour in AWAKE:
                year.at(moment, chase)
    for n in range(10):
        year.at(START + timedelta(days=20 + 30 * n, hours=4), rival, n)


def _actor(person):
    from governance.core.actors import Actor

    return Actor.of_person(person.pk, person.name)


def _plan_looks(year: Year, approver: Approver, looks: int) -> None:
    for n in range(DAYS + 60):
        day = START.date() + timedelta(days=n)
        if approver.works(day):
            for moment in _looks_on(day, approver.calendar, looks, year.dice):
                year.at(moment, look, approver)


def _looks_on(day: date, calendar: WorkingCalendar, looks: int, dice: random.Random) -> list[datetime]:
    opens = datetime.combine(day, calendar.opens, tzinfo=ZoneInfo(calendar.time_zone)).astimezone(UTC)
    return [opens + timedelta(hours=dice.uniform(0, DAY_HOURS)) for _ in range(looks)]


def ask(year: Year, at: datetime, wish: Wish) -> None:
    """Send a wish, or let it wait for the version of its initiative that is underway."""
    code = wish.asker.initiative.code
    if code in year.busy:
        year.busy[code].append(wish)
        return
    wish.asked_at = at if not wish.lapsed else wish.asked_at
    year.busy[code] = []
    begun = remits.start_draft(initiative_id=wish.asker.initiative.pk, by=wish.asker.lead, at=at)
    body = begun.body | _body(year, wish, at)
    saved = remits.save_draft(remit_id=begun.pk, body=body, revision=begun.revision, by=wish.asker.lead, at=at)
    outcome = remits.submit(remit_id=saved.pk, revision=saved.revision, by=wish.asker.lead, at=at)
    if outcome.request_id is None:
        end(year, at, wish, allowed=True)
        return
    wish.request = Request.objects.get(pk=outcome.request_id)
    year.open[wish.request.pk] = wish
    follow(year, at, wish)


def _body(year: Year, wish: Wish, at: datetime) -> dict:
    level = "internal" if wish.kind == "pattern" else "confidential"
    data = year.dice.choice(year.world.data[level])
    ends = min(ENDS, at.date() + timedelta(days=PATTERN_DAYS - 2)).isoformat()
    terms = terms_in_force(year.world.tenant.pk, at=at).digest
    grant = {"dataset": data.ref, "purpose": "summarise", "mode": "prompt", "terms": terms, "ends": ends}
    grant |= {"destination": year.world.tenant.ref, "conditions": {"redact": [], "ruleset": "standard"}}
    risk = {"pattern": ("low", "minimal"), "medium": ("medium", "limited"), "high": ("high", "high")}[wish.kind]
    watched = {"human_oversight": "A person reads every output.", "tier": risk[0], "ai_act_class": risk[1]}
    return {"purpose": "summarise", "technique": "prompt", "ends": ends, "grants": [grant], **watched}


def follow(year: Year, at: datetime, wish: Wish) -> None:
    """Look at where a request stands, and put it in front of those who can decide."""
    forget(year, wish)
    wish.request.refresh_from_db()
    revision = Revision.objects.filter(request=wish.request).order_by("-number")[0]
    wish.digest = revision.digest
    if wish.request.state != "in_review":
        settle(year, at, wish)
        return
    seats = Candidate.objects.filter(
        slot__stage__revision=revision, slot__stage__state="open", slot__decisions=None, slot__carried=None
    ).values_list("slot_id", "person_id", "slot__stage__due_at", "slot__stage_id")
    named: dict = {}
    for slot, person, due, stage in seats.order_by("slot_id", "person_id"):
        named.setdefault((slot, due, stage), []).append(person)
    for (slot, due, stage), people in named.items():
        asked = people
        if year.baseline:
            if slot not in year.named:
                year.named[slot] = people[next(year.turn) % len(people)]
                year.at(due_after(at, LAPSE_HOURS, wish.asker.calendar), lapse, wish, stage)
            asked = [year.named[slot]]
        for person in asked:
            if person in year.world.approvers:
                year.world.approvers[person].waiting[slot] = (due or at, wish)


def forget(year: Year, wish: Wish) -> None:
    for approver in year.world.approvers.values():
        for slot in [slot for slot, (_, other) in approver.waiting.items() if other is wish]:
            del approver.waiting[slot]


def settle(year: Year, at: datetime, wish: Wish) -> None:
    if wish.kind == "renewal":
        settle_renewal(year, at, wish)
        return
    match wish.request.state:
        case "approved":
            end(year, at, wish, allowed=True)
        case "rejected":
            end(year, at, wish, allowed=False)
        case "changes_requested" if Suggestion.objects.filter(decision__request=wish.request, state="open").exists():
            year.at(found_at(year, at, wish.asker), answer, wish)
        case "changes_requested" | "stale":
            year.at(due_after(at, year.dice.uniform(4, 16), wish.asker.calendar), send_again, wish)


def found_at(year: Year, at: datetime, asker: Asker) -> datetime:
    """Return when an asker next looks at what came back, and does not pass it over."""
    days = (at.date() + timedelta(days=n) for n in count())
    for day in (day for day in days if asker.calendar.works_on(day)):
        for moment in sorted(_looks_on(day, asker.calendar, LOOKS_A_DAY, year.own)):
            if moment > at and year.own.random() >= PASSED_OVER:
                return moment
    raise AssertionError("days never end")


def answer(year: Year, at: datetime, wish: Wish) -> None:
    """The asker takes what is suggested, or declines it and changes the request by hand."""
    suggestion = Suggestion.objects.get(decision__request=wish.request, state="open")
    told = {"suggestion_id": suggestion.pk, "by": wish.asker.lead, "at": at}
    if year.own.random() < TAKEN:
        remits.take_suggestion(**told)
        year.taken += 1
        follow(year, at, wish)
    else:
        remits.decline_suggestion(**told, answer="We need it as it is.")
        year.at(due_after(at, year.dice.uniform(4, 16), wish.asker.calendar), send_again, wish)


def settle_renewal(year: Year, at: datetime, wish: Wish) -> None:
    """Send a pattern again that was sent back; propose it anew when it was rejected."""
    if wish.request.state in {"changes_requested", "stale"}:
        pattern = Pattern.objects.get(pk=wish.request.subject_id)
        told = {"pattern_id": pattern.pk, "body": pattern.body, "by": _actor(pattern.made_by), "at": at}
        remits.revise_pattern(**told)
        follow(year, at, wish)
        return
    del year.open[wish.request.pk]
    if wish.request.state == "rejected":
        year.at(at + timedelta(days=1), renew)


def send_again(year: Year, at: datetime, wish: Wish) -> None:
    remit = Remit.objects.get(pk=wish.request.subject_id)
    remits.submit(remit_id=remit.pk, revision=remit.revision, by=wish.asker.lead, at=at)
    follow(year, at, wish)


def end(year: Year, at: datetime, wish: Wish, *, allowed: bool) -> None:
    if wish.request:
        year.open.pop(wish.request.pk, None)
    if allowed:
        tried = at + MINUTE
        rows = usable_grants(wish.asker.initiative.pk, year.world.tenant.pk, Mode.PROMPT, at=tried)
        assert rows, "an approved request must let a prompt through"
        wish.allowed_at = tried
    wish.rejected = not allowed
    release(year, at, wish.asker)


def release(year: Year, at: datetime, asker: Asker) -> None:
    for n, waiting in enumerate(year.busy.pop(asker.initiative.code)):
        year.at(at + (n + 1) * MINUTE, ask, waiting)


def look(year: Year, at: datetime, approver: Approver) -> None:
    """Somebody looks at what waits for them, the most urgent first, and takes up what they do not pass over."""
    waiting = sorted(approver.waiting.items(), key=lambda item: (item[1][0], str(item[0])))
    read(year, at, approver, [slot for slot, _ in waiting if year.dice.random() >= PASSED_OVER])


def read(year: Year, at: datetime, approver: Approver, left: list) -> None:
    """Somebody opens the next of what they took up. What is decided meanwhile is no longer there to be opened."""
    for n, slot in enumerate(left):
        wish = approver.waiting[slot][1] if slot in approver.waiting else None
        if wish and (year.baseline or not open_elsewhere(approver, slot, wish, at)):
            took = MINUTE * year.dice.lognormvariate(0, SPREAD) * MEDIAN_MINUTES[wish.kind]
            year.at(at + took, decide, approver, wish, slot, took)
            year.at(at + took, read, approver, left[n + 1 :])
            return


def open_elsewhere(approver: Approver, slot, wish: Wish, at: datetime) -> bool:
    """Return whether the inbox says that another of the same pool has it open; if nobody has, this one does now."""
    asked = Candidate.objects.filter(slot=slot).values_list("person_id", flat=True)
    if looking({wish.request.pk: asked}, but=approver.actor.person, at=at):
        return True
    approvals.note_look(request_id=wish.request.pk, by=approver.actor, at=at)
    return False


def decide(year: Year, at: datetime, approver: Approver, wish: Wish, slot, took: timedelta) -> None:
    year.minutes += took / MINUTE
    if slot not in approver.waiting:
        year.wasted += 1
        return
    luck = year.dice.random()
    kind = DecisionKind.APPROVE
    if luck < CHANGES + REJECTED:
        kind = DecisionKind.REQUEST_CHANGES if luck < CHANGES else DecisionKind.REJECT
    said = {"request_id": wish.request.pk, "kind": kind, "digest": wish.digest, "comment": "As agreed."}
    if kind is DecisionKind.REQUEST_CHANGES:
        said["suggestion"] = written(year, wish)
    try:
        approvals.decide(**said, by=approver.actor, at=at)
    except DomainError:
        year.wasted += 1
        del approver.waiting[slot]
        return
    follow(year, at, wish)


def written(year: Year, wish: Wish) -> Suggested | None:
    """Return the change that an approver writes, None when they can only describe it. A pattern's change is described."""
    year.asked_back += 1
    if year.own.random() >= year.written or wish.kind == "renewal" or wish.suggested == len(SUGGESTED_TYPES):
        return None
    change = {"grants": [{"number": 1, "redact": [SUGGESTED_TYPES[wish.suggested]]}]}
    wish.suggested += 1
    year.suggestions += 1
    year.minutes += WRITE_MINUTES
    return Suggested(change, counts=True)


def lapse(year: Year, at: datetime, wish: Wish, stage) -> None:
    """The baseline's rule: nobody answered in this stage, so the request is dead and is sent anew."""
    if Stage.objects.filter(pk=stage, state="open").exists() and wish.request.pk in year.open:
        wish.request.refresh_from_db()
        if wish.request.state != "in_review":
            return
        forget(year, wish)
        approvals.withdraw(request_id=wish.request.pk, by=wish.asker.lead, at=at)
        wish.lapsed += 1
        del year.open[wish.request.pk]
        year.at(due_after(at, year.dice.uniform(1, 8), wish.asker.calendar), ask, wish)
        release(year, at + timedelta(days=2), wish.asker)


def chase(year: Year, at: datetime) -> None:
    """Remit's clock; what it changes is put in front of whoever was named."""
    if approvals.chase_deciders(by=CLOCK, at=at):
        late = Stage.objects.filter(state="open", next_step__gte=2, revision__request__in=list(year.open))
        for request in set(late.values_list("revision__request_id", flat=True)):
            follow(year, at, year.open[request])
    approvals.chase_askers(by=CLOCK, at=at)
    if remits.warn_of_pattern_ends(by=CLOCK, at=at):
        year.at(due_after(at, year.dice.uniform(1, DAY_HOURS), year.world.askers[0].calendar), renew)


def renew(year: Year, at: datetime) -> None:
    """Who was told that the pattern ends proposes its next version; it waits in the inboxes like any request."""
    ending = Pattern.objects.filter(state="approved").order_by("ends_at")[0]
    proposed = remits.propose_pattern(
        name=ending.name,
        body=ending.body,
        owner_unit_id=ending.owner_unit_id,
        ends_at=ending.ends_at + timedelta(days=PATTERN_DAYS),
        sampling_rate=ending.sampling_rate,
        by=_actor(ending.made_by),
        at=at,
    )
    wish = Wish("renewal", year.world.askers[0], at, Request.objects.get(subject_id=proposed.pk))
    year.open[wish.request.pk] = wish
    follow(year, at, wish)


def rival(year: Year, at: datetime, number: int) -> None:
    asker, unit = year.world.askers[number], year.world.units[(number + 1) % len(year.world.units)]
    other = next(each for each in year.world.askers if each.initiative.accountable_unit_id == unit.pk)
    head = Person.objects.get(name=f"Head of {unit.name}")
    told = {"initiative_id": asker.initiative.pk, "unit_id": unit.pk, "basis": "budget", "head_id": head.pk}
    initiatives.assert_claim(**told, evidence="We pay for it, year by year.", by=other.lead, at=at)


def arm(options: argparse.Namespace) -> dict:
    """Run one year in the database named and return its figures."""
    from harness.databases import connected_to

    began = time.monotonic()
    with connected_to(options.database):
        dice, baseline = random.Random(options.seed), options.arm == "baseline"
        world = build(dice, scale=options.scale, patterns=not baseline, serial=baseline)
        share = options.written if options.arm == "remit" else 0.0
        year = Year(world, dice, baseline, share, random.Random(f"{options.seed} suggestions"))
        wishes = planned(year, max(100, round(6000 * options.scale)))
        year.run()
        return figures(year, wishes) | {"seconds": round(time.monotonic() - began)}


def planned(year: Year, requests: int) -> list[Wish]:
    plan(year, requests)
    return [args[0] for _, _, act, args in year.events if act is ask]


def figures(year: Year, wishes: list[Wish]) -> dict:
    days = {kind: sorted(waited(wish) for wish in wishes if wish.kind == kind and wish.allowed_at) for kind in SHARE}
    every = sorted(value for values in days.values() for value in values)
    ownerless = Initiative.objects.filter(accountable_unit__dissolved_at__isnull=False).count()
    reviewed = Sample.objects.count() * SAMPLE_MINUTES
    return {
        "asked": len(wishes),
        "allowed": len(every),
        "rejected": sum(wish.rejected for wish in wishes),
        "under way": sum(not wish.allowed_at and not wish.rejected for wish in wishes),
        "dead by silence": sum(wish.lapsed for wish in wishes),
        "contests without an owner": ownerless,
        "approver-minutes": round(year.minutes + reviewed),
        "looked at in vain": year.wasted,
        "sent back": year.asked_back,
        "sent back with the change written": year.suggestions,
        "taken as written": year.taken,
        "days": {kind: [point(values, 0.5), point(values, 0.9)] for kind, values in {**days, "all": every}.items()},
        "minutes": [point([value * DAY_HOURS * 60 for value in days["pattern"]], share) for share in (0.5, 0.9)],
    }


def waited(wish: Wish) -> float:
    """Return working days, of the asker's calendar, from the first submission to the first allowed prompt."""
    worked = working_hours_between(wish.asked_at, wish.allowed_at, wish.asker.calendar)
    return worked / timedelta(hours=DAY_HOURS)


def point(values: list[float], share: float) -> float:
    return (
        round(statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1], 3)
        if len(values) > 1
        else 0
    )


GOALS = (
    ("pattern, p90 at most 10 minutes", lambda remit, _: remit["minutes"][1] <= 10),
    ("medium, p90 at most 1 working day", lambda remit, _: remit["days"]["medium"][1] <= 1),
    ("high, p90 at most 5 working days", lambda remit, _: remit["days"]["high"][1] <= 5),
    ("nothing dies by an approver's silence", lambda remit, _: remit["dead by silence"] == 0),
    ("no contest without an owner", lambda remit, _: remit["contests without an owner"] == 0),
    (
        "p90 at most a quarter of the baseline",
        lambda remit, base: remit["days"]["all"][1] <= base["days"]["all"][1] / 4,
    ),
    ("no more approver-minutes", lambda remit, base: remit["approver-minutes"] <= base["approver-minutes"]),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="the share of people, initiatives and requests")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument(
        "--written", type=float, default=WRITTEN, help="the share of asked changes that the approver can write"
    )
    parser.add_argument("--arm", choices=ARMS, help=argparse.SUPPRESS)
    parser.add_argument("--database", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.arm:
        print(json.dumps(arm(options)))
        return
    from harness.databases import Server
    from harness.environment import prepare

    server = Server(prepare(), "bench")
    try:
        report(options, *all_arms(options, server))
    finally:
        server.stop()


def all_arms(options: argparse.Namespace, server) -> list[dict]:
    """Run the arms side by side, each in a process and a database of its own."""
    told = [sys.executable, __file__, "--scale", str(options.scale), "--seed", str(options.seed)]
    told += ["--written", str(options.written)]
    runs = []
    for name in ARMS:
        command = [*told, "--arm", name, "--database", server.clone()]
        runs.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
    said = [run.communicate()[0].splitlines() for run in runs]
    if any(run.returncode for run in runs):
        sys.exit("An arm of the benchmark failed; its reason stands above.")
    return [json.loads(lines[-1]) for lines in said]


def report(options: argparse.Namespace, remit: dict, in_words: dict, baseline: dict) -> None:
    print(f"seed {options.seed}, scale {options.scale:g}; from submission to the first allowed prompt, working days")
    heads = [f"Remit, {options.written:.0%} written", "Remit, 0% written", "baseline"]
    print(f"{'':34}" + "".join(f"{head:>20} p50{'p90':>9}" for head in heads))
    arms = (remit, in_words, baseline)
    for kind in (*SHARE, "all"):
        print(f"{kind:34}" + "".join(f"{arm['days'][kind][0]:>24}{arm['days'][kind][1]:>9}" for arm in arms))
    for key in remit:
        if key not in {"days", "minutes"}:
            print(f"{key:34}" + "".join(f"{arm[key]:>33}" for arm in arms))
    for name, holds in GOALS:
        print(f"{'reached' if holds(remit, baseline) else 'MISSED':8} {name}")


if __name__ == "__main__":
    main()
