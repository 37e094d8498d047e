/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who somebody is and whether she may enter, as a table: (configuration,
 * people who are bound, local files, map file, token) -> (verdict, uid, gid,
 * local groups), through the daemon's own decision, its store and the snapshot
 * that lookups read.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/snapshot.h"
#include "daemon/oidc/flow.h"
#include "daemon/oidc/json.h"
#include "daemon/session/decision.h"
#include "daemon/store/store_tombstone.h"
#include "daemon/world.h"
#include "tests/unit/fixture.h"
#include "tests/unit/who_rows.h"

#define ALWAYS \
	"[access]\nallow_groups = staff, admins\n[access:sudo]\n" \
	"allow_groups = admins\n[groups]\nadmins = sudo, adm\nstaff = users\n" \
	"[identity]\n"

static uint32_t
id_of(struct fixture *f, const char *name, const char *text)
{
	return *text == '\0' ? fixture_uid(f, name) :
	    (uint32_t)strtoul(text, NULL, 10);
}

/* "NAME=SUB[:UID[:GID]]"; with a '-' before it, she is forgotten again. */
static void
bind_one(struct fixture *f, char *text)
{
	char *name = text + (*text == '-'), *sub, *uid, *gid;
	struct person *person = person_new();
	char home[64];

	assert_non_null(person);
	sub = strchr(name, '=');
	assert_non_null(sub);
	*sub++ = '\0';
	uid = sub + strcspn(sub, ":");
	if (*uid != '\0')
		*uid++ = '\0';
	gid = uid + strcspn(uid, ":");
	if (*gid != '\0')
		*gid++ = '\0';
	person->uid = id_of(f, name, uid);
	person->gid = *gid != '\0' ? id_of(f, name, gid) : person->uid;
	(void)snprintf(home, sizeof(home), "/home/%s", name);
	person->name = strdup(name);
	person->subject = strdup(sub);
	person->issuer = strdup(FIXTURE_ISSUER);
	person->home = strdup(home);
	person->shell = strdup("/bin/bash");
	person->gecos = strdup(name);
	assert_int_equal(store_save(f->store, person), 0);
	person_free(person);
	if (*text == '-')
		assert_int_equal(store_forget(f->store, name, 1), 0);
}

static void
bind_all(struct fixture *f, const char *bound)
{
	char *copy = strdup(bound), *rest = copy, *word;

	assert_non_null(copy);
	while ((word = strsep(&rest, " ")) != NULL) {
		if (*word != '\0')
			bind_one(f, word);
	}
	free(copy);
}

/* What the snapshot says: "UID:GID GIDS", '~' for a computed id, and '-' for
 * nobody. */
static void
describe(struct fixture *f, const char *name, char *buf, size_t size)
{
	char uid[16] = "~", gid[16] = "~";
	struct snapshot_user user;
	struct snapshot s;
	uint32_t one, i;
	size_t used;

	(void)snprintf(buf, size, "-");
	if (snapshot_map(f->snapshot, &s) < 0)
		return;
	if (snapshot_user_by_name(&s, name, &user) == 0) {
		if (user.uid != fixture_uid(f, name))
			(void)snprintf(uid, sizeof(uid), "%u", user.uid);
		if (user.gid != fixture_uid(f, name))
			(void)snprintf(gid, sizeof(gid), "%u", user.gid);
		(void)snprintf(buf, size, "%s:%s", uid, gid);
		for (i = 0; i < user.gid_count; i++) {
			one = snapshot_user_gid(&user, i);
			used = strlen(buf);
			(void)snprintf(buf + used, size - used, "%s%u",
			    i == 0 ? " " : ",", one);
		}
	}
	snapshot_unmap(&s);
}

static enum reason
decide(struct fixture *f, const struct row *row, uint32_t told,
    struct reason_detail *detail)
{
	struct world world = {
		.config = &f->config, .files = f->files, .map = f->map,
		.store = f->store, .snapshot = f->snapshot,
	};
	struct flow_result result = { 0 };
	const struct decision_request request = {
		.user = row->asked, .uid = told,
		.service = row->service == NULL ? "sshd" : row->service,
	};
	char claims[1024];
	struct json *json;
	enum reason reason;

	(void)snprintf(claims, sizeof(claims), "{%s}", row->claims);
	if (json_parse(claims, strlen(claims), &json) < 0)
		fail_msg("%s is no JSON", claims);
	result.claims = json;
	result.issuer = FIXTURE_ISSUER;
	result.subject = row->sub;
	detail->text[0] = '\0';
	reason = decision_make(&world, &request, &result, detail);
	json_free(json);
	return reason;
}

/* What sshd would be told of the name. */
static uint32_t
told(struct fixture *f, const char *name)
{
	struct person *person;
	uint32_t uid;

	if (store_find_name(f->store, name, &person) < 0)
		return fixture_uid(f, name);
	uid = person->uid;
	person_free(person);
	return uid;
}

/* The text after the line that starts with '@' is of group. */
static void
set_local(struct fixture *f, const char *local)
{
	const char *at = strchr(local, '@');
	char users[512];

	(void)snprintf(users, sizeof(users), "%.*s",
	    at != NULL ? (int)(at - local) : (int)strlen(local), local);
	fixture_add_local(f, users, at != NULL ? at + 1 : "");
}

static void
check(const struct row *row, const char *what, enum reason reason,
    enum reason wanted, const char *detail)
{
	if (reason != wanted)
		fail_msg("%s: \"%s\" %s as %s: %s, not %s (%s)", what,
		    row->config == NULL ? "" : row->config, row->claims,
		    row->asked, reason_code(reason), reason_code(wanted),
		    detail);
}

static void
run_row(const struct row *row)
{
	char rules[2048], seen[REASON_DETAIL_SIZE];
	struct reason_detail detail;
	struct fixture f;
	enum reason reason;

	(void)snprintf(rules, sizeof(rules), ALWAYS "%s",
	    row->config == NULL ? "" : row->config);
	fixture_setup(&f, rules);
	bind_all(&f, row->bound == NULL ? "" : row->bound);
	if (row->local != NULL)
		set_local(&f, row->local);
	if (row->map != NULL)
		fixture_set_map(&f, row->map);
	reason = decide(&f, row, told(&f, row->asked), &detail);
	check(row, "at first", reason, row->reason, detail.text);
	if (reason == REASON_ACCOUNT_PREPARED)
		check(row, "connected again", reason = decide(&f, row,
		    told(&f, row->asked), &detail), REASON_GRANTED,
		    detail.text);
	if (reason == REASON_GRANTED)
		describe(&f, row->asked, seen, sizeof(seen));
	else
		(void)snprintf(seen, sizeof(seen), "%s", detail.text);
	if (reason == REASON_GRANTED ? strcmp(seen, row->want) != 0 :
	    row->want != NULL && strstr(seen, row->want) == NULL)
		fail_msg("\"%s\" %s as %s: \"%s\", not \"%s\"",
		    row->config == NULL ? "" : row->config, row->claims,
		    row->asked, seen, row->want);
	fixture_teardown(&f);
}

static void
test_rows(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < who_row_count; i++)
		run_row(&who_rows[i]);
	assert_true(who_row_count >= 150);
	print_message("# %zu rows\n", who_row_count);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
