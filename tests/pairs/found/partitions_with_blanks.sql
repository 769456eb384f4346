-- a table with a blank in its name counted as locked with its partitions, which had other names by then
-- ends: proved
-- renames: no
CREATE TABLE public."gone parts" (id integer NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE public."gone parts 0" PARTITION OF public."gone parts" FOR VALUES FROM (0) TO (100);
CREATE TABLE public."some parts" (id integer NOT NULL, note text) PARTITION BY RANGE (id);
CREATE TABLE public."some parts 0" PARTITION OF public."some parts" FOR VALUES FROM (0) TO (100);
CREATE INDEX "some idx" ON public."some parts" (note);
CREATE TABLE public."some parts rest" PARTITION OF public."some parts" DEFAULT;
-- NEW
CREATE TABLE public."some parts" (id integer NOT NULL, note text) PARTITION BY RANGE (id);
CREATE TABLE public."some parts 0" PARTITION OF public."some parts" FOR VALUES FROM (0) TO (100);
CREATE TABLE public."some parts 1" PARTITION OF public."some parts" FOR VALUES FROM (100) TO (200);
CREATE INDEX "some idx" ON public."some parts" (note);
CREATE TABLE public."some parts rest" PARTITION OF public."some parts" DEFAULT;
