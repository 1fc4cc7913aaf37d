"""Dates of birth: a date is personal where words beside it say that somebody was born then. Everybody here is invented."""

import pytest

from governance.detection.default_policy import DEFAULT_POLICY, DEFAULT_REPLY_POLICY
from governance.detection.document import Document
from governance.detection.pii.births import births
from governance.detection.policy import Facts, Verdict, decide


def read(text):
    return [text[span.start : span.end] for span in births(text)]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        pytest.param("DOB: 14/03/1987", "14/03/1987", id="a form"),
        pytest.param("D.O.B. 3-14-87", "3-14-87", id="two digits of the year"),
        pytest.param("DOB (dd/mm/yyyy): 14/03/1987", "14/03/1987", id="a form that says how to write it"),
        pytest.param("Date of Birth\n14 / 03 / 1987", "14 / 03 / 1987", id="on the next line"),
        pytest.param("Date of birth of Anna Kowalska: 14-Mar-1987", "14-Mar-1987", id="whose it is"),
        pytest.param("What is your date of birth? It's 11/25/1959.", "11/25/1959", id="an answer"),
        pytest.param("She was born on 5/4/1936. Her brother came later", "5/4/1936", id="a sentence"),
        pytest.param("born in New York on March 14th, 1987", "March 14th, 1987", id="with a town between"),
        pytest.param("On 14 March 1987 Anna was born in Leeds", "14 March 1987", id="the date first"),
        pytest.param("March 14 is my birthday", "March 14", id="a birthday without a year"),
        pytest.param("(b. 14 March 1987)", "14 March 1987", id="a sign of dictionaries"),
        pytest.param("14/03/1987 (DOB)", "14/03/1987", id="the words in brackets behind"),
        pytest.param('{"date_of_birth": "1987-03-14"}', "1987-03-14", id="JSON"),
        pytest.param("<DateOfBirth>1987-03-14</DateOfBirth>", "1987-03-14", id="XML"),
        pytest.param("patientDob=19870314&x=1", "19870314", id="no signs between, in a URL"),
        pytest.param("dob 1987-03-14T00:00:00Z", "1987-03-14", id="with a time"),
        pytest.param("birthday = date(1987, 3, 14)", "1987, 3, 14", id="code"),
        pytest.param(
            "born on the ninth of May nineteen sixty-two", "the ninth of May nineteen sixty-two", id="as it is said"
        ),
        pytest.param(
            "DOB: May ninth, two thousand and three", "May ninth, two thousand and three", id="as it is dictated"
        ),
        pytest.param("your date of birth?\nCaller: it's 14/03/1987", "14/03/1987", id="the answer to the question"),
        pytest.param("Year of birth: 1987", "1987", id="a year that is said to be one"),
        pytest.param("Anna Müller, geboren am 14. März 1987 in Köln", "14. März 1987", id="German"),
        pytest.param("geb. am 14.03.87", "14.03.87", id="German, short"),
        pytest.param("Elle est née à Lyon le 1er mars 1987", "1er mars 1987", id="French"),
        pytest.param("Nacida el 14 de marzo de 1987", "14 de marzo de 1987", id="Spanish"),
        pytest.param("F. nac.: 14/03/1987", "14/03/1987", id="Spanish, short"),
        pytest.param("nato a Roma il 14 marzo 1987", "14 marzo 1987", id="Italian"),
        pytest.param("geboren te Gent op 14 maart 1987", "14 maart 1987", id="Dutch"),
        pytest.param("nascido em 14 de março de 1987", "14 de março de 1987", id="Portuguese"),
        pytest.param("urodzona 14 marca 1987 r.", "14 marca 1987", id="Polish"),
        pytest.param("ur. 14 III 1987", "14 III 1987", id="Polish, month in Roman numbers"),
    ],
)
def test_dates_of_birth_are_found(text, date):
    assert read(text) == [date]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Released on 14 March 2024, due 2024-05-01", id="dates without words for them"),
        pytest.param("The DOB column was added on 2024-05-01", id="the column, not the birth"),
        pytest.param("birth_date = models.DateField(null=True)  # since 2024-01-02", id="a field of code"),
        pytest.param('{"dob": null, "created": "2024-01-01"}', id="the next key"),
        pytest.param("Date of birth: ____ Hire date: 02/05/2024", id="the next field"),
        pytest.param("Anna, born in Berlin, joined on 2 May 2019", id="another verb"),
        pytest.param("She forgot her date of birth. The 2024-05-01 release is out", id="the next sentence"),
        pytest.param("NATO, 4 April 1949", id="a word in capitals that means something else"),
        pytest.param("* 14.03.2024 release", id="an item of a list"),
        pytest.param("born the second of two", id="an ordinal number without a month"),
        pytest.param("Do you need my date of birth? We ship on 14/03/2024", id="no answer to the question"),
        pytest.param("DOB: 45/13/1987", id="no date of any calendar"),
    ],
)
def test_other_dates_are_left_alone(text):
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("id,name,dob,start\n1,Anna,1987-03-14,2019-05-02\n2,Bert,1990-05-02,2020-01-01\n", id="CSV"),
        pytest.param('name;Geburtsdatum;Ort\n"A; B";1987-03-14;Köln\nBert;1990-05-02;Bonn', id="semicolons"),
        pytest.param("| Who | Date of birth |\n|---|---|\n| A | 1987-03-14 |\n| B | 1990-05-02 |", id="Markdown"),
        pytest.param("name\tdob\nAnna\t1987-03-14\nBert\t1990-05-02\n\nsince\t2019-05-02", id="tabs"),
    ],
)
def test_a_column_of_dates_of_birth_is_read_by_its_heading(text):
    assert sorted(set(read(text))) == ["1987-03-14", "1990-05-02"]


def test_a_key_of_a_record_says_what_its_value_is(engine):
    report = engine.scan(
        Document.of({"patient.date_of_birth": "1987-03-14", "patient.seen": "2024-05-01"}), deadline=60
    )
    assert [(f.type, f.path, f.start, f.end) for f in report.findings] == [
        ("DATE_TIME", "patient.date_of_birth", 0, 10)
    ]


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [
        pytest.param(DEFAULT_POLICY, Verdict.REDACT, id="in a prompt"),
        pytest.param(DEFAULT_REPLY_POLICY, Verdict.ALLOW, id="in an answer"),
    ],
)
def test_a_date_of_birth_is_replaced_on_its_way_out(engine, policy, verdict):
    report = engine.scan(Document.of({"m": "born on 14 March 1987"}), deadline=60)
    assert decide(report, policy=policy, facts=Facts("internal", "public_api")).verdict is verdict


def test_many_labels_and_no_dates_take_time_that_grows_with_the_text():
    assert read("born dob birthday, " * 20_000) == []
