"""A plan made by hand: a customer gains its user, as in examples/link_customers, without what a recipe adds later."""

from generator.model.answers import Backfill, Question, QuestionKind, Refusal, Suggestion
from generator.model.plan import (
    Action,
    CannotUndo,
    Filling,
    Hazard,
    LockMode,
    NothingToUndo,
    Pace,
    Plan,
    Stage,
    Statement,
    Step,
    TableLock,
    Template,
    Undo,
)
from generator.model.proof import Finding, Proof
from generator.model.schema import QName

CUSTOMERS = QName("public", "customers")
USERS = QName("public", "users")

FILLING = Filling(
    table=CUSTOMERS,
    table_alias="customers",
    column="user_id",
    type="uuid",
    key=(("id", "uuid"),),
    value="users.id",
    reads=("email",),
    backfill=Backfill(source="users", match=("email",), value="users.id", inferred=True),
    source=USERS,
    source_alias="users",
    match="customers.email = users.email",
    source_reads=("email",),
    source_key=(("id", "uuid"),),
    required=True,
    unique=True,
    helpers="_gm_customers_user_id",
)


def lock(mode: LockMode, *tables: QName) -> tuple[TableLock, ...]:
    return tuple(TableLock(table=table, mode=mode) for table in tables)


def act(sql: str | Template, pace: Pace = Pace.INSTANT, *locks: TableLock, scans: tuple[QName, ...] = ()) -> Action:
    return Action(statements=(Statement(sql=sql, pace=pace, locks=locks, scans=scans),), done="false")


STRONG = lock(LockMode.ACCESS_EXCLUSIVE, CUSTOMERS)
ONLINE = lock(LockMode.SHARE_UPDATE_EXCLUSIVE, CUSTOMERS)

ADD_COLUMN = Step(
    stage=Stage.EXPAND,
    purpose="Add customers.user_id (uuid, nullable).",
    run=(act("ALTER TABLE public.customers ADD COLUMN user_id uuid", Pace.INSTANT, *STRONG),),
    undo=Undo(
        actions=(act("ALTER TABLE public.customers DROP COLUMN user_id", Pace.INSTANT, *STRONG),),
        loses="what was written into it: customers.user_id",
    ),
)
FILL = Step(
    stage=Stage.BACKFILL,
    purpose="Fill customers.user_id for the rows that exist.",
    run=(
        act(
            Template(name="backfill.sql.j2", subject=FILLING),
            Pace.SCRIPT,
            *lock(LockMode.ROW_EXCLUSIVE, CUSTOMERS),
            *lock(LockMode.ACCESS_SHARE, USERS),
            scans=(CUSTOMERS, USERS),
        ),
    ),
    undo=NothingToUndo(because="the old version of the application does not look at the column"),
)
INDEX = Step(
    stage=Stage.VALIDATE,
    purpose="Build the unique index customers_user_id_key.",
    run=(
        act(
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS customers_user_id_key ON public.customers (user_id)",
            Pace.CONCURRENT,
            *ONLINE,
            scans=(CUSTOMERS,),
        ),
        act(
            "ALTER TABLE public.customers"
            " ADD CONSTRAINT customers_user_id_key UNIQUE USING INDEX customers_user_id_key",
            Pace.INSTANT,
            *STRONG,
        ),
    ),
    undo=Undo(
        actions=(act("ALTER TABLE public.customers DROP CONSTRAINT customers_user_id_key", Pace.INSTANT, *STRONG),)
    ),
)
FOREIGN_KEY = Step(
    stage=Stage.VALIDATE,
    purpose="Let customers (user_id) reference users (id) ON DELETE CASCADE.",
    run=(
        act(
            "ALTER TABLE public.customers ADD CONSTRAINT customers_user_id_fkey FOREIGN KEY (user_id)"
            " REFERENCES public.users (id) ON DELETE CASCADE NOT VALID",
            Pace.INSTANT,
            *lock(LockMode.SHARE_ROW_EXCLUSIVE, USERS, CUSTOMERS),
        ),
        act(
            "ALTER TABLE public.customers VALIDATE CONSTRAINT customers_user_id_fkey",
            Pace.LONG,
            *ONLINE,
            *lock(LockMode.ROW_SHARE, USERS),
            scans=(CUSTOMERS, USERS),
        ),
    ),
    undo=Undo(
        actions=(
            act(
                "ALTER TABLE public.customers DROP CONSTRAINT customers_user_id_fkey",
                Pace.INSTANT,
                *lock(LockMode.ACCESS_EXCLUSIVE, USERS, CUSTOMERS),
            ),
        ),
        loses="rows that ON DELETE CASCADE has removed meanwhile",
    ),
    hazards=(
        Hazard(
            code="foreign-key-acts",
            what="ON DELETE CASCADE of customers_user_id_fkey acts from the moment it is added.",
            effect="What is deleted in users now reaches customers; rolling back does not bring rows back.",
            way_out="Have the new version of the application out before this stage.",
        ),
    ),
)
DROP_TRIGGER = Step(
    stage=Stage.CONTRACT,
    purpose="Stop keeping customers.user_id filled for the old version.",
    run=(act("DROP TRIGGER IF EXISTS _gm_customers_user_id_fill ON public.customers", Pace.INSTANT, *STRONG),),
    undo=Undo(actions=(act("SELECT 1", Pace.INSTANT, *lock(LockMode.SHARE_ROW_EXCLUSIVE, CUSTOMERS)),)),
)
DROP_ASIDE = Step(
    stage=Stage.CLEANUP,
    purpose="Drop customers._gm_dropped_legacy_code.",
    run=(act("ALTER TABLE public.customers DROP COLUMN _gm_dropped_legacy_code", Pace.INSTANT, *STRONG),),
    undo=CannotUndo(because="the values of customers.legacy_code are gone"),
)

