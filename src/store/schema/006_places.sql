-- Marks lie in the order in which they are counted, and by case; nothing is kept twice.
CREATE TABLE marks_in_order (
    token   BLOB NOT NULL CHECK (length(token) = 32),
    at      INTEGER NOT NULL,
    case_id TEXT NOT NULL REFERENCES cases (id),
    pending INTEGER NOT NULL CHECK (pending IN (0, 1)),
    PRIMARY KEY (token, at, case_id)
) STRICT, WITHOUT ROWID;
INSERT INTO marks_in_order SELECT token, at, case_id, pending FROM marks;
DROP TABLE marks;
ALTER TABLE marks_in_order RENAME TO marks;
CREATE UNIQUE INDEX marks_by_case ON marks (case_id, token);

-- Read backwards, so that the newest change is put at the end and pages stay full.
DROP INDEX cases_by_change;
CREATE INDEX cases_by_change ON cases (changed, id);
