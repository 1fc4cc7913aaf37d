"""Towns that a word before them announces, in languages that the names model reads less surely. The texts are invented."""

import pytest

from governance.detection.document import Document
from governance.detection.pii.towns import announced_towns


def read(text, tag):
    return [text[span.start : span.end] for span in announced_towns(text, tag)]


@pytest.mark.parametrize(
    ("tag", "text", "towns"),
    [
        pytest.param("pl", "Mieszka w miejscowości Gorzów Wielkopolski, a pracuje w mieście Piła.", ["Gorzów Wielkopolski", "Piła"], id="Polish, two words"),
        pytest.param("pl", "Jedzie do miasta Kędzierzyn-Koźle.", ["Kędzierzyn-Koźle"], id="a hyphen"),
        pytest.param("pl", "MIEJSCOWOŚĆ Otwock", ["Otwock"], id="a label in capitals"),
        pytest.param("es", "Vive en el municipio de Lugo.", ["Lugo"], id="Spanish"),
        pytest.param("fr", "La commune de Saint-Brieuc l'a reçu.", ["Saint-Brieuc"], id="French"),
        pytest.param("it", "Nel comune di Sale non si paga.", ["Sale"], id="an Italian town that is a word"),
        pytest.param("pt", "Mora na vila de Óbidos.", ["Óbidos"], id="Portuguese"),
    ],
)  # fmt: skip
def test_what_is_announced_is_a_town(tag, text, towns):
    assert read(text, tag) == towns


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        pytest.param("pl", "To są największe miasta Unii Europejskiej.", id="several"),
        pytest.param("pl", "W miejscowości tej nikt nie mieszka. Anna też nie.", id="a sentence that begins behind"),
        pytest.param("fr", "Elle vient de la ville de demain.", id="a word in small letters"),
        pytest.param("de", "Sie wohnt in der Stadt Aarau.", id="a language whose nouns all have capitals"),
    ],
)  # fmt: skip
def test_what_is_not_announced_is_none(tag, text):
    assert read(text, tag) == []


def test_somebody_in_a_town_is_no_town(engine):
    text = "Wczoraj spotkałem w mieście Annę i jej brata, i poszliśmy razem do kina, bo padał deszcz."
    assert "LOCATION" not in {each.type for each in engine.scan(Document.of({"t": text}), deadline=20).findings}


def test_the_engine_finds_a_town_that_the_model_does_not_know(engine):
    text = "Pani Kowalska mieszka od roku w miejscowości Radomsko i bardzo to sobie chwali, bo jest tam spokojnie."
    found = engine.scan(Document.of({"t": text}), deadline=20).findings
    assert ("LOCATION", "Radomsko") in {(each.type, text[each.start : each.end]) for each in found}
