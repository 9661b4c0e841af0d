-- Each partner has a queue of its own: one that is away keeps no other back.
DROP INDEX outbox_by_next_try;
CREATE INDEX outbox_due ON outbox (destination, next_try, id) WHERE failed = 0;
DROP INDEX evidence_in;
CREATE INDEX evidence_to_send ON evidence (sender, recipient, case_id, hash) WHERE state = 0;
CREATE INDEX evidence_to_remove ON evidence (case_id, hash) WHERE state = 2;
