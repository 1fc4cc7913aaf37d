"""What every page shares, in a browser and without a server: nothing is cut off, and a second click sends nothing."""

from pathlib import Path

import pytest

import governance.web
from governance.web.frame.style import whole

pytestmark = pytest.mark.browser
STATIC = Path(governance.web.__file__).parent / "static" / "web"
ROW = "<tr><th scope=row>{name}</th><td><span class=pill>Replaced by a placeholder</span></td><td><time>last Monday 16:56</time></td><td class=number>0 of 1,120</td><td><a id=last href=/>The last</a></td></tr>"
CARD = "<style>{style}</style><main style='width: {width}px'><section class=card data-flush><table class=table><tbody>{row}</tbody></table></section></main>"
SEEN = "last => last.getBoundingClientRect().right <= last.closest('.card').getBoundingClientRect().right"
FORM = "<form method=post action='https://remit.example/save'><button>Save it</button></form><script>{script}</script>"
# Counts what would be sent, and keeps the page where it is.
COUNT = "let sent = 0; addEventListener('submit', (event) => { if (!event.defaultPrevented) sent += 1; event.preventDefault(); });"


@pytest.mark.parametrize(
    ("name", "width"),
    [
        pytest.param("Letters of spring", 560, id="beside a rail"),
        pytest.param("\u03a9" * 200, 944, id="a long name without a space"),
    ],
)
def test_no_column_is_cut_off(page, name, width):
    page.set_content(CARD.format(style=whole(), width=width, row=ROW.format(name=name)))
    assert page.locator("#last").evaluate(SEEN)


def test_what_is_wider_than_its_card_can_be_reached(page):
    page.set_content(CARD.format(style=whole(), width=300, row=ROW.format(name="Letters of spring")))
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("#last").focus()
    page.locator("#last").scroll_into_view_if_needed()
    assert page.locator("#last").evaluate(SEEN)


def test_a_second_click_while_the_first_is_on_its_way_sends_nothing(page):
    page.set_content(FORM.format(script=(STATIC / "js" / "sent.js").read_text() + COUNT))
    page.locator("button").dblclick()
    assert page.evaluate("sent") == 1
