-- SPDX-License-Identifier: GPL-2.0-or-later
-- Puts the calls together that several captures saw parts of, and says of each what the captures say when taken together.
-- Reads the tables of archive-schema.sql, and makes the table "call". For SQLite and PostgreSQL.

-- Databases choose how they join by what they know of the tables, which is nothing of new ones.
ANALYZE;

-- A part is one session of one capture.
CREATE TABLE part AS
SELECT capture, id AS session, capture || '#' || id AS part, verdict, started FROM session;
CREATE INDEX part_by_session ON part (capture, session);
ANALYZE part;

-- What parts have in common, when, and within how many seconds it says something: a description's ICE credential, a handshake, or
-- the user names of both ends; or the o= line or body of one author, who may have been given other credentials on the way, where
-- programs exist that write the same each time.
CREATE TABLE mark AS
SELECT p.part, 'credential ' || c.credential AS mark, d.seen AS at, 7200 AS span
  FROM part p JOIN description d ON d.capture = p.capture AND d.session = p.session
  JOIN credential c ON c.capture = d.capture AND c.description = d.id
UNION
SELECT p.part, 'origin ' || d.origin, d.seen, 10
  FROM part p JOIN description d ON d.capture = p.capture AND d.session = p.session WHERE d.origin IS NOT NULL
UNION
SELECT p.part, 'body ' || d.body, d.seen, 10
  FROM part p JOIN description d ON d.capture = p.capture AND d.session = p.session WHERE d.body IS NOT NULL
UNION
SELECT p.part, 'handshake ' || a.randoms, a.started, 7200
  FROM part p JOIN association a ON a.capture = p.capture AND a.session = p.session
UNION
SELECT p.part, 'users ' || a.ufrags, a.started, 7200
  FROM part p JOIN association a ON a.capture = p.capture AND a.session = p.session
 WHERE a.ufrags IS NOT NULL
UNION
SELECT p.part, 'users ' || x.ufrag || ' ' || y.ufrag, d.seen, 7200
  FROM part p
  JOIN description d ON d.capture = p.capture AND d.session = p.session
  JOIN credential x ON x.capture = d.capture AND x.description = d.id
  JOIN description f ON f.capture = p.capture AND f.session = p.session AND f.class <> d.class
  JOIN credential y ON y.capture = f.capture AND y.description = f.id AND y.ufrag > x.ufrag;

-- Of the parts with one mark, in the order of time, those are tied that come within its span of the one before: the same calls
-- as if each were compared with each, in n log n.
CREATE TABLE tied AS
WITH step AS (
    SELECT part, mark, at, CASE WHEN at - LAG(at) OVER (PARTITION BY mark ORDER BY at, part) < span THEN 0 ELSE 1 END AS begins
      FROM mark
)
SELECT part, mark || ' ' || SUM(begins) OVER (PARTITION BY mark ORDER BY at, part ROWS UNBOUNDED PRECEDING) AS tie FROM step;
CREATE INDEX tied_by_tie ON tied (tie);
CREATE INDEX tied_by_part ON tied (part);

-- A call is named by its first part. Three times, each name is replaced by the lowest that it is tied to, and that by the lowest
-- of its own: nearly all calls have one name then.
CREATE TABLE label AS SELECT part, part AS call FROM part;
CREATE UNIQUE INDEX label_by_part ON label (part);
CREATE INDEX label_by_call ON label (call);
ANALYZE;
CREATE TABLE lowered AS
WITH low AS (SELECT t.tie, MIN(l.call) AS call FROM tied t JOIN label l ON l.part = t.part GROUP BY t.tie)
SELECT l.call, MIN(low.call) AS low
  FROM label l JOIN tied t ON t.part = l.part JOIN low ON low.tie = t.tie GROUP BY l.call;
CREATE UNIQUE INDEX lowered_by_call ON lowered (call);
UPDATE label SET call = COALESCE((SELECT COALESCE(b.low, a.low) FROM lowered a LEFT JOIN lowered b ON b.call = a.low
                                   WHERE a.call = label.call), call);
DROP TABLE lowered;
CREATE TABLE lowered AS
WITH low AS (SELECT t.tie, MIN(l.call) AS call FROM tied t JOIN label l ON l.part = t.part GROUP BY t.tie)
SELECT l.call, MIN(low.call) AS low
  FROM label l JOIN tied t ON t.part = l.part JOIN low ON low.tie = t.tie GROUP BY l.call;
