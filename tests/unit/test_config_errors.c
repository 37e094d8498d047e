/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the configuration refuses, with the file, the line and the words that
 * help.
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

#include "tests/unit/config_dir.h"

#define LONG_LINE	(1024 * 1024)

/* One line after BASE, which has three, in the given section: line 5. */
static void
assert_line_refused(const char *section, const char *line, const char *words)
{
	char text[1024];

	assert_true((size_t)snprintf(text, sizeof(text), BASE "[%s]\n%s\n",
	    section, line) < sizeof(text));
	assert_refused(text, 5, words);
}

static void
unknown_things(void **state)
{
	(void)state;
	assert_line_refused("access", "alow_groups = a",
	    "unknown key 'alow_groups' in [access]; the nearest is "
	    "'allow_groups'");
	assert_line_refused("access:sudo", "maxage = 15m",
	    "unknown key 'maxage' in [access:sudo]; the nearest is 'max_age'");
	assert_line_refused("identity", "homes = /home/%u",
	    "the nearest is 'home'");
	assert_line_refused("identity", "usernames_claims = x",
	    "the nearest is 'username_claim'");
	assert_line_refused("prompt", "Wait = 10s", "the nearest is 'wait'");
	assert_line_refused("cache", "wait = 10s",
	    "wait belongs in [prompt], not in [cache]");
	assert_line_refused("cache", "authorization_endpoint_authorization_"
	    "endpoint_authorization_endpoint = x",
	    "the nearest is 'refresh'");
	assert_refused(BASE "[acces]\n", 4,
	    "unknown section [acces]; the nearest is [access]");
	assert_refused(BASE "[providers]\n", 4,
	    "unknown section [providers]; the nearest is [provider]");
	assert_refused("issuer = https://x\n", 1,
	    "issuer stands before the first section");
	assert_refused("[]\n", 1, "before the first section");
}

static void
numbers(void **state)
{
	(void)state;
	assert_line_refused("cache", "remember_key = on", "'on' is not a time");
	assert_line_refused("cache", "remember_key = 0", "'0' is not a time");
	assert_line_refused("cache", "offline_max = off", "'off' is not a");
	assert_line_refused("passcode", "min_length = 5",
	    "'5' is not a number from 6 to 64");
	assert_line_refused("passcode", "min_length = 65", "from 6 to 64");
	assert_line_refused("passcode", "min_length = 8s", "from 6 to 64");
	assert_line_refused("passcode", "tries = 0", "from 1 to 100");
	assert_line_refused("passcode", "tries = -1", "from 1 to 100");
	assert_line_refused("passcode", "enabled = maybe", "not yes or no");
}

static void
people(void **state)
{
	(void)state;
	assert_refused(BASE "[user]\n", 4, "must name her: [user:alice]");
	assert_refused(BASE "[user:]\n", 4, "'' is not a name");
	assert_refused(BASE "[user:root]\n", 4, "'root' is not a name");
	assert_refused(BASE "[user:Alice]\n", 4, "'Alice' is not a name");
	assert_line_refused("user:alice", "match = alice",
	    "email:ADDRESS, sub:SUB or preferred_username:NAME");
	assert_line_refused("user:alice", "match = email:alice", "email:");
	assert_line_refused("user:alice", "match = email:a@b@c", "email:");
	assert_line_refused("user:alice", "match = sub:", "sub:SUB");
	assert_line_refused("user:alice", "uid = 999", "from 1000 on");
	assert_line_refused("user:alice", "uid = 0", "from 1000 on");
	assert_line_refused("user:alice", "uid = 65534", "reserved");
	assert_line_refused("user:alice", "uid = 5000x", "is not a uid");
	assert_line_refused("user:alice", "home = srv/a", "absolute path");
	assert_line_refused("user:alice", "home = /a/../b", "absolute path");
	assert_line_refused("user:alice", "gid = 5000", "nearest is 'uid'");
	assert_line_refused("identity", "name_case = upper", "keep or lower");
	assert_line_refused("identity", "provision = no", "on or off");
	assert_line_refused("identity", "strip_domain = @example.com",
	    "is not a domain");
	write_text("hostpass.conf", BASE "[user:a]\nuid = 5000\n[user:b]\n"
	    "uid = 5000\n");
	assert_int_equal(load_refused(), -EINVAL);
	assert_non_null(strstr(error, "[user:a] and [user:b] have the same "
	    "uid 5000"));
	write_text("hostpass.conf", BASE "[user:a]\nmatch = sub:x\n[user:b]\n"
	    "match = sub:x\n");
	assert_int_equal(load_refused(), -EINVAL);
	assert_non_null(strstr(error, "match the same person"));
}

