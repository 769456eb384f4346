"""Checks as values, for tests of their forms."""

from generator.model.check import Check, Finding, Observed, Place, Severity, StageInBrief
from generator.model.plan import LockMode, Stage, TableLock
from generator.model.schema import QName
from generator.model.statistics import Estimate

CUSTOMERS = QName("public", "customers")
LOCK = TableLock(table=CUSTOMERS, mode=LockMode.ACCESS_EXCLUSIVE)

SCAN = Finding(
    code="scan-under-lock",
    severity=Severity.ERROR,
    where=Place(file="db/a migration, 100%.sql", line=6, end_line=8, object="customers"),
    message="“UPDATE customers …” reads all rows of customers.",
    effect="Nobody can read or write customers, until the lock is given back.",
    way_out="Batches:\nwith a commit each.",
)
DRIFT = Finding(
    code="database-drifted",
    severity=Severity.WARNING,
    where=Place(object="table users, column <b>|`x`"),
    message="table users, column <b>|`x`: OLD has nothing, the database has integer.",
    effect="It was planned for another database.",
    way_out="Find out who changed it.",
)
ASIDE = Finding(
    code="lock-kept",
    severity=Severity.ERROR,
    where=Place(file="db/a migration, 100%.sql", line=4, end_line=4),
    message="It keeps its lock \x1b[31m.",
    effect="Nobody can write.",
    way_out="Split it.",
    allowed="two rows & no more",
)
NOTE = Finding(
    code="no-way-back",
    severity=Severity.NOTE,
    where=Place(file="new.py", line=0),
    message="The rollback is lossy.",
    effect="It is not brought back.",
    way_out="",
)
FAILS = Check(
    subject="migration.sql on old.sql",
    server_version="18.6",
    findings=(SCAN, DRIFT, NOTE, ASIDE),
    changes=("customers.user_id: added, uuid",),
    passed=("All else is as it should be.",),
    notes=("Rows were made.",),
    stages=(StageInBrief(stage=Stage.EXPAND, steps=("Add customers.user_id.",), waits="0.1 s at most"),),
    command="gen-migration old.sql new.sql --out migration",
    observed=(
        Observed(
            file="migration.sql",
            line=6,
            end_line=8,
            sql="UPDATE customers\nSET user_id = 1",
            locks=(LOCK,),
            scans=(CUSTOMERS,),
            rows=6,
            in_transaction=True,
            blocked=("read customers",),
        ),
    ),
    estimates=(
        Estimate(
            stage=Stage.VALIDATE,
            purpose="Validate it.",
            statement="ALTER TABLE …",
            locks=(LOCK,),
            rows=None,
            bytes=8192,
            seconds=None,
            how="8 kB read at 150 MB/s",
        ),
    ),
)
HOLDS = Check(subject="old.sql → new.sql", server_version="18.6", passed=("The two schemas are equal.",))
