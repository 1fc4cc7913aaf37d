"""Builders of documents for tests: small PDFs and DOCX files, written out by hand. Every word in them is synthetic."""

import zipfile
from dataclasses import dataclass, field
from io import BytesIO

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
UNTOLD = "<< /Type /Font /Subtype /Type0 /BaseFont /Nameless /Encoding /Identity-H /DescendantFonts [] >>"


@dataclass
class Pdf:
    """Objects of a PDF in order. 1 is the catalogue, 2 the list of pages, 3 the font; `add` returns the number of a further one."""

    font: str = FONT
    catalogue: str = ""
    objects: dict[int, bytes] = field(default_factory=dict)
    pages: list[int] = field(default_factory=list)
    info: int = 0

    def add(self, body: str) -> int:
        number = max([3, *self.objects]) + 1
        self.objects[number] = body.encode("latin-1")
        return number

    def stream(self, data: bytes | str, entries: str = "") -> int:
        raw = data if isinstance(data, bytes) else data.encode("latin-1")
        head = f"<< {entries} /Length {len(raw)} >>\nstream\n".encode()
        number = self.add("")
        self.objects[number] = head + raw + b"\nendstream"
        return number

    def page(self, text: str = "", *, drawn: str = "", resources: str = "", more: str = "") -> "Pdf":
        """Add a page that shows the lines of `text`, and draws `drawn` besides."""
        lines = "".join(f"({line}) Tj 0 -14 Td " for line in text.splitlines())
        contents = self.stream(f"BT /F1 12 Tf 72 720 Td {lines}ET\n{drawn}" if text else drawn)
        resources = f"<< /Font << /F1 3 0 R >> {resources} >>"
        size = "/MediaBox [0 0 612 792]"
        self.pages.append(
            self.add(f"<< /Type /Page /Parent 2 0 R {size} /Resources {resources} /Contents {contents} 0 R {more} >>")
        )
        return self

    def bytes(self) -> bytes:
        kids = " ".join(f"{number} 0 R" for number in self.pages)
        first = {
            1: f"<< /Type /Catalog /Pages 2 0 R {self.catalogue} >>",
            2: f"<< /Type /Pages /Kids [{kids}] /Count {len(self.pages)} >>",
            3: self.font,
        }
        objects = {**{number: body.encode() for number, body in first.items()}, **self.objects}
        out, places = bytearray(b"%PDF-1.7\n"), {}
        for number in sorted(objects):
            places[number] = len(out)
            out += b"%d 0 obj\n" % number + objects[number] + b"\nendobj\n"
        info = f"/Info {self.info} 0 R" if self.info else ""
        return bytes(out) + _ending(places, len(out), info=info)


def _ending(places: dict[int, int], at: int, *, info: str = "", before: int | None = None) -> bytes:
    lines = ["xref"] + (["0 1", "0000000000 65535 f "] if before is None else [])
    for number, place in sorted(places.items()):
        lines += [f"{number} 1", f"{place:010} 00000 n "]
    former = f"/Prev {before}" if before is not None else ""
    lines += [
        "trailer",
        f"<< /Size {max(places) + 1} /Root 1 0 R {info} {former} >>",
        "startxref",
        str(at),
        "%%EOF",
        "",
    ]
    return "\n".join(lines).encode()


def pdf(*pages: str) -> bytes:
    """Return a PDF whose pages show these texts."""
    made = Pdf()
    for text in pages:
        made.page(text)
    return made.bytes()


def changed(raw: bytes, number: int, body: str) -> bytes:
    """Return the PDF with another object `number` appended, as programs do that save only what changed."""
    before = int(raw.rpartition(b"startxref")[2].split()[0])
    place = len(raw)
    out = raw + f"{number} 0 obj\n{body}\nendobj\n".encode()
    return out + _ending({number: place}, len(out), before=before)


def _office(files: dict[str | zipfile.ZipInfo, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": "<Types/>", **files}.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(body: str, files: dict[str | zipfile.ZipInfo, str | bytes] | None = None) -> bytes:
    """Return a DOCX with this XML in its body, and `files` beside it."""
    main = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return _office({"word/document.xml": main, **(files or {})})


def xlsx(rows: str, texts: str = "", files: dict[str | zipfile.ZipInfo, str | bytes] | None = None) -> bytes:
    """Return an XLSX whose one sheet has this XML for its rows and what follows them, and this for the list of its texts."""
    sheet = f'<worksheet xmlns="{S}"><sheetData>{rows}</sheetData></worksheet>'
    names = f'<workbook xmlns="{S}"><sheets><sheet name="Claims" sheetId="1"/></sheets></workbook>'
    shared = {"xl/sharedStrings.xml": f'<sst xmlns="{S}">{texts}</sst>'} if texts else {}
    return _office({"xl/workbook.xml": names, **shared, "xl/worksheets/sheet1.xml": sheet, **(files or {})})


def pptx(slide: str, files: dict[str | zipfile.ZipInfo, str | bytes] | None = None) -> bytes:
    """Return a PPTX whose one slide has this XML for its text."""
    shown = f'<p:sld xmlns:p="{P}" xmlns:a="{A}"><p:txBody>{slide}</p:txBody></p:sld>'
    main = f'<p:presentation xmlns:p="{P}"/>'
    return _office({"ppt/presentation.xml": main, "ppt/slides/slide1.xml": shown, **(files or {})})


def paragraph(*runs: str) -> str:
    return "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def story(text: str) -> str:
    """Return the XML of a header, of comments and the like."""
    return f'<w:part xmlns:w="{W}">{text}</w:part>'
