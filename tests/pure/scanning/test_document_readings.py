"""What was read of a document is kept sealed, for minutes, and never beyond its room."""

import pytest

from governance.core.keyring import KeyRing
from governance.detection.documents.kinds import Kind
from governance.detection.documents.reading import Opaque, Reading
from governance.scanning import readings
from governance.scanning.payloads import File
from governance.scanning.readings import LIFE_S, Readings

FILE = File(Kind.PDF, b"%PDF-1.7 synthetic")
READ = Reading([("page 1", "The canary sings")], {Opaque.PICTURES})


@pytest.fixture
def ring():
    return KeyRing({1: b"k" * 32}, current=1)


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def kept(clock):
    return Readings(clock=lambda: clock[0])


def test_what_was_read_is_known_again_for_a_while(kept, ring, clock):
    kept.put(FILE, READ, ring=ring)
    clock[0] = LIFE_S
    assert kept.get(FILE, ring=ring) == READ
    clock[0] = LIFE_S + 1
    assert kept.get(FILE, ring=ring) is None


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(File(Kind.PDF, b"%PDF-1.7 other"), id="other bytes"),
        pytest.param(File(Kind.HTML, FILE.raw), id="read as another kind"),
    ],
)
def test_it_is_known_only_for_the_same_bytes_of_the_same_kind(kept, ring, file):
    kept.put(FILE, READ, ring=ring)
    assert kept.get(file, ring=ring) is None


def test_no_word_of_it_lies_in_memory(kept, ring):
    kept.put(FILE, READ, ring=ring)
    assert "canary" not in repr(kept)


def test_one_that_is_larger_than_all_room_is_not_kept(kept, ring, monkeypatch):
    monkeypatch.setattr(readings, "LARGEST", 100)
    kept.put(FILE, READ, ring=ring)
    assert kept.get(FILE, ring=ring) is None


def test_what_was_read_longest_ago_goes_first(kept, ring, monkeypatch):
    monkeypatch.setattr(readings, "LARGEST", 5000)
    files = [File(Kind.PDF, f"%PDF-{number}".encode()) for number in range(3)]
    for file in files:
        kept.put(file, Reading([("page 1", "x" * 2000)]), ring=ring)
    assert [kept.get(file, ring=ring) is not None for file in files] == [False, True, True]
