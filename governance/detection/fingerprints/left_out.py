"""Why a file of a register was left out: counted while the files are listed, so that nobody takes a part for the whole."""

from collections import Counter
from enum import StrEnum


class Left(StrEnum):
    TOO_LARGE = "too_large"
    NO_TEXT = "no_text"
    LINK = "link"  # links and submodules: what they lead to is another place's
    FOREIGN = "foreign"  # hidden, other people's code, licences: left out on purpose


LeftOut = Counter[Left]
