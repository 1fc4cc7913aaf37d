"""Files of ours in a body of Gemini's interface: found wherever a part may name one, and put there as if they had stood there."""

from uuid import UUID

import pytest

from governance.core.errors import Invalid
from governance.gateway.dialects.gemini.files import FILES, file_name, file_number, files_named
from governance.gateway.dialects.gemini.generate import GENERATE
from governance.gateway.dialects.prompt import Prompt

NUMBER = UUID("01a21979-2977-7d6b-ac90-dc4c9f2b593c")
URI = f"https://gateway.example.com/gemini/v1beta/{file_name(NUMBER)}"


def naming(field="fileData", uri="fileUri", **more):
    return {field: {uri: URI, **more}}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"contents": [{"parts": [naming()]}]}, id="a part"),
        pytest.param({"contents": [{"parts": [naming("file_data", "file_uri")]}]}, id="spelled with a line"),
        pytest.param({"systemInstruction": {"parts": [naming()]}}, id="instructions"),
        pytest.param({"contents": [{"parts": [{"functionResponse": {"parts": [naming()]}}]}]}, id="what a tool said"),
        pytest.param({"generateContentRequest": {"contents": [{"parts": [naming()]}]}}, id="a body to be counted"),
        pytest.param({"requests": [{"content": {"parts": [naming()]}}]}, id="one of many to be embedded"),
    ],
)
def test_a_file_is_found_wherever_a_part_may_name_it(body):
    (found,) = files_named(body)
    FILES.put_in(found, b"Plain.", "text/plain")
    assert list(files_named(body)) == []
    assert {"data": "UGxhaW4u", "mimeType": "text/plain"} in found.part.values()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"contents": [{"parts": [{"functionCall": {"name": "a", "args": naming()}}]}]}, id="arguments"),
        pytest.param({"contents": {"parts": "x"}, "requests": [7], "content": [naming()]}, id="what is no body at all"),
        pytest.param({"contents": [{"parts": [{"fileData": [URI]}, {"fileData": {"fileUri": 7}}]}]}, id="no address"),
    ],
)
def test_what_only_looks_like_a_part_is_left_to_the_shapes(body):
    assert list(files_named(body)) == []


def test_its_text_is_scanned_and_what_is_put_in_its_place_is_sent():
    body = {"contents": [{"parts": [naming(displayName="of Ana")]}]}
    FILES.put_in(next(files_named(body)), b"Plain.", "text/plain")
    prompt = Prompt.of(GENERATE, body, in_path="m")
    assert {each.text for each in prompt.texts} == {"Plain.", "of Ana"}


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(naming(mimeType="application/pdf"), id="another kind than it was handed over as"),
        pytest.param(
            naming() | {"inlineData": {"data": "eA==", "mimeType": "text/plain"}}, id="beside one that it holds"
        ),
        pytest.param(naming() | naming("file_data"), id="in both spellings"),
    ],
)
def test_a_part_is_one_file(part):
    with pytest.raises(Invalid):
        FILES.put_in(next(files_named({"contents": [{"parts": [part]}]})), b"Plain.", "text/plain")


@pytest.mark.parametrize(
    "name", ["", "files/", URI[:-1], f"{URI}0", URI.replace("files/", "file/"), f"{URI}/x", URI.upper()]
)
def test_no_other_name_is_one_of_ours(name):
    assert file_number(name) is None
    assert file_number(URI) == NUMBER
