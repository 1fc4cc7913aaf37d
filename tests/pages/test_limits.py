"""A limit is set, seen with what is used of it, changed and ended on pages; usage is taken along as CSV."""

import csv
import io

import pytest

import builders
import sending
from governance.core.actors import INSTALLER
from governance.core.clock import now
from governance.gateway.models import Exchange, Limit
from governance.organisation.roles import Role
from governance.organisation.services import give_role


@pytest.fixture
def who(db):
    return sending.builder()


@pytest.fixture
def head(enter, who):
    return enter(builders.person(Role.UNIT_HEAD, who.initiative.accountable_unit, name="Hedda Head"))


def told(who, **more):
    return {"scope": "initiative", "target": who.initiative.code, "what": "cost:month", "amount": "400"} | more


def test_a_limit_is_set_changed_and_ended(head, who):
    page = head.post("/limits/new", told(who), follow=True).text
    assert "€ 400.00" in page
    assert "Hedda Head" in page
    made = Limit.objects.get()
    head.post(f"/limits/{made.pk}/", {"amount": "500.5", "revision": 1})
    made.refresh_from_db()
    assert made.amount == 500_500_000
    assert "No limit yet" in head.post(f"/limits/{made.pk}/end", follow=True).text


def test_whoever_only_reads_it_is_not_offered_to_change_it(head, enter, who):
    head.post("/limits/new", told(who))
    reader = builders.person(Role.AUDITOR, who.initiative.accountable_unit)
    give_role(person_id=reader.pk, role=Role.UNIT_HEAD, unit_id=builders.unit().pk, by=INSTALLER, at=builders.AT)
    assert enter(reader).get(f"/limits/{Limit.objects.get().pk}/").status_code == 403


@pytest.mark.parametrize(
    ("more", "said"),
    [
        pytest.param({"target": "none-such"}, "This is not here", id="no such initiative"),
        pytest.param({"what": "calls:minute", "amount": "20000"}, "A limit is 1 to 10,000", id="too many"),
        pytest.param({"amount": "-1"}, "greater than or equal", id="less than nothing"),
    ],
)
def test_what_is_no_limit_is_not_set(head, who, more, said):
    answer = head.post("/limits/new", told(who, **more))
    assert (answer.status_code in {404, 422}, Limit.objects.exists()) == (True, False)
    assert said in answer.text


def test_an_initiative_says_under_which_limits_it_calls(head, who):
    head.post("/limits/new", told(who))
    head.post("/limits/new", told(who, what="calls:minute", amount="60"))
    page = head.get(f"/initiatives/{who.initiative.code}/").text
    assert "Euro a month" in page
    assert "€ 0.00 of € 400.00" in page
    assert "Calls a minute: 60" in page


def test_a_limit_of_a_unit_above_is_told_as_shared(enter, who):
    unit = who.initiative.accountable_unit
    admin = enter(builders.person(Role.UNIT_HEAD, unit.parent, name="Hedda Head"))
    admin.post("/limits/new", {"scope": "unit", "target": unit.ref, "what": "tokens:day", "amount": "9000"})
    page = admin.get(f"/initiatives/{who.initiative.code}/").text
    assert f"Tokens a day, shared by all of {unit.name}" in page


def test_usage_is_shown_and_its_csv_starts_no_formula(head, who):
    owned = {"initiative": who.initiative, "unit": who.initiative.accountable_unit}
    used = {"tokens_in": 1000, "tokens_out": 234, "cost": 2_500_000, "model": "=HYPERLINK(1)"}
    Exchange.objects.create(at=now(), surface="s", verdict="allow", state="completed", **used, **owned)
    assert "1 call used 1,234 tokens, for € 2.50." in head.get("/usage/").text
    table = list(csv.reader(io.StringIO(head.get("/usage/?csv=usage").content.decode("utf-8-sig"))))
    assert len(table) == 2
    assert dict(zip(*table, strict=True))["cost_euro"] == "2.500000"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in table for cell in row)
    month = f"{now():%Y-%m}"
    assert "Nothing matches" in head.get(f"/usage/?initiative=none-such&month={month}").text
