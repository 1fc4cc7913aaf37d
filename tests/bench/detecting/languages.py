"""Names, places, addresses, telephones and identity numbers in seven languages besides English: hand-written sentences that the names
model never saw, filled by Faker. Recall of each, the share of findings that are right, and how often the language is told.

Our lists of names are Faker's too. With `--unlisted` the scanner forgets every other name of them, and people are called by those.
"""

import random
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from zlib import crc32

from detecting._rows import engine_of
from faker import Faker

from governance.detection.document import Document
from governance.detection.pii import lists

SECTION = "languages"
_SEED = 3
LOCALES = {"de": "de_DE", "fr": "fr_FR", "es": "es_ES", "it": "it_IT", "nl": "nl_NL", "pt": "pt_PT", "pl": "pl_PL"}
# {p} person, {c} town, {a} street and number, {t} telephone, {i} identity number, {b} bank account
FRAMES = {
    "de": """Die Akte von {p} liegt seit gestern auf dem Schreibtisch und muss bis Montag geprüft werden.
Nach dem Umzug wohnt {p} jetzt in {c}, die neue Anschrift lautet {a}.
Laut Protokoll hat {p} dem Vorschlag nicht zugestimmt, weil die Kosten zu hoch sind.
Bitte rufen Sie {p} unter {t} zurück, es geht um die offene Rechnung.
Die Ware wurde an {a} geliefert, aber niemand hat sie angenommen.
Unsere Niederlassung in {c} wird ab Januar von {p} geleitet.
Der Betrag soll auf das Konto {b} überwiesen werden, Empfänger ist {p}.
Wann kommt der Techniker nach {c}, und weiß {p} davon?""",
    "fr": """Le dossier de {p} est sur le bureau depuis hier et doit être vérifié avant lundi.
Depuis le déménagement, {p} habite à {c} et sa nouvelle adresse est {a}.
Selon le compte rendu, {p} n'a pas accepté la proposition car elle coûte trop cher.
Merci de rappeler {p} au {t} à propos de la facture impayée.
La marchandise a été livrée au {a}, mais personne ne l'a reçue.
Notre agence de {c} sera dirigée par {p} à partir de janvier.
Le montant doit être versé sur le compte {b} au nom de {p}.
Quand le technicien vient-il à {c}, et est-ce que {p} le sait ?""",
    "es": """El expediente de {p} está sobre la mesa desde ayer y hay que revisarlo antes del lunes.
Después de la mudanza, {p} vive en {c} y su nueva dirección es {a}.
Según el acta, {p} no aceptó la propuesta porque es demasiado cara.
Por favor, llame a {p} al {t} por la factura que no se ha pagado.
La mercancía se entregó en {a}, pero nadie la recibió.
Nuestra oficina de {c} la dirigirá {p} desde enero.
El importe se tiene que pagar en la cuenta {b} a nombre de {p}.
¿Cuándo viene el técnico a {c}, y lo sabe {p}?""",
    "it": """La pratica di {p} è sulla scrivania da ieri e deve essere controllata entro lunedì.
Dopo il trasloco {p} abita a {c} e il nuovo indirizzo è {a}.
Secondo il verbale {p} non ha accettato la proposta perché costa troppo.
La prego di richiamare {p} al {t} per la fattura che non è stata pagata.
La merce è stata consegnata in {a}, ma nessuno l'ha ricevuta.
La nostra sede di {c} sarà diretta da {p} a partire da gennaio.
La somma deve essere versata sul conto {b} intestato a {p}.
Quando viene il tecnico a {c}, e {p} lo sa?""",
    "nl": """Het dossier van {p} ligt sinds gisteren op het bureau en moet voor maandag worden nagekeken.
Na de verhuizing woont {p} in {c} en het nieuwe adres is {a}.
Volgens de notulen heeft {p} het voorstel niet aanvaard omdat het te duur is.
Wilt u {p} terugbellen op {t} over de rekening die nog niet is betaald?
De goederen zijn geleverd op {a}, maar niemand heeft ze ontvangen.
Ons kantoor in {c} wordt vanaf januari geleid door {p}.
Het bedrag moet op rekening {b} worden gestort op naam van {p}.
Wanneer komt de monteur naar {c}, en weet {p} dat?""",
    "pt": """O processo de {p} está na secretária desde ontem e tem de ser verificado até segunda-feira.
Depois da mudança, {p} mora em {c} e a nova morada é {a}.
Segundo a ata, {p} não aceitou a proposta porque é muito cara.
Por favor, ligue a {p} para o {t} por causa da fatura que não foi paga.
A mercadoria foi entregue na {a}, mas ninguém a recebeu.
O nosso escritório de {c} será dirigido por {p} a partir de janeiro.
O valor deve ser pago na conta {b} em nome de {p}.
Quando é que o técnico vem a {c}, e {p} já sabe?""",
    "pl": """Teczka, którą przygotował {p}, leży na biurku od wczoraj i trzeba ją sprawdzić do poniedziałku.
Po przeprowadzce {p} mieszka w miejscowości {c}, a nowy adres to {a}.
Według protokołu {p} nie przyjmuje tej propozycji, bo jest za droga.
Proszę oddzwonić: {p}, telefon {t}, w sprawie rachunku, który nie został zapłacony.
Towar został dostarczony na adres {a}, ale nikt go nie odebrał.
Naszym biurem w mieście {c} od stycznia kieruje {p}.
Kwotę należy wpłacić na konto {b}, którego właścicielem jest {p}.
Kiedy technik przyjedzie do miejscowości {c} i czy {p} o tym wie?""",
}
IDENTITY = {"de": "Die Steuer-ID lautet {i}.", "fr": "Son numéro de sécurité sociale est le {i}.", "es": "Su NIF es {i}.", "it": "Il suo codice fiscale è {i}.", "nl": "Het BSN is {i}.", "pt": "O NIF é {i}.", "pl": "PESEL {i}."}  # fmt: skip
_TYPES = {"p": {"PERSON"}, "c": {"LOCATION"}, "a": {"LOCATION"}, "t": {"PHONE_NUMBER"}, "b": {"IBAN_CODE"}}


