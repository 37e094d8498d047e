/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What admins read is true: hostpass.conf(5) has exactly the keys of the table,
 * in its order and with its defaults; the example that is installed is a
 * configuration, also with everything in it that is commented out, and says no
 * default that is none; hostpass(1) and hostpassd(8) have exactly the commands
 * and options that are there.
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

/* A list that goes on in the next line, in one. */
static void
join_lists(char *text)
{
	char *p = text;

	while ((p = strstr(p, ",\n  ")) != NULL)
		memmove(p + 1, p + 3, strlen(p + 3) + 1);
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
	char line[256], *text;

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
	join_lists(text);
	for (key = config_keys; key->section != NULL; key++) {
		(void)snprintf(line, sizeof(line), "\n%s = %s%s",
		    key->name != NULL ? key->name : "*",
		    key->fallback != NULL ? key->fallback : "",
		    key->fallback != NULL ? "\n" : "");
		if ((strstr(text, line) != NULL) == is_rare(key))
			fail_msg("not there, or rare: %s", line + 1);
	}
	free(text);
}

#define WORDS_MAX	64
#define WORD_SIZE	32

struct words {
	char	word[WORDS_MAX][WORD_SIZE];
	size_t	count;
};

static bool
has_word(const struct words *words, const char *word)
{
	size_t i;

	for (i = 0; i < words->count; i++) {
		if (strcmp(words->word[i], word) == 0)
			return true;
	}
	return false;
}

/* Add the letters at p, and dashes, if there are any. */
static void
add_word(struct words *words, const char *p)
{
	size_t len = strspn(p, "abcdefghijklmnopqrstuvwxyzV-");
	char *to = words->word[words->count];

	assert_in_range(words->count, 0, WORDS_MAX - 1);
	assert_in_range(len, 0, WORD_SIZE - 1);
	memcpy(to, p, len);
	to[len] = '\0';
	if (len > 0 && !has_word(words, to))
		words->count++;
}

/* Add the word that follows each mark between the two texts. */
static void
add_words(struct words *words, const char *text, const char *from,
    const char *to, const char *mark)
{
	const char *p = strstr(text, from), *end;

	assert_non_null(p);
	end = strstr(p, to);
	assert_non_null(end);
	while ((p = strstr(p, mark)) != NULL && p < end) {
		p += strlen(mark);
		add_word(words, p);
	}
}

/* Both have the same words. */
static void
assert_words(const struct words *code, const struct words *manual)
{
	size_t i;

	assert_true(code->count > 0);
	for (i = 0; i < code->count; i++) {
		if (!has_word(manual, code->word[i]))
			fail_msg("%s is not in the manual", code->word[i]);
	}
	for (i = 0; i < manual->count; i++) {
		if (!has_word(code, manual->word[i]))
			fail_msg("there is no %s", manual->word[i]);
	}
}

static void
the_manual_has_all_commands(void **state)
{
	struct words code = { .count = 0 }, list = { .count = 0 };
	struct words synopsis = { .count = 0 };
	char *source = read_source_file("cli/hostpass.c");
	char *text = read_source_file("man/hostpass.1");

	(void)state;
	add_words(&code, source, "subcommands[] = {", "};", "\t{ \"");
	add_words(&list, text, "\nThe commands are:", "\nThe options are:",
	    "\n.It Cm ");
	assert_words(&code, &list);
	add_words(&synopsis, text, "\n.Sh SYNOPSIS", "\n.Sh DESCRIPTION",
	    "\n.Cm ");
	/* .Cm status | users | groups */
	add_words(&synopsis, text, "\n.Sh SYNOPSIS", "\n.Sh DESCRIPTION",
	    " | ");
	assert_words(&code, &synopsis);
	free(source);
	free(text);
}

/* Each option of the command stands in the list and in the synopsis, each of
 * `hostpass directory` somewhere, and no others do. */
static void
the_manual_has_all_options(void **state)
{
	struct words code = { .count = 0 }, found = { .count = 0 };
	char *source = read_source_file("cli/hostpass.c");
	char *text = read_source_file("man/hostpass.1");

	(void)state;
	add_words(&code, source, "struct option options[]", "};", "{ \"");
	add_words(&found, text, "\nThe options are:", "\n.Sh", "\n.It Fl -");
	assert_words(&code, &found);
	memset(&found, 0, sizeof(found));
	add_words(&found, text, "\n.Sh SYNOPSIS", "\n.Sh DESC", "Fl -");
	assert_words(&code, &found);
	free(source);
	source = read_source_file("daemon/directory/options.c");
	add_words(&code, source, "struct option known[]", "};", "{ \"");
	memset(&found, 0, sizeof(found));
	add_words(&found, text, "\n.Sh SYNOPSIS", "\n.Sh SEE", "Fl -");
	assert_words(&code, &found);
	free(source);
	free(text);
}

static void
add_letters(struct words *words, const char *p)
{
	char letter[2] = "";

	for (; *p != '"' && *p != '\n'; p++) {
		letter[0] = *p;
		if (*p != ':')
			add_word(words, letter);
	}
}

static void
the_manual_has_the_options_of_the_daemon(void **state)
{
	struct words code = { .count = 0 }, list = { .count = 0 };
	struct words synopsis = { .count = 0 }, help = { .count = 0 };
	char *source = read_source_file("daemon/main.c");
	char *text = read_source_file("man/hostpassd.8");
	const char *getopt = strstr(source, "getopt(argc, argv, \"");
	const char *flags = strstr(text, "\n.Op Fl ");

	(void)state;
	assert_true(getopt != NULL && flags != NULL);
	add_letters(&code, getopt + strlen("getopt(argc, argv, \""));
	add_words(&list, text, "\nThe options are:", "\n.El", "\n.It Fl ");
	assert_words(&code, &list);
	add_letters(&synopsis, flags + strlen("\n.Op Fl "));
	add_word(&synopsis, "c");
	assert_non_null(strstr(text, "\n.Op Fl c Ar file\n"));
	assert_words(&code, &synopsis);
	add_words(&help, source, "\"usage: ", "\n}", "\"  -");
	assert_words(&code, &help);
	free(source);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_manual_has_all_keys),
		cmocka_unit_test(the_example_loads),
		cmocka_unit_test(the_example_has_all_keys),
		cmocka_unit_test(the_manual_has_all_commands),
		cmocka_unit_test(the_manual_has_all_options),
		cmocka_unit_test(the_manual_has_the_options_of_the_daemon),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
