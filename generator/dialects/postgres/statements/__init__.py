"""One function, one statement and the locks it takes: nowhere else is a name quoted into DDL, or a lock spelled."""
