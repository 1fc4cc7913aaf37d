"""Excerpts of packages for the benchmark of registered source: which packages are ours, how excerpts are cut, and how they are changed."""

import hashlib
import json
import keyword
import re
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from governance.detection.fingerprints.folders import is_foreign
from governance.detection.fingerprints.public import spread_of
from governance.detection.fingerprints.tokens import quiet_of, tokens_of
from governance.detection.fingerprints.winnow import EXACT, exact_grams
from governance.detection.fingerprints.wordings import is_everybodys

MOST_FILES = 150  # of a package
_WORD = re.compile(r"\b[A-Za-z_]\w*\b")
_QUIET = re.compile(r"(\"\"\"|''').*?\1|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|#[^\n]*", re.DOTALL)


# Of one origin: what they share is a copy, not a mistake.
_RELATIVES = {
    "mypyc": "mypy",
    "grimp": "importlinter",
    "httpcore2": "httpcore",
    "httpx2": "httpx",
    "joserfc": "authlib",
}
_RELATIVES |= {"srsly": "yaml", "billiard": "celery", "rest_framework": "django", "allauth": "django"}
_RELATIVES |= {
    "kombu": "celery",
    "amqp": "celery",
    "vine": "celery",
    "setuptools": "numpy",
}  # numpy keeps a distutils of its own


def ours(name):
    name = _RELATIVES.get(name, name)
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 0


def packages():
    """Yield the folders of the installed packages that have at least ten Python files."""
    for folder in sorted(Path(sysconfig.get_path("purelib")).iterdir()):
        if folder.is_dir() and not folder.name.endswith(".dist-info") and len(list(folder.rglob("*.py"))) >= 10:
            yield folder


def renamed(text, pick):
    """Give every name another one, the same for the same; texts and remarks stay."""
    names = {}

    def other(match):
        word = match[0]
        if keyword.iskeyword(word):
            return word
        return names.setdefault(word, f"{pick.choice('abcdefghkmnprstvwz')}{pick.randrange(10**6):06d}")

    out, place = [], 0
    for quiet in _QUIET.finditer(text):
        out += [_WORD.sub(other, text[place : quiet.start()]), quiet[0]]
        place = quiet.end()
    return "".join([*out, _WORD.sub(other, text[place:])])


def edited(text, pick):
    """Change 15 % of the lines: one in three of those goes, one is doubled with a change, one gets another name."""
    lines = []
    for line in text.split("\n"):
        change = pick.random()
        if change < 0.05:
            continue
        if change < 0.10:
            lines.append(f"{line[: len(line) - len(line.lstrip())]}checked_{pick.randrange(99)} = True")
        swapped = 0.10 <= change < 0.15 and _WORD.findall(line)
        lines.append(line.replace(pick.choice(swapped), f"changed_{pick.randrange(999)}", 1) if swapped else line)
    return "\n".join(lines)


def excerpt_renamed(path, first, text, pick):
    """Rename the whole file, then cut: what stands in a text that began before the excerpt is then no name."""
    lines = renamed(path.read_text("utf-8", "replace"), pick).split("\n")
    return "\n".join(lines[first - 1 : first + text.count("\n")])


TRANSFORMATIONS = {
    "verbatim": lambda _path, _first, text, _pick: text,
    "JSON-escaped": lambda _path, _first, text, _pick: json.dumps({"code": text}),
    "renamed": lambda _path, _first, text, pick: renamed(text, pick),
    "renamed, then cut": excerpt_renamed,
    "edited 15 %": lambda _path, _first, text, pick: edited(text, pick),
}


def snippets(folders, length, count, pick):
    """Yield (file, first line, text) of `length` lines with at least half of them not empty; no package counts for more than 150 files."""
    files = []
    for folder in folders:
        own = [path for path in sorted(folder.rglob("*.py")) if not is_foreign(path.relative_to(folder).as_posix())]
        files += pick.sample(own, min(len(own), MOST_FILES))
    while count:
        path = pick.choice(files)
        lines = path.read_text("utf-8", "replace").split("\n")
        if len(lines) <= length:
            continue
        first = pick.randrange(len(lines) - length)
        chosen = lines[first : first + length]
        if sum(bool(line.strip()) for line in chosen) * 2 >= length:
            count -= 1
            yield path, first + 1, "\n".join(chosen)


@dataclass(frozen=True)
class Sides:
    """Packages by side: `registered` are ours, `excerpted` those of them that recall is measured on."""

    registered: list[Path]
    excerpted: list[Path]
    strangers: list[Path]

    def file_of(self, finding):
        """Return the registered file that a finding is traced to."""
        package, _, name = finding.subtype.split(":")[1].partition("/")
        return next(folder for folder in self.registered if folder.name == package) / name


def sides_of(fresh):
    installed = list(packages())
    own = [folder for folder in installed if ours(folder.name)]
    if fresh is None:
        return Sides(own, own, [folder for folder in installed if not ours(folder.name)])
    folders = sorted(folder for folder in fresh.iterdir() if folder.is_dir())
    chosen = [folder for folder in folders if hashlib.sha256(folder.name.encode()).digest()[0] % 3 == 0]
    return Sides(own + chosen, chosen, [folder for folder in folders if folder not in chosen])


def cut_inside_text(path, first, text):
    """Say whether the excerpt begins or ends inside a quoted text: whoever renames it alone takes the words of that for names."""
    raw = path.read_bytes()
    quiet = quiet_of(raw)
    lines = raw.split(b"\n")
    begin = sum(len(line) + 1 for line in lines[: first - 1])
    end = begin + sum(len(line) + 1 for line in lines[first - 1 : first + text.count("\n")])
    return any(bool(((quiet.starts < at) & (at < quiet.ends) & quiet.quoted).any()) for at in (begin, end))


def is_nobodys(text, public):
    """Say whether an excerpt is nobody's own text: a licence, or for more than half on the list of public text."""
    raw = text.encode()
    hashes = exact_grams(tokens_of(raw)).hashes
    return is_everybodys(raw) or 2 * int(public.holds(hashes, spread_of(EXACT)).sum()) > len(hashes)
