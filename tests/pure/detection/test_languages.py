"""Which language a text is in, and that a policy always says what becomes of it. All texts were written for these tests."""

import sysconfig
from pathlib import Path

import pytest

from governance.detection.default_policy import DEFAULT_POLICY
from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.languages import language_of, spans_of
from governance.detection.policy import Facts, Policy, Verdict, decide
from governance.detection.ruleset import Ruleset

PUBLIC, HERE = Facts("internal", "public_api"), Facts("internal", "self_hosted")
ENGLISH = "Please summarise the notes of the meeting and send them to the team before Thursday. "
SENTENCES = [
    ("de", "Bitte schicken Sie die Unterlagen an Frau Müller in München."),
    ("de", "Die Rechnung wurde noch nicht bezahlt, weil der Betrag falsch war."),
    ("fr", "Je vous envoie le contrat de Jean Dupont dans la journée."),
    ("es", "El informe está en la carpeta de Juan."),
    ("it", "Il rapporto è nella cartella di Mario Rossi."),
    ("nl", "Het rapport staat in de map van Jan de Vries."),
    ("pt", "O relatório está na pasta do João Silva."),
    ("pl", "Proszę wysłać raport do pana Kowalskiego, bo nie ma go jeszcze w systemie."),
    ("sv", "Rapporten är inte klar men vi skickar den till kunden i morgon."),
    ("cs", "Dobrý den, posílám Vám smlouvu, kterou jste chtěli."),
    ("hu", "A jelentés még nincs kész, de holnap elküldjük, ha kell."),
    ("tr", "Rapor henüz hazır değil ama yarın size göndereceğiz ve bir kopyası olacak."),
    ("und-Cyrl", "Отчёт лежит в папке Ивана Петрова."),
    ("el", "Η αναφορά είναι στον φάκελο του Γιώργου."),
    ("und-Arab", "التقرير موجود في مجلد أحمد"),
    ("zh", "报告在张伟的文件夹里。"),
    ("ja", "レポートは田中さんのフォルダにあります。"),
    ("ko", "보고서는 김민수 폴더에 있습니다."),
]


@pytest.fixture(scope="module")
def engine():
    return Engine.load(
        Ruleset.of({"version": 1, "detectors": {"languages": {}}}), key=b"a key made for the tests, 32 by."
    )


def decided(engine, text, policy=DEFAULT_POLICY, facts=PUBLIC):
    return decide(engine.scan(Document.of({"text": text}), deadline=20), policy=policy, facts=facts)


@pytest.mark.parametrize(
    ("tag", "text"), SENTENCES, ids=[f"{tag} {number}" for number, (tag, _) in enumerate(SENTENCES)]
)
def test_a_sentence_tells_its_language(tag, text):
    assert language_of(text) == tag


