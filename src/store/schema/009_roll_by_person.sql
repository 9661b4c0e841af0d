-- A person's entries are asked for at each statement, and a ministry's roll is long.
CREATE INDEX roll_by_person ON roll (person, place);
