"""What a reader may choose from where a list is narrowed by something that has a name: offered when they come to the field."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join

from governance.catalogue.selectors import dataset_names
from governance.core.errors import NotFound
from governance.destinations.selectors import destination_names
from governance.initiatives.selectors import initiative_names
from governance.organisation.permissions import Standing
from governance.organisation.selectors import unit_names
from governance.web.frame.access import signed_in, standing
from governance.web.frame.lists import Names

MOST = 200  # of an organisation that has more, the others are typed

NAMED: dict[Names, Callable[[Standing], list[tuple[str, str]]]] = {
    "initiatives": lambda reader: initiative_names(reader, most=MOST),
    "destinations": lambda reader: destination_names(reader, most=MOST),
    "datasets": lambda reader: dataset_names(reader, most=MOST),
    "units": lambda reader: unit_names(most=MOST) if reader.active else [],
}


@signed_in
def names(request: HttpRequest, kind: Names) -> HttpResponse:
    """Answer the choices of one kind that the reader may see, as options, for a field to offer. Raises NotFound: "no_such_kind"."""
    if kind not in NAMED:
        raise NotFound("no_such_kind", f"Nothing of the kind {kind} has names here.")
    return HttpResponse(format_html_join("\n", '<option value="{}">{}</option>', NAMED[kind](standing(request))))
