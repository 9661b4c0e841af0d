-- That people at a provider were shown a case: this node's own people with their names, those of other
-- participants as they state it. A day is counted from 1970; a person has one row a case and day.
CREATE TABLE sightings (
    hash        BLOB PRIMARY KEY CHECK (length(hash) = 32),
    case_id     TEXT NOT NULL REFERENCES cases (id),
    participant TEXT NOT NULL,
    office      TEXT NOT NULL,
    role        TEXT NOT NULL,
    at          INTEGER NOT NULL,
    text        TEXT NOT NULL,
    -- Empty, and without meaning, of another participant's people.
    person      TEXT NOT NULL,
    day         INTEGER NOT NULL,
    last        INTEGER NOT NULL,
    nonce       BLOB NOT NULL,
    leaf        INTEGER NOT NULL
) STRICT;
CREATE INDEX sightings_by_case ON sightings (case_id, at, hash);
CREATE UNIQUE INDEX sightings_by_person ON sightings (case_id, person, day) WHERE person <> '';
CREATE INDEX own_sightings ON sightings (at, hash) WHERE person <> '';

-- The outbox takes a third kind. Ids go on where they were: none is given twice.
CREATE TABLE outbox_of_three (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    destination TEXT NOT NULL,
    kind        INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2),
    case_id     TEXT NOT NULL,
    act         BLOB NOT NULL CHECK (length(act) = 32),
    attempts    INTEGER NOT NULL,
    next_try    INTEGER NOT NULL,
    problem     TEXT NOT NULL,
    failed      INTEGER NOT NULL CHECK (failed IN (0, 1))
) STRICT;
INSERT INTO outbox_of_three SELECT * FROM outbox;
DELETE FROM sqlite_sequence WHERE name = 'outbox_of_three';
INSERT INTO sqlite_sequence (name, seq)
    SELECT 'outbox_of_three', seq FROM sqlite_sequence WHERE name = 'outbox';
DROP TABLE outbox;
ALTER TABLE outbox_of_three RENAME TO outbox;
CREATE INDEX outbox_by_next_try ON outbox (next_try, id) WHERE failed = 0;
CREATE INDEX outbox_by_destination ON outbox (destination, case_id, id);
