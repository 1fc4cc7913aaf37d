"""What is said of a text that is more than is read: which limit it met and what helps, never anything of the text."""


class TooMuch(Exception):
    """`why` goes on a sentence that begins "The text could not be checked wholly, so it is not sent: "; it is written beforehand, with numbers of ours alone."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
