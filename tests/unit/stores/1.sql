-- A store of version 1, as `sqlite3 store.db .dump` has it.
BEGIN TRANSACTION;
CREATE TABLE person ( id INTEGER PRIMARY KEY, issuer TEXT NOT NULL, subject TEXT NOT NULL, name TEXT NOT NULL UNIQUE, uid INTEGER NOT NULL UNIQUE, gid INTEGER NOT NULL, gecos TEXT NOT NULL, home TEXT NOT NULL, shell TEXT NOT NULL, bound INTEGER NOT NULL, last_proof INTEGER NOT NULL, revoked INTEGER NOT NULL, UNIQUE (issuer, subject));
INSERT INTO "person" VALUES(1,'https://id.example.com','f4b89dc2-62fb-46bf-9f5f-c34f4eafe93e','alice',1907802556,1907802556,'Alice','/home/alice','/bin/bash',1700000000,1700000500,0);
INSERT INTO "person" VALUES(2,'https://id.example.com','1cd19686-8a2a-4bba-8b9c-ab0c1b1b1b1b','bob',2026204147,2026204147,'','/home/bob','/bin/sh',1700000100,1700000200,1);
CREATE TABLE person_group ( person INTEGER NOT NULL REFERENCES person (id), name TEXT NOT NULL, PRIMARY KEY (person, name)) WITHOUT ROWID;
INSERT INTO "person_group" VALUES(1,'admins');
INSERT INTO "person_group" VALUES(1,'staff');
INSERT INTO "person_group" VALUES(2,'staff');
PRAGMA application_id = 1752200051;
PRAGMA user_version = 1;
COMMIT;
