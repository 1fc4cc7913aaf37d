"""Tables that can be taken along as CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from governance.audit.formats import table_as_csv


@dataclass(frozen=True, slots=True)
class Table:
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


def wanted_table(request: HttpRequest, tables: Mapping[str, Table]) -> HttpResponse | None:
    """Return the table that the address asks for as `csv=NAME`, None when it asks for none of these."""
    name = request.GET.get("csv", "")
    if name not in tables:
        return None
    written = b"".join(table_as_csv(tables[name].columns, tables[name].rows))
    answer = HttpResponse(written, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="remit-{name.replace("_", "-")}.csv"'
    return answer
