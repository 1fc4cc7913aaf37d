"""What pages, services and the areas above read of the catalogue."""

from governance.catalogue.selectors.datasets import (
    REGISTER_SORTS,
    SORTS,
    DatasetPage,
    DatasetRow,
    RegisterRow,
    built_in_dataset,
    dataset,
    dataset_named,
    dataset_names,
    datasets,
    register_by_id,
    register_titled,
    registers,
)
from governance.catalogue.selectors.exams import EXAM_SORTS, ExamPage, ExamRow, exam, exam_named, exams

__all__ = [
    "EXAM_SORTS",
    "REGISTER_SORTS",
    "SORTS",
    "DatasetPage",
    "DatasetRow",
    "ExamPage",
    "ExamRow",
    "RegisterRow",
    "built_in_dataset",
    "dataset",
    "dataset_named",
    "dataset_names",
    "datasets",
    "exam",
    "exam_named",
    "exams",
    "register_by_id",
    "register_titled",
    "registers",
]
