"""From a scan to what happens to a prompt: the policy, the strictest conditions of the grants, and what cannot be replaced. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from governance.core.errors import DomainError, NotAllowed, TooMany, Unavailable
from governance.core.vocabulary import Classification
from governance.detection.documents.reading import Opaque
from governance.detection.policy import Decision, Facts, Policy, Reason, Verdict, decide
from governance.detection.report import Report
from governance.detection.ways import Way, strictest_demand
from governance.gateway.access import Offer
from governance.gateway.limits import Price
from governance.gateway.observing import may_observe, relaxed

STRICT = "strict"
RULES_IN_AN_ERROR = 5
PLACES_IN_AN_ERROR = 3
IN_A_DOCUMENT = "A document is sent as it is or not at all: send its text, or a copy without what was found in it ({})."
IN_A_NAME = "A name of a field or a number cannot be replaced."
_height = partial(lambda word: Classification(word).height)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the grants toward one destination ask together: the strictest of each."""

    classification: str
    cleared_for: str
    hosting: str
    redacted: frozenset[str]
    way: Way | None  # the most that may be told of what is replaced
    calls_per_day: int | None
    strict: bool
    unread: frozenset[Opaque]
    datasets: frozenset[str]
    keeps_inputs: bool
    observation: UUID | None = None

    @property
    def observed(self) -> bool:
        """Whether most rules are only observed now: never where the data is restricted, or a grant asks for strict rules."""
        return self.observation is not None and bool(may_observe({self.classification}, strict=self.strict))

    @property
    def facts(self) -> Facts:
        return Facts(
            classification=self.classification,
            hosting=self.hosting,
            mode="prompt",
            cleared_for=self.cleared_for,
            redacted=self.redacted,
            way=self.way,
            datasets=self.datasets,
            keeps_inputs=self.keeps_inputs,
        )

    @property
    def facts_back(self) -> Facts:
        """The facts for an answer: what a grant wants replaced is what the caller may see, and the provider may not."""
        return replace(self.facts, redacted=frozenset(), way=None)


def unread_of(offers: Sequence[Offer]) -> frozenset[Opaque]:
    """Return what may go unread: what the destination's policy names, pictures only where a dataset made of them may go.

    Where a picture may go whatever is on it, one whose words were read may go too.
    """
    named = frozenset(map(Opaque, offers[0].unread))
    if not any(offer.pictures for offer in offers):
        return named - {Opaque.PICTURES}
    return named | {Opaque.READ_PICTURES} if Opaque.PICTURES in named else named


def strictest(offers: Sequence[Offer]) -> Conditions:
    """Return the strictest conditions of grants toward the same destination; at least one is given."""
    caps = [cap for offer in offers if (cap := offer.conditions.get("calls_per_day")) is not None]
    strict = any(offer.conditions.get("ruleset") == STRICT for offer in offers)
    return Conditions(
        classification=max((offer.classification for offer in offers), key=_height),
        cleared_for=min((offer.cleared_for for offer in offers), key=_height),
        hosting=offers[0].hosting,
        redacted=frozenset(kind for offer in offers for kind in offer.conditions.get("redact", ())),
        way=strictest_demand(Way(way) for offer in offers if (way := offer.conditions.get("way"))),
        calls_per_day=min(caps, default=None),
        datasets=frozenset(offer.dataset for offer in offers),
        keeps_inputs=any(offer.keeps_inputs for offer in offers),
        strict=strict,
        unread=frozenset() if strict else unread_of(offers),
        observation=offers[0].observation,
    )


def decide_prompt(
    report: Report,
    *,
    policy: Policy,
    conditions: Conditions,
    fixed: Collection[str],
    in_documents: Collection[str] = (),
    opaque: Collection[str] = (),
    trimmed: Sequence[str] = (),
) -> Decision:
    """Return what happens to a scanned prompt.

    `fixed` are the paths of names and numbers: what would have to be replaced there blocks, for nothing can be put in its place;
    `in_documents` are those among them that were read out of a document. `opaque` are the kinds of what nobody can read,
    `trimmed` the places of documents whose preview was left out, of which the record tells.
    Under strict conditions nobody's reason opens the way: what would ask for one, or wait for two people, is blocked.
    """
    decision = decide(report, policy=policy, facts=conditions.facts)
    if conditions.observed:
        decision = _noting_fixed(relaxed(decision, conditions.facts), fixed, in_documents)
    for kind in sorted(opaque):
        decision = _with_opaque(decision, kind, may=kind in conditions.unread)
    if trimmed:
        left_out = f"The preview picture of a document was left out: {'; '.join(trimmed[:PLACES_IN_AN_ERROR])}."
        decision = replace(
            decision, reasons=(*decision.reasons, Reason("preview_left_out", left_out, "", Verdict.ALLOW))
        )
    if stuck := {finding.path for finding in decision.redactions if finding.path in fixed}:
        decision = _stricter(decision, Verdict.BLOCK, _not_replaceable(stuck, in_documents))
    if conditions.strict and decision.verdict in {Verdict.JUSTIFY, Verdict.HOLD}:
        reason = Reason("strict_grant", "The grant lets nobody's reason open the way.", "", Verdict.BLOCK)
        decision = _stricter(decision, Verdict.BLOCK, reason)
    return decision


