/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * daemon/store/store_token.c: what lies in the file of the store says nothing
 * and cannot be moved, and a revocation takes everything.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/seal.h"
#include "daemon/store/store_private.h"
#include "daemon/store/store_token.h"
#include "tests/unit/fixture.h"

#define TOKEN	"rt_0123456789abcdef"
#define HINT	"eyJ.an.idtoken"

static const struct token_owner alice = { FIXTURE_ISSUER, ALICE_SUB };
static const struct token_owner bob = { FIXTURE_ISSUER, BOB_SUB };

struct shop {
	struct fixture	 f;
	struct seal	*seal;
};

static int
setup(void **state)
{
	struct shop *shop = calloc(1, sizeof(*shop));
	struct secret key = SECRET_INIT;
	char bytes[SEAL_KEY_SIZE];

	assert_non_null(shop);
	memset(bytes, 7, sizeof(bytes));
	assert_int_equal(secret_set(&key, bytes, sizeof(bytes)), 0);
	assert_int_equal(seal_new(&key, &shop->seal), 0);
	secret_free(&key);
	fixture_setup(&shop->f, "");
	fixture_bind(&shop->f, ALICE_SUB, "alice", "[\"staff\"]");
	fixture_bind(&shop->f, BOB_SUB, "bob", "[\"staff\"]");
	*state = shop;
	return 0;
}

static int
teardown(void **state)
{
	struct shop *shop = *state;

	seal_free(shop->seal);
	fixture_teardown(&shop->f);
	free(shop);
	return 0;
}

static void
save(struct shop *shop, const struct token_owner *owner, const char *token)
{
	struct token_pair pair = { SECRET_INIT, SECRET_INIT };
	struct token_state state = { .kept = true, .next = 5 };

	assert_int_equal(secret_set(&pair.refresh, token, strlen(token)), 0);
	assert_int_equal(secret_set(&pair.hint, HINT, strlen(HINT)), 0);
	assert_int_equal(store_token_save(shop->f.store, shop->seal, owner,
	    &pair, &state), 0);
	token_pair_free(&pair);
}

static int
open_token(struct shop *shop, const struct token_owner *owner,
    const char *expected)
{
	struct token_pair pair = { SECRET_INIT, SECRET_INIT };
	int r;

	r = store_token_open(shop->f.store, shop->seal, owner, &pair);
	if (r == 0) {
		assert_string_equal(pair.refresh.data, expected);
		assert_string_equal(pair.hint.data, HINT);
	} else {
		assert_null(pair.refresh.data);
	}
	token_pair_free(&pair);
	return r;
}

/* Is text anywhere in the files of the store? */
static bool
is_in_files(struct shop *shop, const char *text)
{
	static const char *const names[] = { "store.db", "store.db-wal" };
	char path[PATH_MAX], *bytes;
	bool found = false;
	size_t i, len;
	FILE *in;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", shop->f.dir,
		    names[i]);
		in = fopen(path, "r");
		if (in == NULL)
			continue;
		bytes = malloc(1 << 22);
		assert_non_null(bytes);
		len = fread(bytes, 1, 1 << 22, in);
		found = found || memmem(bytes, len, text, strlen(text)) != NULL;
		free(bytes);
		(void)fclose(in);
	}
	return found;
}

static void
test_says_nothing(void **state)
{
	struct shop *shop = *state;

	save(shop, &alice, TOKEN);
	/* What is not secret can be found, so the search works. */
	assert_true(is_in_files(shop, ALICE_SUB));
	assert_false(is_in_files(shop, TOKEN));
	assert_false(is_in_files(shop, HINT));
	assert_int_equal(open_token(shop, &alice, TOKEN), 0);
	assert_int_equal(open_token(shop, &bob, ""), -ENOENT);
	save(shop, &alice, "another");
	assert_int_equal(open_token(shop, &alice, "another"), 0);
}

static void
test_cannot_be_moved(void **state)
{
	struct shop *shop = *state;

	save(shop, &alice, TOKEN);
	save(shop, &bob, "bob's");
	assert_int_equal(store_exec(shop->f.store, "UPDATE token SET refresh ="
	    " (SELECT refresh FROM token ORDER BY person LIMIT 1)"), 0);
	assert_int_equal(open_token(shop, &alice, TOKEN), 0);
	assert_int_equal(open_token(shop, &bob, ""), -EBADMSG);
	/* Nor to another column. */
	assert_int_equal(store_exec(shop->f.store,
	    "UPDATE token SET refresh = hint"), 0);
	assert_int_equal(open_token(shop, &alice, ""), -EBADMSG);
}

