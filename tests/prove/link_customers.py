"""The change of examples/link_customers as a plan made by hand, so that the proof is tested apart from the planner."""

from dataclasses import replace

from generator.dialects.postgres import probes
from generator.model.answers import Backfill
from generator.model.plan import (
    Action,
    Filling,
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
from generator.model.schema import QName

OLD = """
CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL UNIQUE,
    full_name text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE customers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL,
    name text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE subscriptions (
    id serial PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    plan text NOT NULL DEFAULT 'starter',
    started_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON subscriptions (customer_id);
CREATE TABLE license_keys (
    id serial PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    key text NOT NULL UNIQUE
);
CREATE INDEX ON license_keys (customer_id);
"""

NEW = (
    OLD
    + """
ALTER TABLE customers ADD COLUMN user_id uuid NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE;
"""
)

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
    match="lower(trim(customers.email)) = lower(trim(users.email))",
    source_reads=("email",),
    source_key=(("id", "uuid"),),
    required=True,
    unique=True,
    search_path=("public",),
    helpers="_gm_customers_user_id",
)


def lock(mode: LockMode, *tables: QName) -> tuple[TableLock, ...]:
    return tuple(TableLock(table=table, mode=mode) for table in tables)


def act(
    sql: str | Template, done: str, *locks: TableLock, pace: Pace = Pace.INSTANT, scans: tuple[QName, ...] = ()
) -> Action:
    return Action(statements=(Statement(sql=sql, pace=pace, locks=locks, scans=scans),), done=done)


STRONG = lock(LockMode.ACCESS_EXCLUSIVE, CUSTOMERS)
ONLINE = lock(LockMode.SHARE_UPDATE_EXCLUSIVE, CUSTOMERS)
HAS_COLUMN = probes.column(CUSTOMERS, "user_id")
HAS_TRIGGER = probes.trigger(CUSTOMERS, "_gm_customers_user_id_fill")
HAS_UNIQUE = probes.constraint(CUSTOMERS, "customers_user_id_key")
HAS_KEY = probes.constraint(CUSTOMERS, "customers_user_id_fkey")
IS_VALID = probes.constraint(CUSTOMERS, "customers_user_id_fkey", "convalidated")
IS_REQUIRED = probes.required(CUSTOMERS, "user_id", 18)

FILL_FUNCTION = """CREATE OR REPLACE FUNCTION public._gm_customers_user_id_fill() RETURNS trigger
LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.email IS NOT DISTINCT FROM OLD.email THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' OR NEW.user_id IS NULL THEN
        NEW.user_id := coalesce(
            (SELECT id FROM users WHERE lower(trim(NEW.email)) = lower(trim(users.email)) LIMIT 1), NEW.user_id
        );
    END IF;
    RETURN NEW;
END
$$"""

