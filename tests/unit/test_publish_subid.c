/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Subordinate ids: once hers, always hers; never another's, the host's, or
 * those of a user or group.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/snapshot.h"
#include "daemon/oidc/json.h"
#include "daemon/report/report.h"
#include "daemon/snapshot/publish.h"
#include "daemon/store/store_subid.h"
#include "daemon/store/store_tombstone.h"
#include "daemon/world.h"
#include "tests/unit/fixture.h"

#define COUNT	SNAPSHOT_SUBID_COUNT
#define FIRST	2147483648u

#define RULES	"[access]\nallow_groups = staff\n[identity]\n"
/* Room for all, and for four. */
#define WIDE	RULES "subid_range = 2147483648-4294901759\n"
#define NARROW	RULES "subid_range = 2147483648-2147745791\n"

static void
publish_at(struct fixture *f, int64_t now)
{
	int64_t until;

	assert_int_equal(publish_snapshot(&f->config, f->files, f->store,
	    f->snapshot, now, &until), 0);
}

/* The first subordinate id of name in what is published now, or 0. */
static uint32_t
start_of(struct fixture *f, const char *name)
{
	struct snapshot_user user;
	struct snapshot s;
	uint32_t start = 0, uid;
	int r;

	assert_int_equal(snapshot_map(f->snapshot, &s), 0);
	if (snapshot_user_by_name(&s, name, &user) == 0) {
		r = snapshot_subid_start(&s, user.uid, &start);
		assert_true(r == 0 || r == -ENOENT);
		if (r == 0) {
			assert_int_equal(snapshot_subid_owner(&s,
			    start + COUNT - 1, &uid), 0);
			assert_int_equal(uid, user.uid);
		}
	}
	snapshot_unmap(&s);
	return start;
}

static uint32_t
published(struct fixture *f, const char *name)
{
	publish_at(f, FIXTURE_BOUND);
	return start_of(f, name);
}

static void
set_local(struct fixture *f, const char *subuid)
{
	char path[PATH_MAX], none[PATH_MAX];
	FILE *stream;

	(void)snprintf(path, sizeof(path), "%s/subuid", f->dir);
	(void)snprintf(none, sizeof(none), "%s/subgid", f->dir);
	stream = fopen(path, "w");
	assert_non_null(stream);
	assert_true(fputs(subuid, stream) >= 0);
	assert_int_equal(fclose(stream), 0);
	assert_int_equal(localrules_read_subids(localfiles_rules(f->files),
	    path, none), 0);
	assert_false(localfiles_changed(f->files));
	assert_int_equal(unlink(path), 0);
	assert_true(localfiles_changed(f->files));
}

static void
test_off(void **state)
{
	struct store_subid *rows;
	struct fixture f;
	size_t count;

	(void)state;
	fixture_setup(&f, "[access]\nallow_groups = staff\n");
	fixture_bind(&f, ALICE_SUB, "alice", "[]");
	assert_int_equal(published(&f, "alice"), 0);
	assert_int_equal(store_subids(f.store, &rows, &count), 0);
	assert_int_equal(count, 0);
	store_free_subids(rows, count);
	fixture_teardown(&f);
}

/* Two hosts that never met, in whichever order people come. */
static void
test_same_everywhere(void **state)
{
	struct fixture one, other;

	(void)state;
	fixture_setup(&one, WIDE);
	fixture_setup(&other, WIDE);
	fixture_bind(&one, ALICE_SUB, "alice", "[]");
	fixture_bind(&one, BOB_SUB, "bob", "[]");
	fixture_bind(&other, BOB_SUB, "bob", "[]");
	assert_int_equal(published(&one, "alice"), 3592814592u);
	assert_int_equal(published(&other, "bob"), published(&one, "bob"));
	fixture_bind(&other, ALICE_SUB, "alice", "[]");
	assert_int_equal(published(&other, "alice"), 3592814592u);
	fixture_teardown(&one);
	fixture_teardown(&other);
}

/* As many as fit, each another one; whoever comes later has none, and nobody's
 * ever change, nor are those of somebody who was forgotten given away. */
static void
test_full(void **state)
{
	static const char *const names[] = { "p1", "p2", "p3", "p4", "p5" };
	uint32_t starts[5];
	struct fixture f;
	size_t i, j;

	(void)state;
	fixture_setup(&f, NARROW);
	for (i = 0; i < 5; i++) {
		fixture_bind(&f, names[i], names[i], "[]");
		starts[i] = published(&f, names[i]);
		assert_int_equal(starts[i] == 0, i == 4);
		assert_int_equal(starts[i] % COUNT, 0);
		if (i < 4)
			assert_in_range(starts[i], FIRST, FIRST + 3 * COUNT);
		for (j = 0; j < i; j++)
			assert_int_not_equal(starts[i], starts[j]);
	}
	assert_int_equal(store_forget(f.store, "p2", FIXTURE_BOUND), 0);
	assert_int_equal(published(&f, "p5"), 0);
	for (i = 0; i < 4; i++)
		assert_int_equal(start_of(&f, names[i]),
		    i == 1 ? 0 : starts[i]);
	/* She who comes back finds her own. */
	fixture_bind(&f, "p2", "p2", "[]");
	assert_int_equal(published(&f, "p2"), starts[1]);
	fixture_teardown(&f);
}

