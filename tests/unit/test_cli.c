/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command as a person meets it: each call is run against a scripted
 * daemon, and what it prints and how it ends is compared with a golden file.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/proto.h"
#include "tests/unit/command.h"
#include "tests/unit/scripted_daemon.h"

#define SOCKET		"run/hostpass.sock"

/* A call of the command. */
struct call {
	const char	*golden;
	const char	*args[COMMAND_ARGS];
	struct script	 script;	/* request 0: nobody listens */
};

#define STATUS_FINE \
	"{\"version\":\"0.1.0\",\"providers\":[{\"name\":\"\"," \
	"\"issuer\":\"https://id.example.com\"," \
	"\"client_id\":\"3654a746\",\"last_answer\":1795269780," \
	"\"state\":\"granted\"}],\"people\":3,\"pending\":1,\"tokens\":2,\"snapshot\":" \
	"{\"path\":\"/var/lib/hostpass/snapshot\",\"users\":3,\"groups\":4," \
	"\"written\":1795269790},\"started\":1795260000,\"rules\":true}"
#define STATUS_NEW \
	"{\"version\":\"0.1.0\",\"providers\":[{\"name\":\"\"," \
	"\"issuer\":\"https://id.example.com\"," \
	"\"client_id\":\"3654a746\",\"last_answer\":0," \
	"\"state\":\"granted\"}],\"people\":0,\"pending\":0,\"snapshot\":" \
	"{\"path\":\"/var/lib/hostpass/snapshot\",\"users\":0,\"groups\":0," \
	"\"written\":1795269790},\"started\":1795260000,\"rules\":true}"
#define STATUS_WARNINGS \
	"{\"providers\":[{\"name\":\"\",\"last_answer\":1795269780," \
	"\"state\":\"granted\"}],\"snapshot\":{\"written\":1795269790}," \
	"\"rules\":true,\"warnings\":" \
	"[\"the first\",7,\"the \\u001b[2Jsecond\"]}"
#define STATUS_WRONG \
	"{\"version\":\"0.1.0\",\"providers\":[{\"name\":\"\"," \
	"\"issuer\":\"https://id.example.com\"," \
	"\"client_id\":\"3654a746\",\"last_answer\":0," \
	"\"state\":\"provider-unreachable\"}],\"people\":0,\"pending\":0," \
	"\"snapshot\":{\"path\":\"/var/lib/hostpass/snapshot\",\"users\":0," \
	"\"groups\":0,\"written\":0},\"started\":1795260000,\"rules\":false}"
/* carol's name at the provider would clear the screen and turn text around. */
#define USERS \
	"{\"users\":[{\"name\":\"alice\",\"uid\":1907802556,\"gid\":1907802556," \
	"\"sub\":\"f3b1\",\"issuer\":\"https://id.example.com\",\"gecos\":" \
	"\"Alice \xc3\x84rmel\",\"home\":\"/home/alice\",\"shell\":" \
	"\"/bin/bash\",\"groups\":[\"admins\",\"staff\"],\"local_groups\":" \
	"[\"sudo\",\"adm\"],\"last_proof\":1795269780,\"bound\":1795260000," \
	"\"token\":{\"kept\":true,\"next\":1795273380,\"told\":1795269780," \
	"\"outcome\":\"renewed\"}," \
	"\"revoked\":false},{\"name\":\"carol\",\"uid\":2000000001,\"gid\":" \
	"2000000001,\"sub\":\"a9\",\"issuer\":\"https://id.example.com\"," \
	"\"gecos\":\"\\u001b[2JCarol\\u202e\\u009b\",\"home\":\"/home/carol\"," \
	"\"shell\":\"/bin/bash\",\"groups\":[],\"local_groups\":[]," \
	"\"last_proof\":0,\"bound\":1795260000,\"revoked\":true}]}"
#define GROUPS \
	"{\"groups\":[{\"name\":\"admins\",\"local\":[{\"name\":\"sudo\"," \
	"\"gid\":27,\"exists\":true},{\"name\":\"wheel\",\"gid\":0," \
	"\"exists\":false}],\"members\":[\"alice\"]},{\"name\":\"staff\"," \
	"\"local\":[],\"members\":[\"alice\",\"bob\"]}]}"