def arguments(parser) -> None:
    parser.add_argument("--sentences", type=int, default=200, help="of each language (default: 200)")
    parser.add_argument(
        "--unlisted",
        choices=("family", "both"),
        default="",
        help="call people by family names, or both names, that no list knows",
    )
    parser.add_argument("--language-misses", type=int, default=0, help="print so many misses of each language")


def is_forgotten(name):
    return crc32(name.lower().encode()) % 2 == 0


def forget_names(folder):
    """Write the lists into `folder` without every other name, and have the scanner read those."""
    for path in lists.FOLDER.glob("*.txt"):
        kept = []
        for line in path.read_text(encoding="utf-8").splitlines():
            key, _, words = line.partition(": ")
            names = [word for word in words.split() if not is_forgotten(word)]
            kept.append(f"{key}: {' '.join(names)}" if key in ("given", "family") else line)
        (Path(folder) / path.name).write_text("\n".join(kept), encoding="utf-8")
    lists.FOLDER = Path(folder)


def name_of(make, *, forgotten):
    """Return a name; `forgotten` says whether its words are among those forgotten, None that it does not matter."""
    while True:
        name = make()
        words = [word for word in name.replace("-", " ").split() if word[0].isupper()]
        if forgotten is None or all(is_forgotten(word) is forgotten for word in words):
            return name


def person_of(fake, unlisted):
    given, family = {"": (None, None), "family": (False, True), "both": (True, True)}[unlisted]
    return f"{name_of(fake.first_name, forgotten=given)} {name_of(fake.last_name, forgotten=family)}"


