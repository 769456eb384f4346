"""A column filled for the rows that exist, and kept filled for what the old version of the application writes.

The sync trigger comes first and the batches after it, so that no row written meanwhile is missed. Indexes and
constraints on the column come after the batches: then an update can be HOT, and costs no index or foreign key check.
The trigger stays until contract, since until then processes of the old version may write rows without the column.
"""

from collections.abc import Iterator

from generator.dialects.postgres import probes
from generator.dialects.postgres.expressions import resolve
from generator.dialects.postgres.locks import access_share, row_exclusive
from generator.dialects.postgres.names import helper, ident, qname
from generator.dialects.postgres.recipes.context import Context, action, column_ref, filled_ref
from generator.dialects.postgres.statements import triggers
from generator.model.answers import Backfill, Unmatched
from generator.model.plan import Action, Filling, NothingToUndo, Pace, Stage, Statement, Step, Template, Undo
from generator.model.schema import Column, QName, Table