#define GROUPS_OWN \
	"{\"groups\":[{\"name\":\"devs\",\"own\":{\"name\":\"devs\"," \
	"\"gid\":1928989599,\"problem\":\"\"},\"local\":[],\"members\":" \
	"[\"alice\"]},{\"name\":\"Sudo\",\"own\":{\"name\":\"sudo\"," \
	"\"gid\":1,\"problem\":\"this host has a group of that name\"}," \
	"\"local\":[],\"members\":[]}]}"
#define WHY_GRANTED \
	"{\"user\":\"alice\",\"service\":\"sshd\",\"verdict\":\"granted\"," \
	"\"reason\":\"granted\",\"sentence\":\"access was granted\"," \
	"\"steps\":[{\"rule\":\"[access] allow_groups = staff, admins\"," \
	"\"fits\":true}]}"
#define WHY_DENIED \
	"{\"user\":\"bob\",\"service\":\"sudo\",\"verdict\":\"denied\"," \
	"\"reason\":\"service-not-allowed\",\"sentence\":\"no allow_groups or " \
	"allow_users of [access:sudo] fits\",\"steps\":[{\"rule\":" \
	"\"[access] allow_groups = staff, admins\",\"fits\":true},{\"rule\":" \
	"\"[access:sudo] allow_groups = admins\",\"fits\":false}]}"
/* What is in the file, and what the daemon makes of it. */
#define CLAIMS	"{\"sub\":\"f3b1\",\"preferred_username\":\"alice\"}\n"
#define WHY_CLAIMS \
	"{\"user\":\"alice\",\"service\":\"sudo\",\"verdict\":\"denied\"," \
	"\"reason\":\"deny-rule\",\"sentence\":\"deny_groups fits\"," \
	"\"steps\":[{\"rule\":\"there is a sub\",\"fits\":true},{\"rule\":" \
	"\"[access] deny_groups = guests\",\"fits\":true}],\"person\":{" \
	"\"name\":\"alice\",\"uid\":1907802556,\"groups\":[\"guests\"," \
	"\"staff\"],\"local_groups\":[]}}"
#define WHY_NOBODY \
	"{\"user\":\"\",\"service\":\"sudo\",\"verdict\":\"denied\"," \
	"\"reason\":\"token-subject\",\"sentence\":\"no usable sub\"," \
	"\"steps\":[{\"rule\":\"there is a sub\",\"fits\":false}]}"
#define STATUS_DIRECTORY(directory) \
	"{\"version\":\"0.1.0\",\"providers\":[{\"name\":\"\"," \
	"\"issuer\":\"https://id.example.com\",\"client_id\":\"h\"," \
	"\"last_answer\":1795269780,\"state\":\"granted\"}],\"people\":3," \
	"\"snapshot\":{\"written\":1795269790},\"rules\":true," \
	"\"directory\":{\"url\":\"https://files.example.com/people\"," \
	directory "}}"
#define STATUS_LISTED STATUS_DIRECTORY( \
	"\"known\":true,\"complete\":true,\"serial\":1795262400," \
	"\"issued\":1795262400,\"age\":7390,\"expires\":1795348800," \
	"\"people\":134,\"refused\":2,\"answered\":1795269780," \
	"\"problem\":\"\"")
#define STATUS_UNLISTED STATUS_DIRECTORY( \
	"\"known\":false,\"answered\":0,\"problem\":\"no answer: \\u001b[2J\"")
#define STATUS_TWO \
	"{\"version\":\"0.1.0\",\"providers\":[{\"name\":\"home\"," \
	"\"issuer\":\"https://id.example.com\",\"client_id\":\"h\"," \
	"\"last_answer\":1795269780,\"state\":\"granted\"},{\"name\":" \
	"\"work\",\"issuer\":\"https://login.example.org\"," \
	"\"client_id\":\"w\",\"last_answer\":0,\"state\":" \
	"\"provider-tls\",\"detail\":\"expired\"}],\"people\":3," \
	"\"pending\":1,\"snapshot\":{\"path\":" \
	"\"/var/lib/hostpass/snapshot\",\"users\":3,\"groups\":4," \
	"\"written\":1795269790},\"started\":1795260000,\"rules\":true}"