# What decides is that none of them passes for English; which of two that are near is said matters less.
UNREAD = {
    "is": "Fundinum var frestað fram í næstu viku vegna þess að stjórinn er veikur og enginn annar má skrifa undir.",
    "tr": "Müdür hasta olduğu için toplantı gelecek haftaya ertelendi ve sözleşmeyi başka kimse imzalayamıyor.",
    "cs": "Schůze se přesouvá na příští týden, protože ředitel je nemocný a smlouvu nemůže podepsat nikdo jiný.",
    "hr": "Sastanak je odgođen za idući tjedan jer je direktor bolestan, a nitko drugi ne može potpisati ugovor.",
    "hu": "Az ülést a jövő hétre halasztották, mert az igazgató beteg, és más nem írhatja alá a szerződést.",
    "ro": "Ședința s-a amânat pentru săptămâna viitoare, deoarece directorul este bolnav și nimeni altcineva nu poate semna.",
    "sq": "Mbledhja u shty për javën e ardhshme sepse drejtori është i sëmurë dhe askush tjetër nuk mund ta nënshkruajë.",
    "lt": "Posėdis nukeltas į kitą savaitę, nes direktorius serga ir niekas kitas negali pasirašyti sutarties.",
    "lv": "Sanāksme pārcelta uz nākamo nedēļu, jo direktors ir slims un neviens cits nevar parakstīt līgumu.",
    "et": "Koosolek lükkus järgmisse nädalasse, sest juhataja on haige ja keegi teine ei saa lepingule alla kirjutada.",
    "id": "Rapat ditunda ke minggu depan karena direktur sakit dan tidak ada orang lain yang boleh menandatangani kontrak.",
    "tl": "Inilipat ang pulong sa susunod na linggo dahil may sakit ang direktor at walang ibang puwedeng pumirma.",
    "vi": "Cuộc họp bị hoãn sang tuần sau vì giám đốc bị ốm và không ai khác có thể ký hợp đồng.",
    "sw": "Mkutano umeahirishwa hadi wiki ijayo kwa sababu mkurugenzi ni mgonjwa na hakuna mwingine anayeweza kusaini.",
    "ca": "La reunió s'ha ajornat a la setmana vinent perquè el director està malalt i ningú més no pot signar el contracte.",
    "ga": "Cuireadh an cruinniú ar athlá go dtí an tseachtain seo chugainn mar tá an stiúrthóir tinn agus ní féidir le haon duine eile síniú.",
    "mt": "Il-laqgħa ġiet posposta għall-ġimgħa d-dieħla għax id-direttur marid u ħadd aktar ma jista' jiffirma l-kuntratt.",
    "so": "Shirka waxaa loo dhigay toddobaadka soo socda sababtoo ah agaasimuhu waa buka oo cid kale ma saxiixi karto.",
    "ha": "An dage taron zuwa mako mai zuwa saboda darakta ba shi da lafiya kuma babu wani da zai iya sanya hannu.",
    "ht": "Reyinyon an ranvwaye pou semèn pwochèn paske direktè a malad epi pa gen lòt moun ki ka siyen kontra a.",
    "az": "İclas gələn həftəyə təxirə salındı, çünki direktor xəstədir və başqa heç kim müqaviləni imzalaya bilməz.",
    "ku": "Civîn ji bo hefteya bê hat paşxistin ji ber ku rêveber nexweş e û kesekî din nikare peymanê îmze bike.",
    "no": "Møtet er utsatt til neste uke fordi direktøren er syk og ingen andre kan skrive under kontrakten.",
    "sv": "Mötet har flyttats till nästa vecka eftersom chefen är sjuk och ingen annan får skriva under avtalet.",
    "da": "Mødet er udskudt til næste uge, fordi direktøren er syg, og ingen andre må skrive under på kontrakten.",
    "sk": "Schôdza sa presúva na budúci týždeň, pretože riaditeľ je chorý a zmluvu nemôže podpísať nikto iný.",
    "sl": "Sestanek je prestavljen na naslednji teden, ker je direktor bolan in pogodbe ne more podpisati nihče drug.",
    "si": "සිකුරාදාට පෙර අපි ඉන්වොයිසිය පාරිභෝගිකයාට යැවිය යුතුය",
    "lo": "ພວກເຮົາຕ້ອງສົ່ງໃບແຈ້ງໜີ້ໃຫ້ລູກຄ້າກ່ອນວັນສຸກ",
    "or": "ଆମେ ଶୁକ୍ରବାର ପୂର୍ବରୁ ଗ୍ରାହକଙ୍କୁ ଚାଲାଣ ପଠାଇବା ଉଚିତ",
    "chr": "ᎣᏏᏲ ᏙᎯᏧ ᎠᏴ ᏙᎩᎾᎵᎯ ᎣᎦᎵᏍᏓᏴᏗ ᎠᎴ ᎠᎹ",
}