def values(fake, tag, dice, *, unlisted=""):
    ids = {
        "pt": lambda: _nif(dice),
        "nl": fake.ssn,
        "es": fake.nif if tag == "es" else fake.ssn,
        "de": lambda: _steuer_id(dice),
    }
    return {
        "p": lambda: person_of(fake, unlisted),
        "c": fake.city,
        "a": fake.street_address,
        "t": fake.phone_number,
        "b": fake.iban,
        "i": ids.get(tag, fake.ssn),
    }


def _nif(dice):
    body = [2, *(dice.randrange(10) for _ in range(7))]
    rest = sum(digit * weight for digit, weight in zip(body, range(9, 1, -1), strict=True)) % 11
    return "".join(map(str, [*body, 0 if rest < 2 else 11 - rest]))


def _steuer_id(dice):
    digits = dice.sample(range(1, 10), 9)
    digits.insert(5, digits[0])
    product = 10
    for digit in digits:
        product = ((digit + product) % 10 or 10) * 2 % 11
    return "".join(map(str, [*digits, (11 - product) % 10]))


def sentences(tag, count, *, unlisted=""):
    """Yield (text, [(slot, start, end)]); every fourth has a sentence with an identity number behind it."""
    Faker.seed(_SEED)
    dice, fake = random.Random(_SEED), Faker(LOCALES[tag])
    made = values(fake, tag, dice, unlisted=unlisted)
    frames = FRAMES[tag].splitlines()
    for number in range(count):
        frame = frames[number % len(frames)] + (f" {IDENTITY[tag]}" if number % 4 == 0 else "")
        text, places = "", []
        for part in frame.replace("{", "\x00{").replace("}", "}\x00").split("\x00"):
            if part[:1] == "{":
                value = str(made[part[1]]()).replace("\n", ", ")
                places.append((part[1], len(text), len(text) + len(value)))
                part = value  # noqa: PLW2901 - the slot's value in its place
            text += part
        yield text, places


def run(options) -> None:
    with tempfile.TemporaryDirectory() as folder:
        if options.unlisted:
            forget_names(folder)
        _run(options)


def _run(options) -> None:
    engine = engine_of(options.mode)
    print(
        f"{'':4}{'persons':>9}{'towns':>9}{'addresses':>11}{'phones':>9}{'accounts':>10}{'ids':>7}{'right':>8}{'told':>7}"
    )
    for tag in FRAMES:
        counts, right, misses = defaultdict(Counter), Counter(), []
        for text, places in sentences(tag, options.sentences, unlisted=options.unlisted):
            report = engine.scan(Document.of({"text": text}), deadline=60)
            right["told"] += report.languages == (tag,)
            right["texts"] += 1
            for slot, start, end in places:
                covered = {at for f in report.findings if _is(f, slot) for at in range(f.start, f.end)}
                hit = 2 * sum(at in covered for at in range(start, end)) >= end - start
                counts[slot][hit] += 1
                misses += [] if hit else [(slot, text[max(0, start - 20) : end + 10])]
            gold = {at for _, start, end in places for at in range(start, end)}
            for finding in report.findings:
                right[
                    2 * sum(at in gold for at in range(finding.start, finding.end)) >= finding.end - finding.start
                ] += 1
        recall = [f"{counts[slot][True] / max(1, sum(counts[slot].values())):.2f}" for slot in "pcatbi"]
        shown = "".join(each.rjust(width) for each, width in zip(recall, (9, 9, 11, 9, 10, 7), strict=True))
        print(
            f"{tag:4}{shown}{right[True] / max(1, right[True] + right[False]):8.2f}{right['told'] / right['texts']:7.2f}"
        )
        for miss in (
            misses[:: max(1, len(misses) // options.language_misses)][: options.language_misses]
            if options.language_misses
            else ()
        ):
            print("   ", *miss)


def _is(finding, slot):
    return finding.type in _TYPES[slot] if slot in _TYPES else finding.subtype == "identifier"
