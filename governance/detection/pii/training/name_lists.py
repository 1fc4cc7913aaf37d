"""Write the lists of names in `pii/name_lists/*.txt` anew from Faker's (MIT): `python -m governance.detection.pii.training.name_lists`.

What people wrote into the files (titles, what comes before a name, other words with capitals) stays as it is.
"""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap

FOLDER = Path(__file__).parents[1] / "name_lists"
_LOCALES = {
    "en": ("en_US", "en_GB", "en_IE", "en_IN", "en_KE", "en_NG", "en_NZ", "en_PK"),
    "world": ("cs_CZ", "da_DK", "et_EE", "fi_FI", "hr_HR", "hu_HU", "id_ID", "lt_LT", "lv_LV", "no_NO", "ro_RO", "sk_SK", "sl_SI", "sv_SE", "tr_TR"),
    "de": ("de_DE", "de_AT", "de_CH"), "fr": ("fr_FR", "fr_BE", "fr_CA", "fr_CH"), "es": ("es_ES", "es_MX", "es_AR", "es_CO", "es_CL"), "it": ("it_IT",),
    "nl": ("nl_NL", "nl_BE"), "pt": ("pt_PT", "pt_BR"), "pl": ("pl_PL",),
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_SHORTEST, _LINE = 2, 160


def main() -> None:
    for tag, locales in _LOCALES.items():
        path = FOLDER / f"{tag}.txt"
        kept = [
            line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(("given:", "family:"))
        ]
        given, family = (
            sorted({name for locale in locales for name in _names(locale, kind)}) for kind in ("first", "last")
        )
        lines = [*kept, *_lines("given", given), *_lines("family", family)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _names(locale: str, kind: str) -> Iterator[str]:
    """Yield the words with capitals of a locale's lists of one kind: of "van den Berg" the last alone."""
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    for name in dir(provider):
        values = getattr(provider, name)
        if f"{kind}_name" in name and isinstance(values, tuple | list | dict):
            for value in values:
                yield from (word for word in _WORD.findall(str(value)) if word[0].isupper() and len(word) >= _SHORTEST)


def _lines(key: str, names: list[str]) -> Iterator[str]:
    for line in wrap(" ".join(names), _LINE, break_on_hyphens=False):
        yield f"{key}: {line}"


if __name__ == "__main__":
    main()
