-- The first schema.
CREATE TABLE journal (
    sequence INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    charger TEXT,
    event BLOB NOT NULL,
    fresh_session TEXT,
    fresh_transaction INTEGER,
    decision BLOB
) STRICT;

CREATE TABLE checkpoints (
    sequence INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    schema INTEGER NOT NULL,
    state BLOB NOT NULL
) STRICT;

CREATE TABLE cdrs (
    id TEXT NOT NULL PRIMARY KEY,
    session TEXT NOT NULL,
    charger TEXT NOT NULL,
    evse INTEGER NOT NULL,
    driver TEXT,
    sheet TEXT,
    started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    energy_wh TEXT NOT NULL,
    amount TEXT NOT NULL,
    currency TEXT NOT NULL,
    sealed_at INTEGER NOT NULL,
    input INTEGER,
    body BLOB NOT NULL
) STRICT;

CREATE INDEX ix_cdrs_session ON cdrs (session);

CREATE INDEX ix_cdrs_input ON cdrs (input);

CREATE TABLE postings (
    sequence INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    cdr TEXT NOT NULL,
    session TEXT NOT NULL,
    sheet TEXT,
    driver TEXT,
    energy_wh TEXT NOT NULL,
    amount TEXT NOT NULL,
    currency TEXT NOT NULL,
    day TEXT NOT NULL,
    hash TEXT NOT NULL,
    input INTEGER,
    body BLOB NOT NULL
) STRICT;

CREATE INDEX ix_postings_session ON postings (session);

CREATE INDEX ix_postings_day ON postings (day);

CREATE INDEX ix_postings_input ON postings (input);

CREATE TABLE transactions (
    id INTEGER NOT NULL PRIMARY KEY
) STRICT;

CREATE TABLE frames (
    id INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    charger TEXT NOT NULL,
    outgoing INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;

CREATE INDEX ix_frames_charger_at ON frames (charger, at);

CREATE TABLE days (
    day INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    input INTEGER NOT NULL,
    frame INTEGER NOT NULL
) STRICT;

CREATE TABLE people (
    driver TEXT NOT NULL PRIMARY KEY,
    body BLOB NOT NULL
) STRICT;
