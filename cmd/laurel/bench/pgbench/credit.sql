-- One credit of points: an entry under a unique key, its two postings, the balance.
\set account random(1, :accounts)
\set source random(1, 9000000000000000000)
BEGIN;
INSERT INTO entries (source, account, points) VALUES ('order-' || :source, :account, 10);
INSERT INTO postings (entry, account, amount) VALUES (currval('entries_id_seq'), :account, 10), (currval('entries_id_seq'), 0, -10);
UPDATE accounts SET balance = balance + 10 WHERE id = :account;
COMMIT;