@pytest.mark.parametrize("text", UNREAD.values(), ids=UNREAD)
def test_a_sentence_of_a_language_that_nobody_reads_is_reported(engine, text):
    assert language_of(text) != ""
    assert decided(engine, text).verdict is Verdict.JUSTIFY


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(ENGLISH, id="English"),
        pytest.param(
            "The café in München, says Zoë, has a certain je ne sais quoi.", id="English with words of others"
        ),
        pytest.param("Maria de la Cruz, Juan de los Ríos, Jan van der Berg, João da Silva", id="a list of names"),
        pytest.param("for x in de:\n    print(die, das, der)\nimport os, le, la", id="code"),
        pytest.param("def_op('LOAD', 1)\nname_op('STORE', 2)\nname_op('DELETE', 3)\n" * 9, id="names with parts"),
        pytest.param("SELECT o.id, i.name FROM o JOIN i ON o.id = i.o WHERE e.a IN (1, 2)", id="SQL"),
        pytest.param("x" * 5000, id="one long word"),
        pytest.param("α = 0.05, β = 0.2, Δ = 3 µm", id="letters of formulas"),
        pytest.param("𝒙 ∈ ℝ, ℓ = ‖𝒙‖, 𝑓(𝒙) = ½𝒙ᵀ𝑨𝒙, ᴀʟʟ ɪɴ ꜱᴍᴀʟʟ ᴄᴀᴘꜱ", id="styled letters"),
        pytest.param(
            "Tomáš Dvořák, Jiří Novák, Łukasz Wiśniewski, Özge Şahin, Þóra Jónsdóttir", id="people from elsewhere"
        ),
    ],
)
def test_what_is_english_or_no_prose_is_in_no_other_language(text):
    assert language_of(text) == ""


def test_the_standard_library_is_in_no_other_language():
    files = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))[::5]
    texts = [path.read_text(encoding="utf-8", errors="replace")[:60_000] for path in files]
    assert [span.subtype for text in texts for span in spans_of(text)] == []


def test_a_letter_quoted_in_a_long_text_is_seen_where_it_stands():
    letter = "Sehr geehrte Frau Müller, wir haben Ihre Anfrage erhalten und werden sie bis Montag beantworten.\n" * 9
    text = ENGLISH * 20 + "\n" + letter + ENGLISH * 20
    (span,) = spans_of(text)
    assert (span.type, span.subtype) == ("LANGUAGE", "de")
    assert text.index(letter) - 500 < span.start < text.index(letter) + 500
    assert span.end - span.start > len(letter) / 2


def test_a_language_is_said_of_the_document_and_is_no_finding(engine):
    report = engine.scan(Document.of({"a": SENTENCES[0][1], "b": ENGLISH, "c": SENTENCES[-1][1]}), deadline=20)
    assert (report.findings, report.languages, report.complete) == ((), ("de", "ko"), True)
    assert type(report).of_dict(report.to_dict()) == report


@pytest.mark.parametrize(
    ("text", "facts", "verdict"),
    [
        pytest.param(ENGLISH, PUBLIC, Verdict.ALLOW, id="English"),
        pytest.param(SENTENCES[0][1], PUBLIC, Verdict.ALLOW, id="a language that is read in part"),
        pytest.param(SENTENCES[-1][1], PUBLIC, Verdict.JUSTIFY, id="one that is not read, to a public API"),
        pytest.param(SENTENCES[-1][1], HERE, Verdict.ALLOW, id="one that is not read, self-hosted"),
    ],
)
def test_the_policy_we_start_with_lets_no_language_pass_in_silence(engine, text, facts, verdict):
    decision = decided(engine, text, facts=facts)
    assert decision.verdict is verdict
    assert [reason.type for reason in decision.reasons] == ([] if text == ENGLISH else ["LANGUAGE"])


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        pytest.param([], Verdict.JUSTIFY, id="no rule names languages"),
        pytest.param([{"subtypes": ["ko"], "action": "hold"}], Verdict.HOLD, id="a rule for this one"),
        pytest.param([{"subtypes": ["ja"], "action": "block"}], Verdict.JUSTIFY, id="a rule for another one"),
        pytest.param([{"subtypes": ["unread"], "action": "block"}], Verdict.BLOCK, id="a rule for those not read"),
        pytest.param([{"action": "allow"}], Verdict.ALLOW, id="a rule for all"),
    ],
)
def test_an_organisation_decides_for_each_language(engine, rules, verdict):
    named = [{"code": "language", "types": ["LANGUAGE"], "sentence": "It is not in English.", **rule} for rule in rules]
    policy = Policy.of({"version": 1, "rules": named, "otherwise": "redact"})
    assert decided(engine, SENTENCES[-1][1], policy=policy).verdict is verdict
