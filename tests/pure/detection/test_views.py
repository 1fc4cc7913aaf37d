"""Every disguise has a view that sees through it, and every view knows where its text came from. All values are synthetic."""

import base64
import gzip
import string
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.detection.views import DECODE_DEPTH, Kind, ViewsTooDeep, ViewsTooLarge, views_of

WORD = "tr0ub4dor-staple"


def fullwidth(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


DISGUISES = {
    "percent": "".join(f"%{byte:02X}" for byte in WORD.encode()),
    "percent six times": "".join(f"%{'25' * 5}{byte:02X}" for byte in WORD.encode()),
    "entities five times": "".join(f"&{'amp;' * 4}#{ord(c)};" for c in WORD),
    "base64 three times": base64.b64encode(base64.b64encode(base64.b64encode(WORD.encode()))).decode(),
    "percent twice": "".join(f"%25{byte:02X}" for byte in WORD.encode()),
    "decimal entities": "".join(f"&#{ord(c)};" for c in WORD),
    "hexadecimal entities": "".join(f"&#x{ord(c):x};" for c in WORD),
    "unicode escapes": "".join(f"\\u{ord(c):04x}" for c in WORD),
    "byte escapes": "".join(f"\\x{ord(c):02x}" for c in WORD),
    "base64": base64.b64encode(WORD.encode()).decode(),
    "base64 twice": base64.b64encode(base64.b64encode(WORD.encode())).decode(),
    "url-safe base64": base64.urlsafe_b64encode(f"??>>{WORD}".encode()).decode().rstrip("="),
    "hex": WORD.encode().hex(),
    "gzip in base64": base64.b64encode(gzip.compress(WORD.encode())).decode(),
    "UTF-16 in base64": base64.b64encode(WORD.encode("utf-16-le")).decode(),
    "zero width": "\u200b".join(WORD),
    "bidirectional marks": "\u202e" + "\u2066".join(WORD),
    "NUL bytes": "\x00".join(WORD),
    "lone surrogates": "\ud800".join(WORD),
    "stacked marks": "".join(c + "\u0336" for c in WORD),
    "full width": fullwidth(WORD),
    "Cyrillic look-alikes": WORD.replace("o", "о").replace("a", "а").replace("e", "е"),
    "Unicode tags": "".join(chr(0xE0000 + ord(c)) for c in WORD),
    "foreign digits": WORD.replace("0", "٠").replace("4", "٤"),
    "soft hyphens": "\u00ad".join(WORD),
}


@pytest.mark.parametrize("disguised", [pytest.param(text, id=name) for name, text in DISGUISES.items()])
def test_a_disguised_word_is_seen_and_found_again(disguised):
    text = f"before {disguised} behind"
    places = [view.place(at, at + len(WORD)) for view in views_of(text) if (at := view.text.find(WORD)) >= 0]
    assert places
    low, high = text.index(disguised), text.index(disguised) + len(disguised)
    assert all(low <= place.start < place.end <= high for place in places)


def test_plain_text_has_one_view():
    assert [view.kind for view in views_of("Please compare these two offers.")] == [Kind.RAW]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("3f2504e0-4f89-11d3-9a0c-0305e82c3301", id="a UUID"),
        pytest.param("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", id="a digest"),
        pytest.param("getUserAccountByIdentifier", id="a long name"),
        pytest.param("Straße, naïve, Łódź, 東京", id="letters of other languages"),
    ],
)
def test_what_only_looks_encoded_is_left_alone(text):
    assert len(views_of(text)) == 1


def test_a_change_in_a_long_text_costs_a_window_and_not_a_copy():
    text = "word " * 50_000 + "p%61ss " + "word " * 50_000
    assert sum(len(view.text) for view in views_of(text)[1:]) < 2000


def steps_of(act):
    """Return how many functions `act` calls, those of C included: what it costs, whatever else the machine does."""
    calls = []
    sys.setprofile(lambda _frame, event, _argument: calls.append(None) if event in {"call", "c_call"} else None)
    try:
        act()
    finally:
        sys.setprofile(None)
    return len(calls)


