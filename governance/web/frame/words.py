"""How states and vocabularies are said to people, and in which tone. Pure."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from governance.approvals.drafting import DraftState
from governance.approvals.overriding import OverrideState, OverrideVerdict
from governance.approvals.rules import DecisionKind, RequestState, StageState
from governance.catalogue.rules import ExamState, RegisterKind, Secrecy
from governance.core.vocabulary import Classification, Hosting, Mode, Purpose, Technique, WeightsOwner
from governance.destinations.rules import DestinationState, ReplyCheck
from governance.detection.type_names import type_name
from governance.gateway.limits import LimitKind, LimitScope
from governance.gateway.observing import ObservationState
from governance.gateway.rules import ExchangeState, Provenance
from governance.gateway.stopping import StopScope, StopState
from governance.initiatives.rules import (
    AiActClass,
    Basis,
    ClaimState,
    ContestState,
    InitiativeState,
    Involvement,
    Through,
    Tier,
)
from governance.initiatives.rules.overlaps import Resolution
from governance.insights.handling import Fault
from governance.organisation.away import DelegationState
from governance.organisation.roles import Role
from governance.organisation.rules import UnitKind
from governance.remits.allocations import Division, EntryState, RoundState, Scarcity
from governance.remits.evidence import ExamEvidence, ExamOutcome
from governance.remits.rules import GrantState, PatternState, RemitState
from governance.scanning.rules import HoldAct, HoldState, RulesetMode
from governance.training.rules import TrainingSetState
from governance.web.frame.shapes import Tone
from governance.web.frame.subject_words import SUBJECTS
from governance.web.frame.times import spoken_day

WORD = re.compile(r"[a-z_]+")
ISO_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")


class Said(NamedTuple):
    text: str
    tone: Tone = ""


# Pairs, not a mapping by member: equal values of two vocabularies are equal keys.
STATES: tuple[tuple[StrEnum, Said], ...] = (
    (InitiativeState.IDEA, Said("Idea", "quiet")),
    (InitiativeState.PROPOSED, Said("Proposed", "wait")),
    (InitiativeState.ACTIVE, Said("Active", "good")),
    (InitiativeState.SUSPENDED, Said("Suspended", "bad")),
    (InitiativeState.RETIRED, Said("Retired", "quiet")),
    (InitiativeState.REJECTED, Said("Rejected", "bad")),
    (ClaimState.ASSERTED, Said("Claimed", "wait")),
    (ClaimState.UNCONTESTED, Said("Uncontested", "good")),
    (ClaimState.OWNER, Said("Owner", "good")),
    (ClaimState.CONTESTED, Said("Contested", "bad")),
    (ClaimState.RULED, Said("Ruled", "accent")),
    (ClaimState.APPEALED, Said("Appealed", "wait")),
    (ClaimState.WITHDRAWN, Said("Withdrawn", "quiet")),
    (Resolution.MERGE, Said("Merged", "good")),
    (Resolution.SPLIT, Said("Split", "good")),
    (Resolution.SHARE, Said("Shared", "good")),
    (Resolution.DISTINCT, Said("Distinct", "quiet")),
    (ContestState.OPEN, Said("Waits for a ruling", "wait")),
    (ContestState.RULED, Said("Ruled; may be appealed", "accent")),
    (ContestState.APPEALED, Said("Appealed; waits for a ruling", "wait")),
    (ContestState.FINAL, Said("Final", "good")),
    (ContestState.ENDED, Said("Ended without a ruling", "quiet")),
    (RemitState.DRAFT, Said("Draft", "quiet")),
    (RemitState.SUBMITTED, Said("In review", "wait")),
    (RemitState.APPROVED, Said("In force", "good")),
    (RemitState.SUPERSEDED, Said("Replaced by a newer version", "quiet")),
    (RemitState.EXPIRED, Said("Ended", "quiet")),
    (RemitState.REVOKED, Said("Revoked", "bad")),
    (RemitState.REJECTED, Said("Rejected", "bad")),
    (RemitState.WITHDRAWN, Said("Withdrawn", "quiet")),
    (RemitState.LAPSED, Said("Lapsed", "quiet")),
    (RoundState.OPEN, Said("Others may ask", "wait")),
    (RoundState.CLOSED, Said("To be decided", "wait")),
    (RoundState.AWARDED, Said("Awarded", "good")),
    (EntryState.WAITING, Said("Waiting", "wait")),
    (EntryState.AWARDED, Said("Awarded", "good")),
    (EntryState.REFUSED, Said("Refused", "bad")),
    (EntryState.WITHDRAWN, Said("Withdrawn", "quiet")),
    (Scarcity.SCARCE, Said("Scarce", "wait")),
    (Scarcity.EXCLUSIVE, Said("Exclusive", "bad")),
    (GrantState.PENDING, Said("Waiting", "wait")),
    (GrantState.ACTIVE, Said("Active", "good")),
    (GrantState.SUSPENDED, Said("Suspended", "bad")),
    (GrantState.GRACE, Said("To be confirmed again", "wait")),
    (GrantState.EXPIRED, Said("Ended", "quiet")),
    (GrantState.REVOKED, Said("Revoked", "bad")),
    (GrantState.SUPERSEDED, Said("Replaced", "quiet")),
    (DraftState.WRITING, Said("Being written", "wait")),
    (DraftState.SUBMITTED, Said("Before two people", "wait")),
    (DraftState.IN_FORCE, Said("Put in force", "good")),
    (DraftState.REJECTED, Said("Rejected", "bad")),
    (DraftState.DISCARDED, Said("Discarded", "quiet")),
    (PatternState.DRAFT, Said("Sent back", "wait")),
    (PatternState.SUBMITTED, Said("In review", "wait")),
    (PatternState.APPROVED, Said("In force", "good")),
    (PatternState.REJECTED, Said("Rejected", "bad")),
    (PatternState.RETIRED, Said("Ended", "quiet")),
    (RequestState.DRAFT, Said("Draft", "quiet")),
    (RequestState.SUBMITTED, Said("Sent", "wait")),
    (RequestState.IN_REVIEW, Said("In review", "wait")),
    (RequestState.CHANGES_REQUESTED, Said("Changes asked for", "wait")),
    (RequestState.APPROVED, Said("Approved", "good")),
    (RequestState.REJECTED, Said("Rejected", "bad")),
    (RequestState.WITHDRAWN, Said("Withdrawn", "quiet")),
    (RequestState.LAPSED, Said("Lapsed", "quiet")),
    (RequestState.STALE, Said("Overtaken by a change", "wait")),
    (StageState.WAITING, Said("Later", "quiet")),
    (StageState.OPEN, Said("Now", "wait")),
    (StageState.SATISFIED, Said("Approved", "good")),
    (StageState.REJECTED, Said("Rejected", "bad")),
    (StageState.SKIPPED, Said("Not needed", "quiet")),
    (StageState.UNREACHABLE, Said("Nobody can decide", "bad")),
    (DecisionKind.APPROVE, Said("Approved", "good")),
    (DecisionKind.REJECT, Said("Rejected", "bad")),
    (DecisionKind.REQUEST_CHANGES, Said("Asked for changes", "wait")),
    (OverrideState.ASKED, Said("Waits for a second person", "wait")),
    (OverrideState.UNCONFIRMED, Said("Nobody confirmed it", "quiet")),
    (OverrideState.HOLDS, Said("Let through for now", "bad")),
    (OverrideState.TO_REVIEW, Said("To be reviewed", "wait")),
    (OverrideState.REVIEWED, Said("Reviewed", "quiet")),
    (OverrideVerdict.JUSTIFIED, Said("Justified", "good")),
    (OverrideVerdict.NOT_JUSTIFIED, Said("Not justified", "bad")),
    (DelegationState.AHEAD, Said("Begins later", "quiet")),
    (DelegationState.HOLDS, Said("Now", "accent")),
    (DelegationState.OVER, Said("Over", "quiet")),
    (DestinationState.PROPOSED, Said("Proposed", "wait")),
    (DestinationState.OPEN, Said("Open", "good")),
    (DestinationState.SUSPENDED, Said("Suspended", "bad")),
    (DestinationState.RETIRED, Said("Retired", "quiet")),
    (ExchangeState.INTENDED, Said("Possibly sent", "wait")),
    (ExchangeState.SENT, Said("Sent, no end seen", "wait")),
    (ExchangeState.COMPLETED, Said("Sent", "good")),
    (ExchangeState.FAILED, Said("Failed", "bad")),
    (ExchangeState.REFUSED, Said("Refused", "bad")),
    (ExchangeState.JUSTIFIED, Said("Refused, then justified", "wait")),
    (ExchangeState.HELD, Said("Held", "wait")),
    (RulesetMode.DRAFT, Said("Not in force", "quiet")),
    (RulesetMode.SHADOW, Said("In shadow", "wait")),
    (RulesetMode.ENFORCE, Said("In force", "good")),
    (RulesetMode.RETIRED, Said("Was in force", "quiet")),
    (HoldState.HELD, Said("Held", "wait")),
    (HoldState.RELEASED, Said("Released", "accent")),
    (HoldState.DISCARDED, Said("Discarded", "quiet")),
    (HoldState.EXPIRED, Said("Over", "quiet")),
    (ExchangeState.RELEASED, Said("Held, then released", "accent")),
    (ExchangeState.DISCARDED, Said("Held, then discarded", "quiet")),
    (StopState.IN_FORCE, Said("Stopped", "bad")),
    (StopState.LIFT_ASKED, Said("Stopped; somebody asks to lift it", "wait")),
    (StopState.LIFTED, Said("Lifted", "quiet")),
    (StopState.DRILL, Said("Drill", "accent")),
    (ObservationState.ASKED, Said("Asked for", "wait")), (ObservationState.IN_FORCE, Said("Only observed", "wait")),
    (ObservationState.ENDED, Said("Over", "quiet")), (ObservationState.REFUSED, Said("Refused", "bad")),
    (ObservationState.WITHDRAWN, Said("Withdrawn", "quiet")),
    (TrainingSetState.RECEIVED, Said("Received", "quiet")),
    (TrainingSetState.SCANNING, Said("Being scanned", "wait")),
    (TrainingSetState.CLEAN, Said("Nothing found", "good")),
    (TrainingSetState.FINDINGS, Said("Something was found", "bad")),
    (TrainingSetState.UNSCANNABLE, Said("Could not be scanned", "bad")),
    (TrainingSetState.IN_REVIEW, Said("In review", "wait")),
    (TrainingSetState.RELEASABLE, Said("May be released", "good")),
    (TrainingSetState.RELEASED, Said("Released", "accent")),
    (ExamState.EMPTY, Said("No questions yet", "quiet")),
    (ExamState.READING, Said("Being read", "wait")),
    (ExamState.WATCHED, Said("Watched", "good")),
    (ExamState.FAULTY, Said("Could not be read", "bad")),
    (ExamState.RETIRED, Said("Retired", "quiet")),
    (ExamOutcome.CLEAN, Said("Nothing of it seen", "good")),
    (ExamOutcome.CONTAMINATED, Said("Has seen it", "bad")),
    (ExamOutcome.COULD_NOT_CHECK, Said("Could not be checked", "wait")),
    (ExamEvidence.ABSENT, Said("No exam", "quiet")),
    (ExamEvidence.PRESENT, Said("Named, nothing checked", "quiet")),
    (ExamEvidence.CLEAN, Said("Unseen", "good")),
    (ExamEvidence.CONTAMINATED, Said("Seen before", "bad")),
    (ExamEvidence.COULD_NOT_CHECK, Said("Could not be checked", "wait")),
    (Classification.PUBLIC, Said("public", "good")),
    (Classification.INTERNAL, Said("internal", "quiet")),
    (Classification.CONFIDENTIAL, Said("confidential", "wait")),
    (Classification.RESTRICTED, Said("restricted", "bad")),
)  # fmt: skip

WORDS: tuple[tuple[StrEnum, str], ...] = (
    (Tier.LOW, "Low"), (Tier.MEDIUM, "Medium"), (Tier.HIGH, "High"),
    (AiActClass.MINIMAL, "Minimal"),
    (AiActClass.LIMITED, "Limited"),
    (AiActClass.HIGH, "High"),
    (AiActClass.PROHIBITED, "Prohibited"),
    (Basis.BUDGET, "Pays for it"),
    (Basis.BUILD, "Builds it"),
    (Basis.RUN, "Runs it"),
    (Basis.DATA, "Owns the data"),
    (Basis.REGULATORY, "Answers to a regulator for it"),
    (UnitKind.IT, "Information technology"),
    (UnitKind.PRODUCT_LINE, "Product line"),
    (UnitKind.BUSINESS_LINE, "Business line"),
    (UnitKind.SECURITY, "Security"),
    (UnitKind.LEGAL, "Legal"),
    (Resolution.MERGE, "Merge: one ends, its builders go on in the other"),
    (Resolution.SPLIT, "Split: each does its own part"),
    (Resolution.SHARE, "Share: they build on each other's work"),
    (Resolution.DISTINCT, "Distinct: they only look alike"),
    (RegisterKind.CODE, "Code"),
    (RegisterKind.DOCUMENTS, "Documents"),
    (Secrecy.SECRET, "Secret: nobody may train on it or send it where it is kept"),
    (Secrecy.PUBLIC, "Public: anybody may have it, and models may have seen it"),
    (Scarcity.SCARCE, "Scarce: for a few at once"),
    (Scarcity.EXCLUSIVE, "Exclusive: for one at a time"),
    (Division.SHARED, "Shared: those awarded use it side by side"),
    (Division.EXCLUSIVE, "Exclusive: one uses it until a day"),
    (Division.SEQUENCE, "In sequence: one after the other"),
    (Division.SPLIT, "Split: each gets its own fields or rows"),
    (Fault.REFUSED, "Calls refused"),
    (Fault.HELD, "Calls or files held"),
    (Fault.OVERRIDDEN, "Decisions set aside"),
    (Fault.LATE, "Grants confirmed late"),
    (Involvement.RESPONSIBLE, "builds it with the owner"), (Involvement.CONSULTED, "is asked before it changes"),
    (Involvement.INFORMED, "is told when it changed"),
    (Through.PROPOSAL, "proposed it"), (Through.CLAIM, "claimed it"),
    (Through.INTERIM, "meanwhile, until a ruling"),
    (Through.RULING, "by a ruling"),
    (Through.TRANSFER, "it was handed over"),
    (Through.DISSOLUTION, "took over from a unit that was dissolved"),
    (Mode.PROMPT, "in prompts"),
    (Mode.RETRIEVAL, "looked up for a prompt"),
    (Mode.FINE_TUNE, "to fine-tune a model"),
    (Mode.TRAIN, "to train a model"),
    (Mode.EVALUATE, "to test a model"),
    (Technique.PROMPT, "Prompting"),
    (Technique.RETRIEVAL, "Prompting with looked-up documents"),
    (Technique.ADAPTER, "Training an adapter"),
    (Technique.FINE_TUNE, "Fine-tuning a model"),
    (Technique.TRAIN, "Training from scratch"),
    (Purpose.ASSIST_STAFF, "help staff with their work"),
    (Purpose.ANSWER_CUSTOMERS, "answer customers"),
    (Purpose.SUMMARISE, "summarise"),
    (Purpose.CLASSIFY, "sort and classify"),
    (Purpose.EXTRACT, "extract facts"),
    (Purpose.TRANSLATE, "translate"),
    (Purpose.WRITE_CODE, "write code"),
    (Purpose.ANALYSE, "analyse"),
    (Purpose.TRAIN_MODEL, "train a model"),
    (Purpose.EVALUATE_MODEL, "test a model"),
    (Hosting.PUBLIC_API, "public API"),
    (Hosting.TENANT_CLOUD, "our own cloud tenant"),
    (Hosting.SELF_HOSTED, "our own servers"),
    (ReplyCheck.WINDOW, "read in stretches, each before it is passed on"),
    (ReplyCheck.WHOLE, "read as a whole before any of it is passed on"),
    (ReplyCheck.WATCH, "passed on as they come, read afterwards"),
    (HoldAct.REVEAL, "read it as it is"),
    (HoldAct.RELEASE, "would release it"),
    (HoldAct.DISCARD, "discarded it"),
    (LimitScope.KEY, "One key"), (LimitScope.INITIATIVE, "One initiative"), (LimitScope.UNIT, "A unit and all below it"),
    (LimitKind.CALLS, "Calls"), (LimitKind.TOKENS, "Tokens"), (LimitKind.COST, "Money"),
    (StopScope.EVERYTHING, "Everything"),
    (StopScope.DESTINATION, "A destination"),
    (StopScope.INITIATIVE, "An initiative"),
    (StopScope.PERSON, "Keys that a person made"),
    (WeightsOwner.US, "we do"),
    (WeightsOwner.PROVIDER, "the provider does"),
    (WeightsOwner.SHARED, "shared"),
    (WeightsOwner.NONE_RESULT, "nothing comes of it"),
    (Provenance.DECLARED, "named by the caller"),
    (Provenance.DETECTED, "recognised"),
    (Provenance.UNKNOWN, "not known"),
)  # fmt: skip

_STATES = {(type(member), member): said for member, said in STATES}
_WORDS = {(type(member), member): said for member, said in WORDS}


def state(kind: type[StrEnum], value: str) -> Said:
    """Return how a state is said. A value that the vocabulary does not hold raises ValueError."""
    return _STATES[kind, kind(value)]


def word(kind: type[StrEnum], value: str) -> str:
    """Return how a member of a vocabulary is said. A value that it does not hold raises ValueError."""
    return _WORDS[kind, kind(value)]


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """Return a vocabulary as the choices of a form, in its own order."""
    return [(each.value, _WORDS[kind, each] if (kind, each) in _WORDS else _STATES[kind, each].text) for each in kind]


def role(held: Role) -> str:
    """Return what a role is called: "data steward", "IT approver"."""
    return held.value.replace("_", " ").replace("it approver", "IT approver")


def finding(kind: str) -> str:
    """Return what a type of finding is called: "name of a person"; a type without a name of its own says its own."""
    kind, _, sub = kind.partition(":")
    named = type_name(kind)
    return f"{named} ({sub.replace(':', ', ').replace('_', ' ').replace('-', ' ')})" if sub else named


def counted(counts: Mapping[str, int]) -> str:
    """Return {type: number} as people say it: "name of a person (2), secret key"; "nothing" when empty."""
    said = [f"{finding(kind)} ({number})" if number > 1 else finding(kind) for kind, number in sorted(counts.items())]
    return ", ".join(said) or "nothing"


def subject(kind: str) -> str:
    """Return what a kind of request is about; one without a name of its own says its own."""
    return SUBJECTS.get(kind, sentence(kind.replace("_", " ")))


def joined(words: list[str], otherwise: str = "none") -> str:
    """Return "a, b and c"."""
    *others, last = words or [otherwise]
    return f"{', '.join(others)} and {last}" if others else last


def has_open(names: tuple[str, ...]) -> str:
    """Return "Ana and Ben have it open now"; "" for nobody."""
    return f"{joined(list(names))} {'has' if len(names) == 1 else 'have'} it open now" if names else ""


def sized(size: int) -> str:
    """Return a number of bytes as people say it: "14.2 MB"."""
    for unit, scale in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)):
        if size >= scale:
            return f"{size / scale:.1f} {unit}"
    return f"{size} bytes"


def records(number: int) -> str:
    return f"{number:,} record{'' if number == 1 else 's'}"


def several(number: int, noun: str) -> str:
    """Return "1 call", "2 calls"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def lines(number: int) -> str:
    return f"{number:,} line{'' if number == 1 else 's'}"


