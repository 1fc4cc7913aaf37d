"""Every word of a document is read, wherever it stands in it, and what nobody can read is named."""

import subprocess
import zipfile
import zlib
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter

import documents
from documents import UNTOLD, Pdf, docx, paragraph, pdf, story
from governance.core.errors import Unavailable
from governance.detection.documents.apart import read_apart
from governance.detection.documents.kinds import Kind
from governance.detection.documents.reader import read
from governance.detection.documents.reading import Opaque

WORDS = "The canary sings at dawn"
PICTURE = "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"


def noted() -> bytes:
    made = Pdf()
    note = made.add(f"<< /Type /Annot /Subtype /Text /Rect [0 0 1 1] /Contents ({WORDS}) >>")
    return made.page("Plain.", more=f"/Annots [{note} 0 R]").bytes()


def informed() -> bytes:
    made = Pdf().page("Plain.")
    made.info = made.add(f"<< /Title ({WORDS}) >>")
    return made.bytes()


def described() -> bytes:
    made = Pdf().page("Plain.")
    meta = made.stream(f"<x:xmpmeta>{WORDS}</x:xmpmeta>", "/Type /Metadata /Subtype /XML")
    made.catalogue = f"/Metadata {meta} 0 R"
    return made.bytes()


def stamped() -> bytes:
    made = Pdf()
    form = made.stream(
        f"BT /F1 12 Tf ({WORDS}) Tj ET",
        "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 3 0 R >> >>",
    )
    note = made.add(f"<< /Type /Annot /Subtype /Stamp /Rect [0 0 1 1] /AP << /N {form} 0 R >> >>")
    return made.page("Plain.", more=f"/Annots [{note} 0 R]").bytes()


def kept_for_readers() -> bytes:
    return Pdf().page("Plain.", drawn=f"/Span << /ActualText ({WORDS}) >> BDC EMC").bytes()


def led_to_by_nothing() -> bytes:
    made = Pdf().page("Plain.")
    made.add(f"<< /Left ({WORDS}) >>")
    return made.bytes()


def remarked() -> bytes:
    part = zipfile.ZipInfo("word/styles.xml")
    part.comment = WORDS.encode()
    return docx("", {part: "<a/>"})


def packed() -> bytes:
    writer = PdfWriter(clone_from=BytesIO(pdf(WORDS)))
    out = BytesIO()
    writer.compress_identical_objects()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "raw", "part"),
    [
        pytest.param(Kind.PDF, pdf("Plain.", WORDS), "page 2", id="the second page"),
        pytest.param(Kind.PDF, packed(), "page 1", id="a page written by another program"),
        pytest.param(Kind.PDF, noted(), "properties", id="a comment"),
        pytest.param(Kind.PDF, informed(), "properties", id="the title"),
        pytest.param(Kind.PDF, described(), "properties", id="metadata"),
        pytest.param(Kind.PDF, stamped(), "properties", id="a stamp"),
        pytest.param(Kind.PDF, kept_for_readers(), "properties", id="what a screen reader says"),
        pytest.param(Kind.PDF, led_to_by_nothing(), "properties", id="an object nothing leads to"),
        pytest.param(Kind.DOCX, docx(paragraph("The can", "ary sings", " at dawn")), "body", id="runs of a paragraph"),
        pytest.param(
            Kind.DOCX, docx(f"<w:p><w:del><w:delText>{WORDS}</w:delText></w:del></w:p>"), "body", id="deleted text"
        ),
        pytest.param(Kind.DOCX, docx(f"<w:p><w:instrText>{WORDS}</w:instrText></w:p>"), "body", id="a field"),
        pytest.param(Kind.DOCX, docx(f'<w:p><x descr="{WORDS}"/></w:p>'), "properties", id="words for a picture"),
        pytest.param(Kind.DOCX, docx(f"<!-- {WORDS} -->"), "body", id="a remark in the XML"),
        pytest.param(Kind.DOCX, docx("", {f"word/{WORDS}.xml": "<a/>"}), "properties", id="the name of a part"),
        pytest.param(Kind.DOCX, remarked(), "properties", id="a remark about a part"),
        pytest.param(
            Kind.DOCX, docx("", {"word/header1.xml": story(paragraph(WORDS))}), "header1", id="a running head"
        ),
        pytest.param(
            Kind.DOCX,
            docx("", {"word/comments.xml": story(f'<w:comment w:author="{WORDS}"/>')}),
            "properties",
            id="who made a comment",
        ),
        pytest.param(Kind.DOCX, docx("", {"docProps/core.xml": f"<a>{WORDS}</a>"}), "core", id="properties"),
        pytest.param(Kind.DOCX, docx("", {"word/diagrams/data1.xml": f"<a>{WORDS}</a>"}), "data1", id="a diagram"),
        pytest.param(Kind.HTML, b"<p>The <b>can</b>ary sings at&nbsp;dawn", "words", id="words that tags cut"),
        pytest.param(Kind.HTML, f"<script>{WORDS}</script>".encode(), "source", id="a script"),
        pytest.param(Kind.HTML, f"<!-- {WORDS} -->".encode(), "source", id="a remark in the HTML"),
    ],
)
def test_words_are_read_wherever_they_stand(kind, raw, part):
    reading = read(kind, raw)
    texts = {name for name, text in reading.parts if WORDS in text.replace("\xa0", " ")}
    assert (texts, reading.opaque) == ({part}, set())


