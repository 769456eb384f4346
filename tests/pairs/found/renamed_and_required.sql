-- rows of a renamed table were made without regard to what its new form asks for
-- ends: proved
-- renames: yes
CREATE TABLE public.a_b (it timestamp, tags text[], seen timestamptz, more integer);
-- NEW
CREATE TABLE public.a (it timestamp, tags text[] NOT NULL, seen timestamptz, more integer);
