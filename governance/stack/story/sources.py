"""What of Alder Mutual's own the scan recognises: the code of its prices, a manual, the rows of a dataset. All of it is made up."""

import csv
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from governance.catalogue.indexing import index_register, register_rows
from governance.catalogue.models import Dataset, SourceRegister
from governance.stack.story.cast import Cast
from governance.stack.story.own_texts import CORRESPONDENCE, ROWS, SOURCES

KEEPER, STEWARD, DAY = "dana", "stefan", 18


def index_our_own(cast: Cast) -> None:
    """Index the registers but the newest, and know the rows of one dataset. The files are gone afterwards; fingerprints stay."""
    by, at = cast.actor(KEEPER), cast.calendar.day(DAY)
    with TemporaryDirectory(prefix="remit-demo-") as made:
        for title, files in SOURCES.items():
            folder = _laid_out(Path(made) / title, files)
            register = SourceRegister.objects.get(title=title)
            index_register(register_id=register.pk, roots=[folder], by=by, at=at)
        rows = Path(made) / "rows.csv"
        with rows.open("w", newline="") as file:
            csv.writer(file).writerows(ROWS)
        dataset = Dataset.objects.get(ref=CORRESPONDENCE)
        register_rows(dataset_id=dataset.pk, file=rows, columns=ROWS[0], by=cast.actor(STEWARD), at=at)


def _laid_out(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, held in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(held if isinstance(held, bytes) else held.encode())
    return folder