#define GROUPS_TWO \
	"{\"groups\":[{\"provider\":\"home\",\"name\":\"admins\"," \
	"\"local\":[{\"name\":\"sudo\",\"gid\":27,\"exists\":true}]," \
	"\"members\":[\"alice\"]},{\"provider\":\"\",\"name\":\"*\"," \
	"\"local\":[],\"members\":[\"alice\",\"bob\"]}]}"
/* A verdict that this version does not know. */
#define WHY_UNKNOWN \
	"{\"user\":\"bob\",\"service\":\"sudo\",\"verdict\":\"perhaps\"," \
	"\"reason\":\"\",\"sentence\":\"\",\"steps\":[]}"

#define EVENTS \
	"{\"events\":[{\"time\":1795269780,\"kind\":\"sign-in\",\"number\":7," \
	"\"user\":\"alice\",\"sub\":\"f3b1\",\"service\":\"sshd\",\"source\":" \
	"\"203.0.113.7\",\"reason\":\"granted\",\"sentence\":\"access was " \
	"granted\",\"detail\":\"\",\"flow\":\"device\",\"key\":\"SHA256:abc\"," \
	"\"duration_ms\":12345},{\"time\":1795269790,\"kind\":\"account\"," \
	"\"number\":0,\"user\":\"bob\\u001b[2J\",\"sub\":\"\",\"service\":" \
	"\"cron\",\"source\":\"\",\"reason\":\"revoked\",\"sentence\":\"\"," \
	"\"detail\":\"two\\nlines\",\"flow\":\"\",\"key\":\"\"," \
	"\"duration_ms\":0}]}"
#define METRICS \
	"{\"metrics\":[{\"name\":\"hostpass_decisions_total\",\"type\":" \
	"\"counter\",\"help\":\"Verdicts.\",\"samples\":[{\"labels\":{\"kind\":" \
	"\"sign-in\",\"reason\":\"granted\"},\"value\":3},{\"labels\":{\"kind\":" \
	"\"a\\\"b\\\\c\\nd\",\"not a name\":\"x\"},\"value\":-1}]},{\"name\":" \
	"\"hostpass_people\",\"type\":\"gauge\",\"help\":\"People.\",\"samples\":" \
	"[{\"value\":5},{\"suffix\":\"_sum\",\"value\":9.5}]},{\"name\":\"no\\nname" \
	"\",\"type\":\"gauge\",\"samples\":[{\"value\":1}]}]}"

#define RENEWED \
	"{\"outcome\":\"renewed\",\"reason\":\"granted\",\"sentence\":" \
	"\"access was granted\",\"detail\":\"\"}"
#define REFUSED \
	"{\"outcome\":\"revoked\",\"reason\":\"grant-invalid\"," \
	"\"sentence\":\"the grant is not valid any more\"," \
	"\"detail\":\"HTTP status 400\"}"

#define REFRESH(document) \
	{ .request = PROTO_REFRESH, .fields = { "" }, .reply = PROTO_JSON, \
	    .text = document }
#define KEYS \
	"{\"keys\":[{\"user\":\"alice\",\"fingerprint\":\"SHA256:abc\"," \
	"\"service\":\"sshd\",\"from\":\"203.0.113.7\"," \
	"\"remembered\":1795269780,\"until\":1795312980,\"used\":0}]}"

#define JSON(what, document) \
	{ .request = what, .reply = PROTO_JSON, .text = document }
#define WHY(who, where, document) \
	{ .request = PROTO_WHY, .fields = { who, where }, \
	    .reply = PROTO_JSON, .text = document }
#define ON(following, document) \
	{ .request = PROTO_EVENTS, .numbers = 1, .number = following, \
	    .repeat = following, .reply = PROTO_JSON, .text = document }
