"""Have the documents of a prompt read by a worker before it is scanned, and refuse what nobody can read."""

import time
from collections.abc import Collection
from dataclasses import replace

from governance.core.errors import NotAllowed, TooLarge
from governance.detection.documents.kinds import Kind
from governance.detection.documents.pictures import only_draws
from governance.detection.documents.reading import Opaque, Reading
from governance.gateway.case import Case
from governance.gateway.decision import strictest
from governance.gateway.dialects.prompt import Prompt
from governance.gateway.dialects.shapes import Enclosed
from governance.gateway.gate import Gate
from governance.gateway.understand import Understood
from governance.scanning.payloads import File

MOST = 20  # each may keep a worker for seconds
WHY = {
    Opaque.PICTURES: (
        "pictures in which no words were read, or not all of them clearly.",
        "Take the pictures out, or send the text alone.",
    ),
    Opaque.READ_PICTURES: (
        "pictures. Their words can be read, and what is drawn besides cannot.",
        "Send the text alone, or ask who keeps the destination to let pictures pass whose words were read.",
    ),
    Opaque.ENCRYPTED: ("what is encrypted.", "Take the password off."),
    Opaque.PROGRAMS: ("macros or scripts.", "Save it without them, as PDF or as a plain DOCX."),
    Opaque.ATTACHMENTS: (
        "files in the file, or what an earlier version left in it.",
        "Print it to a new PDF, and send what was attached by itself.",
    ),
    Opaque.UNREADABLE: ("what cannot be told as text.", "Send its text."),
}


async def with_documents_read(asked: Understood, case: Case, gate: Gate) -> Understood:
    """Return what is asked with the words of its documents among the texts.

    Raises:
        TooLarge: `too_many_documents`.
        NotAllowed: `unscannable`, with what nobody can read in which of them.
        Unavailable: as Asking.read.
    """
    if not asked.prompt.enclosed:
        return asked
    if len(asked.prompt.enclosed) > MOST:
        raise TooLarge("too_many_documents", f"At most {MOST} documents are read at once.", remedy="Send fewer.")
    began = time.monotonic()
    unread = strictest(asked.target.offers).unread
    prompt = asked.prompt if Opaque.PICTURES in unread else asked.prompt.without_previews()
    readings = {each.digest: await _reading(each, unread, gate) for each in prompt.unread}
    case.timings["read"] = (time.monotonic() - began) * 1000
    prompt = prompt.with_readings(readings)
    case.places = prompt.places
    require_readable(prompt, unread)
    for each in prompt.enclosed:
        _require_only_drawn(each)
    return replace(asked, prompt=prompt)


async def _reading(each: Enclosed, unread: Collection[str], gate: Gate) -> Reading:
    """Have pictures read only where that decides something: it takes a worker for seconds, and a gigabyte."""
    reads = Opaque.READ_PICTURES in unread and Opaque.PICTURES not in unread
    if each.kind is Kind.PICTURE and not reads:
        return Reading(opaque={Opaque.PICTURES})
    return await gate.asking.read(File(each.kind, each.raw, pictures=reads and each.kind is not Kind.PICTURE))


def require_readable(prompt: Prompt, unread: Collection[str]) -> None:
    """Refuse what nobody can read, unless it is of a kind of `unread`.

    Raises:
        NotAllowed: `unscannable`.
    """
    for kind, place in prompt.opaque.items():
        if kind in unread:
            continue
        what, remedy = WHY[kind]
        because = f" ({prompt.because[kind]}.)" if kind in prompt.because else ""
        reason = f"{place} holds {what}{because} It cannot be scanned, so it is not sent. [opaque: {kind}]"
        raise NotAllowed("unscannable", reason, field=place, remedy=remedy)


def _require_only_drawn(each: Enclosed) -> None:
    """A picture that may go unread says nothing besides: its words would be neither scanned nor seen."""
    if each.kind is Kind.PICTURE and not only_draws(each.raw):
        raise NotAllowed(
            "picture_says_more",
            f"{each.place} is not a plain PNG, JPEG, GIF or WebP, or says more than is drawn: where, when or by whom it was taken.",
            field=each.place,
            remedy="Save the picture without its metadata.",
        )