/* A key of [directory] must be one that hosts may have. */
static void
directory_keys(void **state)
{
	static const struct { const char *key, *words; } wrong[] = {
		{ "{}", "no public key of Ed25519" },
		{ "-----BEGIN PUBLIC KEY-----\n", "no public key of Ed25519" },
		{ "{\"keys\":[]}", "no public key of Ed25519" },
		{ "{\"keys\":7}", "no public key of Ed25519" },
		{ "[" PUBLIC_KEY "]", "no public key of Ed25519" },
		{ "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"}",
		    "no public key of Ed25519" },
		{ "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":"
		    "\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\",\"y\":"
		    "\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"}",
		    "no public key of Ed25519" },
		{ "{\"keys\":[" PUBLIC_KEY ",{\"kty\":\"OKP\",\"crv\":"
		    "\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusA"
		    "xyuf2A\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUR"
		    "o\"}]}", "holds a private key" },
	};
	size_t i;

	(void)state;
	write_text("hostpass.conf", BASE "[directory]\nurl = "
	    "https://files.example.com/people\nkey_file = pinned.jwk\n");
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		write_text("pinned.jwk", wrong[i].key);
		assert_int_equal(load_refused(), -EINVAL);
		assert_non_null(strstr(error, wrong[i].words));
	}
	remove_file("pinned.jwk");
	assert_int_equal(load_refused(), -EINVAL);
	assert_non_null(strstr(error, "pinned.jwk"));
}

/* In the clear only to this host itself, and when that was said. */
static void
directory_urls(void **state)
{
	struct config config;

	(void)state;
	write_text("pinned.jwk", "{\"keys\":[" PUBLIC_KEY "]}");
	write_text("hostpass.conf", BASE "[directory]\nurl = "
	    "http://127.0.0.1:80/people\nkey_file = pinned.jwk\n");
	assert_int_equal(load_refused(), -EINVAL);
	assert_non_null(strstr(error, "allow_http_loopback = yes"));
	write_text("hostpass.conf", BASE "[directory]\nurl = "
	    "http://127.0.0.1:80/people\nkey_file = pinned.jwk\n"
	    "allow_http_loopback = yes\n");
	load_ok(&config);
	config_free(&config);
	assert_line_refused("directory", "url = http://files.example.com/p",
	    "is not a URL");
	write_text("hostpass.conf", BASE "[directory]\nurl = "
	    "https://files.example.com/p\n");
	assert_int_equal(load_refused(), -EINVAL);
	assert_non_null(strstr(error, "needs url and key_file, both"));
	remove_file("pinned.jwk");
}

static void
service_names(void **state)
{
	(void)state;
	assert_refused(BASE "[access:]\n", 4, "'' is not the name of a PAM");
	assert_refused(BASE "[access:su do]\n", 4, "'su do' is not the name");
	assert_refused(BASE "[access:Sudo]\n", 4, "in lower case");
	assert_refused(BASE "[access:../sudo]\n", 4, "is not the name");
}

static void
twice_in_one_file(void **state)
{
	(void)state;
	assert_refused(BASE "client_id = x\n", 4,
	    "client_id stands twice in [provider] of this file");
	assert_refused(BASE "[access:sudo]\nmax_age = 1m\n[cache]\n"
	    "[access:sudo]\nmax_age = 1m\n", 8, "max_age stands twice");
	assert_refused(BASE "[groups]\na = b\na = c\n", 6, "a stands twice");
}

