-- +goose Up
-- Public registers that were imported from their files. They belong to no store.
CREATE TABLE register_records (
    register   TEXT    NOT NULL,
    number     TEXT    NOT NULL,
    names      TEXT    NOT NULL,
    taxonomies TEXT    NOT NULL,
    states     TEXT    NOT NULL,
    active     BOOLEAN NOT NULL,
    as_of      TEXT    NOT NULL,
    PRIMARY KEY (register, number)
);

CREATE TABLE register_imports (
    register    TEXT        NOT NULL,
    file        TEXT        NOT NULL,
    read_bytes  INTEGER     NOT NULL,
    read_rows   INTEGER     NOT NULL,
    started_at  TIMESTAMP NOT NULL,
    finished_at TIMESTAMP NULL,
    PRIMARY KEY (register, file)
);

-- The lists of stores, as keyed hashes.
CREATE TABLE roster_entries (
    store_id  TEXT NOT NULL REFERENCES stores (id),
    roster    TEXT NOT NULL,
    entry_key TEXT NOT NULL,
    names     TEXT NOT NULL,
    near      TEXT NOT NULL,
    subgroup  TEXT NOT NULL,
    PRIMARY KEY (store_id, roster, entry_key)
);

-- +goose Down
DROP TABLE roster_entries;
DROP TABLE register_imports;
DROP TABLE register_records;
