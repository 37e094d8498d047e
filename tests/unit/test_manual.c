/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What admins read is true: hostpass.conf(5) has exactly the keys of the table,
 * in its order and with its defaults, and the example that is installed is a
 * configuration, also with everything in it that is commented out.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/config/config_keys.h"
#include "tests/unit/config_dir.h"

#define FILE_MAX	(64 * 1024)

/* A file of the source tree, the caller's to free. */
static char *
read_source_file(const char *name)
{
	const char *top = getenv("TOP_SRCDIR");
	char path[1024], *text;
	FILE *stream;
	size_t len;

	(void)snprintf(path, sizeof(path), "%s/%s", top != NULL ? top : ".",
	    name);
	stream = fopen(path, "r");
	if (stream == NULL)
		fail_msg("cannot open %s", path);
	text = malloc(FILE_MAX);
	assert_non_null(text);
	len = fread(text, 1, FILE_MAX - 1, stream);
	assert_true(feof(stream));
	assert_int_equal(fclose(stream), 0);
	text[len] = '\0';
	return text;
}

/* Move *p behind prefix, if that stands there. */
static bool
take(const char **p, const char *prefix)
{
	size_t len = strlen(prefix);

	if (strncmp(*p, prefix, len) != 0)
		return false;
	*p += len;
	return true;
}

static bool
stands_at(const char *p, const char *word)
{
	return take(&p, word) && (*p == ' ' || *p == '\n');
}

/* The default of an item, if it has one, without mdoc's line breaks. */
static void
assert_default(const struct config_key *key, const char *item,
    const char *end)
{
	const char *p = strstr(item, "\nDefault:\n.Ql ");
	char value[256];
	size_t len = 0;

	if (p == NULL || p > end) {
		if (key->fallback != NULL)
			fail_msg("%s: the default is missing", key->name);
		return;
	}
	for (p += strlen("\nDefault:\n.Ql "); *p != '\n'; p++) {
		(void)take(&p, "\\\n");
		assert_in_range(len, 0, sizeof(value) - 2);
		value[len++] = *p;
	}
	value[len] = '\0';
	assert_true(len > 2 && strcmp(value + len - 2, " .") == 0);
	value[len - 2] = '\0';
	if (key->fallback == NULL)
		fail_msg("%s has no default", key->name);
	assert_string_equal(value, key->fallback);
}

static void
the_manual_has_all_keys(void **state)
{
	const struct config_key *key = config_keys;
	const char *p, *next, *section = "";
	bool table = false;
	char *text;

	(void)state;
	text = read_source_file("man/hostpass.conf.5");
	for (p = strchr(text, '\n'); p != NULL; p = next) {
		p++;
		next = strchr(p, '\n');
		if (take(&p, ".Ss Section "))
			section = p;
		if (take(&p, ".Bl -column") || take(&p, ".El"))
			table = p[-1] == 'n';
		if (table || !take(&p, ".It "))
			continue;
		if (key->section == NULL)
			fail_msg("not a key: %.20s", p);
		if (!stands_at(section, key->section))
			fail_msg("%s is not in [%s]", key->name, key->section);
		assert_true(take(&p, key->name != NULL ? "Cm " : "Ar "));
		if (!stands_at(p, key->name != NULL ? key->name : "NAME"))
			fail_msg("%.20s, where %s belongs", p, key->name);
		p = strstr(next, "\n.It ");
		if (p == NULL || p > strstr(next, "\n.El"))
			p = strstr(next, "\n.El");
		assert_non_null(p);
		assert_default(key, next, p);
		key++;
	}
	if (key->section != NULL)
		fail_msg("[%s] %s is missing", key->section, key->name);
	free(text);
}

static void
the_example_loads(void **state)
{
	struct config config;
	char *text;

	(void)state;
	text = read_source_file("data/hostpass.conf");
	write_text("hostpass.conf", text);
	load_ok(&config);
	assert_int_equal(config.access[0].allow_groups.count, 2);
	assert_int_equal(config.group_count, 1);
	config_free(&config);
	free(text);
}

/* "#key" and "#  more" are commented out; "# Text" is a comment. */
static void
uncomment(char *text)
{
	char *from = text, *to = text;
	bool line_start = true;

	for (; *from != '\0'; from++) {
		if (line_start && *from == '#' &&
		    (from[1] != ' ' || from[2] == ' ') && from[1] != '\n') {
			line_start = false;
			continue;
		}
		line_start = *from == '\n';
		*to++ = *from;
	}
	*to = '\0';
}

/* What few need, the manual is enough for. */
static bool
is_rare(const struct config_key *key)
{
	static const char *const rare[] = {
		"names", "client_auth", "client_key_file",
		"client_assertion_audience", "client_assertion_file",
		"authorization_endpoint", "device_authorization_endpoint",
		"token_endpoint", "jwks_uri", "userinfo_endpoint",
		"allow_http_loopback", "strip_domain", "name_case", "gid_claim",
		"shell_claim", "home_claim", "gecos_claim", "uid",
		"subid_range",
	};
	size_t i;

	if (strcmp(key->section, "limits") == 0)
		return true;
	for (i = 0; i < sizeof(rare) / sizeof(rare[0]); i++) {
		if (key->name != NULL && strcmp(key->name, rare[i]) == 0)
			return true;
	}
	return false;
}

static void
the_example_has_all_keys(void **state)
{
	const struct config_key *key;
	struct config config;
	char line[64], *text;

	(void)state;
	write_bytes("client-secret", "s", 1, 0640);
	write_text("ca.pem", "");
	write_text("directory.jwk", PUBLIC_KEY);
	text = read_source_file("data/hostpass.conf");
	uncomment(text);
	write_text("hostpass.conf", text);
	load_ok(&config);
	assert_int_equal(config.access_count, 2);
	assert_int_equal(config.callers.count, 8);
	config_free(&config);
	for (key = config_keys; key->section != NULL; key++) {
		(void)snprintf(line, sizeof(line), "\n%s = %s",
		    key->name != NULL ? key->name : "*",
		    key->fallback != NULL && strlen(key->fallback) < 40 ?
		    key->fallback : "");
		if ((strstr(text, line) != NULL) == is_rare(key))
			fail_msg("not there, or rare: %s", line + 1);
	}
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_manual_has_all_keys),
		cmocka_unit_test(the_example_loads),
		cmocka_unit_test(the_example_has_all_keys),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