static void
lines_that_do_not_parse(void **state)
{
	(void)state;
	assert_line_refused("cache", "offline_max", "KEY = VALUE");
	assert_line_refused("cache", "offline_max: 7d", "KEY = VALUE");
	assert_line_refused("groups", "team:ops = sudo", "KEY = VALUE");
	assert_line_refused("cache", "= 7d", "KEY = VALUE");
	assert_line_refused("cache", "offline_max =", "has no value");
	assert_line_refused("cache", "offline_max = 7d # a week",
	    "comment must stand on a line of its own");
	assert_line_refused("cache", "offline_max = 7d ; a week",
	    "comment must stand on a line of its own");
	assert_line_refused("cache", "offline_max = 7d\t# a week",
	    "comment must stand on a line of its own");
	assert_line_refused("cache", "[prompt", "one name in brackets");
	assert_line_refused("cache", "[prompt] qr = no", "one name in bracket");
	assert_line_refused("cache", "[access:01234567890123456789012345678901"
	    "234567890123]", "longer than 49 bytes");
	assert_line_refused("cache", "offline_max = 7\033d", "do not show");
	assert_refused("\xef\xbb\xbf[provider]\n", 1, "do not show");
}

static void
indented_lines(void **state)
{
	(void)state;
	assert_line_refused("cache", "  offline_max = 7d", "first column");
	assert_refused(BASE "[access]\nallow_groups = a\n  max_age = 1m\n", 6,
	    "first column");
	/* The value that the line would continue is looked at in its place. */
	assert_refused(BASE "[access]\nallow_groups = a,\nmax_age = 1m\n", 5,
	    "an item of the list is empty");
	assert_refused(BASE "[access]\nallow_groups = a,\n", 5, "is empty");
	assert_refused(BASE "[cache]\noffline_max = x\nnonsense\n", 5, "'x'");
}

static void
long_lines(void **state)
{
	char *text = malloc(LONG_LINE + 1);
	struct config config;
	size_t i;

	(void)state;
	assert_non_null(text);
	memset(text, 'a', LONG_LINE);
	text[LONG_LINE] = '\0';
	write_bytes("hostpass.conf", text, LONG_LINE, 0644);
	assert_int_equal(load_refused(), -EINVAL);
	assert_error_at("hostpass.conf", 1, "longer than");
	/* A line that fits in the buffer of libinih is read whole, one that
	 * does not is refused and never cut. */
	for (i = 190; i <= 210; i++) {
		(void)snprintf(text, LONG_LINE, "%s[access]\nallow_groups = "
		    "%.*s\n", BASE, (int)i - 15, "0123456789012345678901234567"
		    "890123456789012345678901234567890123456789012345678901234"
		    "567890123456789012345678901234567890123456789012345678901"
		    "23456789012345678901234567890123456789012345678901234567");
		write_text("hostpass.conf", text);
		if (i <= 199) {
			load_ok(&config);
			assert_int_equal(strlen(
			    config.access[0].allow_groups.items[0]), i - 15);
			config_free(&config);
		} else {
			assert_int_equal(load_refused(), -EINVAL);
			assert_error_at("hostpass.conf", 5, "longer than");
		}
	}
	/* Nobody cuts comments, so they may be long. */
	memset(text, '#', 4096);
	(void)snprintf(text + 4096, LONG_LINE - 4096, "\n%s", BASE);
	write_text("hostpass.conf", text);
	load_ok(&config);
	config_free(&config);
	free(text);
}

static void
nul_byte(void **state)
{
	static const char text[] = BASE "[access]\nallow_users = alice\0, bob\n";

	(void)state;
	write_bytes("hostpass.conf", text, sizeof(text) - 1, 0644);
	assert_int_equal(load_refused(), -EINVAL);
	assert_error_at("hostpass.conf", 5, "NUL byte");
}

