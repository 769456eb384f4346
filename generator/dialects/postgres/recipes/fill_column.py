"""A column filled for the rows that exist, and kept filled for what the old version of the application writes.

The sync trigger comes first and the batches after it, so that no row written meanwhile is missed. Indexes and
constraints on the column come after the batches: then an update can be HOT, and costs no index or foreign key check.
The trigger stays until contract, since until then processes of the old version may write rows without the column.
"""