#define CLAIMED(who, where, document) \
	{ .request = PROTO_WHY_CLAIMS, .fields = { who, where, CLAIMS }, \
	    .reply = PROTO_JSON, .text = document }
#define NOBODY	{ .request = 0 }
#define ASKED(what, who, document) \
	{ .request = what, .fields = { who }, .reply = PROTO_JSON, \
	    .text = document }

#define FORGOTTEN \
	"{\"forgotten\":[{\"name\":\"alice\",\"id\":1907802556,\"sub\":" \
	"\"f3b1\",\"issuer\":\"https://id.example.com\",\"forgotten\":" \
	"1795269780}]}"
#define FORGET \
	"{\"name\":\"alice\",\"uid\":1907802556,\"sub\":\"f3b1\"," \
	"\"home\":\"/home/alice\"}"
#define SSH_KEYS	"{\"keys\":[\"ssh-ed25519 AAAA alice\",7,\"ssh-rsa B\\u001b\"]}"

/* Files that the calls below find. */
static const struct {
	const char	*name;
	const char	*text;
} files[] = {
	{ "good.map", "# two people\nbob 6000\n\nsub:f3b1 1907802556\n" },
	{ "bad.map", "alice 5000:5001\nbob\nsub:f3b1 500\nsub:f3b1 5002\n"
	    "dora 2000000001\nsub:f3b1 5001\nlokal 1000\nerna 100:1000\n" },
	{ "passwd", "root:x:0:0::/root:/bin/sh\nlokal:x:1000:1000:::\n" },
	{ "group", "users:x:100:\nbig:x:5000:\n" },
};

