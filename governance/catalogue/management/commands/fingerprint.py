"""Make the fingerprints of a source register, of a dataset's rows or of an evaluation set, and scan by them from now on."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance.catalogue import indexing
from governance.catalogue.selectors import dataset_named, register_titled
from governance.core.actors import INSTALLER
from governance.core.clock import now
from governance.core.errors import DomainError
from governance.core.wording import several


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        register = what.add_parser("register", help="files, folders, git repositories or bundles of a register")
        register.add_argument("title")
        register.add_argument("roots", type=Path, nargs="+", metavar="source")
        rows = what.add_parser("rows", help="the rows of a dataset, from CSV, JSON lines or Parquet")
        rows.add_argument("ref")
        rows.add_argument("file", type=Path)
        rows.add_argument("--columns", nargs="+", default=[])
        exam = what.add_parser("exam", help="the items of an evaluation set, from CSV, JSON lines or Parquet")
        exam.add_argument("name")
        exam.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            self.stdout.write(_DOERS[options["what"]](options))
        except DomainError as error:
            raise CommandError(f"{error.reason} {error.remedy}".strip()) from error


def _register(options: dict[str, Any]) -> str:
    row = register_titled(options["title"])
    row = indexing.index_register(register_id=row.pk, roots=options["roots"], by=INSTALLER, at=now())
    left = "".join(
        f", {number} left out ({why.replace('_', ' ')})" for why, number in sorted((row.left_out or {}).items())
    )
    return f"{row.title}: {several(row.files, 'file')}, {several(row.lines, 'line')}{left}."


def _rows(options: dict[str, Any]) -> str:
    dataset = dataset_named(options["ref"])
    indexing.register_rows(
        dataset_id=dataset.pk, file=options["file"], columns=options["columns"], by=INSTALLER, at=now()
    )
    return f"The rows of {dataset.title} are known in prompts from now on."


def _exam(options: dict[str, Any]) -> str:
    made = indexing.add_exam(name=options["name"], file=options["file"], by=INSTALLER, at=now())
    return f"{options['name']}: {several(made.items, 'item')}, {made.too_short} too short to be recognised."


_DOERS = {"register": _register, "rows": _rows, "exam": _exam}
