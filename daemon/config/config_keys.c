/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One table holds every key with its section, its check and its default. What
 * is not in it is refused, together with the nearest thing that is.
 */
#include <errno.h>
#include <string.h>

#include "daemon/config/config_keys.h"

/* A longer word is not a slip of the keyboard. */
#define SUGGEST_MAX	64

const struct config_key config_keys[] = {
	{ "provider", "issuer", config_set_issuer,
	    offsetof(struct config_provider, issuer), NULL },
	{ "provider", "client_id", config_set_text,
	    offsetof(struct config_provider, client_id), NULL },
	{ "provider", "names", config_set_pattern,
	    offsetof(struct config_provider, names), NULL },
	{ "provider", "client_auth", config_set_client_auth,
	    offsetof(struct config_provider, client_auth), "auto" },
	{ "provider", "client_secret_file", config_set_secret_file,
	    offsetof(struct config_provider, client_secret), NULL },
	{ "provider", "client_key_file", config_set_key_file,
	    offsetof(struct config_provider, client_key), NULL },
	{ "provider", "client_assertion_audience", config_set_audience,
	    offsetof(struct config_provider, client_assertion_audience),
	    "issuer" },
	{ "provider", "client_assertion_file", config_set_path,
	    offsetof(struct config_provider, client_assertion_file), NULL },
	{ "provider", "preset", config_set_preset,
	    offsetof(struct config_provider, preset), "pocketid" },
	{ "provider", "scopes", config_set_scopes,
	    offsetof(struct config_provider, scopes),
	    "openid profile email groups" },
	{ "provider", "flow", config_set_flow,
	    offsetof(struct config_provider, flow), "auto" },
	{ "provider", "authorization_endpoint", config_set_url,
	    offsetof(struct config_provider, authorization_endpoint), NULL },
	{ "provider", "device_authorization_endpoint", config_set_url,
	    offsetof(struct config_provider, device_authorization_endpoint),
	    NULL },
	{ "provider", "token_endpoint", config_set_url,
	    offsetof(struct config_provider, token_endpoint), NULL },
	{ "provider", "jwks_uri", config_set_url,
	    offsetof(struct config_provider, jwks_uri), NULL },
	{ "provider", "userinfo_endpoint", config_set_url,
	    offsetof(struct config_provider, userinfo_endpoint), NULL },
	{ "provider", "userinfo", config_set_userinfo,
	    offsetof(struct config_provider, userinfo), "auto" },
	{ "provider", "ca_file", config_set_ca_file,
	    offsetof(struct config_provider, ca_file), NULL },
	{ "provider", "proxy", config_set_proxy,
	    offsetof(struct config_provider, proxy), NULL },
	{ "provider", "timeout", config_set_duration,
	    offsetof(struct config_provider, timeout), "10s" },
	{ "provider", "allow_http_loopback", config_set_boolean,
	    offsetof(struct config_provider, allow_http_loopback), "no" },
	{ "identity", "username_claim", config_set_text,
	    offsetof(struct config_identity, username_claim),
	    "preferred_username" },
	{ "identity", "strip_domain", config_set_domain,
	    offsetof(struct config_identity, strip_domain), NULL },
	{ "identity", "name_case", config_set_name_case,
	    offsetof(struct config_identity, lower_case), "keep" },
	{ "identity", "groups_claim", config_set_text,
	    offsetof(struct config_identity, groups_claim), "groups" },
	{ "identity", "groups_format", config_set_groups_format,
	    offsetof(struct config_identity, groups_separator), "names" },
	{ "identity", "own_groups", config_set_words,
	    offsetof(struct config_identity, own_groups), NULL },
	{ "identity", "uid_claim", config_set_text,
	    offsetof(struct config_identity, uid_claim), NULL },
	{ "identity", "gid_claim", config_set_text,
	    offsetof(struct config_identity, gid_claim), NULL },
	{ "identity", "shell_claim", config_set_text,
	    offsetof(struct config_identity, shell_claim), NULL },
	{ "identity", "home_claim", config_set_text,
	    offsetof(struct config_identity, home_claim), NULL },
	{ "identity", "gecos_claim", config_set_text,
	    offsetof(struct config_identity, gecos_claim), "name" },
	{ "identity", "ssh_keys_claim", config_set_text,
	    offsetof(struct config_identity, ssh_keys_claim), NULL },
	{ "identity", "map_file", config_set_path,
	    offsetof(struct config_identity, map_file), NULL },
	{ "identity", "provision", config_set_provision,
	    offsetof(struct config_identity, provision), "on" },
	{ "identity", "home", config_set_home,
	    offsetof(struct config_identity, home), "/home/%u" },
	{ "identity", "shell", config_set_shell,
	    offsetof(struct config_identity, shell), "/bin/bash" },
	{ "identity", "uid_range", config_set_range,
	    0, "1879048192-2147483646" },
	{ "identity", "subid_range", config_set_subid_range, 0, "off" },
	{ "user", "match", config_set_match,
	    offsetof(struct config_user, match), NULL },
	{ "user", "uid", config_set_id,
	    offsetof(struct config_user, uid), NULL },
	{ "user", "shell", config_set_shell,
	    offsetof(struct config_user, shell), NULL },
	{ "user", "home", config_set_user_home,
	    offsetof(struct config_user, home), NULL },
	{ "access", "allow_groups", config_set_words,
	    offsetof(struct config_access, allow_groups), NULL },
	{ "access", "allow_users", config_set_users,
	    offsetof(struct config_access, allow_users), NULL },
	{ "access", "deny_groups", config_set_words,
	    offsetof(struct config_access, deny_groups), NULL },
	{ "access", "deny_users", config_set_users,
	    offsetof(struct config_access, deny_users), NULL },
	{ "access", "max_age", config_set_duration,
	    offsetof(struct config_access, max_age), NULL },
	{ "access", "passkey_max", config_set_duration,
	    offsetof(struct config_access, passkey_max), NULL },
	{ "access", "fresh_auth", config_set_switch,
	    offsetof(struct config_access, fresh_auth), NULL },
	{ "access", "require_amr", config_set_words,
	    offsetof(struct config_access, require_amr), NULL },
	{ "groups", NULL, config_set_names,
	    offsetof(struct config_group, local), NULL },
	{ "cache", "refresh", config_set_duration,
	    offsetof(struct config, refresh), "1h" },
	{ "cache", "offline_max", config_set_duration,
	    offsetof(struct config, offline_max), "7d" },
	{ "cache", "on_revoke", config_set_on_revoke,
	    offsetof(struct config, end_sessions), "deny" },
	{ "cache", "remember_key", config_set_duration_or_off,
	    offsetof(struct config, remember_key), "12h" },
	{ "directory", "url", config_set_url,
	    offsetof(struct config, directory.url), NULL },
	{ "directory", "key_file", config_set_public_file,
	    offsetof(struct config, directory.keys), NULL },
	{ "directory", "refresh", config_set_duration,
	    offsetof(struct config, directory.refresh), "15m" },
	{ "directory", "ca_file", config_set_ca_file,
	    offsetof(struct config, directory.ca_file), NULL },
	{ "directory", "proxy", config_set_proxy,
	    offsetof(struct config, directory.proxy), NULL },
	{ "directory", "allow_http_loopback", config_set_boolean,
	    offsetof(struct config, directory.allow_http_loopback), "no" },
	{ "passcode", "enabled", config_set_boolean,
	    offsetof(struct config, passcode.enabled), "no" },
	{ "passcode", "min_length", config_set_length,
	    offsetof(struct config, passcode.min_length), "8" },
	{ "passcode", "services", config_set_words,
	    offsetof(struct config, passcode.services),
	    "login, sudo, sudo-i, gdm-password, kde, swaylock, xscreensaver" },
	{ "passcode", "tries", config_set_tries,
	    offsetof(struct config, passcode.tries), "10" },
	{ "token", "allow_groups", config_set_words,
	    offsetof(struct config, token.allow_groups), NULL },
	{ "token", "scopes", config_set_words,
	    offsetof(struct config, token.scopes), "openid, profile" },
	{ "limits", "pending", config_set_count,
	    offsetof(struct config, limits.pending), "1024" },
	{ "limits", "pending_user", config_set_count,
	    offsetof(struct config, limits.pending_user), "8" },
	{ "limits", "pending_source", config_set_count,
	    offsetof(struct config, limits.pending_source), "64" },
	{ "limits", "pending_uid", config_set_count,
	    offsetof(struct config, limits.pending_uid), "8" },
	{ "limits", "rate_user", config_set_count,
	    offsetof(struct config, limits.rate_user), "30" },
	{ "limits", "rate_source", config_set_count,
	    offsetof(struct config, limits.rate_source), "300" },
	{ "limits", "connections", config_set_count,
	    offsetof(struct config, limits.connections), "256" },
	{ "limits", "connections_uid", config_set_count,
	    offsetof(struct config, limits.connections_uid), "16" },
	{ "prompt", "open_browser", config_set_boolean,
	    offsetof(struct config, open_browser), "no" },
	{ "prompt", "qr", config_set_boolean,
	    offsetof(struct config, qr), "yes" },
	{ "prompt", "wait", config_set_wait,
	    offsetof(struct config, wait), "100s" },
	{ "nss", "enumerate", config_set_boolean,
	    offsetof(struct config, enumerate), "yes" },
	{ "nss", "callers", config_set_callers,
	    offsetof(struct config, callers), "sshd, sshd-session, login, "
	    "gdm-session-worker, lightdm, sddm, sddm-helper, "
	    "cockpit-session" },
	{ NULL, NULL, NULL, 0, NULL }
};

