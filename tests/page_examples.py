"""One way, at least, to every page of Remit in the demo organisation: who opens it, and the links they follow to it.

A guard (tests/architecture/test_page_examples.py) finds the page that has none; tests/browser/test_every_page.py opens them all.
"""

from dataclasses import dataclass

STRANGER = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A way to a page.

    `login`: who goes it; STRANGER is not signed in. `start`: the address they type.
    `hops`: the name of an address (web/urls.py), whose first link on the page they follow, or the words of a button they press.
    `empty`: they also send the page's form with nothing in it, and look at what it says.
    """

    login: str
    start: str
    hops: tuple[str, ...]
    empty: bool

    def __str__(self) -> str:
        return " > ".join([self.login or "a stranger", self.start, *self.hops])


def see(login: str, start: str, *hops: str, empty: bool = False) -> Example:
    return Example(login, start, hops, empty)


REFUSED, CHANGED = "/exchanges/?state=refused", "/exchanges/?verdict=redact"
LETTERS, MEDICAL = "/initiatives/claims-letters-drafted/", "/initiatives/triage-of-medical-assessments/"

EXAMPLES: dict[str, list[Example]] = {  # name of the address -> ways to it, in the order of web/urls.py
    "home": [see("lea", "/"), see("nora", "/"), see("ines", "/"), see("elena", "/")],
    "initiatives": [see("lea", "/initiatives/"), see("lea", "/initiatives/?q=nothing-like-it")],
    "initiative": [see("bea", LETTERS), see("sofia", "/initiatives/", "initiative")],
    "initiative_claim": [see("sofia", "/initiatives/", "initiative", "initiative_claim", empty=True)],
    "initiative_edit": [see("lea", LETTERS, "initiative_edit", empty=True)],
    "initiative_builders": [see("lea", LETTERS, "initiative_builders")],
    "transfer_new": [see("hugo", LETTERS, "transfer_new", empty=True)],
    "registers": [see("dana", "/registers/"), see("dana", "/registers/?q=nothing-like-it")],
    "register_new": [see("dana", "/registers/new", empty=True)],
    "recognisers": [see("nora", "/recognisers/"), see("nora", "/recognisers/?q=nothing-like-it")],
    "recogniser_new": [see("nora", "/recognisers/new", empty=True)],
    "recogniser": [see("nora", "/recognisers/", "recogniser"), see("dana", "/recognisers/", "recogniser")],
    "markings": [see("nora", "/markings/"), see("nora", "/markings/?q=nothing-like-it")],
    "marking_new": [see("nora", "/markings/new", empty=True)],
    "marking": [see("nora", "/markings/", "marking"), see("dana", "/markings/", "marking")],
    "rulesets": [see("nora", "/rulesets/")],
    "ruleset_calls": [see("nora", "/rulesets/1/calls/"), see("nora", "/rulesets/1/calls/?effect=same")],
    "ruleset_new": [see("nora", "/rulesets/new", empty=True)],
    "ruleset": [see("nora", "/rulesets/", "ruleset"), see("nora", "/rulesets/1/?keeps=nothing&mode=fine_tune")],
    "exams": [see("dana", "/evaluation-sets/"), see("bea", "/evaluation-sets/?q=nothing-like-it")],
    "exam_new": [see("dana", "/evaluation-sets/new", empty=True)],
    "exam": [see("dana", "/evaluation-sets/", "exam"), see("bea", "/evaluation-sets/", "exam")],
    "initiative_exams": [see("bea", LETTERS, "initiative_exams"), see("lea", LETTERS, "initiative_exams")],
    "contests": [see("arya", "/contests/"), see("elena", "/contests/?state=final")],
    "contest": [see("hugo", "/contests/?state=open", "contest"), see("hugo", "/contests/?state=appealed", "contest")],
    "contest_rule": [see("arya", "/contests/?whose=rule", "contest", "contest_rule", empty=True)],
    "capabilities": [see("hugo", "/capabilities/"), see("arya", "/capabilities/")],
    "capability_new": [see("arya", "/capabilities/new", empty=True)],
    "capability_claim": [see("hugo", "/capabilities/", "capability_claim", empty=True)],
    "try_it": [see("bea", LETTERS, "try_it")],
    "connect": [see("juno", "/", "connect"), see("bea", LETTERS, "connect")],
    "training_new": [see("bea", LETTERS, "training_new")],
    "overlaps": [see("hugo", "/overlaps/"), see("arya", "/overlaps/?state=merge")],
    "overlap": [see("hugo", "/overlaps/", "overlap"), see("arya", "/overlaps/", "overlap")],
    "allocations": [see("dana", "/allocations/"), see("sofia", "/allocations/")],
    "allocation": [see("dana", "/allocations/", "allocation"), see("sofia", "/allocations/", "allocation")],
    "dataset_mark": [see("stefan", "/datasets/medical-assessments/", "dataset_mark", empty=True)],
    "units": [see("pia", "/units/"), see("lea", "/units/?q=nothing-like-it")],
    "unit": [see("pia", "/units/?q=sales", "unit"), see("lea", "/units/", "unit")],
    "unit_new": [see("pia", "/units/?q=motor", "unit", "unit_new")],
    "unit_dissolve": [see("pia", "/units/?q=motor", "unit", "unit_dissolve", empty=True)],
    "handling_record": [see("dana", "/allocations/", "allocation", "handling_record")],
    "request_new": [see("lea", "/requests/new/", empty=True)],
    "request_data": [see("lea", MEDICAL, "request_data")],
    "request_care": [see("lea", MEDICAL, "request_data", "Go on")],
    "inbox": [see("ines", "/inbox/"), see("lukas", "/inbox/")],
    "decided": [see("ines", "/inbox/decided"), see("lukas", "/inbox/decided")],
    "asked": [see("lea", "/inbox/asked"), see("bea", "/inbox/asked")],
    "together": [see("ines", "/inbox/", "together")],
    "overrides": [see("nora", "/overrides/"), see("nora", "/overrides/?show=waiting"), see("aude", "/overrides/")],
    "away": [see("ines", "/away/"), see("lea", "/away/")],
    "request": [
        see("ines", "/inbox/", "request"),
        see("yara", "/inbox/", "request"),
        see("dana", "/inbox/decided", "request"),
    ],
    "suggest": [see("ines", "/inbox/", "request", "suggest", empty=True)],
    "rules": [see("lea", "/rules/"), see("paul", "/rules/")],
    "rules_version": [see("lea", "/rules/", "rules_version")],
    "rules_draft": [see("paul", "/rules/", "rules_draft")],
    "rules_replay": [see("paul", "/rules/", "rules_draft", "rules_replay")],
    "patterns": [see("lea", "/patterns/"), see("paul", "/patterns/?q=nothing-like-it")],
    "pattern_new": [see("paul", "/patterns/new", empty=True)],
    "samples": [see("ines", "/patterns/samples/")],
    "pattern": [see("lea", "/patterns/", "pattern")],
    "datasets": [see("lea", "/datasets/")],
    "dataset_new": [see("stefan", "/datasets/new", empty=True)],
    "dataset": [see("lea", "/datasets/what-staff-type/"), see("stefan", "/datasets/medical-assessments/")],
    "dataset_edit": [see("stefan", "/datasets/medical-assessments/", "dataset_edit")],
    "surfaces": [see("nora", "/surfaces/"), see("nora", "/surfaces/?treatment=refused")],
    "destinations": [see("lea", "/destinations/")],
    "destination_new": [see("paul", "/destinations/new", empty=True)],
    "destination": [see("lea", "/destinations/northwind-eu/"), see("paul", "/destinations/quillon-eu/")],
    "destination_terms": [see("paul", "/destinations/quillon-eu/", "destination_terms", empty=True)],
    "destination_prices": [see("paul", "/destinations/quillon-eu/", "destination_prices", empty=True)],
    "destination_unread": [see("paul", "/destinations/quillon-eu/", "destination_unread")],
    "destination_answers": [see("paul", "/destinations/quillon-eu/", "destination_answers")],
    "destination_suspend": [see("nora", "/destinations/northwind-eu/", "destination_suspend", empty=True)],
    "exchanges": [see("bea", "/exchanges/"), see("lukas", "/exchanges/")],
    "exchange": [see("bea", REFUSED, "exchange"), see("nora", CHANGED, "exchange")],
    "exchange_hold": [see("nora", "/reviews/", "exchange_hold")],
    "mistake_report": [see("bea", CHANGED, "exchange", "mistake_report", empty=True)],
    "training_sets": [see("bea", "/training-sets/")],
    "training_set": [
        see("bea", "/training-sets/", "training_set"),
        see(
            "stefan", "/training-sets/?q=last+winter", "training_set"
        ),  # possibly sent: left behind by tests/browser/conftest.py
    ],
    "extend": [see("lea", LETTERS, "extend", empty=True)],
    "recertify": [see("lea", "/recertify/"), see("stefan", "/recertify/")],
    "hours": [see("pia", "/hours/"), see("hugo", "/hours/")],
    "unit_hours": [see("pia", "/hours/", "unit_hours"), see("lea", "/hours/", "unit_hours")],
    "end_users": [see("hugo", LETTERS, "end_users"), see("bea", LETTERS, "end_users")],
    "observing": [see("samir", "/observing/"), see("elena", "/observing/?state=refused")],
    "observation": [
        see("juno", "/observing/?state=in_force", "observation"),
        see("nora", "/observing/", "observation"),
    ],
    "observe": [see("juno", "/initiatives/assistant-for-developers/observe", empty=True)],
    "calls": [
        see("juno", "/calls/"),
        see("juno", "/calls/", "exchange"),
        see("lea", "/calls/?state=refused"),
    ],
    "batches": [
        see("juno", "/initiatives/assistant-for-developers/batches/"),
        see("juno", "/initiatives/assistant-for-developers/batches/?model=nothing-like-it"),
        see("lea", LETTERS, "batches"),
    ],
    "runs": [
        see("juno", "/initiatives/assistant-for-developers/runs/"),
        see("juno", "/initiatives/assistant-for-developers/runs/?name=nothing-like-it"),
        see("lea", LETTERS, "runs"),
    ],
    "run": [see("juno", "/initiatives/assistant-for-developers/runs/", "run")],
    "oversight": [
        see("hugo", LETTERS, "oversight"),
        see("bea", "/initiatives/assistant-for-developers/oversight/"),
    ],
    "limits": [see("hugo", "/limits/"), see("bea", "/limits/?kind=calls")],
    "limit_new": [see("hugo", "/limits/new", empty=True)],
    "limit": [see("hugo", "/limits/", "limit")],
    "usage": [see("bea", "/usage/"), see("elena", "/usage/?initiative=nothing-like-it")],
    "stops": [see("nora", "/stops/"), see("pia", "/stops/?scope=person")],
    "stop_new": [see("nora", "/stops/new", empty=True)],
    "stop": [see("nora", "/stops/", "stop")],
    "reviews": [see("nora", "/reviews/")],
    "let_pass": [see("nora", "/reviews/", "let_pass"), see("nora", "/let-pass/?state=over")],
    "portfolio": [see("elena", "/portfolio/"), see("hugo", "/portfolio/?days=30")],
    "waiting": [see("elena", "/", "waiting"), see("arya", "/portfolio/waiting/?unit=legal")],
    "open_requests": [see("elena", "/portfolio/waiting/", "open_requests")],
    "ownership": [see("elena", "/portfolio/", "ownership")],
    "flows": [see("elena", "/portfolio/", "flows"), see("aude", "/portfolio/flows/?by=grants")],
    "exposure": [see("elena", "/portfolio/", "exposure"), see("tomas", "/portfolio/exposure/")],
    "keys": [see("bea", "/keys/"), see("lukas", "/keys/")],
    "key_new": [see("bea", "/keys/new", empty=True)],
    "notices": [see("ines", "/notices/"), see("bea", "/notices/")],
    "notice_preferences": [see("lea", "/notices/preferences/")],
    "webhooks": [see("hugo", "/webhooks/"), see("aude", "/webhooks/")],
    "webhook_new": [see("hugo", "/webhooks/new", empty=True)],
    "webhook": [see("hugo", "/webhooks/", "webhook"), see("aude", "/webhooks/", "webhook")],
    "webhook_edit": [see("hugo", "/webhooks/", "webhook", "webhook_edit")],
    "channels": [see("pia", "/channels/")],
    "audit": [see("aude", "/audit/")],
    "saved_views": [see("nora", "/views/exchanges/"), see("lea", "/views/datasets/")],
    "view_rename": [see("nora", "/views/exchanges/", "view_rename", empty=True)],
    "people": [see("pia", "/people/")],
    "person_new": [see("pia", "/people/new", empty=True)],
    "person": [see("pia", "/people/", "person")],
    "sign_in": [see(STRANGER, "/sign-in/", empty=True)],
    "step_up": [see("lea", "/step-up/", empty=True)],
    "gallery": [see("lea", "/gallery")],
}

ELSEWHERE = {  # pages that no link of the demo leads to, and where they are looked at
    "pattern_edit": "tests/pages/test_rules.py: the demo has no pattern that was sent back",
    "first_admin": "tests/browser/test_every_page.py: a stack without a demo",
}

NOT_PAGES = {  # addresses that a browser or a program asks, with nothing to look at
    "notice": "leads on to what the notice is about",
    "connect_calls": "a part of the page Connect; leads a person there",
    "doctor_file": "a file to keep",
    "style": "a style sheet",
    "names": "what a field offers",
    "healthz": "a word for programs",
    "readyz": "a line for programs",
    "provider_start": "sends the browser on to the identity provider",
    "openid_connect_callback": "sends the browser on to where it came from",
}