CREATE UNIQUE INDEX lowered_by_call ON lowered (call);
UPDATE label SET call = COALESCE((SELECT COALESCE(b.low, a.low) FROM lowered a LEFT JOIN lowered b ON b.call = a.low
                                   WHERE a.call = label.call), call);
DROP TABLE lowered;
CREATE TABLE lowered AS
WITH low AS (SELECT t.tie, MIN(l.call) AS call FROM tied t JOIN label l ON l.part = t.part GROUP BY t.tie)
SELECT l.call, MIN(low.call) AS low
  FROM label l JOIN tied t ON t.part = l.part JOIN low ON low.tie = t.tie GROUP BY l.call;
CREATE UNIQUE INDEX lowered_by_call ON lowered (call);
UPDATE label SET call = COALESCE((SELECT COALESCE(b.low, a.low) FROM lowered a LEFT JOIN lowered b ON b.call = a.low
                                   WHERE a.call = label.call), call);
DROP TABLE lowered;

-- What still has several, long chains of parts of which none has to do with the next but one, is walked along.
CREATE TABLE member AS
WITH RECURSIVE low (tie, call) AS (
    SELECT t.tie, MIN(l.call) FROM tied t JOIN label l ON l.part = t.part GROUP BY t.tie
), pair (a, b) AS (
    SELECT DISTINCT l.call, low.call FROM tied t JOIN label l ON l.part = t.part JOIN low ON low.tie = t.tie WHERE l.call <> low.call
), edge (a, b) AS (
    SELECT a, b FROM pair UNION SELECT b, a FROM pair
), reach (call, other) AS (
    SELECT a, a FROM edge
    UNION
    SELECT r.call, e.b FROM reach r JOIN edge e ON e.a = r.other
), walked (call, low) AS (
    SELECT call, MIN(other) FROM reach GROUP BY call
)
SELECT p.part, p.capture, p.session, p.verdict, COALESCE(f.low, l.call) AS call
  FROM part p JOIN label l ON l.part = p.part LEFT JOIN walked f ON f.call = l.call;
CREATE INDEX member_by_session ON member (capture, session);
ANALYZE member;

-- Each description once for each leg it was seen on, with each of its credentials, since when.
CREATE TABLE copy AS
SELECT m.call, d.class, d.leg, c.ufrag, c.credential, f.hash, f.value, MIN(d.seen) AS seen
  FROM member m
  JOIN description d ON d.capture = m.capture AND d.session = m.session
  JOIN credential c ON c.capture = d.capture AND c.description = d.id
  LEFT JOIN fingerprint f ON f.capture = d.capture AND f.description = d.id AND f.credential = c.credential
 GROUP BY m.call, d.class, d.leg, c.ufrag, c.credential, f.hash, f.value;
CREATE INDEX copy_by_credential ON copy (call, credential);
CREATE INDEX copy_by_ufrag ON copy (call, ufrag);
ANALYZE copy;

-- The same credential with fingerprints of the same hash that have none in common: the later copy was altered.
CREATE TABLE altered AS
SELECT DISTINCT a.call, a.class, a.credential, a.ufrag, a.leg AS first_leg, b.leg AS second_leg
  FROM copy a JOIN copy b ON b.call = a.call AND b.credential = a.credential AND b.leg <> a.leg AND b.hash = a.hash
                         AND b.seen > a.seen
 WHERE NOT EXISTS (SELECT 1 FROM copy x JOIN copy y ON y.call = x.call AND y.credential = x.credential AND y.value = x.value
                    WHERE x.call = a.call AND x.credential = a.credential AND x.leg = a.leg AND y.leg = b.leg);

-- The same author's description with other credentials and no fingerprint in common: it was given another transport.
CREATE TABLE told AS
SELECT m.call, d.class, d.leg, d.origin, d.author, d.body, c.credential, f.hash, f.value
  FROM member m JOIN description d ON d.capture = m.capture AND d.session = m.session
  JOIN credential c ON c.capture = d.capture AND c.description = d.id
  JOIN fingerprint f ON f.capture = d.capture AND f.description = d.id AND f.credential = c.credential
 WHERE d.origin IS NOT NULL OR d.body IS NOT NULL;