/* By whom she is, not by what she is called. */
static void
test_another_of_her_name(void **state)
{
	struct fixture f;
	uint32_t start;

	(void)state;
	fixture_setup(&f, WIDE);
	fixture_bind(&f, ALICE_SUB, "alice", "[]");
	start = published(&f, "alice");
	assert_int_not_equal(start, 0);
	assert_int_equal(store_forget(f.store, "alice", FIXTURE_BOUND), 0);
	fixture_add_local(&f, "", "");
	fixture_set_map(&f, "alice 5000\n");
	fixture_bind(&f, BOB_SUB, "alice", "[]");
	assert_int_equal(published(&f, "alice"), start + COUNT);
	fixture_teardown(&f);
}

/* What the host's own files give is nobody's of ours, whenever it came. */
static void
test_local_ranges(void **state)
{
	uint32_t start;
	struct fixture f;
	char line[64];

	(void)state;
	fixture_setup(&f, WIDE);
	fixture_bind(&f, ALICE_SUB, "alice", "[]");
	start = 3592814592u;
	(void)snprintf(line, sizeof(line), "lokal:%u:1\n", start + COUNT - 1);
	set_local(&f, line);
	assert_int_equal(published(&f, "alice"), start + COUNT);
	(void)snprintf(line, sizeof(line), "lokal:%u:%u\n", start - 1,
	    COUNT + 2);
	set_local(&f, line);
	assert_int_equal(published(&f, "alice"), 0);
	set_local(&f, "lokal:100000:65536\nlokal:0:1000\n");
	assert_int_equal(published(&f, "alice"), start + COUNT);
	set_local(&f, "lokal:1:4294967295\n");
	assert_int_equal(published(&f, "alice"), 0);
	fixture_teardown(&f);
}

static bool
warns_of(struct fixture *f, const char *text)
{
	const struct world world = {
		.config = &f->config, .files = f->files, .store = f->store,
		.snapshot = f->snapshot,
	};
	struct json *warnings = report_warnings(&world);
	bool found = false;
	size_t i;

	for (i = 0; i < json_length(warnings); i++)
		found = found || strstr(json_string(json_at(warnings, i)),
		    text) != NULL;
	json_free(warnings);
	return found;
}

/* What cannot be read is not empty: who has a range keeps it, and nobody is
 * given one that may be the host's. */
static void
test_unread(void **state)
{
	char path[PATH_MAX];
	struct fixture f;
	uint32_t start;

	(void)state;
	fixture_setup(&f, WIDE "[cache]\noffline_max = 49000d\n");
	(void)snprintf(path, sizeof(path), "%s/subuid", f.dir);
	fixture_bind(&f, ALICE_SUB, "alice", "[]");
	start = published(&f, "alice");
	fixture_bind(&f, BOB_SUB, "bob", "[]");
	/* It opens, and cannot be read. */
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(localrules_read_subids(localfiles_rules(f.files),
	    path, "/dev/null"), -EISDIR);
	assert_true(localfiles_subids_unread(f.files));
	assert_false(localfiles_changed(f.files));
	assert_int_equal(published(&f, "bob"), 0);
	assert_int_equal(start_of(&f, "alice"), start);
	assert_true(warns_of(&f, "/etc/subuid or /etc/subgid cannot be read"));
	assert_int_equal(rmdir(path), 0);
	assert_true(localfiles_changed(f.files));
	assert_int_equal(localrules_read_subids(localfiles_rules(f.files),
	    "/dev/null", "/dev/null/x"), -ENOTDIR);
	assert_false(localfiles_changed(f.files));
	assert_int_equal(published(&f, "bob"), 0);
	set_local(&f, "");
	assert_false(localfiles_subids_unread(f.files));
	assert_int_not_equal(published(&f, "bob"), 0);
	fixture_teardown(&f);
}

/* hostpass status tells who has none, and why that may be. */
static void
test_warning(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f, WIDE "[cache]\noffline_max = 49000d\n"
	    "[user:alice]\nuid = 5000\n");
	fixture_bind(&f, ALICE_SUB, "alice", "[]");
	assert_int_not_equal(published(&f, "alice"), 0);
	assert_false(warns_of(&f, "subordinate"));
	set_local(&f, "lokal:2147483648:2147418112\n");
	assert_int_equal(published(&f, "alice"), 0);
	assert_true(warns_of(&f, "alice has no subordinate ids: subid_range "
	    "2147483648-4294901759 has no room"));
	fixture_teardown(&f);
}

