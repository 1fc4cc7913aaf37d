"""Where things lie in the charts."""

import re
from itertools import pairwise

import pytest

from governance.web.frame.charts import LEAST_COLUMNS, columns, level, share, span, strip
from governance.web.frame.sankey import BANDS_EACH, GAP, LEAST_BAND, LEAST_ROW, RIGHT_X, End, Link, lay_out


def link(start, end, value):
    return Link(End(start, start.title()), End(end, end.title()), value, f"{start} to {end}")


@pytest.mark.parametrize(
    ("part", "whole", "per_cent"),
    [
        pytest.param(1, 4, 25, id="a quarter"),
        pytest.param(0, 4, 0, id="nothing"),
        pytest.param(1, 0, 0, id="of nothing"),
        pytest.param(9, 4, 100, id="never more than all"),
    ],
)
def test_a_share_is_in_per_cent(part, whole, per_cent):
    assert share(part, whole) == per_cent


def test_a_wait_is_drawn_on_the_scale_of_the_longest():
    assert (span(5, 20, 40).half, span(5, 20, 40).most) == (12.5, 50)


def test_pieces_of_a_strip_follow_each_other_and_nothing_is_no_piece():
    pieces = strip([("good", "2 active", 2), ("wait", "0 proposed", 0), ("bad", "1 suspended", 1)], 4)
    assert [(piece.x, piece.width, piece.tone) for piece in pieces] == [(0, 50, "good"), (50, 25, "bad")]


def test_columns_are_as_high_as_the_highest_of_all():
    first, second = columns([(10, 5), (0, 20)])
    assert (first.first, first.second, second.first, second.second) == (50, 25, 0, 100)
    assert (first.first_y, second.second_y) == (50, 0)
    assert first.second_x + first.width < second.x


def test_a_first_week_is_a_bar_at_the_right_end_and_no_wall():
    (only,) = columns([(4, 2)])
    assert only.width == 100 / LEAST_COLUMNS * 0.4
    assert only.second_x + only.width == pytest.approx(100 - 100 / LEAST_COLUMNS * 0.1, abs=0.02)


def test_many_weeks_share_the_whole_width():
    many = columns([(1, 1)] * 26)
    assert many[0].x < many[0].width
    assert many[-1].second_x + many[-1].width > 99


def test_no_weeks_are_no_columns():
    assert columns([]) == []


@pytest.mark.parametrize(("part", "expected"), [(0, 0), (1, 1), (25, 1), (26, 2), (75, 3), (100, 4)])
def test_a_cell_is_as_dark_as_its_part_of_the_highest(part, expected):
    assert level(part, 100) == expected


def test_the_heights_of_bands_are_in_proportion():
    laid = lay_out([link("a", "x", 30), link("a", "y", 10), link("b", "y", 60)])
    bands, heights = 2 * BANDS_EACH, {node.end.key: node.height for node in laid.nodes}
    assert heights == {"a": bands * 0.4, "b": bands * 0.6, "x": bands * 0.3, "y": bands * 0.7}


def test_things_of_one_side_never_overlap():
    laid = lay_out([link(f"from-{i}", f"to-{i % 3}", 1 + i * i) for i in range(12)])
    for side in ("end", "start"):
        nodes = sorted((node for node in laid.nodes if node.anchor == side), key=lambda node: node.y)
        for above, below in pairwise(nodes):
            assert above.y + above.height <= below.y + 0.2
            assert below.label_y - above.label_y >= (LEAST_ROW if above.height < LEAST_ROW else GAP)
        assert nodes[-1].y + nodes[-1].height <= laid.height + 0.2


def test_bands_fill_each_thing_without_overlap():
    laid = lay_out([link("a", "x", 5), link("a", "y", 10), link("b", "x", 20)])
    ends = {band.link.about: [float(n) for n in re.findall(r"-?[\d.]+", band.path)] for band in laid.bands}
    top = {about: (numbers[1], numbers[-1]) for about, numbers in ends.items()}
    assert top["a to x"][1] == pytest.approx(top["a to y"][0], abs=0.2) or top["a to y"][1] == pytest.approx(
        top["a to x"][0], abs=0.2
    )
    assert all(numbers[6] == RIGHT_X for numbers in ends.values())


def test_the_smallest_band_can_be_seen():
    laid = lay_out([link("a", "x", 1), link("b", "y", 1_000_000)])
    assert min(node.height for node in laid.nodes) == LEAST_BAND


def test_a_lower_rank_stands_above():
    low, high = End("low", "Low", rank=2), End("high", "High", rank=1)
    laid = lay_out([Link(low, End("x", "X"), 100, ""), Link(high, End("x", "X"), 1, "")])
    tops = {node.end.key: node.y for node in laid.nodes}
    assert tops["high"] < tops["low"]


def test_a_long_name_is_cut_with_a_mark():
    laid = lay_out([Link(End("a", "ä" * 50), End("x", "X"), 1, "")])
    assert laid.nodes[0].name.endswith("…")
    assert len(laid.nodes[0].name) == 34


def test_no_flows_are_an_empty_drawing():
    assert lay_out([]).height == 0
