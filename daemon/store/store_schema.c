/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables, version by version. A step is never edited once a release has
 * it: hosts come from every version there was.
 *
 * MUST refuse what a newer version wrote, and what is not ours.
 */
#include <errno.h>
#include <stdio.h>

#include "daemon/store/store_private.h"

/* PRAGMA application_id, so that no other program's database is taken for
 * ours: "hpss". */
#define STORE_APPLICATION	0x68707373

/* Step n makes version n + 1 of version n; user_version counts them. */
static const char *const steps[] = {
	"CREATE TABLE person ("
	" id INTEGER PRIMARY KEY,"
	" issuer TEXT NOT NULL,"
	" subject TEXT NOT NULL,"
	" name TEXT NOT NULL UNIQUE,"
	" uid INTEGER NOT NULL UNIQUE,"
	" gid INTEGER NOT NULL,"
	" gecos TEXT NOT NULL,"
	" home TEXT NOT NULL,"
	" shell TEXT NOT NULL,"
	" bound INTEGER NOT NULL,"
	" last_proof INTEGER NOT NULL,"
	" revoked INTEGER NOT NULL,"
	" UNIQUE (issuer, subject));"
	"CREATE TABLE person_group ("
	" person INTEGER NOT NULL REFERENCES person (id),"
	" name TEXT NOT NULL,"
	" PRIMARY KEY (person, name)) WITHOUT ROWID;",

	/* Ids of people who were forgotten, and what is kept for people. All
	 * secrets are sealed (seal.h). */
	"ALTER TABLE person ADD COLUMN last_passkey INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE person ADD COLUMN listed INTEGER NOT NULL DEFAULT 0;"
	"CREATE UNIQUE INDEX person_gid ON person (gid);"
	"CREATE INDEX person_home ON person (home);"
	"CREATE TABLE person_key ("	/* ssh keys that the provider told */
	" person INTEGER NOT NULL REFERENCES person (id),"
	" line TEXT NOT NULL,"
	" PRIMARY KEY (person, line)) WITHOUT ROWID;"
	"CREATE TABLE tombstone ("
	" id INTEGER PRIMARY KEY,"	/* uid and gid, never given again */
	" name TEXT NOT NULL,"
	" issuer TEXT NOT NULL,"
	" subject TEXT NOT NULL,"
	" forgotten INTEGER NOT NULL);"
	"CREATE TABLE token ("
	" person INTEGER PRIMARY KEY REFERENCES person (id),"
	" refresh BLOB NOT NULL,"	/* sealed; empty: lost */
	" hint BLOB NOT NULL,"	/* sealed: the ID token that came with it */
	" in_use INTEGER NOT NULL,"	/* sent, no answer yet: lost if we die */
	" obtained INTEGER NOT NULL,"
	" next INTEGER NOT NULL,"	/* when to refresh it */
	" told INTEGER NOT NULL,"	/* when the outcome was */
	" outcome TEXT NOT NULL);"	/* of the last refresh; a reason code */
	"CREATE TABLE remembered_key ("
	" person INTEGER NOT NULL REFERENCES person (id),"
	" fingerprint TEXT NOT NULL,"	/* SHA256:... of the ssh key */
	" service TEXT NOT NULL,"
	" remembered INTEGER NOT NULL,"
	" until INTEGER NOT NULL,"
	" used INTEGER NOT NULL,"
	" rhost TEXT NOT NULL,"		/* of the sign-in; only shown */
	" seal BLOB NOT NULL,"		/* proves the row is ours */
	" PRIMARY KEY (person, fingerprint, service)) WITHOUT ROWID;"
	"CREATE TABLE passcode ("
	" person INTEGER PRIMARY KEY REFERENCES person (id),"
	" verifier BLOB NOT NULL,"	/* sealed */
	" changed INTEGER NOT NULL,"
	" tries INTEGER NOT NULL,"	/* wrong ones in a row */
	" tried INTEGER NOT NULL);"	/* when the last one was */
	"CREATE TABLE directory ("
	" issuer TEXT PRIMARY KEY,"
	" serial INTEGER NOT NULL,"	/* the highest that was believed */
	" digest TEXT NOT NULL,"	/* of its lines */
	" issued INTEGER NOT NULL,"
	" expires INTEGER NOT NULL,"
	" people INTEGER NOT NULL,"
	" complete INTEGER NOT NULL);"
	"CREATE TABLE own_group ("	/* every one that there ever was */
	" issuer TEXT NOT NULL,"
	" provider TEXT NOT NULL,"	/* its name there */
	" name TEXT NOT NULL,"
	" gid INTEGER NOT NULL,"
	" problem TEXT NOT NULL,"	/* why it is not shown, or empty */
	" PRIMARY KEY (issuer, provider)) WITHOUT ROWID;",

	/* Groups have an age of their own. */
	"ALTER TABLE person ADD COLUMN groups_told INTEGER NOT NULL DEFAULT 0;"
	"UPDATE person SET groups_told = last_proof;"
	"CREATE TABLE subid ("		/* subordinate ids, never given again */
	" start INTEGER PRIMARY KEY,"	/* the first of a range */
	" issuer TEXT NOT NULL,"
	" subject TEXT NOT NULL);",
};

#define STORE_SCHEMA	((int)(sizeof(steps) / sizeof(steps[0])))

/* Run the steps that are missing. The caller's transaction holds them. */
static int
migrate_from(struct store *store, int version, int target)
{
	char sql[128];
	int r;

	for (; version < target; version++) {
		r = store_exec(store, steps[version]);
		if (r < 0)
			return r;
	}
	(void)snprintf(sql, sizeof(sql), "PRAGMA application_id = %d;"
	    "PRAGMA user_version = %d;", STORE_APPLICATION, target);
	return store_exec(store, sql);
}

int
store_migrate(struct store *store)
{
	int application, version, tables, r;

	if ((r = store_number(store, "PRAGMA application_id",
	    &application)) < 0 ||
	    (r = store_number(store, "PRAGMA user_version", &version)) < 0 ||
	    (r = store_number(store, "SELECT count(*) FROM sqlite_master",
	    &tables)) < 0)
		return r;
	if (application != STORE_APPLICATION &&
	    (application != 0 || version != 0 || tables != 0))
		return -EUCLEAN;
	if (version > STORE_SCHEMA)
		return -EPROTONOSUPPORT;
	if (version == STORE_SCHEMA)
		return 0;
	if (store->damaged)
		return -EUCLEAN;
	r = store_exec(store, "BEGIN IMMEDIATE");
	if (r < 0)
		return r;
	return store_end(store, migrate_from(store, version, STORE_SCHEMA));
}

int
store_make(struct store *store, int version)
{
	int r;

	if (version <= 0 || version > STORE_SCHEMA)
		version = STORE_SCHEMA;
	r = store_exec(store, "BEGIN IMMEDIATE");
	if (r < 0)
		return r;
	return store_end(store, migrate_from(store, 0, version));
}
