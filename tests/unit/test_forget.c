/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Forgetting somebody: nothing of her is left in any table but tombstones, and
 * lookups do not give her ids to anybody. And what follows a token at each
 * sign-in: shell, full name, keys.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/snapshot.h"
#include "daemon/snapshot/publish.h"
#include "daemon/store/store_tombstone.h"
#include "tests/unit/fixture.h"

#define RULES	"[access]\nallow_users = alice\n"
#define KEY \
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFx" \
	"gZGhscHR4f"

static sqlite3 *
open_beside(const struct fixture *f)
{
	char path[PATH_MAX];
	sqlite3 *db;

	(void)snprintf(path, sizeof(path), "%s/store.db", f->dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

static void
run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

static int
number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt;
	int n;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	n = sqlite3_column_int(stmt, 0);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	return n;
}

/* A row for alice in each table that refers to people. */
static void
test_nothing_is_left(void **state)
{
	struct person *person;
	struct fixture f;
	sqlite3 *db;

	(void)state;
	fixture_setup(&f, RULES);
	fixture_bind(&f, ALICE_SUB, "alice", "[\"a\",\"b\"]");
	fixture_bind(&f, BOB_SUB, "bob", "[\"a\"]");
	db = open_beside(&f);
	run(db, "INSERT INTO person_key SELECT id, 'k' FROM person;"
	    "INSERT INTO token SELECT id, x'00', x'00', 0, 0, 0, 0, ''"
	    " FROM person;"
	    "INSERT INTO remembered_key SELECT id, 'f', 's', 0, 0, 0, '', x'00'"
	    " FROM person;"
	    "INSERT INTO passcode SELECT id, x'00', 0, 0, 0 FROM person");
	/* a table of a later day */
	run(db, "CREATE TABLE later (person INTEGER REFERENCES person (id));"
	    "INSERT INTO later SELECT id FROM person");
	assert_int_equal(store_forget(f.store, "alice", 77), 0);
	assert_int_equal(store_forget(f.store, "alice", 78), -ENOENT);
	assert_int_equal(store_find_name(f.store, "alice", &person), -ENOENT);
	assert_int_equal(store_find_name(f.store, "bob", &person), 0);
	person_free(person);
	assert_int_equal(number(db, "SELECT count(*) FROM person"), 1);
	assert_int_equal(number(db, "SELECT count(*) FROM person_group"), 1);
	assert_int_equal(number(db, "SELECT count(*) FROM person_key"), 1);
	assert_int_equal(number(db, "SELECT count(*) FROM token"), 1);
	assert_int_equal(number(db, "SELECT count(*) FROM remembered_key"), 1);
	assert_int_equal(number(db, "SELECT count(*) FROM passcode"), 1);
	assert_int_equal(number(db, "SELECT count(*) FROM later"), 1);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	fixture_teardown(&f);
}

static void
bind_with_ids(struct fixture *f, const char *subject, const char *name,
    uint32_t uid, uint32_t gid)
{
	char claims[256];
	struct person *person;

	(void)snprintf(claims, sizeof(claims), "{\"preferred_username\":\"%s\","
	    "\"uid\":%u,\"gid\":%u}", name, uid, gid);
	assert_int_equal(fixture_resolve(f, subject, claims, name, &person),
	    REASON_GRANTED);
	assert_int_equal(store_save(f->store, person), 0);
	person_free(person);
}

static void
test_tombstones(void **state)
{
	struct tombstone *stones, stone;
	struct fixture f;
	size_t count;

	(void)state;
	fixture_setup(&f, RULES "[identity]\nuid_claim = uid\n"
	    "gid_claim = gid\n");
	bind_with_ids(&f, ALICE_SUB, "alice", 5000, 6000);
	assert_int_equal(store_find_tombstone(f.store, 5000, &stone), -ENOENT);
	assert_int_equal(store_forget(f.store, "alice", 77), 0);
	assert_int_equal(store_tombstones(f.store, &stones, &count), 0);
	assert_int_equal(count, 2);
	assert_int_equal(stones[0].id, 5000);
	assert_int_equal(stones[1].id, 6000);
	assert_string_equal(stones[1].name, "alice");
	assert_string_equal(stones[1].subject, ALICE_SUB);
	assert_string_equal(stones[1].issuer, FIXTURE_ISSUER);
	assert_int_equal(stones[1].forgotten, 77);
	store_free_tombstones(stones, count);
	/* she herself comes back, under another name */
	bind_with_ids(&f, ALICE_SUB, "alison", 5000, 6000);
	assert_int_equal(store_tombstones(f.store, &stones, &count), 0);
	assert_int_equal(count, 0);
	store_free_tombstones(stones, count);
	fixture_teardown(&f);
}

/* What sshd would be told of name. */
static int
sign_in_uid(struct fixture *f, const char *name, uint32_t *ret_uid)
{
	struct snapshot s;
	int64_t until;
	int r;

	assert_int_equal(publish_snapshot(&f->config, f->files, f->store,
	    f->snapshot, 1, &until), 0);
	assert_int_equal(snapshot_map(f->snapshot, &s), 0);
	r = snapshot_sign_in_uid(&s, name, ret_uid);
	snapshot_unmap(&s);
	return r;
}

/* An id that was hers is not computed for another name; hers can be asked for
 * again, or nobody could ever sign in with it. */
static void
test_lookups(void **state)
{
	struct fixture f;
	uint32_t uid, taken;

	(void)state;
	fixture_setup(&f, RULES "[identity]\nuid_claim = uid\n"
	    "gid_claim = gid\n");
	fixture_bind(&f, ALICE_SUB, "alice", "[]");
	assert_int_equal(sign_in_uid(&f, "alice", &uid), -ENOENT);
	assert_int_equal(store_forget(f.store, "alice", 77), 0);
	assert_int_equal(sign_in_uid(&f, "alice", &uid), 0);
	assert_int_equal(uid, fixture_uid(&f, "alice"));
	taken = fixture_uid(&f, "carol");
	assert_int_equal(sign_in_uid(&f, "carol", &uid), 0);
	bind_with_ids(&f, BOB_SUB, "bob", taken, 5000);
	assert_int_equal(store_forget(f.store, "bob", 77), 0);
	assert_int_equal(sign_in_uid(&f, "carol", &uid), -ENOENT);
	fixture_teardown(&f);
}

static const struct {
	const char	*rules;		/* of [identity] and [user:alice] */
	const char	*claims;
	const char	*shell;
	const char	*home;
	const char	*gecos;
	size_t		 keys;
	const char	*said;		/* in the detail; NULL: nothing */
} profiles[] = {
	{ "", "", "/bin/bash", "/home/alice", "alice", 0, NULL },
	{ "", ",\"name\":\"Al: B,=\"", "/bin/bash", "/home/alice", "Al  B  ",
	    0, NULL },
	{ "gecos_claim = /n/full\n", ",\"n\":{\"full\":\"Al\"}", "/bin/bash",
	    "/home/alice", "Al", 0, NULL },
	{ "shell_claim = sh\nhome_claim = hd\n",
	    ",\"sh\":\"/bin/zsh\",\"hd\":\"/home/al\"", "/bin/zsh",
	    "/home/al", "alice", 0, NULL },
	{ "home = /srv/h/%u/in\nhome_claim = hd\n", ",\"hd\":\"/srv/h/al\"",
	    "/bin/bash", "/srv/h/al", "alice", 0, NULL },
	/* systemd would read it at its next start */
	{ "home_claim = hd\n",
	    ",\"hd\":\"/etc/systemd/system/ssh.service.d\"", "/bin/bash",
	    "/home/alice", "alice", 0, "not where the homes are" },
	{ "home_claim = hd\n", ",\"hd\":\"/home/bob/x\"", "/bin/bash",
	    "/home/alice", "alice", 0, "not where the homes are" },
	{ "home_claim = hd\n", ",\"hd\":\"/home/\"", "/bin/bash",
	    "/home/alice", "alice", 0, "is not used" },
	{ "home_claim = hd\n", ",\"hd\":\"/home/lokal\"", "/bin/bash",
	    "/home/alice", "alice", 0, "somebody else's" },
	{ "shell_claim = sh\nhome_claim = hd\n", "", "/bin/bash",
	    "/home/alice", "alice", 0, NULL },
	{ "shell_claim = sh\n", ",\"sh\":\"/bin/zsh:\"", "/bin/bash",
	    "/home/alice", "alice", 0, "sh is not used" },
	{ "shell_claim = sh\n", ",\"sh\":[\"/bin/zsh\"]", "/bin/bash",
	    "/home/alice", "alice", 0, "sh is not used" },
	{ "home_claim = hd\n", ",\"hd\":\"/srv/../etc\"", "/bin/bash",
	    "/home/alice", "alice", 0, "hd is not used" },
	{ "home_claim = hd\n", ",\"hd\":\"/\"", "/bin/bash", "/home/alice",
	    "alice", 0, "hd is not used" },
	{ "home_claim = hd\n", ",\"hd\":\"/root\"", "/bin/bash",
	    "/home/alice", "alice", 0, "home_claim is not used" },
	{ "home_claim = hd\n", ",\"hd\":\"/home/bob\"", "/bin/bash",
	    "/home/alice", "alice", 0, "somebody else's" },
	{ "shell_claim = sh\n[user:alice]\nshell = /bin/ksh\nhome = /a/b\n",
	    ",\"sh\":\"/bin/zsh\"", "/bin/ksh", "/a/b", "alice", 0, NULL },
	{ "ssh_keys_claim = k\n", ",\"k\":[\"" KEY "\",\"" KEY " b\"]",
	    "/bin/bash", "/home/alice", "alice", 2, NULL },
	{ "ssh_keys_claim = k\n", ",\"k\":\"# mine\\n\\n" KEY "\\r\\n  " KEY
	    " b  \\n\"", "/bin/bash", "/home/alice", "alice", 2, NULL },
	{ "ssh_keys_claim = k\n", ",\"k\":[\"no-pty " KEY "\",7,\"" KEY "\"]",
	    "/bin/bash", "/home/alice", "alice", 1, "\"no-pty" },
	{ "ssh_keys_claim = k\n", ",\"k\":{}", "/bin/bash", "/home/alice",
	    "alice", 0, "neither text nor a list" },
	{ "", ",\"k\":\"" KEY "\"", "/bin/bash", "/home/alice", "alice", 0,
	    NULL },
};

static void
check_profile(size_t i)
{
	char rules[512], claims[1024];
	struct person *person;
	struct fixture f;

	(void)snprintf(rules, sizeof(rules), RULES "[identity]\n%s",
	    profiles[i].rules);
	(void)snprintf(claims, sizeof(claims),
	    "{\"preferred_username\":\"alice\"%s}", profiles[i].claims);
	fixture_setup(&f, rules);
	fixture_bind(&f, BOB_SUB, "bob", "[]");
	assert_int_equal(fixture_resolve(&f, ALICE_SUB, claims, "alice",
	    &person), REASON_GRANTED);
	assert_string_equal(person->shell, profiles[i].shell);
	assert_string_equal(person->home, profiles[i].home);
	assert_string_equal(person->gecos, profiles[i].gecos);
	assert_int_equal(person->ssh_key_count, profiles[i].keys);
	if (profiles[i].said == NULL ? *f.detail.text != '\0' :
	    strstr(f.detail.text, profiles[i].said) == NULL)
		fail_msg("%s: %s", profiles[i].claims, f.detail.text);
	person_free(person);
	fixture_teardown(&f);
}

static void
test_profiles(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++)
		check_profile(i);
}

