"""What pages, services and the areas above read of remits."""

from governance.remits.selectors.allocations import (
    AllocationPage,
    AllocationRow,
    DatasetUse,
    EntryRow,
    allocation,
    allocations,
    allocations_to_decide,
    dataset_use,
)
from governance.remits.selectors.exams import (
    CheckRow,
    MeasuredBy,
    checks_of_exam,
    checks_of_sets,
    evidence_of,
    exam_facts,
    exams_of,
    exams_seen,
)
from governance.remits.selectors.grants import GrantRow, conditions_of, grant, grants_of, usable_grants
from governance.remits.selectors.options import OptionRow, OptionStage, options
from governance.remits.selectors.overlaps import SimilarRow, similar_initiatives
from governance.remits.selectors.pages import RemitPage, RemitRow, remit_page, remits_of
from governance.remits.selectors.patterns import PatternRow, SampleRow, pattern, patterns, sample, samples_waiting
from governance.remits.selectors.recertifications import (
    RecertificationRow,
    identical,
    recertifications,
    recertifications_page,
    recertifications_waiting,
)

__all__ = [
    "AllocationPage",
    "AllocationRow",
    "CheckRow",
    "DatasetUse",
    "EntryRow",
    "GrantRow",
    "MeasuredBy",
    "OptionRow",
    "OptionStage",
    "PatternRow",
    "RecertificationRow",
    "RemitPage",
    "RemitRow",
    "SampleRow",
    "SimilarRow",
    "allocation",
    "allocations",
    "allocations_to_decide",
    "checks_of_exam",
    "checks_of_sets",
    "conditions_of",
    "dataset_use",
    "evidence_of",
    "exam_facts",
    "exams_of",
    "exams_seen",
    "grant",
    "grants_of",
    "identical",
    "options",
    "pattern",
    "patterns",
    "recertifications",
    "recertifications_page",
    "recertifications_waiting",
    "remit_page",
    "remits_of",
    "sample",
    "samples_waiting",
    "similar_initiatives",
    "usable_grants",
]
