-- The functions of pgcrypto for a scratch server that lacks it. Random values are random; digests are those that the
-- server can compute itself; everything else stops with an error when it is called.
CREATE FUNCTION gen_random_uuid() RETURNS uuid VOLATILE PARALLEL SAFE LANGUAGE sql
AS $$ SELECT pg_catalog.gen_random_uuid() $$;

CREATE FUNCTION gen_random_bytes(int4) RETURNS bytea VOLATILE STRICT PARALLEL SAFE LANGUAGE sql
AS $$
    SELECT substring(string_agg(sha256(uuid_send(pg_catalog.gen_random_uuid())), '') FROM 1 FOR $1)
    FROM generate_series(0, $1 / 32)
$$;

CREATE FUNCTION digest(bytea, text) RETURNS bytea IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    CASE lower($2)
        WHEN 'md5' THEN RETURN decode(md5($1), 'hex');
        WHEN 'sha224' THEN RETURN sha224($1);
        WHEN 'sha256' THEN RETURN sha256($1);
        WHEN 'sha384' THEN RETURN sha384($1);
        WHEN 'sha512' THEN RETURN sha512($1);
        ELSE RAISE feature_not_supported USING MESSAGE = format('digest by %s needs the extension pgcrypto itself', $2),
            HINT = 'Give a server that has it with --server URL.';
    END CASE;
END
$$;

CREATE FUNCTION digest(text, text) RETURNS bytea IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
DECLARE
    data bytea := convert_to($1, getdatabaseencoding());
BEGIN
    CASE lower($2)
        WHEN 'md5' THEN RETURN decode(md5(data), 'hex');
        WHEN 'sha224' THEN RETURN sha224(data);
        WHEN 'sha256' THEN RETURN sha256(data);
        WHEN 'sha384' THEN RETURN sha384(data);
        WHEN 'sha512' THEN RETURN sha512(data);
        ELSE RAISE feature_not_supported USING MESSAGE = format('digest by %s needs the extension pgcrypto itself', $2),
            HINT = 'Give a server that has it with --server URL.';
    END CASE;
END
$$;

CREATE FUNCTION fips_mode() RETURNS bool VOLATILE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT false $$;

CREATE FUNCTION hmac(text, text, text) RETURNS bytea IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'hmac needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION hmac(bytea, bytea, text) RETURNS bytea IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'hmac needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION crypt(text, text) RETURNS text IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'crypt needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION gen_salt(text) RETURNS text VOLATILE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'gen_salt needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION gen_salt(text, int4) RETURNS text VOLATILE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'gen_salt needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION encrypt(bytea, bytea, text) RETURNS bytea IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'encrypt needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION decrypt(bytea, bytea, text) RETURNS bytea IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'decrypt needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION encrypt_iv(bytea, bytea, bytea, text) RETURNS bytea IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'encrypt_iv needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION decrypt_iv(bytea, bytea, bytea, text) RETURNS bytea IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'decrypt_iv needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_sym_encrypt(text, text) RETURNS bytea VOLATILE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_sym_encrypt needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_sym_encrypt_bytea(bytea, text) RETURNS bytea VOLATILE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_sym_encrypt_bytea needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_sym_encrypt(text, text, text) RETURNS bytea VOLATILE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_sym_encrypt needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_sym_encrypt_bytea(bytea, text, text) RETURNS bytea VOLATILE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_sym_encrypt_bytea needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_sym_decrypt(bytea, text) RETURNS text IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_sym_decrypt needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_sym_decrypt_bytea(bytea, text) RETURNS bytea IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_sym_decrypt_bytea needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_sym_decrypt(bytea, text, text) RETURNS text IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_sym_decrypt needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_sym_decrypt_bytea(bytea, text, text) RETURNS bytea IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_sym_decrypt_bytea needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_pub_encrypt(text, bytea) RETURNS bytea VOLATILE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_pub_encrypt needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_pub_encrypt_bytea(bytea, bytea) RETURNS bytea VOLATILE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_pub_encrypt_bytea needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_pub_encrypt(text, bytea, text) RETURNS bytea VOLATILE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_pub_encrypt needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_pub_encrypt_bytea(bytea, bytea, text) RETURNS bytea VOLATILE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_pub_encrypt_bytea needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_pub_decrypt(bytea, bytea) RETURNS text IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_pub_decrypt needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_pub_decrypt_bytea(bytea, bytea) RETURNS bytea IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_pub_decrypt_bytea needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_pub_decrypt(bytea, bytea, text) RETURNS text IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_pub_decrypt needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_pub_decrypt_bytea(bytea, bytea, text) RETURNS bytea IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_pub_decrypt_bytea needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_pub_decrypt(bytea, bytea, text, text) RETURNS text IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_pub_decrypt needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_pub_decrypt_bytea(bytea, bytea, text, text) RETURNS bytea IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_pub_decrypt_bytea needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_key_id(bytea) RETURNS text IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_key_id needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION armor(bytea) RETURNS text IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'armor needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION armor(bytea, text[], text[]) RETURNS text IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'armor needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION dearmor(text) RETURNS bytea IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'dearmor needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;

CREATE FUNCTION pgp_armor_headers(text, key OUT text, value OUT text) RETURNS SETOF record IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql
AS $$
BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_armor_headers needs the extension pgcrypto itself',
        HINT = 'Give a server that has it with --server URL.';
END
$$;
