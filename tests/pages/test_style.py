"""One style sheet, asked for once: it and all files of the pages are kept for good under addresses that name their state."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse

from governance.settings.files import state_of
from governance.web.frame.style import style_url

SHEETS = Path(settings.STATICFILES_DIRS[0]) / "web" / "css"


def test_the_sheet_has_every_rule_in_its_layer_and_imports_nothing(client):
    answer = client.get(style_url())
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert set(re.split(r",\s*", answer["Cache-Control"])) == {"public", "max-age=31536000", "immutable"}
    assert "@import" not in answer.text
    missing = [
        path.name for path in SHEETS.rglob("*.css") if path.name != "app.css" and path.read_text() not in answer.text
    ]
    assert not missing
    assert answer.text.count("@layer components {") == len(list((SHEETS / "components").iterdir()))
    assert "@media print {\n@layer print {" in answer.text


def test_the_sheet_of_another_version_is_not_kept(client):
    answer = client.get(reverse("style", args=("0" * 12,)))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["web/mark.svg", "web/js/keys.js", "django_htmx/htmx-2.min.js"])
def test_a_file_is_kept_for_good(client, name):
    answer = client.get(staticfiles_storage.url(name))
    assert answer.status_code == 200
    assert settings.STATIC_VERSION in answer.request["PATH_INFO"]
    assert "immutable" in answer["Cache-Control"]


def test_another_state_has_another_address(tmp_path):
    (tmp_path / "one.js").write_text("1")
    before = state_of(tmp_path)
    (tmp_path / "one.js").write_text("2")
    changed = state_of(tmp_path)
    (tmp_path / "one.js").rename(tmp_path / "two.js")
    assert len({before, changed, state_of(tmp_path)}) == 3
    assert state_of(tmp_path) == state_of(tmp_path)
