-- Where a node owes something in public, the index of the open leaf in its record.
ALTER TABLE obligations ADD COLUMN leaf INTEGER CHECK (leaf >= 0);
