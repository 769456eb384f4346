-- What an embedded server lacks of pgvector, as far as a catalog tells of it: types with a length, and a method.
CREATE TYPE public.vector;
CREATE FUNCTION public.vector_in(cstring) RETURNS public.vector LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION public.vector_out(public.vector) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION public.vector_length(cstring[]) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodin';
CREATE FUNCTION public.vector_length_out(integer) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodout';
CREATE TYPE public.vector (INPUT = public.vector_in, OUTPUT = public.vector_out, TYPMOD_IN = public.vector_length,
    TYPMOD_OUT = public.vector_length_out, LIKE = text);
CREATE TYPE public.halfvec;
CREATE FUNCTION public.halfvec_in(cstring) RETURNS public.halfvec LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION public.halfvec_out(public.halfvec) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE public.halfvec (INPUT = public.halfvec_in, OUTPUT = public.halfvec_out, TYPMOD_IN = public.vector_length,
    TYPMOD_OUT = public.vector_length_out, LIKE = text);
CREATE TYPE public.sparsevec;
CREATE FUNCTION public.sparsevec_in(cstring) RETURNS public.sparsevec LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION public.sparsevec_out(public.sparsevec) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE public.sparsevec (INPUT = public.sparsevec_in, OUTPUT = public.sparsevec_out, TYPMOD_IN = public.vector_length,
    TYPMOD_OUT = public.vector_length_out, LIKE = text);
CREATE FUNCTION public.hnswhandler(internal) RETURNS index_am_handler LANGUAGE internal AS 'bthandler';
CREATE ACCESS METHOD hnsw TYPE INDEX HANDLER public.hnswhandler;
CREATE FUNCTION public.vector_cmp(public.vector, public.vector) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'bttextcmp';
CREATE OPERATOR CLASS public.vector_cosine_ops FOR TYPE public.vector USING hnsw AS
    FUNCTION 1 public.vector_cmp(public.vector, public.vector);
