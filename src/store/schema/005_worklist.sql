-- The worklist: a row a case, put with each act of it, so that a page of a million cases is read from
-- an index and not folded from acts. What many rows share is a group with a number of its own and a
-- count, so that a filter is answered group by group and never by looking at every case.
CREATE TABLE work_groups (
    id        INTEGER PRIMARY KEY,
    direction TEXT NOT NULL,
    partner   TEXT NOT NULL,
    procedure TEXT NOT NULL,
    category  TEXT NOT NULL,
    state     TEXT NOT NULL,
    holder    TEXT NOT NULL,
    role      TEXT NOT NULL,
    ours      INTEGER NOT NULL CHECK (ours IN (0, 1)),
    cases     INTEGER NOT NULL CHECK (cases >= 0),
    UNIQUE (direction, partner, procedure, category, state, holder, role, ours)
) STRICT;

CREATE TABLE work (
    case_id  TEXT PRIMARY KEY REFERENCES cases (id),
    grp      INTEGER NOT NULL REFERENCES work_groups (id),
    act      TEXT NOT NULL,
    side     TEXT NOT NULL,
    -- The greatest number there is where there is no deadline, so that these come last.
    due      INTEGER NOT NULL,
    stuck    INTEGER,
    seal_end INTEGER,
    acts     INTEGER NOT NULL,
    opened   INTEGER NOT NULL,
    updated  INTEGER NOT NULL,
    -- The file number, sealed, and a keyed digest of it.
    sealed   BLOB NOT NULL,
    token    BLOB CHECK (length(token) = 32)
) STRICT, WITHOUT ROWID;
CREATE INDEX work_by_due ON work (due, case_id, grp);
CREATE INDEX work_by_group ON work (grp, due, case_id);
CREATE INDEX work_by_update ON work (updated, case_id, grp);
CREATE INDEX work_by_stuck ON work (stuck, case_id, grp) WHERE stuck IS NOT NULL;
-- What is at rest owes no act and is of no age.
CREATE INDEX work_by_opening ON work (opened, case_id, grp, act) WHERE act <> '';
CREATE INDEX work_by_seal_end ON work (seal_end, case_id, grp) WHERE seal_end IS NOT NULL;
CREATE INDEX work_by_token ON work (token, case_id) WHERE token IS NOT NULL;

-- What people and offices keep for themselves: saved views, drafts of forms.
CREATE TABLE kept (
    kind    TEXT NOT NULL,
    owner   TEXT NOT NULL,
    name    TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    sealed  BLOB NOT NULL,
    PRIMARY KEY (kind, owner, name)
) STRICT, WITHOUT ROWID;

-- What is counted as it happens: cases by month, partner and what became of them.
CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
