/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Making the directory, from an API that may lie to a document that hosts
 * believe: either all of it, or nothing.
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

#include <event2/event.h>

#include "daemon/directory/export.h"
#include "daemon/directory/scim.h"
#include "daemon/directory/signed.h"
#include "daemon/oidc/http.h"
#include "daemon/oidc/jwk.h"
#include "daemon/oidc/keygen.h"
#include "tests/unit/oidc_mint.h"
#include "tests/unit/oidc_server.h"

#define ISSUER	"https://id.example.com"
#define NOW	1800000000
#define GROUPS	"/Groups?startIndex=1&count=100"
#define USERS	"/Users?startIndex=1&count=100"
#define USERS_2	"/Users?startIndex=2&count=100"
#define NONE	"{\"totalResults\":0}"
#define PEOPLE	"/api/users?pagination%5Bpage%5D=1&pagination%5Blimit%5D=100" \
	"&sort%5Bcolumn%5D=username&sort%5Bdirection%5D=asc"

static struct event_base *base;
static struct server *server;
static struct export export;
static char dir[] = "/tmp/hostpass-export.XXXXXX";
static const struct scim_rules by_id = { .subject = "id" };

static const char *
path_of(const char *name)
{
	static char path[4][64];
	static unsigned int turn;

	turn = (turn + 1) % 4;
	(void)snprintf(path[turn], sizeof(path[turn]), "%s/%s", dir, name);
	return path[turn];
}

static int
setup(void **state UNUSED)
{
	const struct http_config config = {
		.http_loopback = true, .timeout = 20,
		.accept = "application/scim+json",
	};

	base = event_base_new();
	server = server_new(base);
	memset(&export, 0, sizeof(export));
	export.base = base;
	export.url = server_url(server);
	assert_int_equal(http_new(base, &config, &export.http), 0);
	return secret_set(&export.credential, "t0ken", 5);
}

static int
teardown(void **state UNUSED)
{
	http_free(export.http);
	server_free(server);
	event_base_free(base);
	secret_free(&export.credential);
	body_free(&export.lines);
	return 0;
}

