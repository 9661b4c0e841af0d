-- The first schema: what a node keeps. Times are milliseconds since 1970 in UTC; hashes are their
-- 32 bytes. Columns named sealed hold ciphertext only. Every table is STRICT, so that a value of
-- the wrong type is refused by the database and not found out years later.

CREATE TABLE schema_version (
    version INTEGER PRIMARY KEY,
    name    TEXT NOT NULL,
    applied INTEGER NOT NULL
) STRICT;

CREATE TABLE cases (
    id            TEXT PRIMARY KEY,
    procedure     TEXT NOT NULL,
    state         TEXT NOT NULL,
    next_sequence INTEGER NOT NULL,
    wakes         INTEGER,
    changed       INTEGER NOT NULL
) STRICT;
-- The list of cases, newest change first.
CREATE INDEX cases_by_change ON cases (changed DESC, id);
-- What wakes by the clock; most cases of a million sleep and are not in it.
CREATE INDEX cases_by_wakes ON cases (wakes, id) WHERE wakes IS NOT NULL;

CREATE TABLE acts (
    hash     BLOB PRIMARY KEY CHECK (length(hash) = 32),
    case_id  TEXT NOT NULL REFERENCES cases (id),
    sequence INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    seal     TEXT NOT NULL,
    receipt  TEXT NOT NULL,
    admitted INTEGER NOT NULL,
    nonce    BLOB NOT NULL,
    leaf     INTEGER NOT NULL,
    -- One act at each place of a case: the keeper's order is the order.
    UNIQUE (case_id, sequence)
) STRICT;

-- Parts may come before their act is admitted (submissions), so there is no reference to acts.
-- A destroyed part keeps its row, without bytes.
CREATE TABLE parts (
    act    BLOB NOT NULL CHECK (length(act) = 32),
    place  INTEGER NOT NULL,
    sealed BLOB,
    PRIMARY KEY (act, place)
) STRICT;

-- The case of a submission may not exist here yet: opening a case is an act too.
CREATE TABLE submissions (
    hash    BLOB PRIMARY KEY CHECK (length(hash) = 32),
    case_id TEXT NOT NULL,
    kind    TEXT NOT NULL,
    seal    TEXT NOT NULL,
    state   INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
    answer  TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;
CREATE INDEX submissions_by_case ON submissions (case_id, created, hash);

CREATE TABLE drafts (
    hash    BLOB PRIMARY KEY CHECK (length(hash) = 32),
    header  BLOB NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE draft_parts (
    draft  BLOB NOT NULL REFERENCES drafts (hash) ON DELETE CASCADE,
    place  INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (draft, place)
) STRICT;

-- AUTOINCREMENT: an id is never given twice, so an answer that comes late can not touch a newer row.
CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    destination TEXT NOT NULL,
    kind        INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 1),
    case_id     TEXT NOT NULL,
    act         BLOB NOT NULL CHECK (length(act) = 32),
    attempts    INTEGER NOT NULL,
    next_try    INTEGER NOT NULL,
    problem     TEXT NOT NULL,
    failed      INTEGER NOT NULL CHECK (failed IN (0, 1))
) STRICT;
-- What is due, earliest first, and whether something of the same case goes before it.
CREATE INDEX outbox_by_next_try ON outbox (next_try, id) WHERE failed = 0;
CREATE INDEX outbox_by_destination ON outbox (destination, case_id, id);

CREATE TABLE evidence (
    case_id   TEXT NOT NULL REFERENCES cases (id),
    hash      BLOB NOT NULL CHECK (length(hash) = 32),
    size      INTEGER NOT NULL CHECK (size >= 0),
    state     INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),
    act       BLOB NOT NULL CHECK (length(act) = 32),
    sender    TEXT NOT NULL,
    recipient TEXT NOT NULL,
    PRIMARY KEY (case_id, hash)
) STRICT;
-- What is still to come (0), and what is still to be removed (2).
CREATE INDEX evidence_in ON evidence (state, case_id, hash) WHERE state IN (0, 2);

CREATE TABLE roll (
    place  INTEGER PRIMARY KEY,
    hash   BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    person TEXT NOT NULL,
    text   TEXT NOT NULL,
    ended  INTEGER NOT NULL CHECK (ended IN (0, 1))
) STRICT;

CREATE TABLE directories (
    version INTEGER PRIMARY KEY,
    text    TEXT NOT NULL
) STRICT;

CREATE TABLE obligations (
    case_id TEXT NOT NULL REFERENCES cases (id),
    place   INTEGER NOT NULL,
    act     TEXT NOT NULL,
    side    TEXT NOT NULL,
    role    TEXT NOT NULL,
    due     INTEGER,
    PRIMARY KEY (case_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX obligations_by_due ON obligations (due, case_id, place);

CREATE TABLE witnessed (
    origin TEXT PRIMARY KEY,
    size   INTEGER NOT NULL,
    root   BLOB NOT NULL CHECK (length(root) = 32),
    note   TEXT NOT NULL
) STRICT;

-- This node's record. A leaf's place is its index in the tree: from 0, without gaps, for good.
CREATE TABLE leaves (
    place INTEGER PRIMARY KEY,
    entry BLOB NOT NULL
) STRICT;

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
