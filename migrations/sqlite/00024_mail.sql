-- +goose Up
-- Mails to shoppers that left, so that a report about one finds what it was for. Of the address a keyed hash is kept.
CREATE TABLE sent_mails (
    store_id        TEXT        NOT NULL REFERENCES stores (id),
    id              TEXT        NOT NULL,
    verification_id TEXT        NOT NULL,
    tag             TEXT        NOT NULL,
    sent_at         TIMESTAMP NOT NULL,
    reported_at     TIMESTAMP NULL,
    PRIMARY KEY (store_id, id)
);
CREATE INDEX sent_mails_tag ON sent_mails (tag, store_id);
CREATE INDEX sent_mails_age ON sent_mails (store_id, sent_at);

-- Addresses to which nothing is sent for a while, as the same keyed hashes.
CREATE TABLE mail_suppressions (
    store_id   TEXT        NOT NULL REFERENCES stores (id),
    tag        TEXT        NOT NULL,
    id         TEXT        NOT NULL,
    reason     TEXT        NOT NULL CHECK (reason IN ('bounce', 'complaint')),
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, tag)
);
CREATE UNIQUE INDEX mail_suppressions_id ON mail_suppressions (store_id, id);
CREATE INDEX mail_suppressions_expiry ON mail_suppressions (store_id, expires_at);

-- new: the term of the attestation changed and its reminder is to be planned, which is also so for what an older version
-- of the program writes. planned: it is due at remind_at. done: there is none any more.
ALTER TABLE attestations ADD COLUMN reminder TEXT NOT NULL DEFAULT 'new' CHECK (reminder IN ('new', 'planned', 'done'));
ALTER TABLE attestations ADD COLUMN remind_at TIMESTAMP NULL;
ALTER TABLE attestations ADD COLUMN term_began_at TIMESTAMP NULL;
CREATE INDEX attestations_reminders ON attestations (store_id, reminder, remind_at) WHERE reminder <> 'done';

-- When nothing in a window counts any more. Rows of an older version of the program have none: they go by their age.
ALTER TABLE limit_windows ADD COLUMN expires_at TIMESTAMP NULL;
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
