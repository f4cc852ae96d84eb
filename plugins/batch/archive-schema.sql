-- SPDX-License-Identifier: GPL-2.0-or-later
-- Records of many captures, as webrtc-archive fills them in. For SQLite and PostgreSQL.

CREATE TABLE session (capture TEXT NOT NULL, id TEXT NOT NULL, verdict TEXT NOT NULL, started DOUBLE PRECISION,
    PRIMARY KEY (capture, id));
-- class: 0 for offers, 1 for answers. leg: the two ends of the connection that carried it. origin (the o= line), author (the same
-- without its version) and body: only where they can identify their author.
CREATE TABLE description (capture TEXT NOT NULL, id TEXT NOT NULL, session TEXT, class INTEGER NOT NULL, leg TEXT NOT NULL,
    seen DOUBLE PRECISION NOT NULL, origin TEXT, author TEXT, body TEXT, PRIMARY KEY (capture, id));
-- credential: SHA-256 of "ufrag:password". One row a distinct credential of a description.
CREATE TABLE credential (capture TEXT NOT NULL, description TEXT NOT NULL, ufrag TEXT NOT NULL, credential TEXT NOT NULL,
    PRIMARY KEY (capture, description, credential));
CREATE TABLE fingerprint (capture TEXT NOT NULL, description TEXT NOT NULL, credential TEXT NOT NULL, hash TEXT NOT NULL,
    value TEXT NOT NULL, PRIMARY KEY (capture, description, credential, hash, value));
-- randoms: SHA-256 of client and server random. ufrags: the smaller one, a blank, the larger one.
CREATE TABLE association (capture TEXT NOT NULL, id TEXT NOT NULL, session TEXT, randoms TEXT NOT NULL, verdict TEXT NOT NULL,
    binding TEXT, started DOUBLE PRECISION NOT NULL, ufrags TEXT, PRIMARY KEY (capture, id));
CREATE TABLE presented (capture TEXT NOT NULL, association TEXT NOT NULL, role TEXT NOT NULL, ufrag TEXT, sha256 TEXT NOT NULL,
    PRIMARY KEY (capture, association, role));
CREATE INDEX credential_by_value ON credential (credential);
CREATE INDEX credential_by_description ON credential (capture, description);
CREATE INDEX association_by_randoms ON association (randoms);
CREATE INDEX association_by_ufrags ON association (ufrags);
CREATE INDEX description_by_session ON description (capture, session);
CREATE INDEX association_by_session ON association (capture, session);
