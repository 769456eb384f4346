"""Views and materialized views."""

from generator.dialects.postgres.names import ident
from generator.load.drizzle.ddl.names import qualified
from generator.load.drizzle.entities import View


def create_view(view: View) -> str:
    """The statement that makes it."""
    text = f"CREATE {'MATERIALIZED VIEW' if view.materialized else 'VIEW'} {qualified(view.schema, view.name)}"
    if view.method:
        text += f" USING {ident(view.method)}"
    if view.options:
        text += f" WITH ({view.options})"
    if view.tablespace:
        text += f" TABLESPACE {ident(view.tablespace)}"
    # A line of its own: the definition may end in a comment.
    text += f" AS (\n{view.definition.rstrip().rstrip(';')}\n)"
    return text + " WITH NO DATA" * view.no_data + ";\n"