static void
bad_choices(void **state)
{
	(void)state;
	assert_line_refused("access", "fresh_auth = 1", "'1' is not yes or no");
	assert_line_refused("access:sudo", "fresh_auth = Yes",
	    "'Yes' is not yes or no");
	assert_line_refused("access", "require_amr = phr,,hwk", "is empty");
	assert_line_refused("identity", "groups_format = array",
	    "groups_format is names, blanks or commas, not 'array'");
}

static void
bad_provider_values(void **state)
{
	(void)state;
	assert_refused("[provider]\nissuer = http://id.example.com\n", 2,
	    "must be a URL such as");
	assert_refused("[provider]\nissuer = https://a@id.example.com\n", 2,
	    "must be a URL such as");
	assert_refused("[provider]\nissuer = id.example.com\n", 2, "URL");
	assert_refused("[provider]\nissuer = https://\n", 2, "URL");
	assert_refused("[provider]\nissuer = https:///x\n", 2, "URL");
	assert_refused("[provider]\nissuer = https://x/?a=b\n", 2, "no query");
	assert_refused("[provider]\nissuer = https://x/#a\n", 2, "no query");
	assert_refused("[provider]\nissuer = https://x y\n", 2, "URL");
	assert_line_refused("provider", "preset = okta",
	    "preset is pocketid or generic, not 'okta'");
	assert_line_refused("provider", "flow = code",
	    "flow is auto, device or browser, not 'code'");
	assert_line_refused("provider", "userinfo = sometimes",
	    "userinfo is auto, always or never, not 'sometimes'");
	assert_line_refused("provider", "scopes = openid_x profile",
	    "must contain openid");
	assert_line_refused("provider", "scopes = open profile",
	    "must contain openid");
	assert_line_refused("provider", "token_endpoint = http://x/",
	    "'http://x/' is not a URL such as");
	assert_line_refused("provider", "jwks_uri = https://x/#a",
	    "is not a URL such as");
	assert_line_refused("provider", "proxy = proxy.example.com:3128",
	    "is not a proxy such as");
	assert_line_refused("provider", "proxy = http://",
	    "is not a proxy such as");
	assert_line_refused("provider", "client_auth = client_secret_post",
	    "client_auth is auto, none, basic");
	assert_line_refused("provider", "client_secret_file = credential:x",
	    "systemd gave no credentials");
	assert_line_refused("provider", "client_key_file = credential:../x",
	    "'../x' is not the name of a credential");
	assert_line_refused("provider", "client_key_file = absent",
	    "/absent cannot be read");
	assert_line_refused("provider", "ca_file = absent.pem",
	    "/absent.pem cannot be read");
}

/* A whole file is refused for keys that do not fit together. */
static void
assert_file_refused(const char *text, const char *words)
{
	write_text("hostpass.conf", text);
	assert_int_equal(load_refused(), -EINVAL);
	if (strstr(error, words) == NULL)
		fail_msg("%s", error);
}

static void
bad_clients(void **state)
{
	(void)state;
	write_bytes("secret", "s", 1, 0600);
	write_bytes("key", "k", 1, 0600);
	assert_file_refused(BASE "client_secret_file = secret\n"
	    "client_key_file = key\n",
	    "of client_secret_file and client_key_file only one");
	assert_file_refused(BASE "client_key_file = key\n"
	    "client_auth = private_key_jwt\nclient_assertion_file = t\n",
	    "of client_key_file and client_assertion_file only one");
	assert_file_refused(BASE "client_auth = post\n",
	    "this client_auth needs client_secret_file");
	assert_file_refused(BASE "client_auth = basic\nclient_key_file = key\n",
	    "needs client_secret_file, not client_key_file");
	assert_file_refused(BASE "client_auth = private_key_jwt\n"
	    "client_secret_file = secret\n", "needs client_key_file, not");
	assert_file_refused(BASE "client_auth = assertion\n",
	    "needs client_assertion_file");
	assert_file_refused(BASE "client_assertion_audience = token_endpoint\n",
	    "no client_key_file that client_assertion_audience is for");
	assert_file_refused(BASE "client_key_file = key\n"
	    "client_assertion_audience = token\n",
	    "is issuer or token_endpoint, not 'token'");
	assert_file_refused(BASE "client_auth = none\n"
	    "client_secret_file = secret\n",
	    "client_auth is none, but there is a client_secret_file");
	write_bytes("key", "k", 1, 0644);
	assert_line_refused("provider", "client_key_file = key", "has mode");
	write_bytes("key", "", 0, 0600);
	assert_line_refused("provider", "client_key_file = key", "is empty");
}

