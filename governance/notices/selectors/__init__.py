"""What a person is told, how they want to hear of it, and what became of what left."""

from governance.notices.selectors.reading import NoticeRow, notice, notices_of, unread_count
from governance.notices.selectors.wishes import Hearing, hearing_of

__all__ = ["Hearing", "NoticeRow", "hearing_of", "notice", "notices_of", "unread_count"]
