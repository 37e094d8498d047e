/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration as an admin writes it: each key with an effect that shows,
 * the order of the files, and which files are trusted.
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

#include "daemon/config/config_keys.h"
#include "tests/unit/config_dir.h"

static void
assert_list(const struct config_list *list, size_t count, ...)
{
	va_list ap;
	size_t i;

	assert_int_equal(list->count, count);
	va_start(ap, count);
	for (i = 0; i < count; i++)
		assert_string_equal(list->items[i], va_arg(ap, const char *));
	va_end(ap);
}

static void
defaults(void **state)
{
	struct config config;

	(void)state;
	write_text("hostpass.conf", BASE);
	load_ok(&config);
	assert_string_equal(config.providers[0].issuer, "https://id.example.com");
	assert_string_equal(config.providers[0].client_id, "abc");
	assert_null(config.providers[0].client_secret.data);
	assert_int_equal(config.providers[0].preset, CONFIG_PRESET_POCKETID);
	assert_string_equal(config.providers[0].scopes,
	    "openid profile email groups");
	assert_int_equal(config.providers[0].flow, FLOW_AUTO);
	assert_int_equal(config.providers[0].userinfo, CONFIG_USERINFO_AUTO);
	assert_null(config.providers[0].ca_file);
	assert_null(config.providers[0].proxy);
	assert_int_equal(config.providers[0].timeout, 10);
	assert_string_equal(config.identity.username_claim,
	    "preferred_username");
	assert_string_equal(config.identity.groups_claim, "groups");
	assert_int_equal(config.identity.groups_separator, '\0');
	assert_null(config.identity.strip_domain);
	assert_false(config.identity.lower_case);
	assert_null(config.identity.uid_claim);
	assert_string_equal(config.identity.gecos_claim, "name");
	assert_null(config.identity.map_file);
	assert_true(config.identity.provision);
	assert_int_equal(config.user_count, 0);
	assert_string_equal(config.identity.home, "/home/%u");
	assert_string_equal(config.identity.shell, "/bin/bash");
	assert_int_equal(config.identity.range_start, 1879048192);
	assert_int_equal(config.identity.subid_start, 0);
	assert_int_equal(config.identity.range_end, 2147483646);
	assert_int_equal(config.access_count, 1);
	assert_string_equal(config.access[0].service, "");
	assert_int_equal(config.access[0].allow_groups.count, 0);
	assert_int_equal(config.access[0].allow_users.count, 0);
	assert_int_equal(config.access[0].deny_groups.count, 0);
	assert_int_equal(config.access[0].deny_users.count, 0);
	assert_int_equal(config.access[0].max_age, 0);
	assert_int_equal(config.access[0].passkey_max, 0);
	assert_int_equal(config.access[0].fresh_auth, CONFIG_SWITCH_UNSET);
	assert_int_equal(config.access[0].require_amr.count, 0);
	assert_int_equal(config.group_count, 0);
	assert_int_equal(config.identity.own_groups.count, 0);
	assert_int_equal(config.refresh, 3600);
	assert_int_equal(config.offline_max, 7 * 86400);
	assert_false(config.end_sessions);
	assert_int_equal(config.remember_key, 12 * 3600);
	assert_false(config.passcode.enabled);
	assert_int_equal(config.passcode.min_length, 8);
	assert_int_equal(config.passcode.services.count, 7);
	assert_int_equal(config.passcode.tries, 10);
	assert_int_equal(config.token.allow_groups.count, 0);
	assert_int_equal(config.token.scopes.count, 2);
	assert_false(config.open_browser);
	assert_true(config.qr);
	assert_int_equal(config.wait, 100);
	assert_true(config.enumerate);
	assert_list(&config.callers, 8, "sshd", "sshd-session", "login",
	    "gdm-session-worker", "lightdm", "sddm", "sddm-helper",
	    "cockpit-session");
	assert_null(config_access_for(&config, ""));
	assert_null(config_access_for(&config, "sudo"));
	config_free(&config);
}