static void
http_needs_permission(void **state)
{
	(void)state;
	assert_file_refused("[provider]\nissuer = http://127.0.0.1:1411\n"
	    "client_id = c\n", "set allow_http_loopback = yes");
	assert_file_refused(BASE "token_endpoint = http://[::1]/t\n",
	    "http://[::1]/t is not https");
	assert_file_refused(BASE "jwks_uri = http://localhost/\n",
	    "http://localhost/ is not https");
}

static void
bad_times(void **state)
{
	static const char *const times[] = {
		"0", "0s", "-1", "1.5h", "10 s", "s", "10w", "10S", "ten",
		"4294967296", "49711d", "1h30m", "99999999999999999999",
	};
	char line[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		(void)snprintf(line, sizeof(line), "timeout = %s", times[i]);
		assert_line_refused("provider", line, "is not a time such as");
	}
	assert_line_refused("prompt", "qr = true", "'true' is not yes or no");
}

static void
bad_numbers(void **state)
{
	static const char *const values[] = {
		"0", "65537", "4294967297", "-1", "8 8", "8s", "eight", "0x8",
	};
	char line[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		(void)snprintf(line, sizeof(line), "pending = %s", values[i]);
		assert_line_refused("limits", line,
		    "is not a number from 1 to 65536");
	}
}

static void
bad_identity_values(void **state)
{
	(void)state;
	assert_line_refused("identity", "home = /home/shared", "contain %u");
	assert_line_refused("identity", "home = home/%u", "absolute path");
	assert_line_refused("identity", "home = /home/%u:x", "':'");
	assert_line_refused("identity", "home = /home/%u/%h", "only %u");
	assert_line_refused("identity", "home = /home/%u%", "only %u");
	assert_line_refused("identity", "shell = bash", "absolute path");
	assert_line_refused("identity", "shell = /bin/sh:x", "':'");
}

static void
bad_ranges(void **state)
{
	static const char *const shapes[] = {
		"5000", "5000-", "-5000", "5000-6000-7000", "6000-5000",
		"5000-5000", "5000 - 6000", "0x5000-0x6000", "5000-4294967296",
	};
	static const char *const reserved[] = {
		"999-2000", "1000-61184", "1000-61300", "61300-61400",
		"60000-65533", "65519-70000", "65530-65534", "65530-70000",
		"65535-70000", "65533-65536", "70000-524288", "70000-600000",
		"524287-1879048192", "600000-700000", "1879048191-1879048199",
		"2000000000-2147483647", "2000000000-4294967295",
	};
	char line[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		(void)snprintf(line, sizeof(line), "uid_range = %s", shapes[i]);
		assert_line_refused("identity", line, "is not a range such as");
	}
	for (i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		(void)snprintf(line, sizeof(line), "uid_range = %s",
		    reserved[i]);
		assert_line_refused("identity", line, "touches ids");
	}
}

