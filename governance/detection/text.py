"""From bytes to text without losing or inventing anything."""

from governance.core.errors import Invalid, TooLarge

LARGEST_TEXT = 64 * 1024 * 1024  # bytes; a larger one is cut into records before it comes here


def decode(raw: bytes, *, largest: int = LARGEST_TEXT) -> str:
    """Return `raw` as text, strictly UTF-8.

    A lenient decoder would scan U+FFFD where the receiver of the original bytes reads something else.

    Raises:
        TooLarge: `text_too_large`.
        Invalid: `not_utf8`, with the byte's position in the sentence, never the byte's surroundings.
    """
    if len(raw) > largest:
        raise TooLarge(
            "text_too_large",
            f"The text has {len(raw)} bytes; at most {largest} are read at once.",
            remedy="Send it in parts.",
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid("not_utf8", f"The text is not UTF-8: byte {error.start} cannot be read.") from None
