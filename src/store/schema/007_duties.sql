-- What each role of this participant owes in a case, by its own deadline: a judge's ruling that is due
-- later than another's act is in the judge's list, with the ruling's date. A group now holds the roles
-- that owe something in its cases, so that no case is met twice where several of them are asked about.
CREATE TABLE groups_by_roles (
    id        INTEGER PRIMARY KEY,
    direction TEXT NOT NULL,
    partner   TEXT NOT NULL,
    procedure TEXT NOT NULL,
    category  TEXT NOT NULL,
    state     TEXT NOT NULL,
    holder    TEXT NOT NULL,
    -- Sorted, with a space after each.
    roles     TEXT NOT NULL,
    cases     INTEGER NOT NULL CHECK (cases >= 0),
    UNIQUE (direction, partner, procedure, category, state, holder, roles)
) STRICT;
INSERT INTO groups_by_roles
    SELECT min(id), direction, partner, procedure, category, state, holder,
        CASE WHEN ours = 1 AND role <> '' THEN role || ' ' ELSE '' END AS owing, sum(cases)
    FROM work_groups GROUP BY direction, partner, procedure, category, state, holder, owing;

ALTER TABLE work ADD COLUMN role TEXT NOT NULL DEFAULT '';
ALTER TABLE work ADD COLUMN ours INTEGER NOT NULL DEFAULT 0 CHECK (ours IN (0, 1));
UPDATE work SET (role, ours, grp) = (
    SELECT o.role, o.ours, n.id FROM work_groups AS o JOIN groups_by_roles AS n
        ON n.direction = o.direction AND n.partner = o.partner AND n.procedure = o.procedure
        AND n.category = o.category AND n.state = o.state AND n.holder = o.holder
        AND n.roles = CASE WHEN o.ours = 1 AND o.role <> '' THEN o.role || ' ' ELSE '' END
    WHERE o.id = work.grp);
DROP TABLE work_groups;
ALTER TABLE groups_by_roles RENAME TO work_groups;

CREATE TABLE work_duties (
    case_id TEXT NOT NULL REFERENCES work (case_id),
    role    TEXT NOT NULL,
    act     TEXT NOT NULL,
    side    TEXT NOT NULL,
    -- As in `work`: the greatest number there is where there is no deadline.
    due     INTEGER NOT NULL,
    -- When the case came to owe this act in this role.
    since   INTEGER NOT NULL,
    -- The case's group.
    grp     INTEGER NOT NULL,
    PRIMARY KEY (case_id, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX duties_by_due ON work_duties (role, due, case_id, grp);
CREATE INDEX duties_by_group ON work_duties (grp, role, due, case_id);
CREATE INDEX duties_by_since ON work_duties (role, since);
-- What is owed next is known; what else is owed, the node works out at its next start.
INSERT INTO work_duties
    SELECT case_id, role, act, side, due, updated, grp FROM work WHERE ours = 1 AND role <> '';
