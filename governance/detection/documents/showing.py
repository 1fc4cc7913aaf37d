"""Which part of an Office file shows a picture: on which slide, sheet or in which header it is first named. Source: ECMA-376, part 2."""

import posixpath
import re
import zipfile

_RELATIONS = re.compile(r"(.*)/_rels/([^/]+)\.xml\.rels")
_TARGET = re.compile(rb'Target\s*=\s*["\']([^"\']+)["\']')
_PLAIN = re.compile(
    r"(document|header|footer|footnotes|slide|slideLayout|slideMaster|notesSlide|drawing|chart|sheet)(\d*)"
)
_NUMBER = re.compile(r"\d+")


def showing(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return what each picture is called by where it is shown, such as "slide12, picture", by the name of its file."""
    places: dict[str, str] = {}
    for name in sorted(archive.namelist(), key=_in_order):
        if relations := _RELATIONS.fullmatch(name):
            folder, part = relations[1], relations[2]
            for target in _TARGET.findall(archive.read(name)):
                shown = posixpath.normpath(posixpath.join(f"/{folder}", target.decode("utf-8", "replace")))
                places.setdefault(shown.lstrip("/"), _called(part))
    return places


def _called(part: str) -> str:
    """Return the place of a picture in words of ours: what a part is called may say something."""
    if part == "document":
        return "body, picture"
    return f"{part}, picture" if _PLAIN.fullmatch(part) else "picture"


def _in_order(name: str) -> list[tuple[int, str]]:
    """Return what puts slide10 behind slide9, and slides before the layouts that they share."""
    return [("Layout" in name or "Master" in name, ""), *((int(each), "") for each in _NUMBER.findall(name)), (0, name)]
