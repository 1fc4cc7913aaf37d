"""Foreign keys obey the layers too. import-linter cannot see "app.Model" strings or reverse names."""

import tomllib
from pathlib import Path

from django.apps import apps

CONTRACTS = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
LAYERS = next(c["layers"] for c in CONTRACTS if c["id"] == "layers")
HEIGHT = {area.strip(): len(LAYERS) - i for i, row in enumerate(LAYERS) for area in row.split("|")}


def cross_area_keys():
    for model in apps.get_models():
        if model._meta.app_config.name.startswith("governance."):
            for field in model._meta.get_fields():
                target = getattr(field, "related_model", None)
                if (
                    getattr(field, "remote_field", None)
                    and field.concrete
                    and target._meta.app_label != model._meta.app_label
                ):
                    yield field, model._meta.app_label, target._meta.app_label


def test_keys_point_down():
    upward = [f"{f}: {a} -> {b}" for f, a, b in cross_area_keys() if b in HEIGHT and HEIGHT[b] >= HEIGHT[a]]
    assert not upward, upward


def test_keys_across_areas_leave_no_way_back():
    named = [str(f) for f, a, b in cross_area_keys() if not f.remote_field.hidden]
    assert not named, f'use related_name="+": {named}'


def test_the_log_points_at_nothing():
    assert not [f for f, a, b in cross_area_keys() if a == "audit"]