/* No default survives this file: a key without an effect would show. */
static const char flipped[] =
	"# every key\n"
	"[provider]\n"
	"issuer = https://login.example.org/realms/a\n"
	"client_id = 3654a746-35d4-4321-ac61-0bdcff2b4055\n"
	"names = /[a-z]+/\n"
	"client_auth = basic\n"
	"client_secret_file = client-secret\n"
	"preset = generic\n"
	"scopes = openid profile\n"
	"flow = browser\n"
	"authorization_endpoint = https://login.example.org/auth\n"
	"device_authorization_endpoint = https://login.example.org/device\n"
	"token_endpoint = https://login.example.org/token\n"
	"jwks_uri = https://keys.example.org/jwks?v=1\n"
	"userinfo_endpoint = http://127.0.0.1:8080/userinfo\n"
	"userinfo = never\n"
	"ca_file = ca.pem\n"
	"proxy = http://proxy.example.org:3128\n"
	"timeout = 1m\n"
	"allow_http_loopback = yes\n"
	"\n"
	"[identity]\n"
	"username_claim = email\n"
	"strip_domain = example.com\n"
	"name_case = lower\n"
	"groups_claim = /realm_access/roles\n"
	"groups_format = commas\n"
	"uid_claim = uidNumber\n"
	"gid_claim = gidNumber\n"
	"shell_claim = loginShell\n"
	"home_claim = homeDirectory\n"
	"gecos_claim = display\n"
	"ssh_keys_claim = sshKeys\n"
	"map_file = people.map\n"
	"provision = off\n"
	"own_groups = devs, Site Admins\n"
	"home = /srv/home/%u\n"
	"shell = /bin/zsh\n"
	"uid_range = 2000000000-2000099999\n"
	"subid_range = 2147483648-2147549183\n"
	"\n"
	"[user:alice]\n"
	"match = email:alice.smith@example.com\n"
	"uid = 5000\n"
	"shell = /bin/ksh\n"
	"home = /srv/alice\n"
	"[user:bob]\n"
	"\n"
	"[access]\n"
	"allow_groups = staff, system admins,\n"
	"; not the end of it\n"
	"\n"
	"\tvisiteurs d'\xc3\xa9t\xc3\xa9,\n"
	"  /staff, /admins/linux\n"
	"allow_users = alice, /^(dev|ops){1,2}-[a-z]+$/ , bob\n"
	"deny_groups = guests\n"
	"deny_users = carol, /x.*/\n"
	"max_age = 1d\n"
	"passkey_max = 12h\n"
	"fresh_auth = no\n"
	"require_amr = phr, hwk\n"
	"[access:sudo]\n"
	"allow_groups = admins\n"
	"max_age = 15m\n"
	"fresh_auth = yes\n"
	"require_amr = *\n"
	"[groups]\n"
	"system admins = sudo, adm\n"
	"* = users\n"
	"[cache]\n"
	"refresh = 10m\n"
	"offline_max = 12h\n"
	"on_revoke = end-sessions\n"
	"remember_key = off\n"
	"[directory]\n"
	"url = https://files.example.com/people\n"
	"key_file = directory.jwk\n"
	"refresh = 5m\n"
	"ca_file = ca.pem\n"
	"proxy = http://proxy.example.com:3129\n"
	"allow_http_loopback = yes\n"
	"[passcode]\n"
	"enabled = yes\n"
	"min_length = 6\n"
	"services = login\n"
	"tries = 100\n"
	"[token]\n"
	"allow_groups = developers, admins\n"
	"scopes = groups\n"
	"[limits]\n"
	"pending = 2000\n"
	"pending_user = 2\n"
	"pending_source = 3\n"
	"pending_uid = 4\n"
	"rate_user = 5\n"
	"rate_source = 65536\n"
	"connections = 7\n"
	"connections_uid = 1\n"
	"[prompt]\n"
	"open_browser = yes\n"
	"qr = no\n"
	"wait = 45\n"
	"[nss]\n"
	"enumerate = no\n"
	"callers = sshd\n";

/* No two of the credentials can stand in one file. */
static const char other_clients[] =
	"[provider]\n"
	"client_key_file = key\n"
	"client_assertion_audience = token_endpoint\n"
	"client_assertion_file = token\n";

static const struct config_limits limits = { 2000, 2, 3, 4, 5, 65536, 7, 1 };

static void
assert_people(const struct config *config)
{
	const struct config_user *alice = config_user_for(config, "alice");

	assert_int_equal(config->user_count, 2);
	assert_ptr_equal(alice, &config->users[0]);
	assert_int_equal(alice->match.kind, CONFIG_MATCH_EMAIL);
	assert_string_equal(alice->match.value, "alice.smith@example.com");
	assert_int_equal(alice->uid, 5000);
	assert_string_equal(alice->shell, "/bin/ksh");
	assert_string_equal(alice->home, "/srv/alice");
	assert_string_equal(config->users[1].name, "bob");
	assert_int_equal(config->users[1].match.kind, CONFIG_MATCH_NONE);
	assert_null(config_user_for(config, "carol"));
}