CREATE INDEX told_by_leg ON told (call, class, leg);
ANALYZE told;
CREATE TABLE rekeyed AS
SELECT DISTINCT a.call
  FROM told a JOIN told b ON b.call = a.call AND b.class = a.class AND b.leg <> a.leg AND b.hash = a.hash
                         AND b.credential <> a.credential
                         AND (b.origin = a.origin OR (b.body = a.body AND COALESCE(b.author, '') <> COALESCE(a.author, '-')))
 WHERE NOT EXISTS (SELECT 1 FROM told x JOIN told y ON y.call = x.call AND (y.value = x.value OR y.credential = x.credential)
                    WHERE x.call = a.call AND x.leg = a.leg AND x.class = a.class AND y.leg = b.leg AND y.class = b.class);

-- Each handshake once, however many captures saw it, with what was presented in it.
CREATE TABLE handshake AS
SELECT m.call, a.randoms,
       MAX(CASE WHEN a.verdict = 'VERIFIED' THEN 1 ELSE 0 END) AS verified,
       MAX(CASE WHEN a.verdict LIKE 'MISMATCH%' THEN 1 ELSE 0 END) AS mismatched,
       MAX(CASE WHEN a.verdict = 'HANDSHAKE-FAILED' THEN 1 ELSE 0 END) AS failed,
       MIN(CASE WHEN a.verdict = 'NO-SIGNALLING' THEN 1 ELSE 0 END) AS alone
  FROM member m JOIN association a ON a.capture = m.capture AND a.session = m.session
 GROUP BY m.call, a.randoms;
CREATE INDEX handshake_by_call ON handshake (call);

CREATE TABLE shown AS
SELECT DISTINCT m.call, a.randoms, p.role, p.ufrag, p.sha256,
       (SELECT COUNT(DISTINCT k.leg) FROM copy k WHERE k.call = m.call AND k.ufrag = p.ufrag) AS legs,
       CASE WHEN EXISTS (SELECT 1 FROM copy k WHERE k.call = m.call AND k.ufrag = p.ufrag AND k.hash = 'sha-256') THEN 1 ELSE 0 END
           AS announced,
       CASE WHEN EXISTS (SELECT 1 FROM copy k WHERE k.call = m.call AND k.ufrag = p.ufrag AND k.hash = 'sha-256'
                            AND k.value = p.sha256) THEN 1 ELSE 0 END AS agrees
  FROM member m
  JOIN association a ON a.capture = m.capture AND a.session = m.session
  JOIN presented p ON p.capture = a.capture AND p.association = a.id;
CREATE INDEX shown_by_randoms ON shown (call, randoms);

-- What a handshake shows of an altered description: its owner's certificate is the substitute, or still the original.
CREATE TABLE effect AS
SELECT DISTINCT t.call, t.class,
       CASE WHEN EXISTS (SELECT 1 FROM copy k WHERE k.call = t.call AND k.credential = t.credential AND k.leg = t.second_leg
                            AND k.value = s.sha256) THEN 1 ELSE 0 END AS delivered,
       CASE WHEN EXISTS (SELECT 1 FROM copy k WHERE k.call = t.call AND k.credential = t.credential AND k.leg = t.first_leg
                            AND k.value = s.sha256) THEN 1 ELSE 0 END AS issued
  FROM altered t JOIN shown s ON s.call = t.call AND s.ufrag = t.ufrag;

CREATE TABLE judged AS
SELECT h.call, h.randoms, h.mismatched, h.failed,
       CASE WHEN h.verified = 1 OR (h.alone = 1 AND (SELECT COUNT(*) FROM shown s WHERE s.call = h.call AND s.randoms = h.randoms
                                                        AND s.agrees = 1) >= 2) THEN 1 ELSE 0 END AS verified,
       CASE WHEN h.alone = 1 AND EXISTS (SELECT 1 FROM shown s WHERE s.call = h.call AND s.randoms = h.randoms
                                            AND s.announced = 1 AND s.agrees = 0) THEN 1 ELSE 0 END AS contradicted,
       CASE WHEN (SELECT MIN(s.legs) FROM shown s WHERE s.call = h.call AND s.randoms = h.randoms) >= 2 THEN 1 ELSE 0 END AS crossed
  FROM handshake h;
CREATE INDEX judged_by_call ON judged (call);
ANALYZE;

