"""Texts in which the new type goes by another name until contract."""

from generator.dialects.postgres.beside import Beside
from generator.model.change import IndexChanged, TypeReplaced
from generator.model.schema import EnumType, Index, Other, QName

NAME = QName("public", "e")
TYPES = Beside(
    changes=(
        TypeReplaced(
            old=EnumType(name=NAME, values=("a", "b", "c")),
            new=EnumType(name=NAME, values=("b", "d")),
            values=(("a", "b"), ("c", "d")),
        ),
    )
)


def test_names_are_exchanged_outside_of_strings_and_other_names() -> None:
    text = "('public.e'::text = 'a'::public.e) AND public.e2 IS NULL AND x.public.e AND public.e(1) = '{}'::public.e[]"
    assert TYPES.text(text) == (
        "('public.e'::text = 'a'::public._gm_new_e) AND public.e2 IS NULL AND x.public.e AND public.e(1)"
        " = '{}'::public._gm_new_e[]"
    )
    assert TYPES.said(TYPES.text(text)) == text


def test_at_contract_both_names_move_on() -> None:
    assert (
        TYPES.settled("(x)::text::public._gm_new_e = (y)::public.e")
        == "(x)::text::public.e = (y)::public._gm_dropped_e"
    )


def test_the_body_of_a_function_stays_as_it_is_written() -> None:
    body = "CREATE FUNCTION public.f(public.e)\n RETURNS public.e\nAS $function$select $1::public.e$function$\n"
    staged = TYPES.staged(Other(kind="function", name="f(e)", definition=body, sql_name="public.f(public.e)"))
    assert staged.sql_name == "public.f(public._gm_new_e)"
    assert staged.definition == (
        "CREATE FUNCTION public.f(public._gm_new_e)\n RETURNS public._gm_new_e\n"
        "AS $function$select $1::public.e$function$\n"
    )


def test_what_a_change_takes_away_is_as_it_was() -> None:
    old, new = (
        Index(name="i", unique=False, body=f"{what} ('a'::public.e)", columns=("x",)) for what in ("one", "two")
    )
    staged = TYPES.change(IndexChanged(table=QName("public", "t"), old=old, new=new))
    assert isinstance(staged, IndexChanged)
    assert staged.old == old
    assert staged.new.body == "two ('a'::public._gm_new_e)"


def test_a_value_that_was_merged_stays_what_it_became() -> None:
    there = TYPES.through("x", "public.e", "public._gm_new_e", back=False)
    back = TYPES.through("x", "public._gm_new_e", "public.e", back=True)
    assert there == "(CASE (x)::text WHEN 'a' THEN 'b' WHEN 'c' THEN 'd' ELSE (x)::text END)::public._gm_new_e"
    assert back == "(CASE (x)::text WHEN 'd' THEN 'c' ELSE (x)::text END)::public.e"


def test_a_row_goes_over_attribute_by_attribute() -> None:
    def composite(attributes: str) -> Other:
        return Other(
            kind="composite type", name="k", definition=f"CREATE TYPE public.k AS ({attributes})", sql_name="public.k"
        )

    change = TypeReplaced(
        old=composite("a integer, b text"), new=composite("c text, a bigint, d date"), values=(("b", "c"),)
    )
    types = Beside(changes=(change,))
    there = types.through("y", "public.k", "public._gm_new_k", back=False)
    back = types.through("y", "public._gm_new_k", "public.k", back=True)
    assert there == "CASE WHEN (y)::text IS NOT NULL THEN ROW((y).b, ((y).a)::bigint, NULL)::public._gm_new_k END"
    assert back == "CASE WHEN (y)::text IS NOT NULL THEN ROW(((y).a)::integer, (y).c)::public.k END"
