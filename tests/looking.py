"""What is wrong with a page as it stands in the browser: for eyes, for hands, for those who use neither."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from visiting import WIDE

WIDTHS = (390, 1024, 1440)
SERIOUS = {"serious", "critical"}
# Only what is violated comes back: to carry over what passed takes longer than to find it. Preloading asks for style sheets once more.
ALL = "axe.run({resultTypes: ['violations'], preload: false}).then(found => found.violations)"
CONTRAST = ALL.replace("{", "{runOnly: ['color-contrast'], ", 1)


def faults_of(page: Page) -> list[str]:
    """Return what axe finds serious, light and dark, and the widths at which the page scrolls sideways.

    Of the dark scheme only the contrast is asked: every other rule of axe reads what is the same in both.
    """
    page.wait_for_load_state()  # before its style sheets are there, every page is too wide
    narrow = [f"{width} px: scrolls sideways" for width in WIDTHS if _is_wider(page, width)]
    page.set_viewport_size(WIDE)
    page.evaluate(Axe().axe_script)
    light = _told(page.evaluate(ALL), "light")
    page.emulate_media(color_scheme="dark")
    dark = _told(page.evaluate(CONTRAST), "dark")
    page.emulate_media(color_scheme="light")
    return narrow + light + dark


def _is_wider(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": WIDE["height"]})
    return page.evaluate("document.documentElement.scrollWidth") > width


def _told(violations: list[dict[str, Any]], scheme: str) -> list[str]:
    return [
        f"{scheme}: {each['id']}: {each['nodes'][0]['html'][:160]}" for each in violations if each["impact"] in SERIOUS
    ]
