"""What is called a mistake: an answer that cannot be taken keeps what was typed, and what passes is seen and ended."""

from datetime import timedelta

import pytest
from django.utils import timezone

import builders
from governance.core.clock import now
from governance.core.errors import Conflict
from governance.organisation.roles import Role
from governance.scanning import services
from governance.scanning.models import Suppression

pytestmark = pytest.mark.django_db
MOST_QUERIES = 16  # session, person and standing are three of them


@pytest.fixture
def analyst(enter):
    return enter(builders.person(Role.SECURITY_ANALYST))


def main(answer, status=200):
    assert answer.status_code == status
    return answer.text.split("<main", 1)[1]


@pytest.mark.parametrize(
    ("answer", "days", "said"),
    [
        pytest.param("", 30, "Fill in “Your answer”.", id="no answer"),
        pytest.param("It is ours.", 400, "It lasts at most 366 days.", id="a day too far"),
        pytest.param("It is ours.", -3, "It must end in the future.", id="a day that is over"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_said_at_its_field(analyst, every, answer, days, said):
    key, day = every.mistake.pk, (now() + timedelta(days=days)).date().isoformat()
    told = {f"{key}-answer": answer, f"{key}-suppress_until": day, "outcome": "agree"}
    text = main(analyst.post(f"/reviews/mistakes/{key}", told), 422)
    assert said in text
    assert (f'value="{day}"' in text, answer in text) == (True, True)


def test_no_mistake_needs_no_day(analyst, every):
    key = every.mistake.pk
    told = {f"{key}-answer": "It is one.", f"{key}-suppress_until": "never", "outcome": "disagree"}
    assert analyst.post(f"/reviews/mistakes/{key}", told).status_code == 302


def test_a_second_answer_without_words_is_told_of_the_first(analyst, every):
    key = every.mistake.pk
    analyst.post(f"/reviews/mistakes/{key}", {f"{key}-answer": "It is one.", "outcome": "disagree"})
    again = analyst.post(f"/reviews/mistakes/{key}", {f"{key}-answer": "", "outcome": "disagree"})
    assert (again.status_code, "Somebody has answered" in again.text) == (409, True)


def test_what_passes_is_seen_and_ended(analyst, every, recorded):
    assert 'href="/let-pass/"' in analyst.get("/reviews/").text
    assert "Our own switchboard." in main(analyst.get("/let-pass/"))
    assert analyst.post(f"/let-pass/{every.suppression.pk}/end").status_code == 302
    assert "Nothing is let pass" in main(analyst.get("/let-pass/"))
    assert "Our own switchboard." in main(analyst.get("/let-pass/?state=over"))
    assert Suppression.objects.get(pk=every.suppression.pk).ends_at <= now()
    assert recorded.kinds(f"suppression:{every.suppression.pk}") == ["scanning.suppression_ended"]


def test_the_day_that_was_named_is_the_last_on_which_it_passes(analyst, every):
    key, day = every.mistake.pk, timezone.localdate() + timedelta(days=60)
    told = {f"{key}-answer": "It is ours.", f"{key}-suppress_until": day.isoformat(), "outcome": "agree"}
    assert analyst.post(f"/reviews/mistakes/{key}", told).status_code == 302
    assert f"{day:%-d %B %Y}, 23:59" in main(analyst.get("/let-pass/"))


def test_it_ends_once(analyst, every):
    by, at = builders.actor_with(Role.SECURITY_ANALYST, every.unit), now()
    services.end_suppression(suppression_id=every.suppression.pk, by=by, at=at)
    with pytest.raises(Conflict, match="already_over"):
        services.end_suppression(suppression_id=every.suppression.pk, by=by, at=at + timedelta(seconds=1))


def test_who_analyses_another_unit_neither_sees_nor_ends_it(enter, every, group):
    elsewhere = builders.unit("Elsewhere", parent=group)
    other = enter(builders.person(None, elsewhere, roles=[Role.SECURITY_ANALYST]))
    assert "Our own switchboard." not in main(other.get("/let-pass/"))
    assert other.post(f"/let-pass/{every.suppression.pk}/end").status_code == 403


def test_many_take_no_more_queries_than_few(analyst, every, django_assert_max_num_queries):
    kept = Suppression.objects.get(pk=every.suppression.pk)
    told = {name: getattr(kept, name) for name in ("keyed_digest", "type", "reason", "owner", "unit", "starts_at")}
    Suppression.objects.bulk_create([Suppression(**told, ends_at=kept.ends_at) for _ in range(60)])
    with django_assert_max_num_queries(MOST_QUERIES):
        assert "61 values" in analyst.get("/let-pass/").text
    assert analyst.get("/let-pass/?page=2").text.count("End it now") == 11