/* An id of a user or group that came before, or later and is the host's. */
static void
test_ids_in_a_range(void **state)
{
	const uint32_t start = 3592814592u;
	struct fixture f;
	char line[96];

	(void)state;
	fixture_setup(&f, WIDE);
	fixture_bind(&f, ALICE_SUB, "alice", "[]");
	(void)snprintf(line, sizeof(line), "far:x:%u:", start + 5);
	fixture_add_local(&f, "", line);
	assert_int_equal(published(&f, "alice"), start + COUNT);
	(void)snprintf(line, sizeof(line), "far:x:%u:1000::/:/bin/sh\n",
	    start + COUNT);
	fixture_add_local(&f, line, "");
	assert_int_equal(published(&f, "alice"), 0);
	fixture_add_local(&f, "", "");
	assert_int_equal(published(&f, "alice"), start + COUNT);
	fixture_teardown(&f);
}

/* Nobody is given an id in the range, by whatever rule. */
static void
test_no_uid_in_the_range(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f, WIDE "uid_claim = uid\n");
	assert_int_equal(fixture_resolve(&f, ALICE_SUB,
	    "{\"preferred_username\":\"alice\",\"groups\":[],"
	    "\"uid\":2147483648}", "alice", NULL), REASON_ID_COLLISION);
	assert_non_null(strstr(f.detail.text, "subid_range"));
	assert_int_equal(fixture_resolve(&f, ALICE_SUB,
	    "{\"preferred_username\":\"alice\",\"groups\":[],"
	    "\"uid\":4294901759}", "alice", NULL), REASON_ID_COLLISION);
	assert_int_equal(fixture_resolve(&f, ALICE_SUB,
	    "{\"preferred_username\":\"alice\",\"groups\":[],"
	    "\"uid\":4294901760}", "alice", NULL), REASON_GRANTED);
	fixture_teardown(&f);
}

static void
change(struct fixture *f, const char *name, bool revoked, bool listed,
    int64_t passkey)
{
	struct person *person;

	assert_int_equal(store_find_name(f->store, name, &person), 0);
	person->revoked = revoked;
	person->listed = listed;
	person->last_passkey = passkey;
	assert_int_equal(store_save(f->store, person), 0);
	person_free(person);
}

/* Who may not come in may start no container; who is known by the directory
 * alone needs none yet. */
static void
test_who_has_any(void **state)
{
	struct fixture f;
	uint32_t start;

	(void)state;
	fixture_setup(&f, WIDE "[cache]\noffline_max = 100\n");
	fixture_bind(&f, ALICE_SUB, "alice", "[]");
	change(&f, "alice", false, true, 0);
	assert_int_equal(published(&f, "alice"), 0);
	change(&f, "alice", false, true, FIXTURE_BOUND);
	start = published(&f, "alice");
	assert_int_not_equal(start, 0);
	change(&f, "alice", true, false, 0);
	assert_int_equal(published(&f, "alice"), 0);
	change(&f, "alice", false, false, 0);
	assert_int_equal(published(&f, "alice"), start);
	publish_at(&f, FIXTURE_BOUND + 101);
	assert_int_equal(start_of(&f, "alice"), 0);
	fixture_teardown(&f);
}

/* Another range gives others; the former one, the former ones. */
static void
test_range_changes(void **state)
{
	uint32_t first, second;
	struct fixture f;

	(void)state;
	fixture_setup(&f, NARROW);
	fixture_bind(&f, ALICE_SUB, "alice", "[]");
	first = published(&f, "alice");
	f.config.identity.subid_start = 3000041472u;
	f.config.identity.subid_end = 3000041472u + COUNT - 1;
	second = published(&f, "alice");
	assert_int_equal(second, 3000041472u);
	f.config.identity.subid_start = FIRST;
	f.config.identity.subid_end = FIRST + 4 * COUNT - 1;
	assert_int_equal(published(&f, "alice"), first);
	f.config.identity.subid_start = 0;
	f.config.identity.subid_end = 0;
	assert_int_equal(published(&f, "alice"), 0);
	fixture_teardown(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_same_everywhere),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_another_of_her_name),
		cmocka_unit_test(test_local_ranges),
		cmocka_unit_test(test_unread),
		cmocka_unit_test(test_warning),
		cmocka_unit_test(test_ids_in_a_range),
		cmocka_unit_test(test_no_uid_in_the_range),
		cmocka_unit_test(test_who_has_any),
		cmocka_unit_test(test_range_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
