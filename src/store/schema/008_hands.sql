-- In whose hands a case is at this participant, through whose it went, and who stands in for whom. A
-- group now says whether its cases are in anybody's hands, so that those in nobody's are found as any
-- others are; a person's own are few, and lie together.
CREATE TABLE groups_by_hands (
    id        INTEGER PRIMARY KEY,
    direction TEXT NOT NULL,
    partner   TEXT NOT NULL,
    procedure TEXT NOT NULL,
    category  TEXT NOT NULL,
    state     TEXT NOT NULL,
    holder    TEXT NOT NULL,
    -- Sorted, with a space after each.
    roles     TEXT NOT NULL,
    held      INTEGER NOT NULL CHECK (held IN (0, 1)),
    cases     INTEGER NOT NULL CHECK (cases >= 0),
    UNIQUE (direction, partner, procedure, category, state, holder, roles, held)
) STRICT;
INSERT INTO groups_by_hands
    SELECT id, direction, partner, procedure, category, state, holder, roles, 0, cases
    FROM work_groups;
DROP TABLE work_groups;
ALTER TABLE groups_by_hands RENAME TO work_groups;

ALTER TABLE work ADD COLUMN hands TEXT NOT NULL DEFAULT '';
-- All that a list is ordered and filtered by, so that a caseload is read from here alone.
CREATE INDEX work_by_hands
    ON work (hands, case_id, due, updated, stuck, opened, seal_end, act, grp) WHERE hands <> '';

CREATE TABLE caseloads (
    person TEXT PRIMARY KEY,
    cases  INTEGER NOT NULL CHECK (cases >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE hand_statements (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    at   INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX hand_statements_by_time ON hand_statements (at, hash);

CREATE TABLE hands (
    case_id   TEXT NOT NULL REFERENCES work (case_id),
    number    INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    giver     TEXT NOT NULL,
    taker     TEXT NOT NULL,
    -- None where the giver left the roll.
    statement BLOB REFERENCES hand_statements (hash),
    PRIMARY KEY (case_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE stand_ins (
    statement BLOB PRIMARY KEY REFERENCES hand_statements (hash),
    absent    TEXT NOT NULL,
    person    TEXT NOT NULL,
    begins    INTEGER NOT NULL,
    ends      INTEGER NOT NULL,
    ended     BLOB REFERENCES hand_statements (hash),
    -- With a space after each; none: all of theirs.
    cases     TEXT NOT NULL
) STRICT;
CREATE INDEX stand_ins_by_absent ON stand_ins (absent, ends, statement);
CREATE INDEX stand_ins_by_person ON stand_ins (person, ends, statement);
CREATE INDEX stand_ins_by_end ON stand_ins (ends, statement);