static const struct call calls[] = {
	{ "status", { "status" }, JSON(PROTO_STATUS, STATUS_FINE) },
	{ "status_new", { "status" }, JSON(PROTO_STATUS, STATUS_NEW) },
	{ "status_wrong", { "status" }, JSON(PROTO_STATUS, STATUS_WRONG) },
	{ "status_json", { "--json", "status" },
	    JSON(PROTO_STATUS, STATUS_WRONG) },
	{ "status_warnings", { "status" },
	    JSON(PROTO_STATUS, STATUS_WARNINGS) },
	{ "status_two", { "status" }, JSON(PROTO_STATUS, STATUS_TWO) },
	{ "status_directory", { "status" },
	    JSON(PROTO_STATUS, STATUS_LISTED) },
	{ "status_directory_none", { "status" },
	    JSON(PROTO_STATUS, STATUS_UNLISTED) },
	{ "status_empty", { "status" }, JSON(PROTO_STATUS, "{}") },
	{ "users", { "users" }, JSON(PROTO_USERS, USERS) },
	{ "users_json", { "users", "--json" }, JSON(PROTO_USERS, USERS) },
	{ "users_none", { "users" }, JSON(PROTO_USERS, "{\"users\":[]}") },
	{ "users_odd", { "users" },
	    JSON(PROTO_USERS, "{\"users\":[7,null,{\"name\":[]}]}") },
	{ "groups", { "groups" }, JSON(PROTO_GROUPS, GROUPS) },
	{ "groups_json", { "groups", "--json" }, JSON(PROTO_GROUPS, GROUPS) },
	{ "groups_own", { "groups" }, JSON(PROTO_GROUPS, GROUPS_OWN) },
	{ "groups_two", { "groups" }, JSON(PROTO_GROUPS, GROUPS_TWO) },
	{ "groups_none", { "groups" },
	    JSON(PROTO_GROUPS, "{\"groups\":[]}") },
	{ "refresh", { "refresh", "alice" }, { .request = PROTO_REFRESH,
	    .fields = { "alice" }, .reply = PROTO_JSON, .text = RENEWED } },
	{ "refresh_all", { "refresh" }, REFRESH(
	    "{\"outcome\":\"begun\",\"people\":3}") },
	{ "refresh_revoked", { "refresh", "alice" },
	    { .request = PROTO_REFRESH, .fields = { "alice" },
	    .reply = PROTO_JSON, .text = REFUSED } },
	{ "refresh_none", { "refresh" }, REFRESH(
	    "{\"outcome\":\"no-token\"}") },
	{ "refresh_unknown", { "refresh" }, REFRESH("{}") },
	{ "refresh_json", { "--json", "refresh" }, REFRESH(RENEWED) },
	{ "revoke", { "revoke", "alice" }, { .request = PROTO_REVOKE,
	    .fields = { "alice" }, .reply = PROTO_JSON,
	    .text = "{\"user\":\"alice\",\"revoked\":true}" } },
	{ "revoke_not", { "revoke", "alice" }, { .request = PROTO_REVOKE,
	    .fields = { "alice" }, .reply = PROTO_JSON,
	    .text = "{\"user\":\"alice\"}" } },
	{ "granted", { "why", "alice", "sshd" },
	    WHY("alice", "sshd", WHY_GRANTED) },
	{ "denied", { "why", "bob", "sudo" }, WHY("bob", "sudo", WHY_DENIED) },
	{ "denied_json", { "--json", "why", "bob", "sudo" },
	    WHY("bob", "sudo", WHY_DENIED) },
	{ "unknown_verdict", { "why", "bob", "sudo" },
	    WHY("bob", "sudo", WHY_UNKNOWN) },
	{ "claims", { "why", "--claims", "claims.json", "alice", "sudo" },
	    CLAIMED("alice", "sudo", WHY_CLAIMS) },
	{ "claims", { "why", "sudo", "--claims", "claims.json" },
	    CLAIMED("", "sudo", WHY_CLAIMS) },
	{ "claims_json", { "--json", "why", "--claims=claims.json", "sudo" },
	    CLAIMED("", "sudo", WHY_CLAIMS) },
	{ "claims_nobody", { "why", "--claims", "claims.json", "sudo" },
	    CLAIMED("", "sudo", WHY_NOBODY) },
	{ "claims_no_file", { "why", "--claims", "absent.json", "sudo" },
	    NOBODY },
	{ "claims_long", { "why", "--claims", "long.json", "sudo" }, NOBODY },

	{ "keys", { "keys" }, { .request = PROTO_KEYS, .fields = { "" },
	    .reply = PROTO_JSON, .text = KEYS } },
	{ "keys_json", { "--json", "keys", "alice" },
	    { .request = PROTO_KEYS, .fields = { "alice" },
	    .reply = PROTO_JSON, .text = KEYS } },
	{ "keys_none", { "keys", "bob" }, { .request = PROTO_KEYS,
	    .fields = { "bob" }, .reply = PROTO_JSON, .text = "{}" } },
	{ "keys_forget", { "keys", "--forget", "alice" },
	    { .request = PROTO_KEY_FORGET, .fields = { "alice", "" },
	    .reply = PROTO_JSON, .text = "{\"forgotten\":2}" } },
	{ "keys_forget", { "keys", "--forget", "alice", "SHA256:abc" },
	    { .request = PROTO_KEY_FORGET, .fields = { "alice", "SHA256:abc" },
	    .reply = PROTO_JSON, .text = "{\"forgotten\":2}" } },

	{ "passcode_remove", { "passcode", "--remove" },
	    { .request = PROTO_PASSCODE_REMOVE, .fields = { "" },
	    .reply = PROTO_JSON,
	    .text = "{\"user\":\"alice\",\"removed\":true}" } },
	{ "passcode_none", { "passcode", "--remove", "bob" },
	    { .request = PROTO_PASSCODE_REMOVE, .fields = { "bob" },
	    .reply = PROTO_JSON,
	    .text = "{\"user\":\"bob\",\"removed\":false}" } },
	{ "passcode_usage", { "passcode", "bob" }, NOBODY },
	{ "passcode_usage", { "keys", "--remove" }, NOBODY },
	{ "users_passcode", { "users" }, JSON(PROTO_USERS,
	    "{\"users\":[{\"name\":\"alice\",\"uid\":7,\"passcode\":"
	    "{\"set\":5,\"tries\":0,\"locked\":false}},{\"name\":\"bob\","
	    "\"uid\":8},{\"name\":\"carol\",\"uid\":9,\"passcode\":"
	    "{\"set\":5,\"tries\":10,\"locked\":true}}]}") },

	{ "token", { "token" }, { .request = PROTO_TOKEN, .fields = { "" },
	    .reply = PROTO_SECRET, .text = "eyJ0.eyJz.c2ln" } },
	{ "token", { "token", "--scope", "a b" }, { .request = PROTO_TOKEN,
	    .fields = { "a b" }, .reply = PROTO_SECRET,
	    .text = "eyJ0.eyJz.c2ln" } },
	{ "token_refused", { "token" }, { .request = PROTO_TOKEN,
	    .fields = { "" }, .reply = PROTO_ERROR, .text = "no" } },
	{ "nonsense", { "token" }, { .request = PROTO_TOKEN,
	    .fields = { "" }, .reply = PROTO_SECRET, .text = "a\nb" } },
	{ "nonsense", { "token" }, { .request = PROTO_TOKEN,
	    .fields = { "" }, .reply = PROTO_JSON, .text = "eyJ0" } },
	{ "events", { "events" }, ON(0, EVENTS) },
	{ "events_json", { "events", "--json" }, ON(0, EVENTS) },
	{ "events_none", { "events" }, ON(0, "{\"events\":[]}") },
	{ "events_follow", { "events", "--follow" }, ON(1, EVENTS) },
	{ "events_refused", { "--follow", "events" }, { .request =
	    PROTO_EVENTS, .numbers = 1, .number = 1, .reply = PROTO_ERROR,
	    .text = "only root may ask this" } },
	{ "metrics", { "metrics" }, JSON(PROTO_METRICS, METRICS) },
	{ "metrics_json", { "metrics", "--json" },
	    JSON(PROTO_METRICS, METRICS) },
	{ "forget", { "forget", "alice" },
	    ASKED(PROTO_FORGET, "alice", FORGET) },
	{ "forget_json", { "--json", "forget", "alice" },
	    ASKED(PROTO_FORGET, "alice", FORGET) },
	{ "forget_unknown", { "forget", "dora" }, { .request = PROTO_FORGET,
	    .fields = { "dora" }, .reply = PROTO_ERROR,
	    .text = "nobody of this name has signed in here" } },
	{ "forgotten", { "forget" }, ASKED(PROTO_FORGET, "", FORGOTTEN) },
	{ "forgotten_none", { "forget" },
	    ASKED(PROTO_FORGET, "", "{\"forgotten\":[]}") },
	{ "ssh_keys", { "ssh-keys", "alice" },
	    ASKED(PROTO_SSH_KEYS, "alice", SSH_KEYS) },
	{ "ssh_keys_none", { "ssh-keys", "alice" },
	    ASKED(PROTO_SSH_KEYS, "alice", "{\"keys\":[]}") },
	{ "map_export", { "map", "export" }, JSON(PROTO_USERS, USERS) },
	{ "map_good", { "map", "check", "good.map" },
	    JSON(PROTO_USERS, "{\"users\":[]}") },
	{ "map_bad", { "map", "check", "bad.map" }, JSON(PROTO_USERS, USERS) },
	{ "map_missing", { "map", "check", "no.map" }, NOBODY },
	{ "map_usage", { "map", "check" }, NOBODY },

	{ "refused", { "users" }, { .request = PROTO_USERS,
	    .reply = PROTO_ERROR, .text = "only root may ask\x1b[2J" } },
	{ "nonsense", { "users" }, JSON(PROTO_USERS, "[]") },
	{ "nonsense", { "--json", "users" }, JSON(PROTO_USERS, "{\"users\":") },
	{ "nonsense", { "users" }, { .request = PROTO_USERS,
	    .reply = PROTO_SHOW, .text = "{}" } },
	{ "nonsense", { "users" }, { .request = PROTO_USERS,
	    .reply = PROTO_JSON, .text = "{}", .extra = 1 } },
	{ "nonsense", { "users" }, { .request = PROTO_USERS,
	    .reply = PROTO_JSON, .text = "{}", .version = PROTO_VERSION + 1 } },
	{ "hung_up", { "users" }, { .request = PROTO_USERS } },
	{ "unreachable", { "status" }, NOBODY },
	{ "unreachable", { "--json", "status" }, NOBODY },
	{ "unreachable", { "open-browser" }, NOBODY },
	{ "open_browser_off", { "open-browser" }, { .request = PROTO_LINKS,
	    .reply = PROTO_ERROR, .text = "open_browser is not set" } },
	{ "nonsense", { "open-browser" }, JSON(PROTO_LINKS, "{}") },
	{ "open_browser_json", { "--json", "open-browser" }, NOBODY },

	{ "help", { "--help" }, NOBODY },
	{ "version", { "--version" }, NOBODY },
	{ "usage_none", { NULL }, NOBODY },
	{ "usage_command", { "sta\x1btus" }, NOBODY },
	{ "usage_option", { "--yaml", "status" }, NOBODY },
	{ "usage_forget", { "keys", "--forget" }, NOBODY },
	{ "usage_forget", { "--forget", "status" }, NOBODY },
	{ "usage_forget", { "keys", "alice", "SHA256:abc" }, NOBODY },
	{ "usage_scope", { "--scope", "openid", "users" }, NOBODY },
	{ "usage_few", { "why", "alice" }, NOBODY },
	{ "usage_follow", { "--follow", "status" }, NOBODY },
	{ "usage_claims", { "--claims", "claims.json", "status" }, NOBODY },
	{ "usage_many", { "status", "now" }, NOBODY },
};

