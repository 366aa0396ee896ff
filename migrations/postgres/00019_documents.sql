-- +goose Up
-- A document that a shopper uploaded. The file is kept elsewhere, encrypted under data_key, which is sealed itself. The
-- row outlives the file: it proves the deletion, and by content the same file is known again.
CREATE TABLE documents (
    store_id        text        NOT NULL,
    id              text        NOT NULL,
    verification_id text        NOT NULL,
    state           text        NOT NULL CHECK (state IN ('uploaded', 'submitted', 'removed', 'gone')),
    media_type      text        NOT NULL,
    size            bigint      NOT NULL,
    pages           text        NOT NULL,
    thumb           bigint      NOT NULL,
    content         text        NOT NULL,
    data_key        bytea       NULL,
    digest          text        NOT NULL,
    kept            bigint      NOT NULL,
    persons         text        NOT NULL,
    keep_days       bigint      NOT NULL,
    created_at      timestamptz NOT NULL,
    submitted_at    timestamptz NULL,
    delete_at       timestamptz NULL,
    deleted_at      timestamptz NULL,
    proof           text        NOT NULL,
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
    store_id    text        NOT NULL REFERENCES stores (id),
    band        bigint      NOT NULL,
    document_id text        NOT NULL,
    page        bigint      NOT NULL,
    hash        text        NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (store_id, band, document_id, page)
);
CREATE INDEX document_hashes_age ON document_hashes (store_id, created_at);

-- +goose Down
DROP TABLE document_hashes;
DROP TABLE documents;
