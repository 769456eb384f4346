"""Every code of a hazard stands in the one table."""

import re
from pathlib import Path

from generator.model.hazards import CODE_OF_CONSENT, HAZARDS, codes

ROOT = Path(__file__).resolve().parents[2]


def test_every_code_that_is_used_is_in_the_table() -> None:
    used = {
        code
        for path in (ROOT / "generator").rglob("*.py")
        for code in re.findall(r'\bcode="([^"]+)"', path.read_text())
        if path.name != "hazards.py"
    }
    assert used
    assert used | set(CODE_OF_CONSENT.values()) <= set(codes())


def test_a_code_is_made_of_words_and_says_in_one_sentence_what_it_is() -> None:
    for kind in HAZARDS:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.code)
        assert kind.title.endswith(".")
        assert len(kind.title) <= 80
