"""Every path the gateway knows. Anything else is answered 404 before a key is looked at, and nothing is sent. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Surface(StrEnum):
    CHAT_COMPLETIONS = "openai.chat_completions"
    MODELS = "openai.models"
    CHECK = "remit.check"
    ALIVE = "alive"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Route:
    """`provider_path` is added to a destination's base URL; "" where nothing is sent."""

    surface: Surface
    provider_path: str = ""


ROUTES = {
    ("POST", "/openai/v1/chat/completions"): Route(Surface.CHAT_COMPLETIONS, "/chat/completions"),
    ("GET", "/openai/v1/models"): Route(Surface.MODELS),
    ("POST", "/remit/v1/check"): Route(Surface.CHECK),
    ("GET", "/healthz"): Route(Surface.ALIVE),
    ("GET", "/readyz"): Route(Surface.READY),
}


def route_of(method: str, path: str) -> Route | None:
    return ROUTES.get((method, path))
