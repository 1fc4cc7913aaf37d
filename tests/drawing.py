"""Pictures for tests: lines of text drawn as a screen shows them. Every word in them is synthetic."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont


def picture(
    *lines: str, kind: str = "PNG", mode: str = "RGB", paper: object = "white", ink: object = "#222", size: int = 16
) -> bytes:
    """Return a picture of `lines` in the library's own font, `size` pixels high."""
    drawn = Image.new(mode, (1200, 40 + 2 * size * max(1, len(lines))), paper)
    pen, font = ImageDraw.Draw(drawn), ImageFont.load_default(size)
    for number, line in enumerate(lines):
        pen.text((20, 20 + 2 * size * number), line, fill=ink, font=font)
    return saved(drawn, kind)


def saved(drawn: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    out = BytesIO()
    drawn.save(out, kind, **how)
    return out.getvalue()
