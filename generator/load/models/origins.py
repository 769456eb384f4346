"""Remembers in which file and line each table is declared, by looking who is running when it is made."""

import os
import sys

import sqlalchemy
from sqlalchemy import MetaData, Table, event

from generator.load.models.importing import is_users, shown

_SQLALCHEMY = os.path.dirname(sqlalchemy.__file__)


class Origins:
    """``file:line`` of every table that is made from now on."""

    def __init__(self) -> None:
        """Start to watch."""
        self._places: dict[Table, tuple[str, int]] = {}
        event.listen(Table, "after_parent_attach", self._remember)

    def of(self, table: Table) -> str:
        """Where the table is declared; an empty text where that is not known."""
        place = self._places.get(table)
        return f"{shown(place[0])}:{place[1]}" if place else ""

    def _remember(self, table: Table, parent: object) -> None:
        if not isinstance(parent, MetaData):
            return
        frame = sys._getframe(1)
        fallback = None
        current: object = frame
        while current is not None:
            file = frame.f_code.co_filename
            if is_users(file):
                self._places[table] = (file, frame.f_lineno)
                return
            if fallback is None and not file.startswith((_SQLALCHEMY, "<")):
                fallback = (file, frame.f_lineno)
            if frame.f_back is None:
                break
            frame = frame.f_back
        if fallback:
            self._places[table] = fallback
