"""Answers that several parts of one page ask for: reckoned the first time, and known for the rest of that request."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Generic, TypeVar

from django.http import HttpRequest

Answer = TypeVar("Answer")


class Once(Generic[Answer]):
    """A question about the reader whose answer holds for the whole of a request. Written as a decorator."""

    def __init__(self, ask: Callable[[HttpRequest], Answer]) -> None:
        self._ask = ask
        update_wrapper(self, ask)

    def __call__(self, request: HttpRequest) -> Answer:
        known = self._known(request)
        if self not in known:
            known[self] = self._ask(request)
        answer: Answer = known[self]
        return answer

    def is_known(self, request: HttpRequest, answer: Answer) -> None:
        """Take the answer from whoever has found it by the way."""
        self._known(request)[self] = answer

    @staticmethod
    def _known(request: HttpRequest) -> dict["Once[Any]", Any]:
        answers: dict[Once[Any], Any] = request.__dict__.setdefault("answers", {})
        return answers