ADD_COLUMN = Step(
    stage=Stage.EXPAND,
    purpose="Add customers.user_id (uuid, nullable).",
    run=(act("ALTER TABLE public.customers ADD COLUMN user_id uuid", HAS_COLUMN, *STRONG),),
    undo=Undo(
        actions=(act("ALTER TABLE public.customers DROP COLUMN user_id", probes.absent(HAS_COLUMN), *STRONG),),
        loses="what was written into it: customers.user_id",
    ),
)
SYNC = Step(
    stage=Stage.EXPAND,
    purpose="Keep customers.user_id filled for what the old version of the application writes.",
    run=(
        Action(
            statements=(
                Statement(sql=FILL_FUNCTION),
                Statement(
                    sql="CREATE OR REPLACE TRIGGER _gm_customers_user_id_fill BEFORE INSERT OR UPDATE OF email"
                    " ON public.customers FOR EACH ROW EXECUTE FUNCTION public._gm_customers_user_id_fill()",
                    locks=lock(LockMode.SHARE_ROW_EXCLUSIVE, CUSTOMERS),
                ),
            ),
            done=HAS_TRIGGER,
        ),
    ),
    undo=Undo(
        actions=(
            Action(
                statements=(
                    Statement(sql="DROP TRIGGER _gm_customers_user_id_fill ON public.customers", locks=STRONG),
                    Statement(sql="DROP FUNCTION public._gm_customers_user_id_fill()"),
                ),
                done=probes.absent(HAS_TRIGGER),
            ),
        )
    ),
)
FILL = Step(
    stage=Stage.BACKFILL,
    purpose="Fill customers.user_id for the rows that exist.",
    run=(
        act(
            Template(name="hand_made_backfill.sql.j2", subject=FILLING),
            "false",
            *lock(LockMode.ROW_EXCLUSIVE, CUSTOMERS),
            *lock(LockMode.ACCESS_SHARE, USERS),
            pace=Pace.SCRIPT,
        ),
    ),
    undo=NothingToUndo(because="the old version of the application does not look at the column"),
)
INDEX = Step(
    stage=Stage.VALIDATE,
    purpose="Build the unique index customers_user_id_key, and make it a constraint.",
    run=(
        act(
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS customers_user_id_key ON public.customers (user_id)",
            "to_regclass('public.customers_user_id_key') IS NOT NULL",
            *ONLINE,
            pace=Pace.CONCURRENT,
            scans=(CUSTOMERS,),
        ),
        act(
            "ALTER TABLE public.customers"
            " ADD CONSTRAINT customers_user_id_key UNIQUE USING INDEX customers_user_id_key",
            HAS_UNIQUE,
            *STRONG,
        ),
    ),
    undo=Undo(
        actions=(
            act(
                "ALTER TABLE public.customers DROP CONSTRAINT customers_user_id_key",
                probes.absent(HAS_UNIQUE),
                *STRONG,
            ),
        )
    ),
)
FOREIGN_KEY = Step(
    stage=Stage.VALIDATE,
    purpose="Let customers (user_id) reference users (id) ON DELETE CASCADE.",
    run=(
        act(
            "ALTER TABLE public.customers ADD CONSTRAINT customers_user_id_fkey FOREIGN KEY (user_id)"
            " REFERENCES public.users (id) ON DELETE CASCADE NOT VALID",
            HAS_KEY,
            *lock(LockMode.SHARE_ROW_EXCLUSIVE, USERS, CUSTOMERS),
        ),
        act(
            "ALTER TABLE public.customers VALIDATE CONSTRAINT customers_user_id_fkey",
            IS_VALID,
            *ONLINE,
            *lock(LockMode.ROW_SHARE, USERS),
            pace=Pace.LONG,
            scans=(CUSTOMERS, USERS),
        ),
    ),
    undo=Undo(
        actions=(
            act(
                "ALTER TABLE public.customers DROP CONSTRAINT customers_user_id_fkey",
                probes.absent(HAS_KEY),
                *lock(LockMode.ACCESS_EXCLUSIVE, USERS, CUSTOMERS),
            ),
        ),
        loses="rows that ON DELETE CASCADE has removed meanwhile",
    ),
)
REQUIRED = Step(
    stage=Stage.VALIDATE,
    purpose="Make customers.user_id NOT NULL, proved before it is enforced.",
    run=(
        act(
            "ALTER TABLE public.customers ADD CONSTRAINT customers_user_id_not_null NOT NULL user_id NOT VALID",
            probes.column(CUSTOMERS, "user_id", "attnotnull"),
            *STRONG,
        ),
        act(
            "ALTER TABLE public.customers VALIDATE CONSTRAINT customers_user_id_not_null",
            IS_REQUIRED,
            *ONLINE,
            pace=Pace.LONG,
            scans=(CUSTOMERS,),
        ),
    ),
    undo=Undo(
        actions=(
            act(
                "ALTER TABLE public.customers ALTER COLUMN user_id DROP NOT NULL",
                probes.absent(probes.column(CUSTOMERS, "user_id", "attnotnull")),
                *STRONG,
            ),
        )
    ),
)
NO_SYNC = Step(
    stage=Stage.CONTRACT,
    purpose="Stop keeping customers.user_id filled for the old version.",
    run=SYNC.undo.actions if isinstance(SYNC.undo, Undo) else (),
    undo=Undo(actions=SYNC.run),
)

PLAN = Plan(
    old_digest="0" * 64,
    new_digest="1" * 64,
    version=18,
    steps=(ADD_COLUMN, SYNC, FILL, INDEX, FOREIGN_KEY, REQUIRED, NO_SYNC),
)


def without(plan: Plan, step: Step) -> Plan:
    """The plan with one step forgotten."""
    return replace(plan, steps=tuple(each for each in plan.steps if each is not step))


def with_instead(plan: Plan, step: Step, other: Step) -> Plan:
    """The plan with another step in the place of one."""
    return replace(plan, steps=tuple(other if each is step else each for each in plan.steps))
