"""A census of the places of a document where a word can stand: each holds a canary, and each is read or told of.

The canary is one word, as a name or a number may be; nothing here depends on whether the scanner would know it.
"""

import re

import pytest

from documents import Pdf, docx, paragraph, pdf, pptx, story, xlsx
from governance.detection.documents.kinds import Kind
from governance.detection.documents.reader import read
from governance.detection.documents.reading import Opaque

CANARY = "canary4711"
V = "urn:schemas-microsoft-com:vml"


def part(path: str, xml: str) -> dict[str, str]:
    return {path: f"<a>{xml}</a>"}


def word(body: str) -> bytes:
    return docx(f"<w:p>{body}</w:p>")


DOCX = {
    "body": docx(paragraph(CANARY)),
    "a header": docx("", {"word/header2.xml": story(paragraph(CANARY))}),
    "a footer": docx("", {"word/footer1.xml": story(paragraph(CANARY))}),
    "a footnote": docx("", {"word/footnotes.xml": story(paragraph(CANARY))}),
    "an endnote": docx("", {"word/endnotes.xml": story(paragraph(CANARY))}),
    "a comment": docx("", {"word/comments.xml": story(paragraph(CANARY))}),
    "who commented": docx("", {"word/people.xml": story(f'<w:person w:author="{CANARY}"/>')}),
    "a tracked deletion": word(f"<w:del><w:r><w:delText>{CANARY}</w:delText></w:r></w:del>"),
    "who deleted": word(f'<w:del w:author="{CANARY}"/>'),
    "moved text": word(f"<w:moveFrom><w:r><w:t>{CANARY}</w:t></w:r></w:moveFrom>"),
    "hidden text": word(f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{CANARY}</w:t></w:r>"),
    "a text box": word(f"<w:r><w:pict><w:txbxContent>{paragraph(CANARY)}</w:txbxContent></w:pict></w:r>"),
    "a watermark": word(f'<v:textpath xmlns:v="{V}" string="{CANARY}"/>'),
    "a formula": word(f"<w:oMath><w:r><w:t>{CANARY}</w:t></w:r></w:oMath>"),
    "a field": word(f'<w:fldSimple w:instr=" HYPERLINK {CANARY} "/>'),
    "a field of a form": word(f'<w:ffData><w:name w:val="{CANARY}"/></w:ffData>'),
    "a list to choose from": word(f'<w:listItem w:displayText="{CANARY}"/>'),
    "the name of a content control": word(f'<w:alias w:val="{CANARY}"/>'),
    "a bookmark": word(f'<w:bookmarkStart w:name="{CANARY}"/>'),
    "words for a picture": word(f'<x descr="{CANARY}"/>'),
    "the name of a picture": word(f'<docPr name="{CANARY}"/>'),
    "words for a table": word(f'<w:tblCaption w:val="{CANARY}"/>'),
    "a description of a table": word(f'<w:tblDescription w:val="{CANARY}"/>'),
    "what numbers a list": docx("", {"word/numbering.xml": story(f'<w:lvlText w:val="{CANARY}%1"/>')}),
    "the name of a style": docx("", {"word/styles.xml": story(f'<w:name w:val="{CANARY}"/>')}),
    "a link": docx("", part("word/_rels/document.xml.rels", f'<Relationship Target="mailto:{CANARY}"/>')),
    "a variable": docx("", part("word/settings.xml", f'<docVar name="a" val="{CANARY}"/>')),
    "a property of one's own": docx("", part("docProps/custom.xml", f'<property name="{CANARY}"/>')),
    "who wrote it": docx("", part("docProps/core.xml", f"<creator>{CANARY}</creator>")),
    "data beside it": docx("", part("customXml/item1.xml", f"<x>{CANARY}</x>")),
    "an attribute of data beside it": docx("", part("customXml/item1.xml", f'<x owner="{CANARY}"/>')),
    "a chart": docx("", part("word/charts/chart1.xml", f"<v>{CANARY}</v>")),
    "a diagram": docx("", part("word/diagrams/data1.xml", f"<t>{CANARY}</t>")),
    "building blocks": docx("", {"word/glossary/document.xml": story(paragraph(CANARY))}),
    "a file of OLE": docx("", {"word/embeddings/oleObject1.bin": CANARY}),
    "a page in it": docx("", {"word/afchunk.htm": CANARY}),
    "macros": docx("", {"word/vbaProject.bin": CANARY}),
    "printer settings": docx("", {"word/printerSettings1.bin": CANARY}),
}
XLSX = {
    "a cell": xlsx(f'<row><c t="inlineStr"><is><t>{CANARY}</t></is></c></row>'),
    "a shared text": xlsx('<row><c t="s"><v>0</v></c></row>', f"<si><t>{CANARY}</t></si>"),
    "what a formula showed last": xlsx(f'<row><c t="str"><f>A1</f><v>{CANARY}</v></c></row>'),
    "a formula": xlsx(f"<row><c><f>{CANARY}+1</f><v>2</v></c></row>"),
    "a hidden sheet": xlsx("", files=part("xl/worksheets/sheet2.xml", f"<row><c><v>{CANARY}</v></c></row>")),
    "the name of a hidden sheet": xlsx("", files=part("xl/x.xml", f'<sheet name="{CANARY}" state="hidden"/>')),
    "a name of cells": xlsx("", files=part("xl/x.xml", f'<definedName name="{CANARY}"/>')),
    "a comment": xlsx("", files=part("xl/comments1.xml", f"<t>{CANARY}</t>")),
    "a thread": xlsx("", files=part("xl/threadedComments/threadedComment1.xml", f"<text>{CANARY}</text>")),
    "who commented": xlsx("", files=part("xl/persons/person.xml", f'<person displayName="{CANARY}"/>')),
    "a printed header": xlsx(f"</sheetData><oddHeader>{CANARY}</oddHeader><sheetData>"),
    "what is told at a cell": xlsx(f'</sheetData><dataValidation prompt="{CANARY}"/><sheetData>'),
    "a condition": xlsx(f'</sheetData><cfRule text="{CANARY}"/><sheetData>'),
    "a condition's formula": xlsx(f"</sheetData><formula>{CANARY}</formula><sheetData>"),
    "a filter": xlsx(f'</sheetData><filter val="{CANARY}"/><sheetData>'),
    "a link's words": xlsx(f'</sheetData><hyperlink display="{CANARY}"/><sheetData>'),
    "a scenario": xlsx(f'</sheetData><inputCells val="{CANARY}"/><sheetData>'),
    "a form of numbers": xlsx("", files=part("xl/styles.xml", f"<numFmt formatCode='\"{CANARY}\"0'/>")),
    "the name of a style": xlsx("", files=part("xl/styles.xml", f'<cellStyle name="{CANARY}"/>')),
    "a text box": xlsx("", files=part("xl/drawings/drawing1.xml", f"<t>{CANARY}</t>")),
    "the name of a shape": xlsx("", files=part("xl/drawings/drawing1.xml", f'<cNvPr name="{CANARY}"/>')),
    "an old text box": xlsx("", files={"xl/drawings/vmlDrawing1.vml": CANARY}),
    "a chart": xlsx("", files=part("xl/charts/chart1.xml", f"<v>{CANARY}</v>")),
    "a heading": xlsx("", files=part("xl/tables/table1.xml", f'<tableColumn name="{CANARY}"/>')),
    "a sum's label": xlsx("", files=part("xl/tables/table1.xml", f'<tableColumn totalsRowLabel="{CANARY}"/>')),
    "what a pivot kept": xlsx("", files=part("xl/pivotCache/pivotCacheRecords1.xml", f'<s v="{CANARY}"/>')),
    "who renewed a pivot": xlsx("", files=part("xl/pivotCache/x.xml", f'<x refreshedBy="{CANARY}"/>')),
    "a field of a pivot": xlsx("", files=part("xl/pivotTables/pivotTable1.xml", f'<dataField name="{CANARY}"/>')),
    "a slicer": xlsx("", files=part("xl/slicers/slicer1.xml", f'<slicer caption="{CANARY}"/>')),
    "another workbook": xlsx("", files=part("xl/externalLinks/externalLink1.xml", f"<v>{CANARY}</v>")),
    "where data comes from": xlsx("", files=part("xl/connections.xml", f'<dbPr connection="{CANARY}"/>')),
    "who keeps it": xlsx("", files=part("xl/x.xml", f'<fileSharing userName="{CANARY}"/>')),
    "an earlier state": xlsx("", files=part("xl/revisions/revisionLog1.xml", f"<t>{CANARY}</t>")),
    "a table in it": xlsx("", files={"xl/embeddings/a.xlsx": CANARY}),
    "old macros": xlsx("", files={"xl/macrosheets/sheet1.xml": f"<a>{CANARY}</a>"}),
}
PPTX = {
    "a slide": pptx(f"<a:p><a:r><a:t>{CANARY}</a:t></a:r></a:p>"),
    "a hidden slide": pptx("", part("ppt/slides/slide2.xml", f'<sld show="0"><t>{CANARY}</t></sld>')),
    "notes": pptx("", part("ppt/notesSlides/notesSlide1.xml", f"<t>{CANARY}</t>")),
    "a comment": pptx("", part("ppt/comments/comment1.xml", f"<text>{CANARY}</text>")),
    "who commented": pptx("", part("ppt/commentAuthors.xml", f'<cmAuthor name="{CANARY}"/>')),
    "a table": pptx(f"<a:tbl><a:tc><a:t>{CANARY}</a:t></a:tc></a:tbl>"),
    "a master": pptx("", part("ppt/slideMasters/slideMaster1.xml", f"<t>{CANARY}</t>")),
    "a handout": pptx("", part("ppt/handoutMasters/handoutMaster1.xml", f"<t>{CANARY}</t>")),
    "the name of a slide": pptx(f'<p:cSld name="{CANARY}"/>'),
    "the name of a section": pptx("", part("ppt/x.xml", f'<section name="{CANARY}"/>')),
    "the name of a shape": pptx(f'<p:cNvPr name="{CANARY}"/>'),
    "words for a picture": pptx(f'<p:cNvPr descr="{CANARY}"/>'),
    "a tag of a program": pptx("", part("ppt/tags/tag1.xml", f'<tag val="{CANARY}"/>')),
    "a link": pptx("", part("ppt/slides/_rels/slide1.xml.rels", f'<Relationship Target="mailto:{CANARY}"/>')),
    "the name of a theme": pptx("", part("ppt/theme/theme1.xml", f'<theme name="{CANARY}"/>')),
    "a chart": pptx("", part("ppt/charts/chart1.xml", f"<v>{CANARY}</v>")),
    "a chart's table": pptx("", {"ppt/embeddings/Microsoft_Excel_Sheet1.xlsx": CANARY}),
    "a film": pptx("", {"ppt/media/media1.mp4": CANARY}),
}


def with_object(body: str, catalogue: str = "") -> bytes:
    made = Pdf(catalogue=catalogue).page("Plain.")
    made.add(body)
    return made.bytes()


def annotated(entries: str) -> bytes:
    made = Pdf()
    note = made.add(f"<< /Type /Annot /Rect [0 0 9 9] {entries} >>")
    return made.page("Plain.", more=f"/Annots [{note} 0 R]").bytes()


def between_objects() -> bytes:
    """Return a PDF with a remark between two objects, whose places in it are right."""
    head, _, rest = pdf("Plain.").partition(b"\n")
    made = head + b"\n% " + CANARY.encode() + b"\n" + rest
    more = len(made) - len(head) - 1 - len(rest)
    moved = re.sub(rb"(\d{10}) 00000 n", lambda place: b"%010d 00000 n" % (int(place[1]) + more), made)
    return re.sub(rb"startxref\n(\d+)", lambda place: b"startxref\n%d" % (int(place[1]) + more), moved)


def layered() -> bytes:
    return Pdf().page("Plain.", drawn=f"/OC /L BDC BT /F1 9 Tf ({CANARY}) Tj ET EMC").bytes()


PDF = {
    "a page": pdf(CANARY),
    "a hidden layer": layered(),
    "text that is not drawn": Pdf().page(drawn=f"BT /F1 9 Tf 3 Tr ({CANARY}) Tj ET").bytes(),
    "text beside the page": Pdf().page("Plain.", drawn=f"BT /F1 9 Tf 5000 5000 Td ({CANARY}) Tj ET").bytes(),
    "a remark among the signs of a page": Pdf().page("Plain.", drawn=f"% {CANARY}\n").bytes(),
    "a remark between objects": between_objects(),
    "a comment": annotated(f"/Subtype /Text /Contents ({CANARY})"),
    "a rich comment": annotated(f"/Subtype /Text /RC (<p>{CANARY}</p>)"),
    "a link": annotated(f"/Subtype /Link /A << /S /URI /URI (mailto:{CANARY}) >>"),
    "a field": annotated(f"/Subtype /Widget /FT /Tx /T (a) /V ({CANARY})"),
    "the name of a field": annotated(f"/Subtype /Widget /FT /Tx /T ({CANARY})"),
    "a field's hint": annotated(f"/Subtype /Widget /FT /Tx /TU ({CANARY})"),
    "a field to choose from": annotated(f"/Subtype /Widget /FT /Ch /Opt [({CANARY})]"),
    "what was ticked": annotated(f"/Subtype /Widget /FT /Btn /V /{CANARY} /AS /{CANARY}"),
    "what can be ticked": annotated(f"/Subtype /Widget /FT /Btn /AP << /N << /{CANARY} 3 0 R >> >>"),
    "an XFA form": with_object("<< >>", f"/AcroForm << /XFA ({CANARY}) >>"),
    "an outline": with_object(f"<< /Title ({CANARY}) >>"),
    "a page's label": with_object("<< >>", f"/PageLabels << /Nums [0 << /P ({CANARY}) >>] >>"),
    "a layer's name": with_object(f"<< /Type /OCG /Name ({CANARY}) >>"),
    "words for a picture": with_object(f"<< /Type /StructElem /Alt ({CANARY}) >>"),
    "data of a program": with_object(f"<< /PieceInfo << /A << /Private ({CANARY}) >> >> >>"),
    "a signature": with_object(f"<< /Type /Sig /Reason ({CANARY}) >>"),
    "a script": with_object(f"<< /S /JavaScript /JS ({CANARY}) >>"),
    "a name of a place": with_object("<< >>", f"/Names << /Dests << /Names [({CANARY}) 3 0 R] >> >>"),
    "letters in UTF-16": with_object(f"<< /Title <FEFF{CANARY.encode('utf-16-be').hex()}> >>"),
}
HTML = {
    "words": f"<p>{CANARY}".encode(),
    "a title": f"<title>{CANARY}</title>".encode(),
    "what is not shown": f"<div hidden>{CANARY}</div><template>{CANARY}</template>".encode(),
    "a remark": f"<!-- {CANARY} -->".encode(),
    "a script": f"<script>var a = '{CANARY}'</script>".encode(),
    "a style": f"<style>a::before {{ content: '{CANARY}' }}</style>".encode(),
    "an attribute": f'<img alt="{CANARY}">'.encode(),
    "an attribute in other signs": b'<img alt="c&#97;nary&#x34;711">',
    "words in other signs": b"<p>c&#97;nary&#x34;711",
    "a link in other signs": b'<a href="mailto:c%61nary4711">',
    "a drawing": f"<svg><text>{CANARY}</text></svg>".encode(),
    "a page in a page": f'<iframe srcdoc="<p>{CANARY}</p>"></iframe>'.encode(),
    "a document type": f"<!DOCTYPE {CANARY}>".encode(),
}
PLACES = [
    pytest.param(kind, raw, id=f"{kind.value}, {name}")
    for kind, places in ((Kind.DOCX, DOCX), (Kind.XLSX, XLSX), (Kind.PPTX, PPTX), (Kind.PDF, PDF), (Kind.HTML, HTML))
    for name, raw in places.items()
]
TOLD = frozenset(Opaque) - {Opaque.READ_PICTURES}


@pytest.mark.parametrize(("kind", "raw"), PLACES)
def test_a_word_is_read_or_told_of_wherever_it_stands(kind, raw):
    reading = read(kind, raw)
    read_there = any(CANARY in text for _, text in reading.parts)
    assert read_there or reading.opaque & TOLD, reading.parts