static int
make_dir(void **state UNUSED)
{
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int
remove_dir(void **state UNUSED)
{
	(void)unlink(path_of("key"));
	(void)unlink(path_of("people"));
	return rmdir(dir);
}

static void
serve(const char *path, const char *text)
{
	server_clear(server, path);
	server_script(server, path, 200, 0, text);
}

static void
assert_lines(const char *wanted)
{
	assert_int_equal(export.lines.len, strlen(wanted));
	assert_memory_equal(export.lines.data, wanted, export.lines.len);
}

/* Short pages, an inactive user, and members who are nobody. */
static void
test_scim(void **state UNUSED)
{
	serve(GROUPS, "{\"totalResults\":1,\"Resources\":[{\"id\":\"g\","
	    "\"displayName\":\"staff\",\"members\":[{\"value\":\"1\"},"
	    "{\"value\":\"9\"}]}]}");
	serve(USERS, "{\"totalResults\":2,\"startIndex\":1,\"Resources\":["
	    "{\"id\":\"1\",\"userName\":\"alice\"}]}");
	serve(USERS_2, "{\"totalResults\":2,\"startIndex\":2,\"Resources\":["
	    "{\"id\":\"2\",\"userName\":\"bob\",\"active\":false}]}");
	assert_int_equal(export_scim(&export, &by_id), 0);
	assert_lines("{\"sub\":\"1\",\"preferred_username\":\"alice\","
	    "\"groups\":[\"staff\"]}\n{\"sub\":\"2\",\"preferred_username\":"
	    "\"bob\",\"groups\":[],\"disabled\":true}\n");
	assert_int_equal(export.count, 2);
	assert_int_equal(export.strangers, 1);
	assert_string_equal(server_authorization(server, USERS),
	    "Bearer t0ken");
	assert_string_equal(server_accept(server, USERS),
	    "application/scim+json");
}

/* A token that reads users and no groups, or groups without their members. */
static void
test_nobody_in_groups(void **state UNUSED)
{
	serve(GROUPS, "{\"totalResults\":1,\"Resources\":[{\"id\":\"g\","
	    "\"displayName\":\"staff\",\"members\":[{\"value\":\"9\"}]}]}");
	serve(USERS, "{\"totalResults\":2,\"Resources\":["
	    "{\"id\":\"1\",\"userName\":\"alice\"},"
	    "{\"id\":\"2\",\"userName\":\"bob\"}]}");
	assert_int_equal(export_scim(&export, &by_id), -ENODATA);
	assert_string_equal(export.error, "nobody is in any group; may the "
	    "token read /Groups and their members?");
	serve(GROUPS, NONE);
	assert_int_equal(export_scim(&export, &by_id), -ENODATA);
	serve(GROUPS, "{\"totalResults\":1,\"Resources\":[{\"id\":\"g\","
	    "\"displayName\":\"staff\",\"members\":[{\"value\":\"2\"}]}]}");
	assert_int_equal(export_scim(&export, &by_id), 0);
}

/* With a slash at its end the URL means the same. */
static void
test_slash(void **state UNUSED)
{
	char *url = mint_text("%s/", server_url(server));

	serve(GROUPS, NONE);
	serve(USERS, NONE);
	export.url = url;
	assert_int_equal(export_scim(&export, &by_id), 0);
	assert_int_equal(export.count, 0);
	free(url);
}

static void
assert_refused(const char *users, int r, const char *words)
{
	serve(USERS, users);
	*export.error = '\0';
	assert_int_equal(export_scim(&export, &by_id), r);
	if (strstr(export.error, words) == NULL)
		fail_msg("%s", export.error);
	assert_null(strstr(export.error, "t0ken"));
}

static void
test_scim_lies(void **state UNUSED)
{
	static const char one[] = "{\"totalResults\":2,\"Resources\":["
	    "{\"id\":\"1\",\"userName\":\"alice\"}]}";

	serve(GROUPS, NONE);
	/* The first page for ever, with and without saying so. */
	serve(USERS_2, "{\"totalResults\":2,\"startIndex\":1,\"Resources\":["
	    "{\"id\":\"1\",\"userName\":\"alice\"}]}");
	assert_refused(one, -EBADMSG, "/Users: the list begins with 1 where 2");
	serve(USERS_2, one);
	assert_refused(one, -EAGAIN, "/Users: the list changed");
	serve(USERS_2, "{\"totalResults\":2,\"Resources\":[]}");
	assert_refused(one, -EBADMSG, "has 2 entries, and has fewer");
	serve(USERS_2, "{\"totalResults\":3,\"Resources\":[]}");
	assert_refused(one, -EAGAIN, "the list changed");
	serve(USERS_2, "{\"totalResults\":2,\"Resources\":[7,8]}");
	assert_refused(one, -EBADMSG, "has 2 entries, and has more");
	serve(USERS_2, "{\"totalResults\":2,\"Resources\":[7]}");
	assert_refused(one, -EBADMSG, "a user has no id");
	serve(USERS_2, "{\"totalResults\":2,\"Resources\":[{");
	assert_refused(one, -EBADMSG, "the answer is not JSON");
	server_clear(server, USERS_2);
	server_script(server, USERS_2, 500, 0, "{}");
	assert_refused(one, -EACCES, "the server answered 500");
	server_clear(server, USERS_2);
	server_script(server, USERS_2, SERVER_DROP, 0, "");
	assert_refused(one, -EIO, server_url(server));
	assert_refused("<html>", -EBADMSG, "the answer is not JSON");
	assert_refused("{\"schemas\":[]}", -EBADMSG,
	    "this is no list of a SCIM 2.0 service");
}

/* Whom two ids, two groups or two subs would make one. */
static void
test_scim_twins(void **state UNUSED)
{
	const struct scim_rules external = { .subject = "externalId" };

	serve(GROUPS, "{\"totalResults\":1,\"Resources\":[{\"id\":\"1\","
	    "\"displayName\":\"staff\"}]}");
	assert_refused("{\"totalResults\":1,\"Resources\":[{\"id\":\"1\","
	    "\"userName\":\"alice\"}]}", -EBADMSG,
	    "a user and a group have the id 1");
	serve(GROUPS, "{\"totalResults\":2,\"Resources\":[{\"id\":\"g\","
	    "\"displayName\":\"staff\"},{\"id\":\"h\",\"displayName\":"
	    "\"staff\"}]}");
	assert_refused(NONE, -EBADMSG, "/Groups: two groups have the name");
	serve(GROUPS, NONE);
	serve(USERS, "{\"totalResults\":2,\"Resources\":[{\"id\":\"1\","
	    "\"userName\":\"alice\",\"externalId\":\"e\"},{\"id\":\"2\","
	    "\"userName\":\"bob\",\"externalId\":\"e\"}]}");
	assert_int_equal(export_scim(&export, &external), -EBADMSG);
	assert_non_null(strstr(export.error, "two users have the externalId "
	    "e, which --sub names"));
}

static void
test_credentials(void **state UNUSED)
{
	server_script(server, GROUPS, 401, 0, "{}");
	assert_int_equal(export_scim(&export, &by_id), -EACCES);
	assert_non_null(strstr(export.error, "answered 401; the key or token "
	    "is not one of an admin"));
	export.url = "http://scim.example.com";
	assert_int_equal(export_scim(&export, &by_id), -EINVAL);
	assert_non_null(strstr(export.error, "is not an https URL"));
}

#define PAGE(items, users) \
	"{\"data\":[" users "],\"pagination\":{\"totalPages\":1," \
	"\"totalItems\":" items ",\"currentPage\":1}}"
#define STATIC \
	"{\"id\":\"00000000-0000-0000-0000-000000000000\",\"disabled\":false}"

static void
test_pocketid(void **state UNUSED)
{
	serve("/api/user-groups/a1", "{\"customClaims\":[{\"key\":\"uid\","
	    "\"value\":\"7\"}]}");
	serve(PEOPLE, PAGE("3", STATIC ",{\"id\":\"1\",\"disabled\":false,"
	    "\"userGroups\":[{\"id\":\"a1\",\"name\":\"staff\"}]},"
	    "{\"id\":\"2\",\"disabled\":true,"
	    "\"userGroups\":[{\"id\":\"a1\",\"name\":\"staff\"}]}"));
	assert_int_equal(export_pocketid(&export), 0);
	assert_lines("{\"uid\":7,\"groups\":[\"staff\"],\"sub\":\"1\"}\n"
	    "{\"uid\":7,\"groups\":[\"staff\"],\"sub\":\"2\",\"disabled\":"
	    "true}\n");
	assert_int_equal(server_count(server, "/api/user-groups/a1"), 1);
}

static void
test_pocketid_lies(void **state UNUSED)
{
	static const struct { const char *text; int r; } rows[] = {
		{ PAGE("1", ""), -EAGAIN },
		{ PAGE("1", STATIC), 0 },
		{ PAGE("2", STATIC ",{\"id\":\"1\",\"disabled\":false},"
		    "{\"id\":\"2\",\"disabled\":false}"), 0 },
		{ PAGE("2", "{\"id\":\"1\",\"disabled\":false}"), -EAGAIN },
		{ PAGE("2", "{\"id\":\"1\",\"disabled\":false},"
		    "{\"id\":\"1\",\"disabled\":false}"), -EAGAIN },
		{ PAGE("1", "{\"id\":\"1\"}"), -EBADMSG },
		{ "{}", -EBADMSG },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		serve(PEOPLE, rows[i].text);
		export.count = 0;
		assert_int_equal(export_pocketid(&export), rows[i].r);
	}
}

static void
write_file(const char *name, const char *text, size_t len, mode_t mode)
{
	FILE *stream = fopen(path_of(name), "w");

	assert_non_null(stream);
	assert_int_equal(fwrite(text, 1, len, stream), len);
	assert_int_equal(fclose(stream), 0);
	assert_int_equal(chmod(path_of(name), mode), 0);
}

static struct jwk_set *
make_key(void)
{
	struct secret private = SECRET_INIT, text = SECRET_INIT;
	struct jwk_set *keys;
	char *public;

	assert_int_equal(keygen_ed25519(&private, &public), 0);
	write_file("key", private.data, private.len, 0600);
	assert_int_equal(secret_set(&text, public, strlen(public)), 0);
	assert_int_equal(signed_keys_read(&text, &keys), 0);
	secret_free(&private);
	secret_free(&text);
	free(public);
	return keys;
}

/* Write what there is at the time now, and read it as a host would. */
static void
write_and_verify(const struct jwk_set *keys, int64_t now,
    struct signed_directory *document)
{
	const struct export_manifest manifest = {
		.issuer = ISSUER, .key_file = path_of("key"),
		.out = path_of("people"), .now = now, .valid = 60,
		.complete = true,
	};
	char text[4096];
	size_t len;
	FILE *in;

	if (export_write(&export, &manifest) != 0)
		fail_msg("%s", export.error);
	in = fopen(path_of("people"), "r");
	assert_non_null(in);
	len = fread(text, 1, sizeof(text), in);
	(void)fclose(in);
	assert_int_equal(signed_verify(text, len, keys, now, document),
	    SIGNED_GOOD);
}

/* What hosts believe, and each time a higher serial, whatever the clock. */
static void
test_write(void **state UNUSED)
{
	struct signed_directory document;
	struct jwk_set *keys = make_key();
	const char *line;
	struct stat st;
	size_t len;

	test_scim(NULL);
	write_and_verify(keys, NOW, &document);
	assert_string_equal(document.issuer, ISSUER);
	assert_true(document.serial == NOW && document.issued == NOW);
	assert_true(document.expires == NOW + 60 && document.complete);
	assert_int_equal(document.count, 2);
	assert_true(signed_next(&document, &line, &len));
	assert_memory_equal(line, export.lines.data, len);
	signed_free(&document);
	write_and_verify(keys, NOW, &document);
	assert_true(document.serial == NOW + 1);
	signed_free(&document);
	write_and_verify(keys, NOW - 1000, &document);
	assert_true(document.serial == NOW + 2);
	signed_free(&document);
	write_and_verify(keys, NOW + 9, &document);
	assert_true(document.serial == NOW + 9);
	signed_free(&document);
	/* A clock that was wrong for once. */
	write_and_verify(keys, NOW + 10 + SIGNED_AHEAD, &document);
	signed_free(&document);
	write_and_verify(keys, NOW + 10, &document);
	assert_true(document.serial == NOW + 10);
	signed_free(&document);
	assert_int_equal(stat(path_of("people"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	jwk_set_free(keys);
}

static void
assert_not_written(const char *words)
{
	const struct export_manifest manifest = {
		.issuer = ISSUER, .key_file = path_of("key"),
		.out = path_of("people"), .now = NOW, .valid = 60,
	};

	(void)unlink(path_of("people"));
	assert_true(export_write(&export, &manifest) < 0);
	if (strstr(export.error, words) == NULL)
		fail_msg("%s", export.error);
	assert_int_equal(access(path_of("people"), F_OK), -1);
}

static void
test_not_written(void **state UNUSED)
{
	struct evp_pkey_st *rsa;
	char *public;

	jwk_set_free(make_key());
	assert_not_written("there is nobody in it");
	test_scim(NULL);
	assert_int_equal(chmod(path_of("key"), 0640), 0);
	assert_not_written("chmod 600");
	write_file("key", "", 0, 0600);
	assert_not_written("is empty or too long");
	rsa = mint_key("RSA", 2048);
	public = mint_jwk(rsa, "");
	write_file("key", public, strlen(public), 0600);
	assert_not_written("is no private key of Ed25519");
	free(public);
	mint_key_free(rsa);
	assert_int_equal(unlink(path_of("key")), 0);
	assert_not_written("No such file");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_scim),
		TEST(test_nobody_in_groups),
		TEST(test_slash),
		TEST(test_scim_lies),
		TEST(test_scim_twins),
		TEST(test_credentials),
		TEST(test_pocketid),
		TEST(test_pocketid_lies),
		TEST(test_write),
		TEST(test_not_written),
#undef TEST
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
