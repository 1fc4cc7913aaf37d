"""Tables and slides: every word is read in the place where it is shown, and what is no word is said to be there."""

import pytest

from documents import pptx, xlsx
from governance.detection.documents.kinds import Kind
from governance.detection.documents.reader import read
from governance.detection.documents.reading import Opaque

WORDS = "canary sings at dawn"
OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
NOTES = "ppt/notesSlides/notesSlide1.xml"


def said(text: str) -> str:
    return f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>"


def read_of(kind, raw):
    reading = read(kind, raw)
    return {name for name, text in reading.parts if WORDS in text}, reading.opaque


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        pytest.param(xlsx(f'<row><c t="inlineStr"><is><t>{WORDS}</t></is></c></row>'), "sheet1", id="a cell"),
        pytest.param(
            xlsx('<row><c t="s"><v>0</v></c></row>', f"<si><r><t>{WORDS[:5]}</t></r><r><t>{WORDS[5:]}</t></r></si>"),
            "sheet1",
            id="a text of two runs that a cell points to",
        ),
        pytest.param(xlsx("<row/>", f"<si><t>{WORDS}</t></si>"), "sharedStrings", id="a text that no cell points to"),
        pytest.param(
            xlsx('<row><c t="s"><v>0</v></c></row>', f"<si><t>a</t><rPh><t>{WORDS}</t></rPh></si>"),
            "sheet1",
            id="how a text is read aloud",
        ),
        pytest.param(xlsx("<row/>", f"<si><t>a</t></si>{WORDS}"), "sharedStrings", id="between two texts"),
        pytest.param(xlsx(f"<row><c><f>{WORDS}</f><v>1</v></c></row>"), "sheet1", id="a formula"),
        pytest.param(xlsx(f"<row><c><v>1</v>{WORDS}</c></row>"), "sheet1", id="in a cell beside its value"),
        pytest.param(xlsx(f"<row>{WORDS}</row>"), "sheet1", id="in a row beside its cells"),
        pytest.param(xlsx(f"</sheetData><v>{WORDS}</v><sheetData>"), "sheet1", id="a value in no cell"),
        pytest.param(xlsx(f"<!-- {WORDS} -->"), "sheet1", id="a remark in the XML"),
        pytest.param(
            xlsx(f'<row><x prompt="{WORDS}"/></row>'), "properties", id="what is told when a cell is filled in"
        ),
        pytest.param(xlsx("", files={"xl/tables/table1.xml": f"<a>{WORDS}</a>"}), "table1", id="a table"),
        pytest.param(xlsx("", files={"xl/comments1.xml": f"<a>{WORDS}</a>"}), "comments1", id="comments"),
        pytest.param(xlsx("", files={"docProps/core.xml": f"<a>{WORDS}</a>"}), "core", id="properties"),
    ],
)
def test_words_of_a_table_are_read_wherever_they_stand(raw, part):
    assert read_of(Kind.XLSX, raw) == ({part}, set())


@pytest.mark.parametrize(
    "xml",
    [
        pytest.param('<sheet name="canary4711"/>', id="the name of a sheet"),
        pytest.param('<s v="canary4711"/>', id="what a pivot table kept"),
        pytest.param('<filter val="canary4711"/>', id="what a list is filtered by"),
        pytest.param('<tableColumn name="canary4711"/>', id="a heading"),
    ],
)
def test_one_word_is_read_where_only_somebody_could_have_written_it(xml):
    reading = read(Kind.XLSX, xlsx("", files={"xl/x.xml": xml}))
    assert "canary4711" in dict(reading.parts)["properties"]


def test_cells_of_a_row_stand_side_by_side_and_long_numbers_in_full():
    cells = '<c t="s"><v>0</v></c><c><v>4.1111111111111110E+15</v></c><c t="str"><v>1E+15</v></c>'
    (sheet,) = (
        text
        for name, text in read(Kind.XLSX, xlsx(f"<row>{cells}</row>", "<si><t>Card</t></si>")).parts
        if name == "sheet1"
    )
    assert sheet == "Card\t4111111111111111\t1000000000000000\n"


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        pytest.param(pptx(said(WORDS)), "slide1", id="a slide"),
        pytest.param(
            pptx(f"<a:p><a:r><a:t>{WORDS[:5]}</a:t></a:r><a:r><a:t>{WORDS[5:]}</a:t></a:r></a:p>"), "slide1", id="runs"
        ),
        pytest.param(pptx("", {NOTES: f"<a>{WORDS}</a>"}), "notesSlide1", id="the notes of a slide"),
        pytest.param(pptx(f'<p:x descr="{WORDS}"/>'), "properties", id="words for a picture"),
        pytest.param(pptx("", {"ppt/commentAuthors.xml": f'<a name="{WORDS}"/>'}), "properties", id="who comments"),
    ],
)
def test_words_of_slides_are_read_wherever_they_stand(raw, part):
    assert read_of(Kind.PPTX, raw) == ({part}, set())


@pytest.mark.parametrize(
    ("kind", "raw", "opaque"),
    [
        pytest.param(Kind.XLSX, xlsx("", files={"xl/media/a.png": b"\x89PNG"}), Opaque.PICTURES, id="a picture"),
        pytest.param(Kind.XLSX, xlsx("", files={"xl/vbaProject.bin": b"\0"}), Opaque.PROGRAMS, id="macros"),
        pytest.param(
            Kind.XLSX, xlsx("", files={"xl/macrosheets/sheet1.xml": "<a/>"}), Opaque.PROGRAMS, id="old macros"
        ),
        pytest.param(
            Kind.XLSX, xlsx("", files={"xl/embeddings/a.docx": b"\0"}), Opaque.ATTACHMENTS, id="a file inside"
        ),
        pytest.param(Kind.XLSX, pptx(said("Plain.")), Opaque.ATTACHMENTS, id="slides that are said to be a table"),
        pytest.param(Kind.XLSX, OLD_FORMAT, Opaque.ENCRYPTED, id="a password"),
        pytest.param(
            Kind.XLSX, xlsx('<row><c t="s"><v>7</v></c></row>'), Opaque.UNREADABLE, id="a cell that points nowhere"
        ),
        pytest.param(
            Kind.XLSX,
            xlsx("", f"<si><t>{'canary ' * 3_000_000}</t></si>"),
            Opaque.UNREADABLE,
            id="what unfolds without end",
        ),
        pytest.param(Kind.PPTX, pptx("", {"ppt/media/a.png": b"\x89PNG"}), Opaque.PICTURES, id="a picture on a slide"),
        pytest.param(Kind.PPTX, pptx("<a:p>"), Opaque.UNREADABLE, id="broken XML"),
    ],
)
def test_what_nobody_can_read_is_said(kind, raw, opaque):
    assert read(kind, raw).opaque == {opaque}
