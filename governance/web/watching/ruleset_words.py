"""A ruleset in plain English: what each rule waits for, what each detector looks for, and why a finding met the rule it met."""

from collections.abc import Iterator, Mapping
from typing import Any

from governance.core.percent import percent
from governance.core.vocabulary import Hosting, Mode
from governance.detection.default_policy import DEFAULT_REPLY_POLICY
from governance.detection.views import Kind
from governance.detection.ways import Way
from governance.gateway.comparing import Effect
from governance.scanning.selectors import FindingRow
from governance.web.frame import words
from governance.web.frame.sayings import Said

DETECTORS = {
    "secrets": "passwords, keys and tokens",
    "markings": "markings such as “confidential”",
    "source": "the organisation's own code and documents",
    "evaluation": "questions of exams",
    "datasets": "rows of registered datasets",
    "patterns": "numbers, addresses and other data of a fixed form",
    "names": "names of people and places",
    "languages": "which languages a text is in",
    "recognisers": "words and patterns of our own",
}
VIEWS = {
    Kind.RAW: "as it was written",
    Kind.FOLDED: "once look-alike and hidden characters were undone",
    Kind.DECODED: "once an encoding or escape was undone",
    Kind.RESPELT: "once its letters or pieces were put together",
    Kind.JOINED: "once neighbouring texts were put together",
    Kind.LINED: "once neighbouring texts were put below one another",
}
WAYS = {
    Way.PLACEHOLDER: Said("Replaced by a placeholder", "accent"),
    Way.HASH: Said("Replaced by a hash", "accent"),
    Way.STAND_IN: Said("Replaced by a stand-in", "accent"),
    Way.MASK: Said("Masked", "accent"),
}
EFFECTS = {
    Effect.STOPPED: Said("Would be stopped", "bad"),
    Effect.LET_THROUGH: Said("Would leave", "wait"),
    Effect.REPLACED_MORE: Said("More would be replaced", "accent"),
    Effect.REPLACED_LESS: Said("Less would be replaced", "wait"),
    Effect.OTHERWISE: Said("Would be decided otherwise", "accent"),
    Effect.SAME: Said("The same", "good"),
    Effect.UNKNOWN: Said("Could not be compared", "quiet"),
}
ACTIONS = {
    "": Said("Not found", "quiet"),
    "allow": Said("Left as it was", "good"),
    "justify": Said("Needs a reason", "wait"),
    "hold": Said("Held", "wait"),
    "block": Said("Refused", "bad"),
}
ANY_OF = {"identifier": "card, account or identity number"}  # kinds that findings of many types share
ENTRY_KINDS = {
    "source": "register",
    "rows": "dataset",
    "exam": "exam",
    "public_exam": "public exam",
    "public": "public text",
    "recogniser": "recogniser",
}


def view(name: str) -> str:
    """Return how a text was read for a finding to be seen; "not written down" for one of before that was kept."""
    return VIEWS.get(Kind(name), name) if name in list(Kind) else "not written down"


def met(said: str) -> Said:
    """Return how it is said what a finding meets: "block", or "redact:mask"; "" where it is not found."""
    action, _, way = said.partition(":")
    return WAYS[Way(way)] if way else ACTIONS[action]


def types(rule: Mapping[str, Any]) -> str:
    """Return what a rule is about: "name of a person and e-mail address"."""
    subtypes = [each.replace("_", " ") for each in rule.get("subtypes", ())]
    if "*" in rule["types"]:
        return words.joined([ANY_OF.get(each, f"anything that is {each}") for each in subtypes], "anything")
    parts = rule.get("subtypes", [""])
    return words.joined([words.finding(f"{kind}:{part}".rstrip(":")) for kind in rule["types"] for part in parts])


def conditions(rule: Mapping[str, Any]) -> str:
    """Return when a rule applies: "toward public API, unless a grant allows it"."""
    return "; ".join(_conditions(rule)) or "always"


def _conditions(rule: Mapping[str, Any]) -> Iterator[str]:
    if hostings := rule.get("hostings"):
        yield f"toward {words.joined([words.word(Hosting, each) for each in hostings])}"
    if modes := rule.get("modes"):
        yield f"used {words.joined([words.word(Mode, each) for each in modes])}"
    if "keeps_inputs" in rule:
        keeps = rule["keeps_inputs"]
        yield "where the destination keeps or trains on what it gets" if keeps else "where it keeps nothing"
    if rule.get("unless_granted"):
        yield "unless a grant lets such data pass as it is"
    if rule.get("unless_dataset_granted"):
        yield "unless a grant toward this destination names the dataset"
    if least := rule.get("least_score"):
        yield f"from {percent(least, 100)} sure on"
    if many := rule.get("least_distinct"):
        yield f"from {many:,} different values on"


def looks_for(detector: str) -> str:
    return DETECTORS.get(detector, detector)


def options(detector: Mapping[str, Any]) -> str:
    """Return a detector's own settings in a few words; lists of what is registered are told elsewhere."""
    return "; ".join(filter(None, (_option(name, value) for name, value in detector.items())))


def _option(name: str, value: Any) -> str:
    match name:
        case "threshold":
            return f"from {percent(value)} sure on"
        case "strict":
            return "strict: a second model looks too" if value else ""
        case "notices":
            return f"{words.several(len(value), 'notice')} of our own" if value else ""
        case "canaries":
            return words.several(len(value), "planted token") if value else ""
    return ""


def entry(named: Mapping[str, Any]) -> str:
    """Return what is registered as people call it: "exam claims-exam"."""
    return f"{ENTRY_KINDS.get(named.get('kind', 'recogniser'), 'entry')} {named['id']}"


def threshold(detectors: Mapping[str, Any], detector: str) -> str:
    """Return how sure a detector must be before it says anything: "40 %"; "" where it has one form of certainty only."""
    value = detectors.get(detector, {}).get("threshold")
    return percent(value) if value is not None else ""


# Rules that stand in no policy document: the decision itself makes them.
OF_THE_CASE = {
    "grant_condition": "a condition of the grant: this type is replaced in any case",
    "granted": "rules name this type, and none of them applied here",
    "unnamed": "no rule names this type, so what the ruleset does with the rest was done",
    "not_replaceable": "it stands in a name or a number, where nothing can be put in its place",
}


def why(finding: FindingRow, body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return why a finding met what it met, as pairs to show; `body` is the ruleset it was decided by, {} when nobody knows it.

    Nothing of the value: which rule and when it applies, how the text was read, how sure the detector was and had to be.
    """
    detectors = body.get("detection", {}).get("detectors", {})
    needed = threshold(detectors, finding.detector)
    sure = f"{percent(finding.score)} sure" + (f"; said from {needed} on" if needed else "")
    return [
        ("Rule", _rule_said(finding, body)),
        ("Found by", f"the detector of {looks_for(finding.detector)}"),
        ("Seen", view(finding.view)),
        ("How sure", sure),
    ]


def _rule_said(finding: FindingRow, body: Mapping[str, Any]) -> str:
    if not finding.rule:
        return "none was met: it was counted and left as it is"
    if finding.rule in OF_THE_CASE:
        return OF_THE_CASE[finding.rule]
    rules = [*body.get("policy", {}).get("rules", ()), *body.get("replies", DEFAULT_REPLY_POLICY.document)["rules"]]
    met = next((rule for rule in rules if rule["code"] == finding.rule), None)
    return f"{finding.rule}: {conditions(met)}" if met else finding.rule
