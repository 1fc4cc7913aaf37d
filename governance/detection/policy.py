"""From findings to a verdict: what may happen to this document on its way to this destination. Pure: values in, a decision out.

The rules are a document with a digest, so that a decision names exactly the policy it was made under. The strictest reason wins,
whatever the order of the rules. An incomplete report is never decided on: it is unavailable.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from governance.core.canonical import digest
from governance.core.errors import Invalid
from governance.core.vocabulary import Classification, Hosting, Mode

from .languages import is_partly_read
from .report import Report
from .spans import LANGUAGE, Finding
from .stand_ins import HAVE_STAND_INS
from .ways import Way, least_telling


class Verdict(StrEnum):
    """In order of strictness."""

    ALLOW = "allow"
    REDACT = "redact"
    JUSTIFY = "justify"
    HOLD = "hold"
    BLOCK = "block"
    UNAVAILABLE = "unavailable"

    @property
    def strictness(self) -> int:
        return list(Verdict).index(self)


CLASSIFICATIONS, HOSTINGS, MODES = tuple(Classification), tuple(Hosting), tuple(Mode)
# Whatever a policy document says: nobody's reason makes one of these fit to leave.
NEVER_JUSTIFIED = frozenset({"SECRET", "SOURCE", "DATASET"})
ANY_TYPE = "*"
_RULE_FIELDS = {
    "code",
    "types",
    "sentence",
    "action",
    "subtypes",
    "hostings",
    "modes",
    "unless_granted",
    "unless_dataset_granted",
    "keeps_inputs",
    "least_score",
    "least_distinct",
    "way",
}
_NEEDED_FIELDS = {"code", "types", "sentence", "action"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides besides the findings.

    `granted` and `redacted` are types from the conditions of the grant in force: `granted` may leave as they are where a rule says `unless_granted`; `redacted` must be replaced in any case.
    `way` is the most that these grants let be told of what is replaced, by whatever rule.
    `datasets` are the references of the datasets granted toward this destination; `keeps_inputs` says that it keeps what it is sent,
    or trains on it. `classification` is that of the data as declared; `cleared_for` the highest the destination's terms are cleared for.
    """

    classification: str
    hosting: str
    mode: str = "prompt"
    cleared_for: str = "restricted"
    granted: frozenset[str] = frozenset()
    redacted: frozenset[str] = frozenset()
    way: Way | None = None
    datasets: frozenset[str] = frozenset()
    keeps_inputs: bool = True

    def __post_init__(self) -> None:
        known = (
            (self.classification, CLASSIFICATIONS),
            (self.cleared_for, CLASSIFICATIONS),
            (self.hosting, HOSTINGS),
            (self.mode, MODES),
        )
        for value, allowed in known:
            if value not in allowed:
                raise Invalid("policy_facts", f"{value!r} is none of {', '.join(allowed)}.")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: the rule and its sentence. `finding` is None for reasons that stand on no single place.

    `way` says what is put in its place where the action is redact.
    `would_be` is the action of the rule where it is only observed: what it would do, and does not. None where it does what it says.
    """

    rule: str
    sentence: str
    type: str
    action: Verdict
    finding: Finding | None = None
    way: Way = Way.PLACEHOLDER
    would_be: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`redactions` are the findings to replace when the verdict is redact (and, for the record, when it is stricter)."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    redactions: tuple[Finding, ...]
    policy: str  # digest

    @property
    def ways(self) -> dict[Finding, Way]:
        """How each of `redactions` is replaced."""
        replaced = (reason for reason in self.reasons if reason.action is Verdict.REDACT)
        return {reason.finding: reason.way for reason in replaced if reason.finding is not None}

    @property
    def justifiable(self) -> bool:
        return self.verdict is Verdict.JUSTIFY

    @property
    def would_be(self) -> Verdict:
        """The verdict were nothing only observed; where nothing is, the verdict."""
        actions = (reason.would_be or reason.action for reason in self.reasons)
        return max(self.verdict, *actions, key=lambda action: action.strictness) if self.reasons else self.verdict


@dataclass(frozen=True)
class Policy:
    """`document` is `{"version": 1, "rules": [...], "otherwise": action}`; see default_policy for an example of every field."""

    document: Mapping[str, Any]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Policy":
        """Return the checked policy.

        Raises:
            Invalid: `policy_fields`, `policy_action`, `policy_justify` (a rule that would let secrets or source be justified), `policy_way`.
        """
        if set(document) != {"version", "rules", "otherwise"} or document["version"] != 1:
            raise Invalid("policy_fields", "A policy has version 1, rules and otherwise.")
        if document["otherwise"] not in (Verdict.REDACT, Verdict.JUSTIFY, Verdict.HOLD, Verdict.BLOCK):
            raise Invalid("policy_action", "What no rule names cannot simply be allowed.")
        for rule in document["rules"]:
            _check_rule(rule)
        return cls(document)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON, 64 hex characters."""
        return digest(self.document)

    @property
    def rules(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self.document["rules"]
        return found

    def ways_of(self, findings: Sequence[Finding], *, demand: Way | None = None) -> dict[Finding, Way]:
        """Return how each is replaced where nobody knows yet toward where: of all the rules that name it, the least telling way.

        `demand` is the most that grants let be told.
        """
        replacing = [rule for rule in self.rules if rule["action"] == Verdict.REDACT]
        by_rule = {
            each: least_telling(_way(rule, each) for rule in replacing if _names(rule, each)) for each in findings
        }
        return {each: _demanded(way, demand, each) for each, way in by_rule.items()}


def _check_rule(rule: Mapping[str, Any]) -> None:
    if not set(rule) >= _NEEDED_FIELDS or not set(rule) <= _RULE_FIELDS:
        raise Invalid(
            "policy_fields",
            f"A rule needs {', '.join(sorted(_NEEDED_FIELDS))} and may have {', '.join(sorted(_RULE_FIELDS))}.",
        )
    if rule["action"] not in list(Verdict) or rule["action"] == Verdict.UNAVAILABLE:
        raise Invalid("policy_action", f"The rule {rule['code']} has an unknown action.")
    if rule["action"] == Verdict.JUSTIFY and NEVER_JUSTIFIED & set(rule["types"]):
        raise Invalid(
            "policy_justify", f"The rule {rule['code']} would let a secret or registered source be justified."
        )
    if "way" in rule and (rule["way"] not in list(Way) or rule["action"] != Verdict.REDACT):
        raise Invalid(
            "policy_way", f"The rule {rule['code']} replaces nothing, or in a way that is none of {', '.join(Way)}."
        )


def _way(rule: Mapping[str, Any], finding: Finding) -> Way:
    return _possible(Way(rule.get("way", Way.PLACEHOLDER)), finding)


def _possible(way: Way, finding: Finding) -> Way:
    has_none = finding.type not in HAVE_STAND_INS and finding.type != ANY_TYPE
    return Way.PLACEHOLDER if way is Way.STAND_IN and has_none else way


def decide(report: Report, *, policy: Policy, facts: Facts) -> Decision:
    """Return the verdict on a scanned document, with a reason for every finding. The strictest reason wins."""
    if not report.complete:
        missing = ", ".join(report.receipt.missing) or "part of the text"
        limits = "; ".join(report.receipt.limits)
        said = f"The text could not be checked wholly, so it is not sent: {limits}." if limits else ""
        reason = Reason(
            "incomplete_scan",
            said or f"The text could not be checked wholly ({missing}), so it is not sent.",
            "",
            Verdict.UNAVAILABLE,
        )
        return Decision(Verdict.UNAVAILABLE, (reason,), (), policy.digest)
    return decide_findings(report.findings, languages=report.languages, policy=policy, facts=facts)


def decide_findings(
    findings: Sequence[Finding], *, languages: Sequence[str] = (), policy: Policy, facts: Facts
) -> Decision:
    """Return the verdict on a document of which everything was checked and this was found."""
    spoken = [_of_language(tag, policy, facts) for tag in languages]
    reasons = [*_clearance(facts), *spoken, *_reasons(findings, policy, facts)]
    verdict = max((reason.action for reason in reasons), key=lambda action: action.strictness, default=Verdict.ALLOW)
    if verdict is Verdict.JUSTIFY and facts.classification == "restricted":
        verdict = Verdict.BLOCK
        reasons.append(
            Reason(
                "restricted_not_justified", "Restricted data never leaves on one person's reason.", "", Verdict.BLOCK
            )
        )
    # A justified text still loses what would have been redacted anyway: the reason covers what had to be justified.
    redactions = tuple(
        reason.finding for reason in reasons if reason.finding is not None and reason.action is Verdict.REDACT
    )
    return Decision(verdict, tuple(reasons), redactions, policy.digest)


def _clearance(facts: Facts) -> Iterator[Reason]:
    if CLASSIFICATIONS.index(facts.classification) > CLASSIFICATIONS.index(facts.cleared_for):
        sentence = f"The destination is cleared for {facts.cleared_for} data, and this is {facts.classification}."
        yield Reason("above_clearance", sentence, "", Verdict.BLOCK)


def _of_language(tag: str, policy: Policy, facts: Facts) -> Reason:
    """Return what the policy says of a text in another language: its rules name the tag, `partly_read` or `unread`.

    Where no rule names it, it takes a reason: what was read less surely than English never passes in silence.
    """
    names = {tag, "partly_read" if is_partly_read(tag) else "unread"}
    met = [
        rule
        for rule in policy.rules
        if LANGUAGE in rule["types"] and not names.isdisjoint(rule.get("subtypes", names)) and _is_there(rule, facts)
    ]
    rule = max(met, key=lambda rule: Verdict(rule["action"]).strictness, default=None)
    if rule is None:
        return Reason(
            "language", f"Part of it is in another language ({tag}), which no rule names.", LANGUAGE, Verdict.JUSTIFY
        )
    return Reason(rule["code"], f"{rule['sentence']} Language: {tag}.", LANGUAGE, Verdict(rule["action"]))


def _reasons(findings: Sequence[Finding], policy: Policy, facts: Facts) -> Iterator[Reason]:
    for finding in findings:
        met = [
            rule
            for rule in policy.rules
            if "least_distinct" not in rule and _names(rule, finding) and _applies(rule, finding, facts)
        ]
        yield _strictest(met, finding, policy, facts)
    for rule in policy.rules:
        if "least_distinct" in rule:
            yield from _mass(rule, findings, facts)


def _strictest(met: Sequence[Mapping[str, Any]], finding: Finding, policy: Policy, facts: Facts) -> Reason:
    rule = max(met, key=lambda rule: Verdict(rule["action"]).strictness, default=None)
    if rule is None:
        named = any(_names(rule, finding) for rule in policy.rules)
        action = Verdict.ALLOW if named else Verdict(policy.document["otherwise"])
        code, sentence = (
            ("granted", "No rule of the policy stands against it here.")
            if named
            else ("unnamed", "No rule of the policy names this type.")
        )
    else:
        action, code, sentence = Verdict(rule["action"]), rule["code"], rule["sentence"]
    if finding.type in facts.redacted and action.strictness < Verdict.REDACT.strictness:
        action, code, sentence = (
            Verdict.REDACT,
            "grant_condition",
            "The grant allows this data only with this type replaced.",
        )
    by_rule = least_telling(_way(each, finding) for each in met if each["action"] == Verdict.REDACT)
    return Reason(code, sentence, finding.type, action, finding, _demanded(by_rule, facts.way, finding))


def _demanded(by_rule: Way, demand: Way | None, finding: Finding) -> Way:
    """Return the way of the rules, or the one that a grant demands when less can be told of it."""
    return least_telling([by_rule, *([_possible(demand, finding)] if demand else [])])


def _names(rule: Mapping[str, Any], finding: Finding) -> bool:
    return (finding.type in rule["types"] or ANY_TYPE in rule["types"]) and (
        "subtypes" not in rule or not {finding.subtype, finding.family}.isdisjoint(rule["subtypes"])
    )


def _applies(rule: Mapping[str, Any], finding: Finding, facts: Facts) -> bool:
    return (
        _is_there(rule, facts)
        and finding.score * 100 >= rule.get("least_score", 0)
        and not (rule.get("unless_granted") and finding.type in facts.granted)
        and not (rule.get("unless_dataset_granted") and finding.subtype in facts.datasets)
        and rule.get("keeps_inputs", facts.keeps_inputs) == facts.keeps_inputs
    )


def _is_there(rule: Mapping[str, Any], facts: Facts) -> bool:
    return facts.hosting in rule.get("hostings", HOSTINGS) and facts.mode in rule.get("modes", MODES)


def _mass(rule: Mapping[str, Any], findings: Sequence[Finding], facts: Facts) -> Iterator[Reason]:
    """A rule about quantity: it counts distinct values, by digest, so that one name written fifty times is one."""
    met = {finding.keyed_digest for finding in findings if _names(rule, finding) and _applies(rule, finding, facts)}
    if len(met) >= rule["least_distinct"]:
        yield Reason(
            rule["code"], rule["sentence"], rule["types"][0] if len(rule["types"]) == 1 else "", Verdict(rule["action"])
        )
