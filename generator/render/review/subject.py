"""What a review speaks of: nothing is said in one that does not come from here."""

from dataclasses import dataclass

from generator.model.change import Change, TableRenamed
from generator.model.live import Live
from generator.model.plan import Plan
from generator.model.proof import Proof
from generator.model.schema import QName, Schema
from generator.model.usage import Usage
from generator.render.forms.form import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A plan and its proof (None where none was wanted), with the two schemas and the changes that they come from.

    ``live`` is what was found in a live database, None where none was named; ``usages`` are places in the code of the
    application, None where none was named. ``runner`` is what the migrations are written for, and ``writing`` what
    comes into its folder, where that is not psql.
    """

    plan: Plan
    proof: Proof | None
    old: Schema
    new: Schema
    changes: tuple[Change, ...] = ()
    live: Live | None = None
    usages: tuple[Usage, ...] | None = None
    runner: str = "psql"
    writing: Writing | None = None

    @property
    def renamed(self) -> dict[QName, QName]:
        """The new names of tables that have another one, by the old."""
        return {each.old: each.table.name for each in self.changes if isinstance(each, TableRenamed)}