static void
bad_subid_ranges(void **state)
{
	static const char *const shapes[] = {
		"on", "yes", "2147483648", "2147483648-", "-4294901759",
		"2147483648-4294901759x", "4294901759-2147483648",
		"2147483648 - 4294901759", "65536-65536",
		"2147483648-4294967296",
	};
	static const char *const ends[] = {
		"2147483649-4294901759", "2147483648-4294901758",
		"2147483648-4294901760", "2147483648-4294967295",
		"0-65535", "0-131071", "1000-131071", "2147483648-2147483649",
	};
	char line[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		(void)snprintf(line, sizeof(line), "subid_range = %s",
		    shapes[i]);
		assert_line_refused("identity", line, "nor a range such as");
	}
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		(void)snprintf(line, sizeof(line), "subid_range = %s",
		    ends[i]);
		assert_line_refused("identity", line, "multiple of 65536");
	}
}

static void
bad_lists(void **state)
{
	(void)state;
	assert_line_refused("access", "allow_groups = a,,b", "is empty");
	assert_line_refused("access", "allow_groups = , a", "is empty");
	assert_line_refused("access", "allow_users = Alice",
	    "'Alice' is not a valid Linux name");
	assert_line_refused("access", "allow_users = a, 1b", "'1b' is not");
	assert_line_refused("access", "allow_users = /a(b/",
	    "'/a(b/' is not a regular expression between slashes: ");
	assert_line_refused("access", "allow_users = /dev-.*", "between slash");
	assert_line_refused("access", "allow_users = /dev/x", "between slash");
	assert_line_refused("access", "allow_users = //", "between slash");
	assert_line_refused("access", "allow_users = /", "between slash");
	assert_line_refused("groups", "staff = sudo, Adm", "'Adm' is not");
	assert_line_refused("nss", "callers = /usr/sbin/sshd",
	    "without its directory");
}

static void
required_keys(void **state)
{
	(void)state;
	write_text("hostpass.conf", "[provider]\nclient_id = abc\n");
	assert_int_equal(load_refused(), -EINVAL);
	assert_non_null(strstr(error, "/hostpass.conf: issuer is missing"));
	write_text("hostpass.conf", "[provider]\nissuer = https://x\n");
	assert_int_equal(load_refused(), -EINVAL);
	assert_non_null(strstr(error, "/hostpass.conf: client_id is missing"));
}

#define HOME	"[provider:home]\nissuer = https://a\nclient_id = a\n"
#define WORK	"[provider:work]\nissuer = https://b\nclient_id = b\n"

static void
assert_whole_refused(const char *text, const char *words)
{
	write_text("hostpass.conf", text);
	assert_int_equal(load_refused(), -EINVAL);
	if (strstr(error, words) == NULL)
		fail_msg("got '%s', not '%s'", error, words);
}

/* The line alone is right. */
static void
overlapping_ranges(void **state)
{
	(void)state;
	assert_whole_refused(BASE "[identity]\nuid_range = 65536-524287\n"
	    "subid_range = 131072-196607\n", "overlap");
	assert_whole_refused(BASE "[identity]\n"
	    "subid_range = 1879048192-2147483647\n", "overlap");
}

static void
several_providers(void **state)
{
	(void)state;
	assert_refused(BASE HOME, 4, "[provider] cannot stand beside "
	    "[provider:home]; give it a name too");
	assert_refused(HOME "[provider]\n", 4, "[provider] cannot stand "
	    "beside [provider:home]");
	assert_refused("[provider:]\n", 1, "'' is not the name for a");
	assert_refused("[provider:a:b]\n", 1, "'a:b' is not the name");
	assert_refused("[provider:Home]\n", 1, "'Home' is not the name");
	assert_whole_refused(HOME "[provider:work]\n",
	    "issuer is missing in [provider:work]");
	assert_whole_refused(HOME "[provider:work]\nissuer = https://b\n",
	    "client_id is missing in [provider:work]");
	assert_whole_refused(HOME WORK "[provider:third]\n"
	    "issuer = https://a\nclient_id = x\n", "[provider:home] and "
	    "[provider:third] have the same issuer");
	assert_whole_refused(HOME WORK "[provider:third]\n"
	    "client_id = x\nissuer = https://a/.well-known/"
	    "openid-configuration\n", "have the same issuer");
	assert_refused(HOME "issuer = https://x\n", 4, "issuer stands twice");
	assert_refused(HOME "names = alice\n", 4, "between slashes");
	assert_refused(HOME "names = alice/\n", 4, "between slashes");
	assert_refused(HOME "names = /a(/\n", 4, "between slashes");
	/* Claims are a provider's own, ids and homes are the host's. */
	assert_refused(HOME "uid_range = 5000-6000\n", 4,
	    "uid_range belongs in [identity], not in [provider:home]");
	assert_refused(HOME "home = /srv/%u\n", 4,
	    "home belongs in [identity]");
	assert_refused(BASE "username_claim = sub\n", 4,
	    "username_claim belongs in [identity], not in [provider]");
}

