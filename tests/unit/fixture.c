/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See fixture.h. Everything is made by the code that the daemon uses; only the
 * places differ.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/snapshot.h"
#include "daemon/oidc/json.h"
#include "tests/unit/fixture.h"

static const char passwd[] =
    "root:x:0:0:root:/root:/bin/bash\n"
    "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
    "lokal:x:1000:1000::/home/lokal:/bin/bash\n";

static const char group[] =
    "root:x:0:\n" "daemon:x:1:\n" "adm:x:4:\n" "sudo:x:27:\n"
    "users:x:100:\n" "staff:x:50:\n" "lokal:x:1000:\n";

static void
write_file(const struct fixture *f, const char *name, const char *text)
{
	char path[PATH_MAX];
	FILE *out;

	(void)snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	out = fopen(path, "w");
	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

static void
load_files(struct fixture *f)
{
	char passwd_path[PATH_MAX], group_path[PATH_MAX];

	(void)snprintf(passwd_path, sizeof(passwd_path), "%s/passwd", f->dir);
	(void)snprintf(group_path, sizeof(group_path), "%s/group", f->dir);
	assert_int_equal(localfiles_load(passwd_path, group_path, &f->files),
	    0);
	f->context.files = f->files;
}

void
fixture_set_passwd(struct fixture *f, const char *text)
{
	localfiles_free(f->files);
	write_file(f, "passwd", text);
	load_files(f);
}

void
fixture_add_local(struct fixture *f, const char *users, const char *groups)
{
	char text[4096];

	(void)snprintf(text, sizeof(text), "%s%s", group, groups);
	write_file(f, "group", text);
	(void)snprintf(text, sizeof(text), "%s%s", passwd, users);
	fixture_set_passwd(f, text);
}

void
fixture_set_map(struct fixture *f, const char *text)
{
	char path[PATH_MAX], error[CONFIG_ERROR_MAX] = "";

	mapfile_free(f->map);
	write_file(f, "people.map", text);
	(void)snprintf(path, sizeof(path), "%s/people.map", f->dir);
	if (mapfile_load(path, &f->map, error) < 0)
		fail_msg("%s", error);
	f->context.map = f->map;
}

void
fixture_setup(struct fixture *f, const char *rules)
{
	char text[4096];

	(void)snprintf(text, sizeof(text), "[provider]\nissuer = %s\n"
	    "client_id = host\n%s", FIXTURE_ISSUER, rules);
	fixture_setup_text(f, text);
}

void
fixture_setup_text(struct fixture *f, const char *text)
{
	char path[PATH_MAX], error[CONFIG_ERROR_MAX] = "";

	memset(f, 0, sizeof(*f));
	(void)snprintf(f->dir, sizeof(f->dir), "/tmp/hostpass-test.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	write_file(f, "hostpass.conf", text);
	write_file(f, "passwd", passwd);
	write_file(f, "group", group);
	(void)snprintf(path, sizeof(path), "%s/hostpass.conf", f->dir);
	if (config_load(path, &f->config, error) < 0)
		fail_msg("%s", error);
	load_files(f);
	(void)snprintf(path, sizeof(path), "%s/store.db", f->dir);
	assert_int_equal(store_open(path, &f->store), 0);
	(void)snprintf(f->snapshot, sizeof(f->snapshot), "%s/snapshot", f->dir);
	f->provider.config = f->config.providers;
	f->context.config = &f->config;
	f->context.store = f->store;
}

void
fixture_teardown(struct fixture *f)
{
	static const char *const names[] = {
		"hostpass.conf", "passwd", "group", "store.db", "store.db-wal",
		"store.db-shm", "store.db.reserve", "snapshot", "people.map",
	};
	char path[PATH_MAX];
	size_t i;

	store_close(f->store);
	localfiles_free(f->files);
	mapfile_free(f->map);
	config_free(&f->config);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", f->dir, names[i]);
		(void)unlink(path);
	}
	assert_int_equal(rmdir(f->dir), 0);
}

uint32_t
fixture_uid(const struct fixture *f, const char *name)
{
	const struct config_identity *identity = &f->config.identity;

	return snapshot_computed_id(snapshot_issuer_seed(FIXTURE_ISSUER), name,
	    identity->range_start,
	    identity->range_end - identity->range_start + 1);
}

enum reason
fixture_resolve(struct fixture *f, const char *subject, const char *claims,
    const char *requested, struct person **ret_person)
{
	return fixture_resolve_at(f, FIXTURE_ISSUER, subject, claims,
	    requested, ret_person);
}

enum reason
fixture_resolve_at(struct fixture *f, const char *issuer, const char *subject,
    const char *claims, const char *requested, struct person **ret_person)
{
	struct identity_token token = { issuer, subject, NULL };
	struct person *person = NULL;
	struct json *json;
	enum reason reason;

	assert_int_equal(json_parse(claims, strlen(claims), &json), 0);
	token.claims = json;
	f->detail.text[0] = '\0';
	reason = identity_resolve(&f->context, &token, requested, FIXTURE_BOUND,
	    &f->detail, &person);
	json_free(json);
	assert_int_equal(reason == REASON_GRANTED, person != NULL);
	if (ret_person != NULL)
		*ret_person = person;
	else
		person_free(person);
	return reason;
}

void
fixture_bind(struct fixture *f, const char *subject, const char *name,
    const char *groups)
{
	struct person *person;
	char claims[512];

	(void)snprintf(claims, sizeof(claims),
	    "{\"preferred_username\":\"%s\",\"groups\":%s}", name, groups);
	assert_int_equal(fixture_resolve(f, subject, claims, name, &person),
	    REASON_GRANTED);
	assert_int_equal(store_save(f->store, person), 0);
	person_free(person);
}

struct world
fixture_world(struct fixture *f)
{
	return (struct world){
		.config = &f->config, .providers = &f->provider,
		.provider_count = 1, .store = f->store, .files = f->files,
		.snapshot = f->snapshot,
	};
}

struct seal *
fixture_seal(int byte)
{
	struct secret key = SECRET_INIT;
	char bytes[SEAL_KEY_SIZE];
	struct seal *seal;

	memset(bytes, byte, sizeof(bytes));
	assert_int_equal(secret_set(&key, bytes, sizeof(bytes)), 0);
	assert_int_equal(seal_new(&key, &seal), 0);
	secret_free(&key);
	return seal;
}

void
fixture_sql(const struct fixture *f, const char *sql)
{
	char path[PATH_MAX];
	sqlite3 *db;

	(void)snprintf(path, sizeof(path), "%s/store.db", f->dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_changes(db), 1);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}