static void
assert_flipped(const struct config *config)
{
	const struct config_access *sudo;
	char ca[128];

	path_of(ca, sizeof(ca), "ca.pem");
	assert_string_equal(config->providers[0].issuer,
	    "https://login.example.org/realms/a");
	assert_string_equal(config->providers[0].client_id,
	    "3654a746-35d4-4321-ac61-0bdcff2b4055");
	assert_string_equal(config->providers[0].names, "/[a-z]+/");
	assert_string_equal(config->providers[0].client_secret.data,
	    "s3cr=t #1");
	assert_int_equal(config->providers[0].client_secret.len, 9);
	assert_int_equal(config->providers[0].client_auth,
	    CLIENT_AUTH_SECRET_BASIC);
	assert_int_equal(config->providers[0].client_key.len, 0);
	assert_null(config->providers[0].client_assertion_file);
	assert_string_equal(config->providers[0].authorization_endpoint,
	    "https://login.example.org/auth");
	assert_string_equal(config->providers[0].device_authorization_endpoint,
	    "https://login.example.org/device");
	assert_string_equal(config->providers[0].token_endpoint,
	    "https://login.example.org/token");
	assert_string_equal(config->providers[0].jwks_uri,
	    "https://keys.example.org/jwks?v=1");
	assert_string_equal(config->providers[0].userinfo_endpoint,
	    "http://127.0.0.1:8080/userinfo");
	assert_true(config->providers[0].allow_http_loopback);
	assert_int_equal(config->providers[0].preset, CONFIG_PRESET_GENERIC);
	assert_string_equal(config->providers[0].scopes, "openid profile");
	assert_int_equal(config->providers[0].flow, FLOW_BROWSER);
	assert_int_equal(config->providers[0].userinfo, CONFIG_USERINFO_NEVER);
	assert_string_equal(config->providers[0].ca_file, ca);
	assert_string_equal(config->providers[0].proxy,
	    "http://proxy.example.org:3128");
	assert_int_equal(config->providers[0].timeout, 60);
	assert_string_equal(config->identity.username_claim, "email");
	assert_string_equal(config->identity.groups_claim,
	    "/realm_access/roles");
	assert_int_equal(config->identity.groups_separator, ',');
	assert_string_equal(config->identity.strip_domain, "example.com");
	assert_true(config->identity.lower_case);
	assert_string_equal(config->identity.uid_claim, "uidNumber");
	assert_string_equal(config->identity.gid_claim, "gidNumber");
	assert_string_equal(config->identity.shell_claim, "loginShell");
	assert_string_equal(config->identity.home_claim, "homeDirectory");
	assert_string_equal(config->identity.gecos_claim, "display");
	assert_string_equal(config->identity.ssh_keys_claim, "sshKeys");
	path_of(ca, sizeof(ca), "people.map");
	assert_string_equal(config->identity.map_file, ca);
	assert_false(config->identity.provision);
	assert_people(config);
	assert_string_equal(config->identity.home, "/srv/home/%u");
	assert_string_equal(config->identity.shell, "/bin/zsh");
	assert_list(&config->identity.own_groups, 2, "devs", "Site Admins");
	assert_int_equal(config->identity.range_start, 2000000000);
	assert_int_equal(config->identity.range_end, 2000099999);
	assert_int_equal(config->identity.subid_start, 2147483648u);
	assert_int_equal(config->identity.subid_end, 2147549183u);
	assert_int_equal(config->access_count, 2);
	assert_list(&config->access[0].allow_groups, 5, "staff",
	    "system admins", "visiteurs d'\xc3\xa9t\xc3\xa9", "/staff",
	    "/admins/linux");
	assert_list(&config->access[0].allow_users, 3, "alice",
	    "/^(dev|ops){1,2}-[a-z]+$/", "bob");
	assert_list(&config->access[0].deny_groups, 1, "guests");
	assert_list(&config->access[0].deny_users, 2, "carol", "/x.*/");
	assert_int_equal(config->access[0].max_age, 86400);
	assert_int_equal(config->access[0].passkey_max, 12 * 3600);
	assert_int_equal(config->access[0].fresh_auth, CONFIG_SWITCH_NO);
	assert_list(&config->access[0].require_amr, 2, "phr", "hwk");
	sudo = config_access_for(config, "sudo");
	assert_non_null(sudo);
	assert_string_equal(sudo->service, "sudo");
	assert_list(&sudo->allow_groups, 1, "admins");
	assert_int_equal(sudo->allow_users.count, 0);
	assert_int_equal(sudo->max_age, 900);
	assert_int_equal(sudo->fresh_auth, CONFIG_SWITCH_YES);
	assert_list(&sudo->require_amr, 1, "*");
	assert_int_equal(config->group_count, 2);
	assert_string_equal(config->groups[0].name, "system admins");
	assert_list(&config->groups[0].local, 2, "sudo", "adm");
	assert_string_equal(config->groups[1].name, "*");
	assert_list(&config->groups[1].local, 1, "users");
	assert_int_equal(config->refresh, 600);
	assert_string_equal(config->directory.url,
	    "https://files.example.com/people");
	assert_string_equal(config->directory.keys.data, PUBLIC_KEY);
	assert_true(config->directory.allow_http_loopback);
	assert_int_equal(config->directory.refresh, 300);
	assert_string_equal(config->directory.proxy,
	    "http://proxy.example.com:3129");
	assert_non_null(config->directory.ca_file);
	assert_int_equal(config->offline_max, 12 * 3600);
	assert_memory_equal(&config->limits, &limits, sizeof(limits));
	assert_true(config->end_sessions);
	assert_int_equal(config->remember_key, 0);
	assert_true(config->passcode.enabled);
	assert_int_equal(config->passcode.min_length, 6);
	assert_list(&config->passcode.services, 1, "login");
	assert_int_equal(config->passcode.tries, 100);
	assert_list(&config->token.allow_groups, 2, "developers", "admins");
	assert_list(&config->token.scopes, 1, "groups");
	assert_true(config->open_browser);
	assert_false(config->qr);
	assert_int_equal(config->wait, 45);
	assert_false(config->enumerate);
	assert_list(&config->callers, 1, "sshd");
}

