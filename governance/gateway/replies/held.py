"""An answer on its way back: its frames in order, each held until everything in it may be passed on. Pure.

An answer that is not streamed is one frame.
"""

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from governance.core import strict_json
from governance.gateway.confirming import AskedCall
from governance.gateway.dialects.framing import Frame
from governance.gateway.dialects.prompt import put
from governance.gateway.dialects.replies import Answers, Channel, Delta, Kind
from governance.gateway.dialects.shapes import PLAIN_NAME
from governance.gateway.replies.arguments import Arguments
from governance.gateway.replies.calls import Calls
from governance.gateway.replies.growing import Growing
from governance.gateway.replies.questions import Pace, Question, Readable

# What a format writes between its JSON, such as [DONE]: too short and too plain to be a text.
_WORD = re.compile(rb"\[?[A-Z]{0,16}\]?")


@dataclass(frozen=True, slots=True)
class _Slice:
    """Code points [start, end) of a text stand at the keys of `delta`."""

    delta: Delta
    of: Readable
    start: int
    end: int

    @property
    def is_clear(self) -> bool:
        return self.of.clear >= self.end

    def rewritten(self) -> str:
        return self.of.rewritten(self.start, self.end)


@dataclass(slots=True)
class _Held:
    frame: Frame
    tree: Any = None
    slices: tuple[_Slice, ...] = ()
    changed: bool = False
    calls: bool = False

    def rewritten(self) -> Frame:
        for each in self.slices:
            text = each.rewritten()
            if text != each.delta.text and not each.delta.fixed:
                put(self.tree, each.delta.keys, text)
                self.changed = True
        if not self.changed:
            return self.frame
        data = json.dumps(self.tree, ensure_ascii=False, separators=(",", ":"))
        return Frame(self.frame.event, data.encode())


@dataclass(slots=True)
class HeldAnswer:
    """`size` is how many bytes wait to be passed on. `within` begins the names of all that is found.

    With `calls`, up to `most_kept` bytes of what was passed on are kept, and nothing from the first call on that a person must confirm is passed on until `let_go`: from then on `waits` is true.
    """

    answers: Answers
    pace: Pace
    within: str = ""
    calls: Calls | None = None
    most_kept: int = 0
    size: int = 0
    waits: bool = False
    _frames: deque[_Held] = field(default_factory=deque)
    _channels: dict[Channel, Readable] = field(default_factory=dict)
    _whole: dict[tuple[Channel, str], Readable] = field(default_factory=dict)
    _live: list[Readable] = field(default_factory=list)
    _count: int = 0
    _said: Growing | None = None
    _ended: bool = False
    _passed: list[Frame] | None = field(default_factory=list)
    _kept: int = 0

    def take(self, frame: Frame) -> None:
        """Take the next frame. Raises Invalid when it cannot be read, so that nothing of it can be known."""
        self.size += len(frame.data)
        if _WORD.fullmatch(frame.data):
            self._frames.append(_Held(frame))
            return
        tree = strict_json.loads(frame.data)
        changed = self.answers.without_copies(tree)
        slices = tuple(self._slice(delta) for delta in self.answers.deltas(tree))
        called = self.calls is not None and self.calls.note(self.answers.calls(tree))
        self.waits = self.waits or called
        self._frames.append(_Held(frame, tree, slices, changed, called))
        for channel in self.answers.closes(tree):
            self._close(channel)

    def end(self) -> None:
        """Say that no frame follows."""
        self._ended = True
        for each in self._live:
            each.close()

    def questions(self) -> list[Question]:
        """Return everything that can be asked now."""
        if self.pace.whole and not self._ended:
            return []
        self._live = [each for each in self._live if not (each.closed and each.clear == len(each.text))]
        return [question for each in self._live if (question := each.question(self.pace)) is not None]

    def ready(self) -> Iterator[Frame]:
        """Yield the frames that may be passed on, as they are passed on."""
        while self._frames and not self._stops(self._frames[0]):
            held = self._frames.popleft()
            self.size -= len(held.frame.data)
            written = held.rewritten()
            if self.calls is not None:
                self._keep(written)
            yield written

    def _keep(self, frame: Frame) -> None:
        """Keep what is passed on before a call that waits: the answer is given out whole when it is asked for again."""
        self._kept += len(frame.data)
        if self._kept > self.most_kept:
            self._passed = None
        elif self._passed is not None:
            self._passed.append(frame)

    def _stops(self, held: _Held) -> bool:
        return held.calls or not all(each.is_clear for each in held.slices)

    def asked(self) -> tuple[AskedCall, ...]:
        """Return the calls that wait for a person."""
        channels = [*self._channels.items(), *((channel, text) for (channel, _), text in self._whole.items())]
        return self.calls.asked(channels) if self.calls is not None else ()

    def whole(self) -> list[Frame] | None:
        """Return the answer from its first frame on, as it is passed on; None when there was too much of it to keep."""
        return None if self._passed is None else [*self._passed, *(each.rewritten() for each in self._frames)]

    def let_go(self) -> None:
        """Let the calls pass: a person confirmed them."""
        for each in self._frames:
            each.calls = False

    def _slice(self, delta: Delta) -> _Slice:
        if delta.whole:
            text = self._stated(delta)
            return _Slice(delta, text, 0, len(text.text))
        growing = self._channels.get(delta.channel)
        if growing is None or growing.closed:
            growing = self._channels[delta.channel] = self._begin(delta)
        start = len(growing.text)
        growing.add(delta.text)
        return _Slice(delta, growing, start, len(growing.text))

    def _stated(self, delta: Delta) -> Readable:
        """Return the text that a frame states as a whole. Said again word for word, it is the same text and is not scanned again."""
        grown = self._channels.get(delta.channel)
        if grown is not None and grown.text == delta.text:
            grown.close()
            return grown
        known = self._whole.get((delta.channel, delta.text))
        if known is None:
            known = self._whole[delta.channel, delta.text] = self._begin(delta)
            known.add(delta.text)
            known.close()
        return known

    def _begin(self, delta: Delta) -> Readable:
        self._count += 1
        place = self.within + place_of(delta.channel)
        path = f"answer{self._count}.{place}"
        is_json = delta.channel.kind is Kind.ARGUMENTS
        made: Readable = Arguments(path, place) if is_json else Growing(path, place, delta.fixed)
        self._live.append(made)
        if isinstance(made, Growing) and delta.channel.kind is Kind.CONTENT and not delta.whole:
            # A value may begin in one block of an answer and end in the next.
            made.before = self._said if self._said and self._said.closed else None
            self._said = made
        return made

    def _close(self, ended: Channel) -> None:
        """Close a channel and whatever belongs to the same choice or block."""
        for channel, text in self._channels.items():
            if channel.at[: len(ended.at)] == ended.at:
                text.close()


def place_of(channel: Channel) -> str:
    """Return how a channel is named in records. Names of fields that may be a provider's own texts are left out."""
    steps = [f"[{each}]" if isinstance(each, int) else _named(each) for each in channel.at]
    return "".join([str(channel.kind), *steps])


def _named(name: str) -> str:
    return f".{name}" if PLAIN_NAME.fullmatch(name) else ".*"
