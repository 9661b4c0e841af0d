-- What this node's own books say of the entries of its roll, and the enrolments under way.
CREATE TABLE roll_notes (
    entry BLOB PRIMARY KEY CHECK (length(entry) = 32),
    name  TEXT NOT NULL,
    label TEXT NOT NULL,
    visit TEXT NOT NULL,
    used  INTEGER,
    ended INTEGER
) STRICT, WITHOUT ROWID;
-- When an entry ended was not kept until now: at the latest, now.
INSERT INTO roll_notes (entry, name, label, visit, ended)
    SELECT hash, '', '', '', unixepoch() * 1000 FROM roll WHERE ended = 1;

CREATE TABLE invitations (
    id      TEXT PRIMARY KEY,
    token   BLOB UNIQUE CHECK (length(token) = 32),
    expires INTEGER NOT NULL,
    text    TEXT NOT NULL
) STRICT;
CREATE INDEX invitations_by_end ON invitations (expires DESC, id);

-- Acts that were prepared end with the person who prepared them.
ALTER TABLE drafts ADD COLUMN person TEXT NOT NULL DEFAULT '';
UPDATE drafts SET person = coalesce(json_extract(CAST(header AS TEXT), '$.person'), '')
    WHERE json_valid(CAST(header AS TEXT));
CREATE INDEX drafts_by_person ON drafts (person);
