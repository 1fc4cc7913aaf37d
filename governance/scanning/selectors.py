"""What is enforced, what was found, which mistakes wait for an answer."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from governance.core.errors import Invalid, NotFound, Unavailable
from governance.core.paging import Page, page_window
from governance.core.verdict import Allowed, Verdict, require
from governance.detection.default_policy import DEFAULT_REPLY_POLICY
from governance.detection.policy import Policy
from governance.detection.recognisers import MARKING
from governance.detection.ruleset import Ruleset as Detectors
from governance.organisation.permissions import Standing, may
from governance.organisation.selectors import paths_for, root_unit, within
from governance.scanning.comparing import behind
from governance.scanning.models import ActOnHold, Finding, Hold, MistakeReport, Recogniser, Ruleset
from governance.scanning.rules import HoldAct, HoldState, RulesetMode, is_held, may_enforce, may_run

READ_RULESET = "scanning:ruleset:read"
EDIT_RULESET, ENFORCE_RULESET = "scanning:ruleset:edit", "scanning:ruleset:enforce"
READ_RECOGNISER, EDIT_RECOGNISER = "scanning:recogniser:read", "scanning:recogniser:edit"
NEWEST_SEEN = 10
RECOGNISER_SORTS = {
    "title": ("title", "id"),
    "-title": ("-title", "-id"),
    "changed": ("changed_at", "id"),
    "-changed": ("-changed_at", "-id"),
}


@dataclass(frozen=True, slots=True)
class Enforced:
    """The ruleset in force: `digest` names all parts, `detectors.digest` the part a worker must have loaded.

    `policy` is for what leaves, `replies` for what comes back.
    """

    version: int
    digest: str
    detectors: Detectors
    policy: Policy
    replies: Policy


@dataclass(frozen=True, slots=True)
class FindingRow:
    """`place` names the field of the request or record; `start` and `end` are code points in it.

    `would_be` is what the rule would do were it not only observed, "" where it does.
    """

    id: UUID
    type: str
    subtype: str
    detector: str
    place: str
    start: int
    end: int
    score: float
    view: str
    action: str
    way: str
    rule: str
    sentence: str
    would_be: str


@dataclass(frozen=True, slots=True)
class MistakeRow:
    id: UUID
    finding: FindingRow
    subject: str
    reported_by: str
    unit: str
    comment: str
    reported_at: datetime
    due_at: datetime
    answered_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class HoldRow:
    id: UUID
    subject: str
    unit: str
    reason: str
    held_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class HoldCopy:
    """Where the sealed copy of something held lies, and how it stands."""

    id: UUID
    state: HoldState
    storage_ref: str
    held_at: datetime
    expires_at: datetime

    def is_open(self, at: datetime) -> bool:
        return is_held(state=self.state, expires_at=self.expires_at, at=at)


@dataclass(frozen=True, slots=True)
class ActRow:
    person: str
    kind: HoldAct
    reason: str
    at: datetime
    person_id: UUID


def enforced_ruleset() -> Enforced | None:
    """Return the ruleset in force; None before the installation has one."""
    row = Ruleset.objects.filter(mode=RulesetMode.ENFORCE).first()
    return enforced_of(row.version, row.digest, row.body) if row else None


def enforced_of(version: int, digest: str, body: dict[str, Any]) -> Enforced:
    replies = Policy.of(body["replies"]) if "replies" in body else DEFAULT_REPLY_POLICY
    return Enforced(version, digest, Detectors.of(body["detection"]), Policy.of(body["policy"]), replies)


@dataclass(frozen=True, slots=True)
class RulesetRow:
    """One version. `made_by` and `enforced_by` are names, "" where nobody wrote them down; `body` is as in the model."""

    version: int
    digest: str
    mode: RulesetMode
    made_at: datetime
    made_by: str
    enforced_at: datetime | None
    enforced_by: str
    body: dict[str, Any]
    maker: UUID | None = None

    @classmethod
    def of(cls, row: Ruleset) -> "RulesetRow":
        told = (row.made_at, row.made_by, row.enforced_at, row.enforced_by, row.body, row.maker_id)
        return cls(row.version, row.digest, RulesetMode(row.mode), *told)


def rulesets(*, standing: Standing, page: int = 1, size: int = 50) -> Page[RulesetRow]:
    """Return one page of the versions, the newest first."""
    require(may(standing, READ_RULESET, None))
    start, end = page_window(page, size)
    rows = [RulesetRow.of(row) for row in Ruleset.objects.order_by("-version")[start:end]]
    return Page(rows, Ruleset.objects.count(), max(page, 1), end - start)


def ruleset(version: int, *, standing: Standing) -> RulesetRow:
    """Return one version. Raises NotFound, "no_such_ruleset"."""
    require(may(standing, READ_RULESET, None))
    row = Ruleset.objects.filter(version=version).first()
    if row is None:
        raise NotFound("no_such_ruleset", "There is no such version of the ruleset.")
    return RulesetRow.of(row)


def ruleset_in_force() -> RulesetRow:
    """Return the version in force. Raises Unavailable, "ruleset_missing"."""
    row = Ruleset.objects.filter(mode=RulesetMode.ENFORCE).first()
    if row is None:
        raise Unavailable("ruleset_missing", "No ruleset is in force.")
    return RulesetRow.of(row)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the reader may do with a version: the verdicts say why not. `edits` is whether they make versions at all."""

    edits: bool
    shadow: Verdict
    enforce: Verdict
    behind: tuple[str, ...]