-- Everything about a call in one row, then the verdict by the same precedence as that of one capture.
CREATE TABLE call AS
WITH facts AS (
    SELECT m.call, COUNT(DISTINCT m.capture) AS captures,
           MAX(CASE WHEN m.verdict = 'KEYS-IN-SIGNALLING' THEN 1 ELSE 0 END) AS keys,
           MAX(CASE WHEN m.verdict = 'UNENCRYPTED' THEN 1 ELSE 0 END) AS unencrypted,
           MAX(CASE WHEN m.verdict = 'INTERCEPTED-FULL' THEN 1 ELSE 0 END) AS full_here,
           MAX(CASE WHEN m.verdict = 'INTERCEPTED' THEN 1 ELSE 0 END) AS intercepted_here,
           MAX(CASE WHEN m.verdict = 'FOREIGN-CERTIFICATE' THEN 1 ELSE 0 END) AS foreign_here,
           MAX(CASE WHEN m.verdict = 'CONTESTED' THEN 1 ELSE 0 END) AS contested_here,
           MAX(CASE WHEN m.verdict = 'RE-KEYED' THEN 1 ELSE 0 END) AS rekeyed_here,
           (SELECT COUNT(*) FROM rekeyed r WHERE r.call = m.call) AS rekeyed,
           MAX(CASE WHEN m.verdict = 'TERMINATED-BY-DECLARED' THEN 1 ELSE 0 END) AS declared,
           MAX(CASE WHEN m.verdict = 'TERMINATED-UNDECLARED' THEN 1 ELSE 0 END) AS undeclared,
           MAX(CASE WHEN m.verdict = 'RESUMED' THEN 1 ELSE 0 END) AS resumed,
           MAX(CASE WHEN m.verdict = 'UNVERIFIABLE' THEN 1 ELSE 0 END) AS unverifiable,
           (SELECT COUNT(*) FROM altered t WHERE t.call = m.call) AS altered,
           (SELECT COUNT(DISTINCT t.class) FROM effect t WHERE t.call = m.call AND t.delivered = 1 AND t.issued = 0) AS followed,
           (SELECT COUNT(*) FROM effect t WHERE t.call = m.call AND t.delivered = 0 AND t.issued = 1) AS kept,
           (SELECT COUNT(*) FROM effect t WHERE t.call = m.call AND t.delivered = 0 AND t.issued = 0) AS other,
           (SELECT COUNT(*) FROM judged j WHERE j.call = m.call) AS handshakes,
           (SELECT COUNT(*) FROM judged j WHERE j.call = m.call AND j.verified = 1) AS verified,
           (SELECT COUNT(*) FROM judged j WHERE j.call = m.call AND j.verified = 1 AND j.crossed = 1) AS crossed,
           (SELECT COUNT(*) FROM judged j WHERE j.call = m.call AND (j.mismatched = 1 OR j.contradicted = 1)) AS mismatched,
           (SELECT COUNT(*) FROM judged j WHERE j.call = m.call AND j.failed = 1) AS failed,
           (SELECT COUNT(*) FROM copy k WHERE k.call = m.call) AS copies
      FROM member m GROUP BY m.call
)
SELECT call, captures, handshakes, verified,
       CASE
           WHEN keys = 1 THEN 'KEYS-IN-SIGNALLING'
           WHEN unencrypted = 1 THEN 'UNENCRYPTED'
           WHEN declared = 1 THEN 'TERMINATED-BY-DECLARED'
           WHEN full_here = 1 OR (followed = 2 AND verified >= 2) THEN 'INTERCEPTED-FULL'
           WHEN intercepted_here = 1 OR followed > 0 THEN 'INTERCEPTED'
           WHEN foreign_here = 1 OR (altered > 0 AND other > 0) THEN 'FOREIGN-CERTIFICATE'
           WHEN altered > 0 AND kept > 0 THEN 'SUBSTITUTED-NOT-FOLLOWED'
           WHEN altered > 0 THEN 'SUBSTITUTED-IN-SIGNALLING'
           WHEN contested_here = 1 THEN 'CONTESTED'
           WHEN mismatched > 0 THEN 'MISMATCH'
           WHEN rekeyed_here = 1 OR rekeyed > 0 THEN 'RE-KEYED'
           WHEN undeclared = 1 THEN 'TERMINATED-UNDECLARED'
           WHEN verified > 0 AND crossed = verified AND verified = handshakes THEN 'VERIFIED-CROSS'
           WHEN verified > 0 THEN 'VERIFIED-LEG'
           WHEN copies = 0 THEN 'NO-SIGNALLING'
           WHEN handshakes > failed OR unverifiable = 1 THEN 'UNVERIFIABLE'
           WHEN resumed = 1 THEN 'RESUMED'
           WHEN failed > 0 THEN 'HANDSHAKE-FAILED'
           ELSE 'NO-MEDIA'
       END AS verdict
  FROM facts;
