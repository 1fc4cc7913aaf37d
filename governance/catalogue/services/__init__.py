"""Writes of the catalogue, by what they are about."""

from governance.catalogue.services.datasets import (
    DatasetChanges,
    add_dataset,
    close_rows,
    edit_dataset,
    ensure_built_in,
    follow_dissolution,
    retire_dataset,
)
from governance.catalogue.services.exams import (
    add_exam,
    close_exam,
    close_reading,
    give_up_reading,
    receive_items,
    refuse_items,
    retire_exam,
)
from governance.catalogue.services.registers import add_register, close_indexing, retire_register

__all__ = [
    "DatasetChanges",
    "add_dataset",
    "add_exam",
    "add_register",
    "close_exam",
    "close_indexing",
    "close_reading",
    "close_rows",
    "edit_dataset",
    "ensure_built_in",
    "follow_dissolution",
    "give_up_reading",
    "receive_items",
    "refuse_items",
    "retire_dataset",
    "retire_exam",
    "retire_register",
]
