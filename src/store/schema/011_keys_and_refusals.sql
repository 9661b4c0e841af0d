-- The keys behind an act: who loses one asks what was done with it. Acts of before are looked through
-- by the node once it runs (they have no sealed_by until then).
ALTER TABLE acts ADD COLUMN sealed_by BLOB CHECK (length(sealed_by) = 32);
ALTER TABLE acts ADD COLUMN approved_by BLOB CHECK (length(approved_by) = 32);
CREATE INDEX acts_by_seal ON acts (sealed_by, admitted, hash) WHERE sealed_by IS NOT NULL;
CREATE INDEX acts_by_approval ON acts (approved_by, admitted, hash) WHERE approved_by IS NOT NULL;
CREATE INDEX acts_without_keys ON acts (hash) WHERE sealed_by IS NULL;

-- What was refused at the gate, by the Monday of the week.
CREATE TABLE gate_refusals (
    week        INTEGER NOT NULL,
    participant TEXT NOT NULL,
    code        TEXT NOT NULL,
    times       INTEGER NOT NULL,
    PRIMARY KEY (week, participant, code)
) STRICT, WITHOUT ROWID;
