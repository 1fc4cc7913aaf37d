"""What is sent is what was scanned, however the body was written: no other reader of the bytes sees a text that the scanner did not.

`./dev test -m long tests/pure/gateway/test_same_bytes.py` makes 20,000 bodies and prints how many were taken.
"""

import json
import random

import pytest

from governance.core import strict_json
from governance.core.errors import DomainError
from governance.gateway.dialects.openai.chat import CHAT
from governance.gateway.dialects.prompt import Prompt

SEED = 20261126
COUNTS = [pytest.param(300, id="short"), pytest.param(20_000, marks=pytest.mark.long, id="long")]
LEAST_TAKEN = 0.5
ODD = '"\\/\b\f\n\r\t\u007f\u00e9\u0130\u200b\u202e\u2028\ufeff\ufffd\U0001f600\U000e0041'
REFUSED = "\u0000\ud800\udc00"
NAMES = ["role", "content", "model", "messages", "Content", "cont\u0435nt", "content ", "", "__proto__"]


class Writer:
    """Writes JSON as no serialiser would: escapes, spaces, keys twice, numbers in odd forms, now and then broken."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice

    def text(self) -> str:
        size = self.dice.choice((0, 1, 3, 12, 40))
        letters = (*"plain words 12", *ODD, *(REFUSED if self.dice.random() < 0.02 else ""))
        return "".join(self.dice.choice(letters) for _ in range(size))

    def body(self) -> bytes:
        turns = [self._turn() for _ in range(self.dice.randint(1, 4))]
        pairs = [("model", "quill-1"), ("messages", turns)]
        if self.dice.random() < 0.5:
            pairs.append((self.dice.choice(["user"] * 8 + ["stop", "stream", "content"]), self.text()))
        if self.dice.random() < 0.3:
            pairs.append(("tools", [self._tool()]))
        self.dice.shuffle(pairs)
        written = self._object(pairs)
        return written.encode(self.dice.choice(["utf-8"] * 18 + ["utf-16", "utf-8-sig"]), "surrogatepass")

    def _turn(self) -> str:
        said = self._string(self.text())
        if self.dice.random() < 0.3:
            said = f"[{self._object([('type', 'text'), ('text', self.text())])}]"
        pairs = [("role", "user"), ("content", Raw(said))]
        if self.dice.random() < 0.03:
            pairs.append((self.dice.choice(NAMES), self.text()))
        return Raw(self._object(pairs))

    def _tool(self) -> str:
        names = [(self.text() or "x", Raw(self._object([("type", "string"), ("description", self.text())])))]
        schema = Raw(self._object([("type", "object"), ("properties", Raw(self._object(names)))]))
        made = Raw(self._object([("name", "look_up"), ("description", self.text()), ("parameters", schema)]))
        return Raw(self._object([("type", "function"), ("function", made)]))

    def _object(self, pairs) -> str:
        if self.dice.random() < 0.01:
            pairs = [*pairs, pairs[0]]
        return "{" + ",".join(f"{self._space()}{self._string(name)}:{self._value(each)}" for name, each in pairs) + "}"

    def _value(self, value) -> str:
        if isinstance(value, Raw):
            return value
        if isinstance(value, list):
            return "[" + ",".join(map(self._value, value)) + "]"
        return self._space() + self._string(value)

    def _string(self, text: str) -> str:
        return '"' + "".join(self._character(each) for each in text) + '"'

    def _character(self, character: str) -> str:
        if self.dice.random() < 0.2 or character in '"\\' or character < " ":
            units = character.encode("utf-16-be", "surrogatepass")
            code = "".join(f"\\u{int.from_bytes(units[at : at + 2]):04x}" for at in range(0, len(units), 2))
            return code.upper().replace("\\U", "\\u") if self.dice.random() < 0.5 else code
        return character

    def _space(self) -> str:
        return self.dice.choice(["", "", " ", "\t", "\r\n"])


class Raw(str):
    """JSON that is written already."""

    __slots__ = ()


def strings(tree):
    """Yield every text of a tree, keys too."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for name, value in tree.items():
            yield name
            yield from strings(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from strings(value)


@pytest.mark.parametrize("count", COUNTS)
def test_what_is_sent_is_what_was_scanned(count, capsys):
    writer, taken = Writer(random.Random(SEED)), 0
    plain = {"model", "messages", "role", "content", "type", "text", "user", "quill-1", "stop", "tools", "function"}
    plain |= {"name", "description", "parameters", "properties", "object", "string"}
    for _ in range(count):
        raw = writer.body()
        try:
            prompt = Prompt.of(CHAT, strict_json.loads(raw))
        except DomainError:
            continue
        taken += 1
        sent = json.loads(prompt.body)  # another reader, and a lenient one
        assert sent == json.loads(raw), raw
        assert set(strings(sent)) - {segment.text for segment in prompt.document.segments} <= plain, raw
    with capsys.disabled():
        print(f"\n{count} bodies, seed {SEED}: {taken} taken and sent as scanned, {count - taken} refused")
    assert taken > count * LEAST_TAKEN
