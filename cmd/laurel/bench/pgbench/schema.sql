-- The least that a ledger with double entry needs.
CREATE TABLE accounts (id bigint PRIMARY KEY, balance bigint NOT NULL);
CREATE TABLE entries (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, source text NOT NULL UNIQUE, account bigint NOT NULL,
    points bigint NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE postings (entry bigint NOT NULL, account bigint NOT NULL, amount bigint NOT NULL);
