"""Words of documents read lately: a conversation is sent again with its documents at every turn. In this process only, and sealed."""

import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from governance.core.sealing import KeyRing, seal, unseal
from governance.detection.documents.reading import Reading
from governance.scanning.payloads import File

LIFE_S = 600.0
LARGEST = 8 * 1024 * 1024  # bytes of all together


@dataclass(slots=True)
class Readings:
    """What was read longest ago goes first. `clock` is a monotonic one, in seconds."""

    clock: Callable[[], float] = time.monotonic
    _kept: OrderedDict[str, tuple[float, bytes]] = field(default_factory=OrderedDict)
    _size: int = 0

    def get(self, file: File, *, ring: KeyRing) -> Reading | None:
        key = _key(file)
        if key not in self._kept or self._is_over(key):
            return None
        return Reading.of_dict(json.loads(unseal(ring, self._kept[key][1], context=key)))

    def put(self, file: File, reading: Reading, *, ring: KeyRing) -> None:
        key = _key(file)
        self._forget(key)
        sealed = seal(ring, json.dumps(reading.to_dict()).encode(), context=key)
        self._kept[key] = (self.clock(), sealed)
        self._size += len(sealed)
        while self._kept and (self._size > LARGEST or self._is_over(next(iter(self._kept)))):
            self._forget(next(iter(self._kept)))

    def _is_over(self, key: str) -> bool:
        return self.clock() - self._kept[key][0] > LIFE_S

    def _forget(self, key: str) -> None:
        if key in self._kept:
            self._size -= len(self._kept.pop(key)[1])


def _key(file: File) -> str:
    return f"scan.reading:{file.kind}:{file.pictures}:{hashlib.sha256(file.raw).hexdigest()}"
