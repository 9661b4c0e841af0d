-- What a node notes in its own books about its cases, under keyed digests (the key is not in here):
-- that a case asks for one thing, until it ends; that a case of the extraordinary mechanism was
-- opened.
CREATE TABLE marks (
    token   BLOB NOT NULL CHECK (length(token) = 32),
    case_id TEXT NOT NULL REFERENCES cases (id),
    at      INTEGER NOT NULL,
    pending INTEGER NOT NULL CHECK (pending IN (0, 1)),
    PRIMARY KEY (token, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX marks_by_time ON marks (token, at, case_id);
CREATE INDEX marks_pending_by_case ON marks (case_id) WHERE pending = 1;
