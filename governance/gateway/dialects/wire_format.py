"""A provider's interface as a whole: where it is called, how errors look, how it is given its key, and what becomes of each path. Pure."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from governance.core.errors import DomainError
from governance.destinations.rules import Dialect
from governance.gateway.dialects.batches import Batch
from governance.gateway.dialects.framing import Frame
from governance.gateway.dialects.kept import KeptForm
from governance.gateway.dialects.surface import Surface

ANY = "ANY"
BATCH_ID = "{batch}"
FILE_ID = "{file}"
KEPT_ID = "{kept}"
PARTS_ID = "{upload}"
NAMED_ID = "{named}"


class Treatment(StrEnum):
    """What the gateway does with a call."""

    SCANNED = "scanned"
    ANSWERED = "answered"  # from Remit's own records, which `Route.lists` names; nothing is sent
    REFUSED = "refused"  # it could be understood, but not checked
    UNSUPPORTED = "unsupported"  # nobody has taught the gateway to read it yet


class Listed(StrEnum):
    """What the gateway answers itself, from what Remit has: a list, or one of what is listed; and what is only handed to it."""

    MODELS = "models"
    BATCHES = "batches"
    FILES = "files"
    FILE = "file"
    JOBS = "jobs"
    UPLOAD = "upload"
    HANDED = "handed"
    UPLOADS = "uploads"
    UPLOADED = "uploaded"
    DELETED = "deleted"
    BYTES = "bytes"
    CACHED = "cached"
    RENEWED = "renewed"
    PARTS_BEGUN = "parts_begun"
    PART = "part"
    PARTS_WHOLE = "parts_whole"
    PARTS_ENDED = "parts_ended"


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the table of paths.

    `path` follows the base of its format. In it `{model}` stands for the name of a model, `{batch}` for our id of a batch,
    `{file}` for that of a training set, `{kept}`, `{named}` and `{upload}` for that of a file that was handed over, and `{rest}` for anything at all; `method` may be ANY. `alt` is the value of the query's `alt` it is for. `provider_path` is added to a destination's base URL. `pages`: limit and after of the query go along.
    `keeps` is how what lies here is spoken of.
    `why` and `remedy` are sentences for whoever calls a path that is not scanned.
    """

    method: str
    path: str
    title: str
    treatment: Treatment
    surface: Surface | None = None
    provider_path: str = ""
    alt: str = ""
    why: str = ""
    remedy: str = ""
    lists: Listed | None = None
    pages: bool = False
    keeps: KeptForm | None = None


# From the provider's key, None for one that needs none, and a way to look up what the caller sent.
ProviderHeaders = Callable[[str | None, Callable[[str], str]], Mapping[str, str]]


class ListBatches(Protocol):
    def __call__(self, rows: Sequence[Mapping[str, Any]], *, more: bool) -> dict[str, Any]: ...


class BodyOf(Protocol):
    def __call__(self, error: DomainError, *, request_id: str, link: str = "") -> dict[str, Any]:
        """Return an error in the provider's own shape, as a reply and as the last frame of a stream."""


@dataclass(frozen=True, slots=True)
class WireFormat:
    """`base` is what a builder's base URL ends in, `/openai/v1`. `error_event` names the event an error in a stream is.

    `provider_headers` are all that a provider gets besides the body. `listing` writes (name, destination) pairs, `batch_listing`
    a page of batches and whether there are more.
    """

    dialect: Dialect
    title: str
    base: str
    routes: tuple[Route, ...]
    error_body: BodyOf
    provider_headers: ProviderHeaders
    listing: Callable[[Sequence[tuple[str, str]], datetime], dict[str, Any]]
    error_event: str = ""
    batch_listing: ListBatches | None = None
    batch: Batch | None = None

    def error_reply(self, error: DomainError, *, request_id: str, link: str = "") -> bytes:
        return json.dumps(self.error_body(error, request_id=request_id, link=link), ensure_ascii=False).encode()

    def error_frame(self, error: DomainError, *, request_id: str, link: str = "") -> Frame:
        """Return the frame that ends a stream early."""
        return Frame(self.error_event, self.error_reply(error, request_id=request_id, link=link))


def scanned(method: str, path: str, title: str, surface: Surface, provider_path: str = "", *, alt: str = "") -> Route:
    return Route(method, path, title, Treatment.SCANNED, surface, provider_path or path, alt)


def lists_models(path: str) -> Route:
    return Route("GET", path, "List of models", Treatment.ANSWERED, lists=Listed.MODELS)


def lists_batches(path: str) -> Route:
    return Route("GET", path, "List of batches", Treatment.ANSWERED, lists=Listed.BATCHES)


def lists_files(path: str) -> Route:
    return Route("GET", path, "List of files", Treatment.ANSWERED, lists=Listed.FILES)


def lists_jobs(path: str) -> Route:
    return Route("GET", path, "List of fine-tuning jobs", Treatment.ANSWERED, lists=Listed.JOBS)


def tells_file(path: str) -> Route:
    return Route("GET", path, "How a file for fine-tuning stands", Treatment.ANSWERED, lists=Listed.FILE)


def keeps_files(method: str, path: str, title: str, lists: Listed, keeps: KeptForm | None = None) -> Route:
    return Route(method, path, title, Treatment.ANSWERED, lists=lists, keeps=keeps)


def refused(path: str, title: str, why: str, remedy: str, *, method: str = ANY) -> Route:
    return Route(method, path, title, Treatment.REFUSED, why=why, remedy=remedy)


def unsupported(path: str, title: str, remedy: str, *, method: str = ANY) -> Route:
    why = "The gateway cannot read this kind of call yet, and what it cannot read it does not send."
    return Route(method, path, title, Treatment.UNSUPPORTED, why=why, remedy=remedy)


def bearer(secret: str | None, _sent: Callable[[str], str]) -> Mapping[str, str]:
    return {} if secret is None else {"authorization": f"Bearer {secret}"}