def choices_for(row: RulesetRow, *, standing: Standing) -> Choices:
    """Return what the reader may do with a version of the ruleset."""
    root = root_unit()
    path, missing = (root.path if root else None), tuple(behind(row.body, ruleset_in_force().body))
    runs = may_run(row.mode, behind=missing)
    edit, enforce = may(standing, EDIT_RULESET, path), may(standing, ENFORCE_RULESET, path)
    return Choices(
        edits=bool(edit),
        shadow=_first_no(edit, runs),
        enforce=_first_no(enforce, runs, may_enforce(person=standing.person, maker=row.maker)),
        behind=missing,
    )


def _first_no(*verdicts: Verdict) -> Verdict:
    return next((verdict for verdict in verdicts if not verdict), Allowed())


def ruleset_of(digest: str) -> RulesetRow | None:
    """Return the version with this digest: the one that a scan of the past was decided under; None when nobody knows it."""
    row = Ruleset.objects.filter(digest=digest).first()
    return RulesetRow.of(row) if row else None


def policy_of(digest: str) -> Policy:
    """Return what the version with this digest decides. Raises Unavailable, "ruleset_missing"."""
    row = Ruleset.objects.filter(digest=digest).first()
    if row is None:
        raise Unavailable("ruleset_missing", "The ruleset of this scan is not known here.")
    return Policy.of(row.body["policy"])


@dataclass(frozen=True, slots=True)
class RecogniserRow:
    """`definition` is detection.recognisers.Recogniser as a dict; who may not change it sees none of its words in there."""

    id: UUID
    ref: str
    title: str
    definition: dict[str, Any]
    word_count: int
    pattern_count: int
    version: int
    is_on: bool
    owner: str
    changed_at: datetime

    @classmethod
    def of(cls, row: Recogniser, *, with_words: bool) -> "RecogniserRow":
        owner, said = row.owner.name if row.owner else "the installation", row.definition
        shown = said if with_words else said | {"deny": [], "patterns": [], "context": [], "example": ""}
        counts = len(said["deny"]), len(said["patterns"])
        return cls(row.pk, row.ref, row.title, shown, *counts, row.version, row.is_on, owner, row.changed_at)


def recognisers(
    *,
    standing: Standing,
    search: str = "",
    markings: bool | None = None,
    sort: str = "title",
    page: int = 1,
    size: int = 50,
) -> Page[RecogniserRow]:
    """Return one page of what the organisation looks for on its own: only its markings, none of them, or (None) all. Raises Invalid, "unknown_sort"."""
    require(may(standing, READ_RECOGNISER, None))
    if sort not in RECOGNISER_SORTS:
        raise Invalid("unknown_sort", f"Sort by one of: {', '.join(RECOGNISER_SORTS)}.", field="sort")
    found = Recogniser.objects.filter(title__icontains=search)
    if markings is not None:
        found = found.filter(definition__type=MARKING) if markings else found.exclude(definition__type=MARKING)
    start, end = page_window(page, size)
    rows = found.select_related("owner").order_by(*RECOGNISER_SORTS[sort])[start:end]
    may_see = sees_words(standing)
    told = [RecogniserRow.of(row, with_words=may_see) for row in rows]
    return Page(told, found.count(), max(page, 1), end - start)


@dataclass(frozen=True, slots=True)
class Seen:
    """How often something was found, where the reader may know of it, and the newest scans of it: {subject: when}."""

    findings: int = 0
    newest: dict[str, datetime] = field(default_factory=dict)


def seen_markings(subtypes: Collection[str], *, standing: Standing) -> dict[str, Seen]:
    """Return what was seen of markings, by the subtypes of their findings; one never seen is left out."""
    inside = within(paths_for(standing, READ_RECOGNISER), "scan__unit__path")
    found = Finding.objects.filter(inside, type=MARKING, subtype__in=subtypes).order_by()
    counts = dict(found.values_list("subtype").annotate(Count("id")))
    return {subtype: Seen(number, _newest(found, subtype)) for subtype, number in counts.items()}


def _newest(found: QuerySet[Finding], subtype: str) -> dict[str, datetime]:
    rows = found.filter(subtype=subtype).values_list("scan__subject", "scan__at").order_by("-scan__at", "-id")
    return dict(rows[:NEWEST_SEEN])


