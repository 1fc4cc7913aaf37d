"""The preview picture of an Office file is left out, and everything else of it stays as it was."""

import zipfile
from io import BytesIO

import pytest

from documents import docx, paragraph, pptx, xlsx
from governance.detection.documents.kinds import Kind
from governance.detection.documents.previews import without_preview
from governance.detection.documents.reader import read
from governance.detection.documents.reading import Opaque

WORDS = "The canary sings at dawn"
JPEG = b"\xff\xd8\xff\xe0 a preview with a canary on it"
TYPE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail"
NAMED = (
    f'<Relationships><Relationship Id="r2" Type="{TYPE}" Target="docProps/thumbnail.jpeg"/>'
    '<Relationship Id="r1" Type="officeDocument" Target="ppt/presentation.xml"/></Relationships>'
)
PREVIEW = {"docProps/thumbnail.jpeg": JPEG, "_rels/.rels": NAMED}


def files_of(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        pytest.param(Kind.PPTX, pptx(f"<a:p><a:r><a:t>{WORDS}</a:t></a:r></a:p>", PREVIEW), id="PPTX"),
        pytest.param(Kind.DOCX, docx(paragraph(WORDS), PREVIEW), id="DOCX"),
        pytest.param(Kind.XLSX, xlsx(f'<row><c t="str"><v>{WORDS}</v></c></row>', files=PREVIEW), id="XLSX"),
    ],
)
def test_a_preview_is_left_out_and_the_rest_is_the_same_and_read(kind, raw):
    trimmed = without_preview(raw)
    before, after = files_of(raw), files_of(trimmed)
    assert before.keys() - after.keys() == {"docProps/thumbnail.jpeg"}
    assert all(after[name] == content for name, content in before.items() if name in after and name != "_rels/.rels")
    assert b"thumbnail" not in after["_rels/.rels"]
    assert b"ppt/presentation.xml" in after["_rels/.rels"]
    assert JPEG not in trimmed
    reading = read(kind, trimmed)
    assert reading.opaque == set()
    assert WORDS in "".join(text for _, text in reading.parts)
    assert read(kind, raw).opaque == {Opaque.PICTURES}


def streamed() -> bytes:
    """Return an archive whose files tell their sizes behind themselves, as programs write it that do not seek."""

    class Pipe(BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_where: int) -> int:
            raise OSError

        def tell(self) -> int:
            raise OSError

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_of(pptx(WORDS, PREVIEW)).items():
            archive.writestr(name, content)
    return out.getvalue()


def test_sizes_may_stand_behind_the_files():
    assert files_of(without_preview(streamed())).keys() == files_of(streamed()).keys() - {"docProps/thumbnail.jpeg"}


WHOLE = pptx(WORDS, PREVIEW)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(pptx(WORDS), id="none"),
        pytest.param(WHOLE[:-30], id="torn"),
        pytest.param(b"PK\x03\x04", id="nothing"),
        pytest.param(b"before" + WHOLE, id="bytes before it"),
        pytest.param(WHOLE + b"behind", id="bytes behind it"),
        pytest.param(
            pptx(WORDS, {**PREVIEW, "_rels/.rels": "<Relationship Target='docProps/thumbnail.jpeg'></Relationship>"}),
            id="named in another way",
        ),
    ],
)
def test_what_is_not_as_usual_stays_as_it_is(raw):
    assert without_preview(raw) is raw
