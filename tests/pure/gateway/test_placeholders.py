"""Placeholders of our own are no findings."""

import pytest

import prompt_samples as samples
from governance.detection.document import Document
from governance.gateway.placeholders import outside_placeholders

TEXT = "Dear <PERSON_7f3a91c2>, Maria"


@pytest.mark.parametrize(
    ("start", "end", "left"),
    [
        pytest.param(5, 22, 0, id="the placeholder itself"),
        pytest.param(6, 12, 0, id="a part of it"),
        pytest.param(5, 23, 0, id="with the comma after it"),
        pytest.param(0, 22, 1, id="with a word before it"),
        pytest.param(24, 29, 1, id="another name"),
    ],
)
def test_a_finding_about_nothing_but_a_placeholder_is_none(start, end, left):
    found = samples.report(samples.prompt(), samples.finding("PERSON", path="p", start=start, end=end))
    kept = outside_placeholders(found, Document.of({"p": TEXT}), {"<PERSON_7f3a91c2>"})
    assert len(kept.findings) == left


def test_a_look_alike_is_a_finding():
    found = samples.report(samples.prompt(), samples.finding("PERSON", path="p", start=5, end=22))
    assert outside_placeholders(found, Document.of({"p": TEXT}), set()).findings
