"""What can go wrong on the other side of the door."""

from governance.core.errors import Unavailable


class ProviderFault(Unavailable):
    """The provider did not do its part; `sent` says whether the text may have reached it."""

    def __init__(self, code: str, reason: str, *, sent: bool, remedy: str = "") -> None:
        super().__init__(code, reason, remedy=remedy)
        self.sent = sent