static void
test_nobody_such(void **state)
{
	static const struct token_owner nobody = { FIXTURE_ISSUER, "nobody" };
	struct token_pair pair = { SECRET_INIT, SECRET_INIT };
	struct token_state known = { .kept = true };
	struct shop *shop = *state;

	assert_int_equal(secret_set(&pair.refresh, "x", 1), 0);
	assert_int_equal(store_token_save(shop->f.store, shop->seal, &nobody,
	    &pair, &known), -ENOENT);
	assert_int_equal(store_token_note(shop->f.store, &nobody, &known),
	    -ENOENT);
	assert_int_equal(store_token_note(shop->f.store, &alice, &known),
	    -ENOENT);
	assert_int_equal(store_token_state(shop->f.store, &nobody, &known),
	    -ENOENT);
	assert_int_equal(store_revoke(shop->f.store, &nobody), -ENOENT);
	token_pair_free(&pair);
}

static int
count(struct shop *shop, const char *table)
{
	char sql[64];
	int n;

	(void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", table);
	assert_int_equal(store_number(shop->f.store, sql, &n), 0);
	return n;
}

static void
test_revocation_takes_all(void **state)
{
	static const char *const tables[] = {
		"token", "remembered_key", "passcode",
	};
	struct shop *shop = *state;
	struct person *person;
	size_t i;

	save(shop, &alice, TOKEN);
	save(shop, &bob, TOKEN);
	assert_int_equal(store_exec(shop->f.store,
	    "INSERT INTO remembered_key (person, fingerprint, service,"
	    " remembered, until, used, rhost, seal)"
	    " SELECT id, 'SHA256:x', 'sshd', 1, 2, 1, '', x'00' FROM person;"
	    "INSERT INTO passcode (person, verifier, changed, tries, tried)"
	    " SELECT id, x'00', 1, 0, 0 FROM person"), 0);
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		assert_int_equal(count(shop, tables[i]), 2);
	assert_int_equal(store_revoke(shop->f.store, &alice), 0);
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		assert_int_equal(count(shop, tables[i]), 1);
	assert_int_equal(open_token(shop, &alice, ""), -ENOENT);
	assert_int_equal(open_token(shop, &bob, TOKEN), 0);
	assert_int_equal(store_find_name(shop->f.store, "alice", &person), 0);
	assert_true(person->revoked);
	person_free(person);
	assert_int_equal(store_find_name(shop->f.store, "bob", &person), 0);
	assert_false(person->revoked);
	person_free(person);
}

static bool
is_revoked(struct shop *shop, const char *name)
{
	struct person *person;
	bool revoked;

	assert_int_equal(store_find_name(shop->f.store, name, &person), 0);
	revoked = person->revoked;
	person_free(person);
	return revoked;
}

/* A disk that takes nothing: everybody is told all the same, and it is written
 * with whatever else is written of her. */
static void
test_revocation_that_cannot_be_written(void **state)
{
	struct shop *shop = *state;
	struct store *store = shop->f.store;
	struct person **people, *person;
	size_t n;

	save(shop, &alice, TOKEN);
	assert_int_equal(store_exec(store, "PRAGMA query_only = 1"), 0);
	assert_int_equal(store_revoke(store, &alice), -EROFS);
	assert_int_equal(store_revoke(store, &alice), -EROFS);
	assert_true(store_is_condemned(store, &alice));
	assert_false(store_is_condemned(store, &bob));
	assert_true(is_revoked(shop, "alice"));
	assert_false(is_revoked(shop, "bob"));
	assert_int_equal(store_all(store, &people, &n), 0);
	assert_int_equal(n, 2);
	assert_true(people[0]->revoked);
	assert_false(people[1]->revoked);
	store_free_all(people, n);
	assert_int_equal(store_exec(store, "PRAGMA query_only = 0"), 0);
	/* Another change of hers undoes nothing; her token is still there. */
	assert_int_equal(store_find_name(store, "alice", &person), 0);
	assert_int_equal(store_save(store, person), 0);
	assert_true(store_is_condemned(store, &alice));
	assert_int_equal(store_revoke(store, &alice), 0);
	assert_false(store_is_condemned(store, &alice));
	assert_int_equal(open_token(shop, &alice, ""), -ENOENT);
	assert_true(is_revoked(shop, "alice"));
	/* A sign-in does. */
	person->revoked = false;
	assert_int_equal(store_save(store, person), 0);
	person_free(person);
	assert_false(is_revoked(shop, "alice"));
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_says_nothing),
		TEST(test_cannot_be_moved),
		TEST(test_nobody_such),
		TEST(test_revocation_takes_all),
		TEST(test_revocation_that_cannot_be_written),
	};

	return cmocka_run_group_tests_name("store_token", tests, NULL, NULL);
}