@pytest.mark.parametrize(
    ("head", "letter", "times"),
    [
        pytest.param("e", "\u0301", 5_000, id="combining marks"),
        pytest.param("", "%", 20_000, id="percent signs"),
        pytest.param("", "A", 50_000, id="letters"),
        pytest.param("", "\\", 20_000, id="backslashes"),
    ],
)
def test_hostile_text_of_ten_times_the_length_costs_ten_times_the_steps(head, letter, times):
    short, long = (steps_of(lambda size=size: views_of(head + letter * size)) for size in (times, 10 * times))
    assert long <= 12 * short + 100


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(base64.b64encode(gzip.compress(b"a" * (20 << 20))).decode(), id="a gzip bomb"),
        pytest.param("\ufdfa" * 400_000, id="a letter that unfolds into eighteen"),
    ],
)
def test_text_that_unfolds_without_end_is_refused(text):
    with pytest.raises(ViewsTooLarge):
        views_of(text)


def zipped(text, times):
    packed = text.encode()
    for _ in range(times):
        packed = gzip.compress(packed)
    return base64.b64encode(packed).decode()


def test_what_is_zipped_and_zipped_again_is_unfolded():
    assert any(WORD in view.text for view in views_of(f"before {zipped(WORD, 3)} behind"))


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        pytest.param("\ufdfa" * 400_000, "8 times its length", id="a letter that unfolds into eighteen"),
        pytest.param(zipped("a" * (20 << 20), 1), "more than 1,048,576 bytes", id="a gzip bomb"),
        pytest.param(zipped(WORD, 4), "zipped more than 3 times", id="zipped over and over"),
    ],
)  # fmt: skip
def test_the_limit_that_a_text_meets_is_named(text, limit):
    with pytest.raises(ViewsTooLarge) as refusal:
        views_of(text)
    assert limit in refusal.value.why


def test_more_disguised_places_than_are_undone_are_a_limit_of_their_own(monkeypatch):
    monkeypatch.setattr("governance.detection.views._MOST_EDITS", 10)
    with pytest.raises(ViewsTooLarge) as refusal:
        views_of("a\u200bb. " * 20)
    assert "of its places are encoded or disguised" in refusal.value.why


def test_fifty_thousand_marks_on_one_letter_are_read():
    assert any("mail jane" in view.text for view in views_of("e" + "\u0301" * 50_000 + "\u200b mail jane"))


@pytest.mark.parametrize(
    "run",
    [
        pytest.param("\u201c", id="one sign"),
        pytest.param("\u201c\uff21\u200b\x01\ud800", id="a few signs"),
        pytest.param("\uff41\u0301" * 5, id="letters with marks"),
        pytest.param("\uff21" * 70_000, id="a run longer than what is looked at together"),
    ],
)
@pytest.mark.parametrize("before", [0, 2_048, 65_527, 65_528, 65_530, 70_000])
def test_strange_signs_are_made_plain_wherever_they_stand_in_a_long_text(before, run):
    """Long texts are looked through in parts; a run of signs that two of them share is read as the same run in a short text."""
    near = f"mail {run}x behind"
    alone, text = views_of(near), "a" * before + "\n" + near + " a" * 40_000
    raw, *others = views_of(text)
    assert raw.text == "a" * before + "\n" + alone[0].text + " a" * 40_000
    [folded] = [view for view in others if view.kind is Kind.FOLDED] or [raw]
    [shown] = [view.text for view in alone if view.kind is Kind.FOLDED] or [alone[0].text]
    assert shown in folded.text


def test_what_is_packed_deeper_than_we_unpack_is_not_called_read():
    packed = WORD.encode()
    for _ in range(DECODE_DEPTH + 1):
        packed = base64.b64encode(packed)
    with pytest.raises(ViewsTooDeep) as refusal:
        views_of(f"before {packed.decode()} behind")
    assert f"packed more than {DECODE_DEPTH} times" in refusal.value.why


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1 " * 50_000, id="digits apart"),
        pytest.param("%41" * 50_000, id="escapes"),
        pytest.param("\ufb01" * 50_000, id="letters that fold"),
    ],
)
def test_whoever_waits_for_the_views_can_stop_waiting(text):
    class Over(Exception):
        """Nobody waits any more."""

    def check():
        raise Over

    with pytest.raises(Over):
        views_of(text, check)


@given(st.text(alphabet=string.printable + "éßаоＡ\u200b\u0301%&\\;#x0041\ud800", max_size=300))
def test_places_of_every_view_lie_in_the_text(text):
    for view in views_of(text):
        for at in range(len(view.text)):
            place = view.place(at, at + 1)
            assert 0 <= place.start <= place.end <= len(text)
