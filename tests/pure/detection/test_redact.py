"""Placeholders: stable per value and initiative, reversible, and never confused with what a person typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.core.errors import Invalid
from governance.detection.document import Document
from governance.detection.redact import redact, residue, restore
from governance.detection.spans import Finding, keyed_digest

KEY, OTHER = b"the key of one initiative", b"the key of another one"


def finding(start, end, kind="PERSON", path="t"):
    return Finding(kind, "test", path, start, end, 0.9, "0" * 64)


def text_of(redacted):
    return redacted.document.segments[0].text


def test_equal_values_get_equal_placeholders_and_others_do_not():
    text = text_of(
        redact(Document.of({"t": "Ana met Ana and Bob"}), [finding(0, 3), finding(8, 11), finding(16, 19)], key=KEY)
    )
    first, _, second, _, third = text.split(" ")
    assert first == second != third


def test_another_initiative_has_other_placeholders():
    one, other = (text_of(redact(Document.of({"t": "Ana"}), [finding(0, 3)], key=key)) for key in (KEY, OTHER))
    assert one != other


def test_a_placeholder_names_the_type_and_eight_digits():
    assert (
        text_of(redact(Document.of({"t": "Ana"}), [finding(0, 3)], key=KEY))
        == f"<PERSON_{keyed_digest('Ana', key=KEY)[:8]}>"
    )


def test_overlapping_findings_are_replaced_once():
    text = text_of(
        redact(
            Document.of({"t": "mail ana@example.com now"}), [finding(5, 8), finding(5, 20, "EMAIL_ADDRESS")], key=KEY
        )
    )
    assert text.startswith("mail <EMAIL_ADDRESS_")
    assert text.endswith("> now")


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("<PERSON_7f3a91c2>", id="a placeholder"),
        pytest.param("<_PERSON_7f3a91c2>", id="an escaped one"),
        pytest.param("<b>bold</b> <PERSON>", id="something else in brackets"),
    ],
)
def test_what_a_person_typed_comes_back_as_typed(typed):
    redacted = redact(Document.of({"t": f"{typed} Ana"}), [finding(len(typed) + 1, len(typed) + 4)], key=KEY)
    assert restore(text_of(redacted), redacted.originals) == f"{typed} Ana"


def test_a_typed_placeholder_is_not_restored_to_somebody_elses_value():
    redacted = redact(Document.of({"t": "Ana"}), [finding(0, 3)], key=KEY)
    (placeholder,) = redacted.originals
    second = redact(Document.of({"t": placeholder}), [], key=KEY)
    assert restore(text_of(second), redacted.originals) == placeholder


@pytest.mark.parametrize(
    "findings",
    [
        pytest.param([finding(0, 99)], id="beyond the end"),
        pytest.param([finding(0, 3, path="elsewhere")], id="another path"),
        pytest.param([finding(2, 2)], id="no extent"),
    ],
)
def test_a_finding_without_a_place_is_refused(findings):
    with pytest.raises(Invalid) as refusal:
        redact(Document.of({"t": "Ana"}), findings, key=KEY)
    assert refusal.value.code == "not_redactable"


@given(
    st.text(alphabet="ab<>_PERSON0123456789 ", max_size=80),
    st.lists(st.tuples(st.integers(0, 79), st.integers(1, 20)), max_size=5),
)
def test_redaction_can_always_be_undone(text, places):
    findings = [finding(low, min(len(text), low + size)) for low, size in places if low < len(text)]
    redacted = redact(Document.of({"t": text}), findings, key=KEY)
    assert keyed_digest(restore(text_of(redacted), redacted.originals), key=KEY) == keyed_digest(text, key=KEY)


def test_a_replaced_value_that_is_found_again_is_named():
    gone = finding(0, 3)
    again = Finding("PERSON", "test", "t", 40, 43, 0.9, gone.keyed_digest)
    other = Finding("PERSON", "test", "t", 50, 53, 0.9, "1" * 64)
    assert residue([gone], [again, other]) == (again,)