LINK_CUSTOMERS = Plan(
    old_digest="0" * 64,
    new_digest="1" * 64,
    version=18,
    steps=(ADD_COLUMN, FILL, INDEX, FOREIGN_KEY, DROP_TRIGGER),
    changes=(
        "customers.user_id: added, uuid NOT NULL",
        "customers: unique constraint customers_user_id_key (user_id) added",
        "customers: foreign key customers_user_id_fkey to users ON DELETE CASCADE added",
    ),
    inferred=("customers.user_id is filled with users.id where customers.email = users.email: is that the link?",),
)
WITH_CLEANUP = Plan(
    old_digest="0" * 64,
    new_digest="2" * 64,
    version=18,
    steps=(*LINK_CUSTOMERS.steps, DROP_ASIDE),
    changes=(*LINK_CUSTOMERS.changes, "customers.legacy_code: dropped"),
    inferred=LINK_CUSTOMERS.inferred,
    stood_in=("pgcrypto: gen_random_uuid() is PostgreSQL's own",),
)

PROOF = Proof(
    server_version="18.6",
    seconds=0.43,
    rows="4 tables with 20 rows each, made for this",
    checks=(("script", 18), ("statement of the application", 96), ("way back", 4), ("lock", 31)),
)
FAILED = Proof(
    server_version="18.6",
    seconds=0.43,
    rows="4 tables with 20 rows each, made for this",
    checks=(("script", 3),),
    findings=(
        Finding(
            check="locks",
            where="03_validate.sql",
            statement="ALTER TABLE public.customers VALIDATE CONSTRAINT customers_user_id_fkey",
            expected="users: ROW SHARE",
            seen="users: ACCESS EXCLUSIVE",
        ),
    ),
)

QUESTION = Question(
    kind=QuestionKind.BACKFILL,
    key="customers.user_id",
    text="How is customers.user_id filled for the rows that exist?",
    because="It is required, and has no default.",
    suggestions=(
        Suggestion(
            label="from users, where the e-mails are equal",
            lines='[backfill."customers.user_id"]\nfrom = "users"\nmatch = ["email"]\nvalue = "users.id"\n',
        ),
        Suggestion(label="NULL, and leave it open", lines='[backfill."customers.user_id"]\nvalue = "NULL"\n'),
    ),
)
REFUSAL = Refusal(
    what="the view active_customers differs",
    because="views are not changed yet",
    way_out="Change it by hand, in OLD and in NEW, and run again.",
)

FILES = {
    "01_expand.sql": "-- expand\nSELECT 1;\n",
    "01_expand.rollback.sql": "-- back\nSELECT 1;\n",
    "02_backfill.sql": "-- fill\nSELECT 2;\n",
    "verify.sql": "SELECT true;\n",
}
