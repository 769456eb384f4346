"""How templates are found, and what happens when one is wrong."""

from pathlib import Path

import pytest

from generator.errors import BadInput
from generator.model.schema import QName
from generator.render.environment import environment, render_template


def rendered(folder: Path, text: str, **context: object) -> str:
    (folder / "own.j2").write_text(text)
    return render_template(environment(folder), "own.j2", **context)


def test_names_and_texts_are_quoted_by_filters(tmp_path: Path) -> None:
    text = '{{ "a b" | ident }} {{ "it\'s" | literal }} {{ name | qname }}\n'
    assert rendered(tmp_path, text, name=QName("public", "order")) == "\"a b\" 'it''s' public.\"order\"\n"


def test_a_name_that_is_not_there_is_an_error_with_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        rendered(tmp_path, "one\n{{ missing }}\n")
    assert f"{tmp_path / 'own.j2'}:2" in caught.value.message
    assert "missing" in caught.value.message


def test_any_other_mistake_in_a_template_is_an_error_with_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        rendered(tmp_path, "one\n\n{{ 1 / 0 }}\n")
    assert f"{tmp_path / 'own.j2'}:3: ZeroDivisionError" in caught.value.message


def test_a_template_that_cannot_be_read_is_an_error_with_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        rendered(tmp_path, "one\ntwo {% if %}\n")
    assert f"{tmp_path / 'own.j2'}:2" in caught.value.message


def test_a_fault_in_our_own_template_is_no_bad_input() -> None:
    from jinja2 import TemplateNotFound

    with pytest.raises(TemplateNotFound):
        render_template(environment(), "no_such.sql.j2")


def test_a_folder_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        environment(tmp_path / "nowhere")


def test_blocks_leave_no_blank_lines_and_the_last_newline_stays(tmp_path: Path) -> None:
    assert rendered(tmp_path, "{% if true %}\n  x\n  {% endif %}\ny\n") == "  x\ny\n"