def sees_words(standing: Standing) -> bool:
    """Say whether the reader may change recognisers, and so see what they look for: the words may be what must not leave."""
    root = root_unit()
    return bool(may(standing, EDIT_RECOGNISER, root.path if root else None))


def recogniser(ref: str, *, standing: Standing) -> RecogniserRow:
    """Return one recogniser by its name. Raises NotFound, "no_such_recogniser"."""
    require(may(standing, READ_RECOGNISER, None))
    row = Recogniser.objects.select_related("owner").filter(ref=ref).first()
    if row is None:
        raise NotFound("no_such_recogniser", "There is no such recogniser.")
    return RecogniserRow.of(row, with_words=sees_words(standing))


def detectors_wanted() -> list[Detectors]:
    """Return the detectors a worker must have loaded now: those in force, then those of a version in shadow; [] while there are none."""
    rows = {row.mode: row.body for row in Ruleset.objects.filter(mode__in=[RulesetMode.ENFORCE, RulesetMode.SHADOW])}
    if RulesetMode.ENFORCE not in rows:
        return []
    return [Detectors.of(rows[mode]["detection"]) for mode in (RulesetMode.ENFORCE, RulesetMode.SHADOW) if mode in rows]


def findings_of(scan_id: UUID) -> list[FindingRow]:
    """Return what a scan found, in the order of the text."""
    return [_finding_row(row) for row in Finding.objects.filter(scan_id=scan_id).order_by("path", "start", "id")]


def mistakes_open(standing: Standing) -> list[MistakeRow]:
    """Return the reports that wait for the reader's answer, the most urgent first."""
    return [_mistake(row) for row in _mistakes(standing).filter(answered_at=None).order_by("due_at", "pk")]


def mistake(report_id: UUID, *, standing: Standing) -> MistakeRow:
    """Return one report, answered or not.

    Raises:
        NotFound: `no_such_report`, also when it is not the reader's to answer.
    """
    found = _mistakes(standing).filter(pk=report_id).first()
    if found is None:
        raise NotFound("no_such_report", "There is no such report, or it is not yours to answer.")
    return _mistake(found)


def _mistakes(standing: Standing) -> QuerySet[MistakeReport]:
    inside = within(paths_for(standing, "scanning:mistake:answer"), "unit__path")
    return MistakeReport.objects.filter(inside).select_related("finding__scan", "reported_by", "unit")


def _mistake(row: MistakeReport) -> MistakeRow:
    return MistakeRow(
        id=row.pk,
        finding=_finding_row(row.finding),
        subject=row.finding.scan.subject,
        reported_by=row.reported_by.name,
        unit=row.unit.name,
        comment=row.comment,
        reported_at=row.reported_at,
        due_at=row.due_at,
        answered_at=row.answered_at,
        answer=row.answer,
    )


def holds_open(standing: Standing) -> list[HoldRow]:
    """Return what is held and the reader may know of, the oldest first."""
    inside = within(paths_for(standing, "scanning:hold:read"), "unit__path")
    holds = Hold.objects.filter(inside, state=HoldState.HELD).select_related("unit").order_by("held_at", "pk")
    return [
        HoldRow(hold.pk, hold.subject, hold.unit.name, hold.reason, hold.held_at, hold.expires_at) for hold in holds
    ]


def work_count(*, standing: Standing, at: datetime) -> int:
    """Return how many reports and held requests wait for the reader, in one query: not those they would have released already."""
    inside = within(paths_for(standing, "scanning:hold:release"), "unit__path")
    theirs = ActOnHold.objects.filter(kind=HoldAct.RELEASE, person_id=standing.person).values("hold_id")
    holds = Hold.objects.filter(inside, state=HoldState.HELD, expires_at__gt=at).exclude(pk__in=theirs)
    reports = _mistakes(standing).select_related(None).filter(answered_at=None)
    return reports.order_by().values("pk").union(holds.order_by().values("pk"), all=True).count()


def hold_of(subject: str) -> HoldCopy | None:
    """Return what is held under `subject`, None when nothing ever was. Whoever calls asks who may see it."""
    hold = Hold.objects.filter(subject=subject).first()
    if hold is None:
        return None
    return HoldCopy(hold.pk, HoldState(hold.state), hold.storage_ref, hold.held_at, hold.expires_at)


def acts_on(hold_id: UUID) -> list[ActRow]:
    """Return what people did about something held, in order."""
    acts = ActOnHold.objects.filter(hold_id=hold_id).select_related("person").order_by("at", "id")
    return [ActRow(act.person.name, HoldAct(act.kind), act.reason, act.at, act.person_id) for act in acts]


def _finding_row(row: Finding) -> FindingRow:
    return FindingRow(
        id=row.pk,
        type=row.type,
        subtype=row.subtype,
        detector=row.detector,
        place=row.path,
        start=row.start,
        end=row.end,
        score=row.score,
        view=row.view,
        action=row.action,
        way=row.way,
        rule=row.rule,
        sentence=row.sentence,
        would_be=row.would_be,
    )