static void
every_key_has_an_effect(void **state)
{
	struct config config;

	(void)state;
	write_bytes("client-secret", "s3cr=t #1\n", 10, 0640);
	write_text("ca.pem", "");
	write_text("directory.jwk", PUBLIC_KEY);
	write_text("hostpass.conf", flipped);
	load_ok(&config);
	assert_flipped(&config);
	config_free(&config);
	config_free(&config);
}

/* The file above must not forget a key that is added to the table. */
static void
every_key_is_in_that_file(void **state)
{
	const struct config_key *key;
	char line[64];

	(void)state;
	for (key = config_keys; key->section != NULL; key++) {
		if (key->name == NULL)
			continue;
		(void)snprintf(line, sizeof(line), "\n%s = ", key->name);
		if (strstr(flipped, line) == NULL &&
		    strstr(other_clients, line) == NULL)
			fail_msg("%s is not tested", key->name);
		assert_ptr_equal(config_find_key(key->section, key->name), key);
	}
}

static void
other_credentials(void **state)
{
	struct config config;
	char path[128];

	(void)state;
	write_bytes("key", "-----\nA\n-----\n", 14, 0600);
	write_text("hostpass.conf", BASE "client_key_file = key\n");
	load_ok(&config);
	assert_string_equal(config.providers[0].client_key.data, "-----\nA\n-----");
	assert_int_equal(config.providers[0].client_auth, CLIENT_AUTH_AUTO);
	assert_int_equal(config.providers[0].client_assertion_audience,
	    CLIENT_AUTH_ISSUER);
	assert_false(config.providers[0].allow_http_loopback);
	config_free(&config);
	write_text("hostpass.conf", BASE "client_key_file = key\n"
	    "client_assertion_audience = token_endpoint\n");
	load_ok(&config);
	assert_int_equal(config.providers[0].client_assertion_audience,
	    CLIENT_AUTH_TOKEN_ENDPOINT);
	config_free(&config);
	/* who writes the token may be later than we are */
	write_text("hostpass.conf", BASE "client_assertion_file = token\n"
	    "client_auth = assertion\n");
	load_ok(&config);
	path_of(path, sizeof(path), "token");
	assert_string_equal(config.providers[0].client_assertion_file, path);
	assert_int_equal(config.providers[0].client_auth,
	    CLIENT_AUTH_ASSERTION);
	config_free(&config);
}