def yes(value: bool) -> str:  # noqa: FBT001 - the value is what is said
    return "yes" if value else "no"


def kept(days: int) -> str:
    """Return how long a destination keeps what it gets."""
    return "nothing" if days == 0 else f"{days} day{'' if days == 1 else 's'}"


def euros(micro: int | None) -> str:
    """Return a sum of micro-euro as euro with two places; "not known" when it is not."""
    return "not known" if micro is None else f"{micro / 1_000_000:,.2f}"


def prices(price_in: int | None, price_out: int | None) -> str:
    """Return both prices in euro, or one "not known"."""
    return "not known" if price_in is None and price_out is None else f"{euros(price_in)} / {euros(price_out)}"


def plain(text: str) -> str:
    """Return a value of a record as people read it: words for its members, dates as they are said."""
    if WORD.fullmatch(text):
        return text.replace("_", " ")
    return ISO_DATE.sub(_spoken, text)


def _spoken(found: re.Match[str]) -> str:
    try:
        return spoken_day(date.fromisoformat(found[0]))
    except ValueError:  # looks like a date and is none
        return found[0]


NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number(value: int) -> str:
    """Return a small number as a word: "three"; a larger one in figures."""
    return NUMBERS[value] if 0 <= value < len(NUMBERS) else f"{value:,}"


def sentence(text: str) -> str:
    """Return `text` with a capital first letter and the rest as it is: "IT approver" stays so."""
    return text[:1].upper() + text[1:]