static int
write_claims(void)
{
	FILE *out = fopen("claims.json", "w");

	if (out == NULL)
		return -1;
	(void)fputs(CLAIMS, out);
	if (fclose(out) != 0 || (out = fopen("long.json", "w")) == NULL ||
	    ftruncate(fileno(out), PROTO_CLAIMS_MAX + 1) != 0)
		return -1;
	return fclose(out);
}

static int
set_up(void **state)
{
	int r = command_set_up(state);
	FILE *stream;
	size_t i;

	for (i = 0; r == 0 && i < sizeof(files) / sizeof(files[0]); i++) {
		stream = fopen(files[i].name, "w");
		assert_non_null(stream);
		assert_true(fputs(files[i].text, stream) >= 0);
		assert_int_equal(fclose(stream), 0);
	}
	return r != 0 ? r : write_claims();
}

static int
tear_down(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		(void)unlink(files[i].name);
	return command_tear_down(state);
}

static void
test_call(void **state)
{
	const struct call *call = *state;
	struct scripted_daemon daemon;
	char result[COMMAND_OUTPUT];

	(void)unlink(SOCKET);
	if (call->script.request != 0)
		scripted_daemon_start(&daemon, SOCKET, &call->script);
	command_run(call->args, "out", result);
	if (call->script.request != 0)
		assert_true(scripted_daemon_stop(&daemon));
	command_compare(call->golden, result);
}

/* What could not be written is not a success. */
static void
test_full_disk(void **state)
{
	static const char *const args[COMMAND_ARGS] = { "--help" };
	char result[COMMAND_OUTPUT];

	(void)state;
	command_run(args, "/dev/full", result);
	assert_non_null(strstr(result, "--- stderr\nhostpass: cannot write"));
	assert_non_null(strstr(result, "--- exit 1\n"));
}

/* The files that --claims is given. */
#define CALLS	(sizeof(calls) / sizeof(calls[0]))

int
main(void)
{
	struct CMUnitTest tests[CALLS + 1] = {
		cmocka_unit_test(test_full_disk),
	};
	size_t i;

	if (!command_can_run())
		return 0;
	for (i = 0; i < CALLS; i++) {
		tests[i + 1].name = calls[i].golden;
		tests[i + 1].test_func = test_call;
		tests[i + 1].initial_state = (void *)(uintptr_t)&calls[i];
	}
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