/* With names, a group that could be either's is nobody's. */
static void
whose_groups(void **state)
{
	(void)state;
	assert_refused(HOME WORK "[access]\nallow_groups = admins\n", 8,
	    "'admins' does not say whose group it is; that of "
	    "[provider:home] is home:GROUP");
	assert_refused(HOME WORK "[access]\nallow_groups = home:a, b\n", 8,
	    "'b' does not say");
	assert_refused(HOME WORK "[access:sudo]\nallow_groups = hom:a\n", 8,
	    "'hom:a' does not say");
	assert_refused(HOME "[access]\nallow_groups = admins\n", 5,
	    "'admins' does not say");
	assert_refused(HOME WORK "[access]\nallow_groups = home:a\n"
	    "deny_groups = guests\n", 9, "'guests' does not say");
	assert_refused(HOME "[access]\nallow_groups = home:\n", 5,
	    "'home:' does not say");
	/* before the provider that it speaks of */
	assert_refused("[access]\nallow_groups = third:a\n" HOME, 2,
	    "'third:a' does not say");
	assert_refused(HOME "[groups]\n* = users\nadmins = sudo\n", 6,
	    "[groups] does not say whose group 'admins' is; the line belongs "
	    "in [groups:home] if it is that of [provider:home]");
	assert_refused(HOME "[groups:work]\nadmins = sudo\n", 5,
	    "there is no [provider:work] for [groups:work]");
	assert_refused(HOME WORK "[identity]\nown_groups = *\n", 8,
	    "own_groups does not say whose groups they are; the line belongs "
	    "in [provider:home]");
	assert_refused(BASE "[groups:home]\nadmins = sudo\n", 5,
	    "there is no [provider:home]");
}

static void
no_file(void **state)
{
	(void)state;
	remove_file("hostpass.conf");
	assert_int_equal(load_refused(), -ENOENT);
	assert_non_null(strstr(error, "/hostpass.conf does not exist"));
	assert_non_null(strstr(error, "\"client_id = ID\""));
	assert_null(strchr(error, '\n'));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_things),
		cmocka_unit_test(numbers),
		cmocka_unit_test(people),
		cmocka_unit_test(directory_keys),
		cmocka_unit_test(directory_urls),
		cmocka_unit_test(service_names),
		cmocka_unit_test(twice_in_one_file),
		cmocka_unit_test(lines_that_do_not_parse),
		cmocka_unit_test(indented_lines),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(nul_byte),
		cmocka_unit_test(bad_choices),
		cmocka_unit_test(bad_provider_values),
		cmocka_unit_test(bad_clients),
		cmocka_unit_test(http_needs_permission),
		cmocka_unit_test(bad_times),
		cmocka_unit_test(bad_numbers),
		cmocka_unit_test(bad_identity_values),
		cmocka_unit_test(bad_ranges),
		cmocka_unit_test(bad_subid_ranges),
		cmocka_unit_test(bad_lists),
		cmocka_unit_test(required_keys),
		cmocka_unit_test(overlapping_ranges),
		cmocka_unit_test(several_providers),
		cmocka_unit_test(whose_groups),
		cmocka_unit_test(no_file),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
