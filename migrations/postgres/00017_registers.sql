-- +goose Up
-- Public registers that were imported from their files. They belong to no store.
CREATE TABLE register_records (
    register   text    NOT NULL,
    number     text    NOT NULL,
    names      text    NOT NULL,
    taxonomies text    NOT NULL,
    states     text    NOT NULL,
    active     boolean NOT NULL,
    as_of      text    NOT NULL,
    PRIMARY KEY (register, number)
);

CREATE TABLE register_imports (
    register    text        NOT NULL,
    file        text        NOT NULL,
    read_bytes  bigint      NOT NULL,
    read_rows   bigint      NOT NULL,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz NULL,
    PRIMARY KEY (register, file)
);

-- The lists of stores, as keyed hashes.
CREATE TABLE roster_entries (
    store_id  text NOT NULL REFERENCES stores (id),
    roster    text NOT NULL,
    entry_key text NOT NULL,
    names     text NOT NULL,
    near      text NOT NULL,
    subgroup  text NOT NULL,
    PRIMARY KEY (store_id, roster, entry_key)
);

-- +goose Down
DROP TABLE roster_entries;
DROP TABLE register_imports;
DROP TABLE register_records;
