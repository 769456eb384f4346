"""What only a superuser may do: the script says so in one sentence, and goes on once it has been done.

The tables' owner runs the scripts and is no superuser. A step that needs one looks first whether it is done, then
whether the user may; where not, the file stops there and names the statements which a superuser has to run.
"""

from dataclasses import replace

from generator.dialects.postgres.names import literal
from generator.model.plan import Action, Hazard, Step, Undo

SUPERUSER = "(SELECT rolsuper FROM pg_roles WHERE rolname = current_user)"
"""SQL: whoever asks is a superuser."""

SENTENCE = "this needs a superuser"
"""How the message begins with which a script stops."""


def may_use_wrapper(wrapper: str) -> str:
    """SQL: whoever asks may make servers of a foreign-data wrapper (one that is not there cannot be used)."""
    name = literal(wrapper)
    return (
        f"EXISTS (SELECT FROM pg_foreign_data_wrapper WHERE fdwname = {name}"
        " AND has_foreign_data_wrapper_privilege(oid, 'USAGE'))"
    )


def may_install(extension: str, version: str) -> str:
    """SQL: whoever asks may install the extension: a superuser, or who may create here if it is trusted."""
    return (
        f"({SUPERUSER} OR EXISTS (SELECT FROM pg_available_extension_versions WHERE name = {literal(extension)}"
        f" AND version = {literal(version)} AND (trusted OR NOT superuser)"
        " AND has_database_privilege(current_database(), 'CREATE')))"
    )


def _owns(extension: str) -> str:
    return f"EXISTS (SELECT FROM pg_extension WHERE extname = {literal(extension)} AND pg_has_role(extowner, 'USAGE'))"


def may_update(extension: str, version: str) -> str:
    """SQL: whoever asks owns the extension and may install that version of it."""
    return f"({SUPERUSER} OR ({_owns(extension)} AND {may_install(extension, version)}))"


def may_move(extension: str, schema: str) -> str:
    """SQL: whoever asks owns the extension with all its objects, and may create in the namespace that it goes to."""
    others = (
        "EXISTS (SELECT FROM pg_depend AS d JOIN pg_extension AS x ON x.oid = d.refobjid"
        " LEFT JOIN pg_proc AS p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid"
        " LEFT JOIN pg_type AS t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid"
        f" WHERE x.extname = {literal(extension)} AND d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass"
        " AND NOT pg_has_role(coalesce(p.proowner, t.typowner, x.extowner), 'USAGE'))"
    )
    create = f"has_schema_privilege({literal(schema)}, 'CREATE')"
    return f"({SUPERUSER} OR ({_owns(extension)} AND {create} AND NOT {others}))"


def with_right(action: Action, right: str) -> Action:
    """The action, refused in one sentence where it is not done and whoever runs the script may not do it."""
    text = "; ".join(str(statement.sql) for statement in action.statements)
    message = f"{SENTENCE}: let one run what follows in this database, then run this file again: {text};"
    refusal = (f"NOT ({action.done}) AND NOT {right}", message)
    return replace(action, right=right, refuse=(refusal, *action.refuse))


def needs_superuser(step: Step, what: str, right: str = SUPERUSER) -> Step:
    """The step and its undo, each of whose actions needs the right."""
    undo = step.undo
    if isinstance(undo, Undo):
        undo = replace(undo, actions=tuple(with_right(action, right) for action in undo.actions))
    hazard = Hazard(
        code="needs-superuser",
        what=f"{what} needs a superuser, there and back.",
        effect="Run by anybody else the script stops at this step, and has changed nothing by it.",
        way_out="Let a superuser run the statements that the message names, then run the script again: it goes on.",
    )
    return replace(
        step,
        run=tuple(with_right(action, right) for action in step.run),
        undo=undo,
        hazards=(*step.hazards, hazard),
    )