/* The number of letters to change, insert or leave out between a and b
 * (Levenshtein), or a large number if b is no word to compare. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[SUGGEST_MAX + 1], i, j, above, diagonal, best;
	size_t len = strlen(b);

	if (len > SUGGEST_MAX)
		return SIZE_MAX;
	for (j = 0; j <= len; j++)
		row[j] = j;
	for (i = 0; a[i] != '\0'; i++) {
		diagonal = row[0];
		row[0] = i + 1;
		for (j = 1; j <= len; j++) {
			above = row[j];
			best = diagonal + (a[i] != b[j - 1]);
			if (above + 1 < best)
				best = above + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
			diagonal = above;
		}
	}
	return row[len];
}

int
config_unknown_key(const struct config_place *place, const char *section,
    const char *header, const char *key)
{
	const char *nearest = NULL;
	const struct config_key *known;
	size_t d, least = SIZE_MAX;

	for (known = config_keys; known->section != NULL; known++) {
		if (known->name != NULL && strcmp(known->name, key) == 0)
			return config_fail(place, -EINVAL, "%s belongs in "
			    "[%s], not in [%s]", key, known->section, header);
		if (strcmp(known->section, section) != 0)
			continue;
		d = distance(known->name, key);
		if (nearest == NULL || d < least) {
			nearest = known->name;
			least = d;
		}
	}
	return config_fail(place, -EINVAL, "unknown key '%s' in [%s]; the "
	    "nearest is '%s'", key, header, nearest);
}

int
config_unknown_section(const struct config_place *place, const char *section)
{
	const char *nearest = NULL;
	const struct config_key *known;
	size_t d, least = SIZE_MAX;

	for (known = config_keys; known->section != NULL; known++) {
		d = distance(known->section, section);
		if (nearest == NULL || d < least) {
			nearest = known->section;
			least = d;
		}
	}
	return config_fail(place, -EINVAL, "unknown section [%s]; the nearest "
	    "is [%s]", section, nearest);
}

bool
config_is_claim_key(const struct config_key *key)
{
	static const char suffix[] = "_claim";
	static const char *const others[] = {
		"groups_format", "name_case", "own_groups", "strip_domain",
	};
	size_t len, i;

	if (strcmp(key->section, "identity") != 0)
		return false;
	len = strlen(key->name);
	if (len > sizeof(suffix) - 1 &&
	    strcmp(key->name + len - (sizeof(suffix) - 1), suffix) == 0)
		return true;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (strcmp(key->name, others[i]) == 0)
			return true;
	}
	return false;
}

const struct config_key *
config_find_key(const char *section, const char *name)
{
	const struct config_key *known;

	for (known = config_keys; known->section != NULL; known++) {
		if (strcmp(known->section, section) != 0)
			continue;
		if (name == NULL || known->name == NULL ||
		    strcmp(known->name, name) == 0)
			return known;
	}
	return NULL;
}
