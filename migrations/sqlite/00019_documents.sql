-- +goose Up
-- A document that a shopper uploaded. The file is kept elsewhere, encrypted under data_key, which is sealed itself. The
-- row outlives the file: it proves the deletion, and by content the same file is known again.
CREATE TABLE documents (
    store_id        TEXT        NOT NULL,
    id              TEXT        NOT NULL,
    verification_id TEXT        NOT NULL,
    state           TEXT        NOT NULL CHECK (state IN ('uploaded', 'submitted', 'removed', 'gone')),
    media_type      TEXT        NOT NULL,
    size            INTEGER      NOT NULL,
    pages           TEXT        NOT NULL,
    thumb           INTEGER      NOT NULL,
    content         TEXT        NOT NULL,
    data_key        BLOB       NULL,
    digest          TEXT        NOT NULL,
    kept            INTEGER      NOT NULL,
    persons         TEXT        NOT NULL,
    keep_days       INTEGER      NOT NULL,
    created_at      TIMESTAMP NOT NULL,
    submitted_at    TIMESTAMP NULL,
    delete_at       TIMESTAMP NULL,
    deleted_at      TIMESTAMP NULL,
    proof           TEXT        NOT NULL,
    PRIMARY KEY (store_id, id),
    FOREIGN KEY (store_id, verification_id) REFERENCES verifications (store_id, id)
);
CREATE INDEX documents_verification ON documents (store_id, verification_id, id);
CREATE INDEX documents_content ON documents (store_id, content, id);
CREATE INDEX documents_due ON documents (store_id, id) WHERE deleted_at IS NULL;
CREATE INDEX documents_undecided ON documents (store_id, verification_id) WHERE deleted_at IS NULL AND delete_at IS NULL;

-- The perceptual hashes of pages, once for each band of their bits, so that look-alikes are found by few keys. They say
-- nothing about a person.
CREATE TABLE document_hashes (
    store_id    TEXT        NOT NULL REFERENCES stores (id),
    band        INTEGER      NOT NULL,
    document_id TEXT        NOT NULL,
    page        INTEGER      NOT NULL,
    hash        TEXT        NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, band, document_id, page)
);
CREATE INDEX document_hashes_age ON document_hashes (store_id, created_at);

-- +goose Down
DROP TABLE document_hashes;
DROP TABLE documents;