def test_a_variable_of_a_document_is_read_though_it_is_one_word():
    ((_, text),) = read(Kind.DOCX, docx('<w:docVar w:name="door" w:val="canary4711"/>')).parts
    assert "canary4711" in text


def pictured() -> bytes:
    made = Pdf()
    picture = made.stream(b"\x00", PICTURE)
    return made.page("Plain.", drawn="/I Do", resources=f"/XObject << /I {picture} 0 R >>").bytes()


def attached() -> bytes:
    made = Pdf().page("Plain.")
    inside = made.stream(WORDS, "/Type /EmbeddedFile")
    file = made.add(f"<< /Type /Filespec /F (a.txt) /EF << /F {inside} 0 R >> >>")
    made.catalogue = f"/Names << /EmbeddedFiles << /Names [(a.txt) {file} 0 R] >> >>"
    return made.bytes()


def acting() -> bytes:
    return Pdf(catalogue="/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>").page("Plain.").bytes()


def locked() -> bytes:
    writer, out = PdfWriter(clone_from=PdfReader(BytesIO(pdf(WORDS)))), BytesIO()
    writer.encrypt("synthetic", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def with_bytes_between() -> bytes:
    raw = docx(paragraph("Plain."))
    return raw + b"after the end"


OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


@pytest.mark.parametrize(
    ("kind", "raw", "opaque"),
    [
        pytest.param(Kind.PDF, pictured(), Opaque.PICTURES, id="a picture"),
        pytest.param(
            Kind.PDF,
            Pdf().page("Plain.", drawn="BI /W 1 /H 1 /CS /G /BPC 8 ID \x00 EI").bytes(),
            Opaque.PICTURES,
            id="a picture on the page itself",
        ),
        pytest.param(Kind.PDF, attached(), Opaque.ATTACHMENTS, id="a file in the file"),
        pytest.param(Kind.PDF, acting(), Opaque.PROGRAMS, id="a script"),
        pytest.param(Kind.PDF, locked(), Opaque.ENCRYPTED, id="a password"),
        pytest.param(
            Kind.PDF, Pdf(font=UNTOLD).page("Plain.").bytes(), Opaque.UNREADABLE, id="letters nobody can tell"
        ),
        pytest.param(Kind.PDF, Pdf().page(drawn="0 0 m 9 9 l S").bytes(), Opaque.UNREADABLE, id="a drawing alone"),
        pytest.param(Kind.PDF, pdf("Plain.")[:-40], Opaque.UNREADABLE, id="a torn file"),
        pytest.param(Kind.PDF, pdf("Plain.") + WORDS.encode(), Opaque.ATTACHMENTS, id="bytes behind the end"),
        pytest.param(
            Kind.PDF,
            documents.changed(pdf(WORDS), 4, "<< /Length 0 >>\nstream\n\nendstream"),
            Opaque.ATTACHMENTS,
            id="an earlier version",
        ),
        pytest.param(Kind.DOCX, docx("", {"word/media/a.png": b"\x89PNG"}), Opaque.PICTURES, id="a picture in DOCX"),
        pytest.param(Kind.DOCX, docx("", {"word/vbaProject.bin": b"\0"}), Opaque.PROGRAMS, id="macros"),
        pytest.param(Kind.DOCX, docx("", {"word/embeddings/a.xlsx": b"\0"}), Opaque.ATTACHMENTS, id="a table inside"),
        pytest.param(Kind.DOCX, with_bytes_between(), Opaque.ATTACHMENTS, id="bytes behind the archive"),
        pytest.param(Kind.DOCX, docx("", {"word/a/": WORDS}), Opaque.ATTACHMENTS, id="bytes in a folder"),
        pytest.param(Kind.DOCX, OLD_FORMAT, Opaque.ENCRYPTED, id="a DOCX with a password"),
        pytest.param(Kind.DOCX, docx("<w:p>"), Opaque.UNREADABLE, id="broken XML"),
        pytest.param(
            Kind.DOCX,
            docx("", {"word/styles.xml": f"<!DOCTYPE a [<!ENTITY b '{WORDS}'>]><a/>"}),
            Opaque.UNREADABLE,
            id="words in a document type",
        ),
        pytest.param(Kind.HTML, b'<img src="data:image/png;base64,AA==">', Opaque.PICTURES, id="a picture in HTML"),
        pytest.param(Kind.HTML, b'<meta charset="utf-7">', Opaque.UNREADABLE, id="another encoding"),
        pytest.param(Kind.HTML, b"\xff\xfe", Opaque.UNREADABLE, id="not UTF-8"),
    ],
)
def test_what_nobody_can_read_is_named(kind, raw, opaque):
    assert opaque in read(kind, raw).opaque


def unfolding_pdf() -> bytes:
    made = Pdf()
    data = zlib.compress(b"BT /F1 12 Tf (a) Tj ET " * 4_000_000, 9)
    contents = made.stream(data, "/Filter /FlateDecode")
    made.pages.append(
        made.add(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << /Font << /F1 3 0 R >> >> /Contents {contents} 0 R >>"
        )
    )
    return made.bytes()


def test_a_page_that_unfolds_without_end_is_unreadable():
    assert read_apart(Kind.PDF, unfolding_pdf(), seconds=60).opaque == {Opaque.UNREADABLE}


def test_a_document_that_unfolds_without_end_is_unreadable():
    assert read_apart(Kind.DOCX, docx(paragraph("canary") * 500_000), seconds=60).opaque == {Opaque.UNREADABLE}


def test_a_document_with_more_text_than_one_may_have_is_not_read():
    with pytest.raises(Unavailable, match="document_unread"):
        read_apart(Kind.DOCX, docx(paragraph("canary " * 400_000)), seconds=60)


def test_a_document_is_read_in_a_process_of_its_own():
    reading = read_apart(Kind.PDF, pdf(WORDS), seconds=20)
    assert [(name, text.strip()) for name, text in reading.parts] == [("page 1", WORDS)]


def test_what_takes_too_long_is_not_read():
    with pytest.raises(Unavailable, match="document_unread") as refused:
        read_apart(Kind.PDF, pdf(WORDS), seconds=0)
    assert not isinstance(refused.value.__cause__, subprocess.TimeoutExpired)
