"""Sealed files: read back whole or in ranges, never changed unnoticed, never half there."""

import hashlib
import resource
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance.core.errors import Invalid, NotFound, Unavailable
from governance.core.frames import FRAME_BYTES, HEAD_BYTES, SEALED_FRAME_BYTES
from governance.core.sealing import KeyRing
from governance.core.storage import SealedFolder

RING = KeyRing({1: bytes(range(32))}, current=1)
SIZES = st.sampled_from([0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 2 * FRAME_BYTES, 3 * FRAME_BYTES + 7])
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def pattern(size):
    """Return bytes of which no two frames are alike."""
    return b"".join(hashlib.sha256(n.to_bytes(4, "big")).digest() for n in range(size // 32 + 1))[:size]


@pytest.fixture
def folder(tmp_path):
    return SealedFolder(tmp_path / "sealed", RING)


def stored(folder, ref, plain, pieces=()):
    with folder.writer(ref) as writer:
        at = 0
        for piece in pieces:
            writer.write(plain[at : at + piece])
            at += piece
        writer.write(plain[at:])
    return writer.file


def bytes_of(folder, ref, *span):
    with folder.reader(ref, *span) as reader:
        return reader.read()


@FEW
@given(SIZES, st.lists(st.integers(0, 2 * FRAME_BYTES), max_size=5))
def test_what_goes_in_in_any_pieces_comes_out(folder, size, pieces):
    plain = pattern(size)
    file = stored(folder, "one", plain, pieces)
    assert (file.digest, file.size) == (hashlib.sha256(plain).hexdigest(), size)
    assert bytes_of(folder, "one") == plain


@FEW
@given(SIZES, st.integers(0, 4 * FRAME_BYTES), st.one_of(st.none(), st.integers(0, 4 * FRAME_BYTES)))
def test_a_range_is_that_slice(folder, size, start, end):
    plain = pattern(size)
    stored(folder, "one", plain)
    assert bytes_of(folder, "one", start, end) == plain[start:end]


@FEW
@given(st.data())
def test_no_changed_byte_is_given_out(folder, data):
    plain = pattern(2 * FRAME_BYTES + 100)
    stored(folder, "one", plain)
    sealed = bytearray((folder.root / "one").read_bytes())
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    (folder.root / "one").write_bytes(sealed)
    with pytest.raises((Invalid, Unavailable)):
        bytes_of(folder, "one")


@FEW
@given(st.data())
def test_no_cut_or_longer_file_is_read(folder, data):
    stored(folder, "one", pattern(2 * FRAME_BYTES + 100))
    path = folder.root / "one"
    sealed = path.read_bytes()
    length = data.draw(
        st.one_of(
            st.integers(0, len(sealed) - 1),
            st.sampled_from([HEAD_BYTES, HEAD_BYTES + SEALED_FRAME_BYTES, HEAD_BYTES + 2 * SEALED_FRAME_BYTES]),
        )
    )
    path.write_bytes(data.draw(st.sampled_from([sealed[:length], sealed + sealed[-16 - length :]])))
    with pytest.raises(Invalid, match="sealed_damaged"):
        bytes_of(folder, "one", 0, 10)


def frames_of(path):
    sealed = path.read_bytes()
    return sealed[:HEAD_BYTES], [
        sealed[at : at + SEALED_FRAME_BYTES] for at in range(HEAD_BYTES, len(sealed), SEALED_FRAME_BYTES)
    ]


@pytest.mark.parametrize("order", [(1, 0, 2), (0, 0, 2), (0, 2, 1), (0, 1, 1, 2), (0, 2)], ids=str)
def test_frames_cannot_be_swapped_repeated_or_dropped(folder, order):
    stored(folder, "one", pattern(3 * FRAME_BYTES))
    head, frames = frames_of(folder.root / "one")
    (folder.root / "one").write_bytes(head + b"".join(frames[n] for n in order))
    with pytest.raises(Invalid, match="sealed_damaged"):
        bytes_of(folder, "one")


def test_frames_cannot_be_moved_between_files(folder):
    for ref in ("one", "two"):
        stored(folder, ref, pattern(3 * FRAME_BYTES))
    (head, own), (_, foreign) = frames_of(folder.root / "one"), frames_of(folder.root / "two")
    (folder.root / "one").write_bytes(head + own[0] + foreign[1] + own[2])
    with pytest.raises(Invalid, match="sealed_damaged"):
        bytes_of(folder, "one")


def test_a_file_opens_under_its_own_name_alone(folder):
    stored(folder, "one", b"synthetic")
    (folder.root / "one").rename(folder.root / "two")
    with pytest.raises(Invalid, match="sealed_damaged"):
        bytes_of(folder, "two")


def test_a_file_without_its_key_is_unavailable(folder):
    stored(folder, "one", b"synthetic")
    with pytest.raises(Unavailable, match="key_unknown"):
        bytes_of(SealedFolder(folder.root, KeyRing({2: bytes(32)}, current=2)), "one")


def test_no_plain_byte_is_on_disk_and_nobody_else_may_read(folder):
    stored(folder, "one", b"synthetic secret " * 10_000)
    assert b"synthetic" not in (folder.root / "one").read_bytes()
    assert (folder.root / "one").stat().st_mode & 0o777 == 0o600
    assert folder.root.stat().st_mode & 0o777 == 0o700


def test_an_interrupted_file_is_not_there(folder):
    def interrupted():
        with folder.writer("one") as writer:
            writer.write(pattern(3 * FRAME_BYTES))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert list(folder.root.iterdir()) == []


def test_a_file_is_replaced_only_when_the_next_is_complete(folder):
    stored(folder, "one", b"first")
    with folder.writer("one") as writer:
        writer.write(b"second")
        assert bytes_of(folder, "one") == b"first"
    assert bytes_of(folder, "one") == b"second"


@contextmanager
def room_for(size):
    """Let this process write files of at most `size` bytes, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [FRAME_BYTES // 2, 10 * FRAME_BYTES], ids=["at the end", "on the way"])
def test_a_full_disk_is_unavailable_and_leaves_nothing(folder, size):
    with pytest.raises(Unavailable, match="storage_full"), room_for(FRAME_BYTES // 4):
        stored(folder, "one", pattern(size))
    assert list(folder.root.iterdir()) == []


@pytest.mark.parametrize("ref", ["", ".", "..", "../x", "a/b", ".hidden", "a\x00b", "a" * 129, "ä"])
def test_only_plain_names_are_names(folder, ref):
    for act in (folder.writer, folder.reader, folder.delete):
        with pytest.raises(Invalid, match="ref_wrong"):
            act(ref)


def test_what_is_not_stored_is_not_found_and_can_be_deleted(folder):
    with pytest.raises(NotFound, match="not_stored"):
        folder.reader("one")
    stored(folder, "one", b"x")
    folder.delete("one")
    folder.delete("one")
    assert list(folder.root.iterdir()) == []