static void
systemd_credentials(void **state)
{
	struct config config;
	char path[128];

	(void)state;
	path_of(path, sizeof(path), "secret");
	write_bytes("secret", "s3cret\n", 7, 0400);
	*strrchr(path, '/') = '\0';
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", path, 1), 0);
	write_text("hostpass.conf", BASE
	    "client_secret_file = credential:secret\n");
	load_ok(&config);
	assert_string_equal(config.providers[0].client_secret.data, "s3cret");
	config_free(&config);
	assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
}

/* What people paste is the URL that the provider shows. */
static void
issuers(void **state)
{
	static const struct {
		const char *value;
		const char *issuer;
	} rows[] = {
		{ "https://x.example/", "https://x.example/" },
		{ "https://x.example/.well-known/openid-configuration",
		    "https://x.example" },
		{ "https://x.example/a/.well-known/openid-configuration",
		    "https://x.example/a" },
		{ "https://x.example/.well-known/oauth-authorization-server",
		    "https://x.example" },
		{ "https://x.example/.well-known/oauth-authorization-server/a",
		    "https://x.example/a" },
		{ "https://x.example/.well-known/openid-configuration/a",
		    "https://x.example/.well-known/openid-configuration/a" },
	};
	struct config config;
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(text, sizeof(text), "[provider]\nissuer = %s\n"
		    "client_id = c\n", rows[i].value);
		write_text("hostpass.conf", text);
		load_ok(&config);
		assert_string_equal(config.providers[0].issuer, rows[i].issuer);
		config_free(&config);
	}
}

static void
windows_line_ends(void **state)
{
	char text[2 * sizeof(flipped)], *to = text;
	const char *from;
	struct config config;

	(void)state;
	write_bytes("client-secret", "s3cr=t #1\r\n", 11, 0640);
	for (from = flipped; *from != '\0'; from++) {
		if (*from == '\n')
			*to++ = '\r';
		*to++ = *from;
	}
	write_bytes("hostpass.conf", text, (size_t)(to - text), 0644);
	load_ok(&config);
	assert_flipped(&config);
	config_free(&config);
}

static void
times(void **state)
{
	static const struct {
		const char *text;
		uint32_t seconds;
	} rows[] = {
		{ "1", 1 }, { "90", 90 }, { "90s", 90 }, { "15m", 900 },
		{ "2h", 7200 }, { "7d", 604800 }, { "4294967295", UINT32_MAX },
		{ "49710d", 4294944000u },
	};
	struct config config;
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(text, sizeof(text), BASE "[cache]\n"
		    "offline_max = %s\n", rows[i].text);
		write_text("hostpass.conf", text);
		load_ok(&config);
		assert_int_equal(config.offline_max, rows[i].seconds);
		config_free(&config);
	}
}

static void
good_ranges(void **state)
{
	static const char *const ranges[] = {
		"1000-61183", "65520-65533", "65536-524287",
		"1879048192-2147483646",
	};
	struct config config;
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		(void)snprintf(text, sizeof(text), BASE "[identity]\n"
		    "uid_range = %s\n", ranges[i]);
		write_text("hostpass.conf", text);
		load_ok(&config);
		config_free(&config);
	}
}

static void
drop_ins(void **state)
{
	struct config config;

	(void)state;
	write_text("hostpass.conf", BASE "[access]\nallow_groups = a, b\n"
	    "[groups]\nx = sudo\n[cache]\noffline_max = 1h\n");
	write_text("conf.d/20-b.conf", "[access]\nallow_groups = second\n"
	    "max_age = 2m\n");
	write_text("conf.d/10-a.conf", "[access]\nallow_groups = first\n"
	    "max_age = 1m\n[groups]\nx = adm, users\ny = adm\n");
	write_text("conf.d/Z.conf", "[cache]\noffline_max = 2h\n");
	write_text("conf.d/.hidden.conf", "nonsense\n");
	write_text("conf.d/30-c.conf~", "nonsense\n");
	write_text("conf.d/.conf", "nonsense\n");
	load_ok(&config);
	assert_list(&config.access[0].allow_groups, 1, "second");
	assert_int_equal(config.access[0].max_age, 120);
	assert_int_equal(config.group_count, 2);
	assert_list(&config.groups[0].local, 2, "adm", "users");
	assert_list(&config.groups[1].local, 1, "adm");
	assert_int_equal(config.offline_max, 7200);
	config_free(&config);

	write_text("conf.d/Z.conf", "[cache]\n\noffline_max = soon\n");
	assert_int_equal(load_refused(), -EINVAL);
	assert_error_at("conf.d/Z.conf", 3, "'soon'");
	remove_file("conf.d/20-b.conf");
	remove_file("conf.d/10-a.conf");
	remove_file("conf.d/Z.conf");
	remove_file("conf.d/.hidden.conf");
	remove_file("conf.d/30-c.conf~");
	remove_file("conf.d/.conf");
}

