-- +goose Up
-- Mails to shoppers that left, so that a report about one finds what it was for. Of the address a keyed hash is kept.
CREATE TABLE sent_mails (
    store_id        text        NOT NULL REFERENCES stores (id),
    id              text        NOT NULL,
    verification_id text        NOT NULL,
    tag             text        NOT NULL,
    sent_at         timestamptz NOT NULL,
    reported_at     timestamptz NULL,
    PRIMARY KEY (store_id, id)
);
CREATE INDEX sent_mails_tag ON sent_mails (tag, store_id);
CREATE INDEX sent_mails_age ON sent_mails (store_id, sent_at);

-- Addresses to which nothing is sent for a while, as the same keyed hashes.
CREATE TABLE mail_suppressions (
    store_id   text        NOT NULL REFERENCES stores (id),
    tag        text        NOT NULL,
    id         text        NOT NULL,
    reason     text        NOT NULL CHECK (reason IN ('bounce', 'complaint')),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (store_id, tag)
);
CREATE UNIQUE INDEX mail_suppressions_id ON mail_suppressions (store_id, id);
CREATE INDEX mail_suppressions_expiry ON mail_suppressions (store_id, expires_at);

-- new: the term of the attestation changed and its reminder is to be planned, which is also so for what an older version
-- of the program writes. planned: it is due at remind_at. done: there is none any more.
ALTER TABLE attestations ADD COLUMN reminder text NOT NULL DEFAULT 'new' CHECK (reminder IN ('new', 'planned', 'done'));
ALTER TABLE attestations ADD COLUMN remind_at timestamptz NULL;
ALTER TABLE attestations ADD COLUMN term_began_at timestamptz NULL;
CREATE INDEX attestations_reminders ON attestations (store_id, reminder, remind_at) WHERE reminder <> 'done';

-- When nothing in a window counts any more. Rows of an older version of the program have none: they go by their age.
ALTER TABLE limit_windows ADD COLUMN expires_at timestamptz NULL;
CREATE INDEX limit_windows_expiry ON limit_windows (store_id, expires_at);

-- +goose Down
DROP INDEX limit_windows_expiry;
ALTER TABLE limit_windows DROP COLUMN expires_at;
DROP INDEX attestations_reminders;
ALTER TABLE attestations DROP COLUMN term_began_at;
ALTER TABLE attestations DROP COLUMN remind_at;
ALTER TABLE attestations DROP COLUMN reminder;
DROP TABLE mail_suppressions;
DROP TABLE sent_mails;
