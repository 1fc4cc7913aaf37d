"""Text nobody wrote: prompts that are all different, and the inputs that are worst for somebody."""

import random
from collections.abc import Iterator

_POOL = """\
claim letter window broken invoice paid storm roof answer clerk ticket order server error test review rule date amount customer
contract office printer meeting minutes table column query index cache commit branch patch garden chair report
/ Anna Bruno Carla Dmitri Elena Farid Greta Hiro Ines Jonas Katya Liam Mara Nils Olga Pedro
/ Abel Brandt Costa Dietz Eriksen Fischer Garcia Hansen Ivanov Jensen Keller Lopez Moreau Novak
/ Berlin Lyon Porto Turin Leeds Ghent Basel Malmo Krakow Boston Austin Denver
"""
_WORDS, _FIRST, _LAST, _PLACES = (words.split() for words in _POOL.split("/"))
_CODE = """\
def {0}_{n}(self, {1}, *, limit={n}):
    # the {2} of every {3}
    found = [{2}["{0}"] for {2} in {1} if {2}.status != "{3}" and len({2}) > {n}]
    if not found:
        raise ValueError(f"{3}: {{limit}}")
    return self._{0}.join(found[:limit])
"""
_LOG = "2025-03-11T10:14:{s:02d}.402Z INFO  c.e.{0}.Worker - job {n:08x} took {n} ms, {1} queue depth {s}\n"

# Repeated to any size: what a detector, or the reading before it, may find hard.
HOSTILE = {
    "dots": "a.",
    "digits apart": "1 ",
    "assignments": "password=",
    "an assignment to assignments": 'token: "',
    "openings of keys": "-----BEGIN PRIVATE KEY-----\n",
    "letters of base64": "QUJD",
    "one letter": "a",
    "at signs": "@",
    "addresses": "a@b.",
    "streets": "Street 1 ",
    "people": "Anna Brandt, ",
    "percent signs": "%25",
    "entities": "&amp;",
    "backslashes": "\\",
    "escaped letters": "\\u0041",
    "numbers of letters": "0x41, ",
    "marks": "e\u0301",
    "invisible letters": "a\u200b",
    "long ligatures": "\ufdfa",
    "quotes": "'",
    "block quotes": '"""',
    "brackets": "({[",
    "openings of remarks": "/*",
    "tags": "<a b=",
    "lines": "\n",
    "card numbers": "4111 1111 1111 1111 ",
    "slashes": "https://a/",
}


def hostile(unit: str, size: int) -> str:
    """Return `size` characters of it, the last of them as it comes."""
    return (unit * (size // len(unit) + 1))[:size]


def prompts(size: int, count: int, *, seed: int) -> Iterator[str]:
    """Yield prompts of about `size` characters, no two alike: minutes and letters, code, logs, some people and telephones."""
    pick = random.Random(seed)
    for _ in range(count):
        parts, length = [], 0
        while length < size:
            parts.append(pick.choice((_sentence, _sentence, _code, _log))(pick))
            length += len(parts[-1])
        yield "".join(parts)[:size]


def _sentence(pick: random.Random) -> str:
    words = " ".join(pick.choices(_WORDS, k=30))
    who = f"{pick.choice(_FIRST)} {pick.choice(_LAST)}"
    number = f"+49 30 {pick.randrange(10**6):06d}"
    return (
        f"{who} from {pick.choice(_PLACES)} wrote: {words}. Call {number} or ask again about {pick.choice(_WORDS)}.\n"
    )


def _code(pick: random.Random) -> str:
    return _CODE.format(*pick.choices(_WORDS, k=4), n=pick.randrange(10_000))


def _log(pick: random.Random) -> str:
    return "".join(
        _LOG.format(*pick.choices(_WORDS, k=2), n=pick.randrange(10**6), s=pick.randrange(60)) for _ in range(4)
    )