static void
file_permissions(void **state)
{
	char remedy[128];

	(void)state;
	(void)snprintf(remedy, sizeof(remedy), "run: chmod go-w %s", main_file);
	write_bytes("hostpass.conf", BASE, sizeof(BASE) - 1, 0664);
	assert_int_equal(load_refused(), -EINVAL);
	assert_non_null(strstr(error, remedy));
	write_bytes("hostpass.conf", BASE, sizeof(BASE) - 1, 0646);
	assert_int_equal(load_refused(), -EINVAL);
	assert_non_null(strstr(error, "has mode 0646"));
	remove_file("hostpass.conf");
	assert_int_equal(mkfifo(main_file, 0600), 0);
	assert_int_equal(load_refused(), -EINVAL);
	assert_non_null(strstr(error, "is not a regular file"));
	remove_file("hostpass.conf");
}

/* Only root can give a file away. */
static void
file_owner(void **state)
{
	char remedy[128];

	(void)state;
	if (geteuid() != 0)
		skip();
	write_text("hostpass.conf", BASE);
	assert_int_equal(chown(main_file, 1234, 0), 0);
	assert_int_equal(load_refused(), -EINVAL);
	(void)snprintf(remedy, sizeof(remedy), "belongs to uid 1234; run: "
	    "chown root %s", main_file);
	assert_non_null(strstr(error, remedy));
	remove_file("hostpass.conf");
}

static void
assert_secret_refused(const char *data, size_t len, mode_t mode,
    const char *words)
{
	write_bytes("client-secret", data, len, mode);
	assert_refused(BASE "client_secret_file = client-secret\n", 4, words);
	assert_null(strstr(error, "hunter2"));
}

static void
secret_file(void **state)
{
	char large[9000], path[128];
	struct config config;

	(void)state;
	memset(large, 'a', sizeof(large));
	assert_secret_refused("hunter2", 7, 0644, "run: chmod g-w,o= /");
	assert_secret_refused("hunter2", 7, 0641, "run: chmod g-w,o= /");
	assert_secret_refused("hunter2", 7, 0660, "has mode 0660");
	assert_secret_refused("", 0, 0600, "is empty");
	assert_secret_refused("\n", 1, 0600, "is empty");
	assert_secret_refused("hunter2\nx\n", 10, 0600, "one line of text");
	assert_secret_refused("hunter2\0x", 9, 0600, "one line of text");
	assert_secret_refused(large, sizeof(large), 0600, "is too long");
	assert_refused(BASE "client_secret_file = absent\n", 4,
	    "/absent cannot be read: No such file");
	assert_refused(BASE "client_secret_file = conf.d\n", 4,
	    "/conf.d is not a regular file");
	/* Relative to the file that names it. */
	write_text("hostpass.conf", BASE);
	write_text("conf.d/s.conf", "[provider]\nclient_secret_file = s\n");
	write_bytes("conf.d/s", "inner", 5, 0600);
	load_ok(&config);
	assert_string_equal(config.providers[0].client_secret.data, "inner");
	config_free(&config);
	remove_file("conf.d/s.conf");
	path_of(path, sizeof(path), "conf.d/s");
	(void)snprintf(large, sizeof(large), BASE "client_secret_file = %s\n",
	    path);
	write_text("hostpass.conf", large);
	load_ok(&config);
	assert_string_equal(config.providers[0].client_secret.data, "inner");
	config_free(&config);
	remove_file("conf.d/s");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(every_key_has_an_effect),
		cmocka_unit_test(every_key_is_in_that_file),
		cmocka_unit_test(other_credentials),
		cmocka_unit_test(systemd_credentials),
		cmocka_unit_test(issuers),
		cmocka_unit_test(windows_line_ends),
		cmocka_unit_test(times),
		cmocka_unit_test(good_ranges),
		cmocka_unit_test(drop_ins),
		cmocka_unit_test(file_permissions),
		cmocka_unit_test(file_owner),
		cmocka_unit_test(secret_file),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