def _with_opaque(decision: Decision, kind: str, *, may: bool) -> Decision:
    if not may:
        return _stricter(decision, Verdict.BLOCK, Reason("opaque", f"Nobody can read it: {kind}.", "", Verdict.BLOCK))
    allowed = Reason("goes_unread", f"It may go there, though not all of it was read: {kind}.", "", Verdict.ALLOW)
    return replace(decision, reasons=(*decision.reasons, allowed))


def _not_replaceable(stuck: set[str], in_documents: Collection[str]) -> Reason:
    # Names of the format's fields, and ours for pages and parts: nothing of the text.
    places = "; ".join(sorted(stuck)[:PLACES_IN_AN_ERROR])
    why = IN_A_DOCUMENT.format(places) if stuck.issubset(in_documents) else IN_A_NAME
    return Reason("not_replaceable", why, "", Verdict.BLOCK)


def _noting_fixed(decision: Decision, fixed: Collection[str], in_documents: Collection[str]) -> Decision:
    """Add that something would have to be replaced where nothing can be, when that is only observed."""
    would = [reason.finding for reason in decision.reasons if reason.would_be is Verdict.REDACT and reason.finding]
    stuck = {finding.path for finding in would if finding.path in fixed}
    if not stuck:
        return decision
    noted = replace(_not_replaceable(stuck, in_documents), action=Verdict.ALLOW, would_be=Verdict.BLOCK)
    return replace(decision, reasons=(*decision.reasons, noted))


def _stricter(decision: Decision, verdict: Verdict, reason: Reason) -> Decision:
    if decision.verdict.strictness >= verdict.strictness:
        return decision
    return replace(decision, verdict=verdict, reasons=(*decision.reasons, reason))


def may_leave(decision: Decision, *, justified: bool, released: bool = False) -> bool:
    """Say whether the text this decision is about may be sent as it is. Two people's release covers one person's reason."""
    if decision.verdict is Verdict.HOLD:
        return released
    return decision.verdict is Verdict.ALLOW or (decision.verdict is Verdict.JUSTIFY and (justified or released))


def refusal(decision: Decision, where: str = "") -> DomainError:
    """Return the error for a decision that lets nothing leave: rules and types, never a value. `where` says in which records."""
    why = " ".join(filter(None, [sentences(decision), where]))
    match decision.verdict:
        case Verdict.UNAVAILABLE:
            return Unavailable("incomplete_scan", why, remedy="Try again in a moment. Nothing was sent.")
        case Verdict.JUSTIFY:
            remedy = "A member of the initiative can give a reason at the link and has one use of exactly this request for 15 minutes."
            return NotAllowed("justify", f"This needs a reason before it may leave. {why}", remedy=remedy)
        case Verdict.HOLD:
            return NotAllowed("held", f"This waits for two people. {why}", remedy="The link shows how it stands.")
        case _:
            remedy = "Take out what is named, or report a mistake at the link."
            return NotAllowed("blocked", f"This was not sent. {why}", remedy=remedy)


def sentences(decision: Decision) -> str:
    """Return each rule's sentence once, with what fell under it: `It holds a key. [secret, SECRET: github-pat, aws-access-token]`."""
    strictest_first = sorted(decision.reasons, key=lambda reason: -reason.action.strictness)
    named: dict[tuple[str, str], dict[str, None]] = {}
    for reason in (reason for reason in strictest_first if reason.action is strictest_first[0].action):
        subtype = reason.finding.subtype if reason.finding else ""
        heading = ", ".join(filter(None, [reason.rule, reason.type]))
        named.setdefault((reason.sentence, heading), {})[subtype] = None
    return " ".join(
        f"{sentence} [{': '.join(filter(None, [heading, ', '.join(filter(None, subtypes))]))}]"
        for (sentence, heading), subtypes in list(named.items())[:RULES_IN_AN_ERROR]
    )


def too_many_calls(cap: int) -> TooMany:
    return TooMany(
        "calls_per_day",
        f"This initiative may make {cap} calls a day here (days of UTC), each record of a batch counted; this is beyond them.",
        remedy="Continue tomorrow, or ask for a remit without this cap.",
    )


def start_of_day(at: datetime) -> datetime:
    """Return the start of the UTC day of `at`; days of a cap are counted in UTC."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def cost_of(price: Price | None, tokens_in: int | None, tokens_out: int | None) -> int | None:
    """Return the cost in micro-euro, None when a price or a count is not known."""
    if price is None or tokens_in is None or tokens_out is None:
        return None
    return price.of(tokens_in, tokens_out)
