"""People in seven languages besides English, by titles, phrases and lists of names. Everybody here is invented."""

import pytest

from governance.detection.languages import names_language_of
from governance.detection.pii.people import people, with_lists
from governance.detection.spans import Span


def read(text, tag):
    return [text[span.start : span.end] for span in people(text, tag)]


@pytest.mark.parametrize(
    ("tag", "text", "names"),
    [
        pytest.param("es", "Ayer hablé con Lucía Zorraquino sobre el contrato.", ["Lucía Zorraquino"], id="a listed given name"),
        pytest.param("es", "El Sr. Zorraquino y la Sra. Ibarrondo llegan tarde.", ["Zorraquino", "Ibarrondo"], id="Spanish titles"),
        pytest.param("es", "Atentamente,\nJ. Zorraquino", ["J. Zorraquino"], id="an initial below a letter"),
        pytest.param("it", "La sig.ra Bottamedi ha chiamato l'avv. Frizzoni.", ["Bottamedi", "Frizzoni"], id="Italian titles"),
        pytest.param("it", "Il paziente Ugo De Zordi vive a Lecce.", ["Ugo De Zordi"], id="a role"),
        pytest.param("nl", "Dhr. van den Oetelaar en mevrouw Quist komen.", ["van den Oetelaar", "Quist"], id="Dutch titles"),
        pytest.param("nl", "Het dossier van Joris van den Oetelaar ligt klaar.", ["Joris van den Oetelaar"], id="small words inside"),
        pytest.param("pl", "Pan Brzuchacz rozmawiał z panią Mikusek.", ["Brzuchacz", "Mikusek"], id="Polish titles"),
        pytest.param("pl", "Umowę wysłano do Anny Brzuchaczowej i Piotra Mikuska.", ["Anny Brzuchaczowej", "Piotra Mikuska"], id="names in a case"),
        pytest.param("fr", "Selon Mme Trouillefou, le dossier est prêt.", ["Trouillefou"], id="a French title"),
        pytest.param("pt", "O Dr. Rabaçal falou com a Dona Filipa.", ["Rabaçal", "Filipa"], id="Portuguese titles"),
        pytest.param("de", "Im Namen von Frau Quastenberg grüße ich Sie.", ["Quastenberg"], id="a German title"),
        pytest.param("es", "He visto a Lucía esta mañana.", ["Lucía"], id="a given name alone"),
    ],
)  # fmt: skip
def test_people_are_found(tag, text, names):
    assert read(text, tag) == names


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        pytest.param("es", "El Ministerio de Hacienda usa Windows Server en Ciudad Real.", id="an office and a town"),
        pytest.param(
            "es", "Viene de Suministros Morales S.L. y de Lucía Campos S.A.", id="companies called after people"
        ),
        pytest.param("es", "Vive en Calle de Lucía Morales 4, cerca de la Plaza Mayor.", id="streets"),
        pytest.param("it", "Il treno va a Reggio Emilia e a San Giovanni Rotondo.", id="towns with names in them"),
        pytest.param("nl", "De trein gaat naar Den Haag en naar Bergen op Zoom.", id="Dutch towns"),
        pytest.param("nl", "Met de kaart van ING Direct betaald.", id="a bank that reads like a title"),
        pytest.param("pl", "Ministerstwo Finansów i Bank Polski są w mieście Zielona Góra.", id="Polish offices"),
        pytest.param("de", "Die Deutsche Bank und das Finanzamt Mitte prüfen den Bericht.", id="German nouns"),
    ],
)
def test_offices_streets_and_towns_are_not_people(tag, text):
    assert read(text, tag) == []


@pytest.mark.parametrize(
    ("text", "seen", "left"),
    [
        pytest.param("Ik heb Sarah vanmorgen gezien en die zegt dat het niet te laat is.", ("PERSON", "Sarah vanmorgen"), {("PERSON", "Sarah")}, id="a small word behind"),
        pytest.param("Gestern habe ich mit dem Leiter über den Vertrag gesprochen.", ("PERSON", "Gestern"), set(), id="a word that begins a sentence"),
        pytest.param("Nuestra oficina de Lugo la dirigirá Lucía Morales desde enero.", ("LOCATION", "de Lugo la dirigirá Lucía Morales"), {("LOCATION", "Lugo"), ("PERSON", "Lucía Morales")}, id="a place that took in a person"),
        pytest.param("El informe de Zuriñe Otxandiano todavía no ha sido aprobado.", ("LOCATION", "Zuriñe Otxandiano"), {("PERSON", "Zuriñe Otxandiano")}, id="two names that no list knows are no town"),
        pytest.param("La fattura di Tarcisio Belbruno non è stata pagata.", ("LOCATION", "Tarcisio"), {("PERSON", "Tarcisio Belbruno")}, id="the other half of the name"),
        pytest.param("Iedereen is het eens met onze afdeling in Capelle Bovenland.", ("LOCATION", "Capelle Bovenland"), {("LOCATION", "Capelle Bovenland")}, id="behind a word for places"),
        pytest.param("Nuestra oficina de Torre Pacheca no la conoce.", ("LOCATION", "Torre Pacheca"), {("LOCATION", "Torre Pacheca")}, id="behind what stands somewhere"),
        pytest.param("El contrato con el Banco Mediolano no lo ha firmado.", ("LOCATION", "Banco Mediolano"), {("LOCATION", "Banco Mediolano")}, id="a word of offices"),
        pytest.param("The meeting with Sarah tomorrow is about the plan.", ("PERSON", "Sarah tomorrow"), {("PERSON", "Sarah tomorrow")}, id="English is left to the model"),
    ],
)  # fmt: skip
def test_what_the_model_saw_is_mended_by_the_lists(text, seen, left):
    kind, value = seen
    start = text.index(value)
    found = with_lists(text, [Span(kind, start, start + len(value), 0.4)])
    assert {(span.type, text[span.start : span.end]) for span in found} == left


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        pytest.param("He visto a Hugo esta mañana y dice que llega tarde.", "es", id="a short sentence"),
        pytest.param("Please send the report to Hugo before noon.", "", id="English"),
        pytest.param("for row in rows: total += row.amount * 2", "", id="code"),
    ],
)
def test_lists_are_chosen_by_the_language(text, tag):
    assert names_language_of(text) == tag


def test_a_long_row_of_capitals_takes_time_that_grows_with_the_text():
    assert len(read("Lucía " * 20_000, "es")) <= 1


def test_many_people_take_time_that_grows_with_the_text():
    text = "Ayer hablé con Lucía Morales en la oficina de Lugo y no dice nada. " * 6000
    seen = [Span("LOCATION", at, at + 4, 0.5) for at in range(0, len(text) - 4, 40)]
    assert len(with_lists(text, seen)) >= 6000


def test_many_places_in_one_row_of_capitals_take_time_that_grows_with_the_text():
    text = "El informe de la empresa no es para el jefe que " + "Zuriq " * 60_000
    seen = [Span("LOCATION", at, at + 5, 0.5) for at in range(48, len(text) - 6, 6)]
    assert len(with_lists(text, seen)) == len(seen)
