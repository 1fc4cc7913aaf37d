"""People in records and tables: under keys, below headings, as accounts and passengers; and what only looks like them."""

import pytest

from governance.detection.pii.columns import cells_below
from governance.detection.pii.records import recorded


def read(text):
    return [text[span.start : span.end] for span in recorded(text)]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        pytest.param('{"firstName": "Rukmini", "lastName": "Iyer"}', ["Rukmini", "Iyer"], id="keys of JSON"),
        pytest.param("UPDATE employee SET surname = 'Oyelowo'", ["Oyelowo"], id="a column of SQL"),
        pytest.param('{"patient_full_name": "Xiu Qing"}', ["Xiu Qing"], id="a key that says whose name it is"),
        pytest.param('{"assignee": "Ben Achebe"}', ["Ben Achebe"], id="a key for somebody"),
        pytest.param("first_name;last_name\nIfeoma;Obi\nLars;Ekdahl\n", ["Ifeoma", "Obi", "Lars", "Ekdahl"], id="CSV"),
        pytest.param("| Guest | Room |\n| Farid Benali | 204 |", ["Farid Benali"], id="Markdown"),
        pytest.param('"Novák, Petr","paid"', ["Novák, Petr"], id="the family name first, in quotation marks"),
        pytest.param("PASSENGER OKAFOR/CHUKWUEMEKA MR LH1023", ["OKAFOR/CHUKWUEMEKA MR"], id="a list of passengers"),
        pytest.param("Failed password for dmitry.volkov from", ["dmitry.volkov"], id="an account"),
        pytest.param(
            "id;city\n1;Asheville\n2;Aix-en-Provence\n", ["Asheville", "Aix-en-Provence"], id="a column of towns"
        ),
        pytest.param('{"city": "Asheville"}', ["Asheville"], id="a town by its key"),
        pytest.param("id;address\n1;Am Deich 7, Emden\n", ["Am Deich 7, Emden"], id="a column of addresses"),
        pytest.param("nom;prénom\nGuérin;Loïc\n", ["Guérin", "Loïc"], id="French CSV"),
        pytest.param("ticket,owner\n4411,m.kowalski\n", ["m.kowalski"], id="an account in a column"),
        pytest.param("<ns:familyName>Quaye</ns:familyName><city>Tamale</city>", ["Quaye", "Tamale"], id="elements"),
        pytest.param("first_name=Efua&last_name=Quaye&x=1", ["Efua", "Quaye"], id="a form that was sent"),
        pytest.param("firstName: Efua\nlastName: Quaye\n", ["Efua", "Quaye"], id="lines of YAML"),
        pytest.param("CT head for Kaplan^Nadia.", ["Kaplan^Nadia"], id="a picture of a patient"),
        pytest.param(
            '<a href="mailto:e@example.com">Nadia van der Kaplan</a>', ["Nadia van der Kaplan"], id="a link to write to"
        ),
        pytest.param("| Efua | Accra, Ghana | 4 |", ["Accra, Ghana"], id="a town and its country between bars"),
        pytest.param("id;country\n1;Kenya\n", ["Kenya"], id="a column of countries"),
    ],
)
def test_people_and_places_of_records_are_found(text, people):
    assert sorted(read(text)) == sorted(people)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"lastName": "string", "firstName": "None"}', id="a schema"),
        pytest.param('{"owner": "Procurement", "author": "Marketing Team"}', id="a team"),
        pytest.param('{"customer": "Weber Logistics GmbH"}', id="a firm"),
        pytest.param("product,owner\nFalcon,Platform Services\n", id="a column of teams"),
        pytest.param("file_name = 'Report Summary'", id="the name of a file"),
        pytest.param("user=config.parser", id="an attribute"),
        pytest.param("INPUT/OUTPUT MISMATCH", id="two words in capitals"),
        pytest.param("host;address\nweb;10.0.0.7\n", id="addresses of machines"),
        pytest.param('"Paris, Texas"', id="a town in its state"),
        pytest.param("<firstName>string</firstName><lastName></lastName>", id="elements of a schema"),
        pytest.param("firstName: String\nlastName: Optional[str]\n", id="types of fields"),
        pytest.param("first_name=None&last_name=", id="a form with nothing in it"),
        pytest.param("mask = Alpha^Beta", id="an exclusive or"),
        pytest.param('<a href="mailto:e@example.com">Contact Us</a>', id="a link that says what it is for"),
        pytest.param("| Sales, Marketing | 4 |", id="two departments between bars"),
        pytest.param("id;country\n1;DE\n", id="a column of codes"),
    ],
)
def test_what_is_nobody_is_left_alone(text):
    assert read(text) == []


def test_cells_stand_below_their_heading_until_the_table_ends():
    text = 'name,town,age\n"Roe, J",Ghent,41\nAnn,Gent,39\nno row\n'
    labels = [(text.index(word), text.index(word) + len(word)) for word in ("name", "age")]

    found = [(number, text[slice(*cell)]) for number, cell in cells_below(text, labels)]

    assert found == [(0, '"Roe, J"'), (1, "41"), (0, "Ann"), (1, "39")]