/* The home is kept, the rest follows the token. */
static void
test_profile_follows(void **state)
{
	struct person *person;
	struct fixture f;

	(void)state;
	fixture_setup(&f, RULES "[identity]\nshell_claim = sh\n"
	    "home_claim = hd\nssh_keys_claim = k\n");
	assert_int_equal(fixture_resolve(&f, ALICE_SUB, "{\"preferred_username"
	    "\":\"alice\",\"sh\":\"/bin/zsh\",\"hd\":\"/home/a\",\"name\":\"A\","
	    "\"k\":\"" KEY "\"}", "alice", &person), REASON_GRANTED);
	assert_int_equal(store_save(f.store, person), 0);
	person_free(person);
	assert_int_equal(fixture_resolve(&f, ALICE_SUB, "{\"preferred_username"
	    "\":\"alice\",\"sh\":\"/bin/sh\",\"hd\":\"/srv/b\",\"name\":\"B\"}",
	    "alice", &person), REASON_GRANTED);
	assert_string_equal(person->home, "/home/a");
	assert_string_equal(person->shell, "/bin/sh");
	assert_string_equal(person->gecos, "B");
	assert_int_equal(person->ssh_key_count, 0);
	person_free(person);
	fixture_teardown(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_left),
		cmocka_unit_test(test_tombstones),
		cmocka_unit_test(test_lookups),
		cmocka_unit_test(test_profiles),
		cmocka_unit_test(test_profile_follows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
