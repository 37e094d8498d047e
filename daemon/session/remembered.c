/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A shortcut past the passkey, so it is narrow.
 *
 * MUST believe only sshd, as root, about which key was proved.
 * MUST bind to the key, the person and the service; never to a name or an
 *	address alone.
 * MUST believe no row without its seal, which covers all but the time of the
 *	last use and the address that is shown.
 * MUST let nobody in as another uid than the connection was told.
 * MUST ask the account phase each time: who is revoked, out of the groups or
 *	not heard of for offline_max is refused like everywhere.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/log.h"
#include "daemon/oidc/json.h"
#include "daemon/policy/policy.h"
#include "daemon/route.h"
#include "daemon/session/decision.h"
#include "daemon/session/remembered.h"
#include "daemon/store/seal.h"
#include "daemon/store/store_remembered.h"

#define SERVICE		"sshd"
#define ROW_SIZE	512

bool
remembered_key_of(const struct world *world,
    const struct session_request *request,
    char ret_fingerprint[FINGERPRINT_SIZE])
{
	return world->config->remember_key > 0 && world->seal != NULL &&
	    request->peer == 0 && strcmp(request->service, SERVICE) == 0 &&
	    request->conversation == PROTO_CONVERSATION_PROMPT &&
	    fingerprint_of_auth_info(request->ssh_auth_info,
	    ret_fingerprint) == 0;
}

/* Where the seal of a row stands: everything that must not change. */
static int
place_of(const struct person *person, const struct remembered_key *key,
    char row[ROW_SIZE], struct seal_place *ret_place)
{
	int len;

	len = snprintf(row, ROW_SIZE, "%s %s %" PRId64 " %" PRId64,
	    key->fingerprint, key->service, key->remembered, key->until);
	if (len < 0 || len >= ROW_SIZE)
		return -E2BIG;
	*ret_place = (struct seal_place){
		"remembered_key", "seal", person->issuer, person->subject, row
	};
	return 0;
}

static bool
is_genuine(const struct world *world, const struct person *person,
    const struct remembered_key *key)
{
	struct secret nothing = SECRET_INIT;
	struct seal_place place;
	char row[ROW_SIZE];
	bool genuine;

	if (place_of(person, key, row, &place) < 0)
		return false;
	genuine = seal_open(world->seal, &place, key->seal.data, key->seal.len,
	    &nothing) == 0;
	secret_free(&nothing);
	return genuine;
}

/* What is from the future was written before the clock was set back, and
 * nobody knows how long ago that is. */
static bool
is_current(const struct world *world, const struct remembered_key *key,
    int64_t now)
{
	return key->remembered <= now && now < key->until &&
	    now - key->remembered < (int64_t)world->config->remember_key;
}

/* Where the policy wants a passkey that was used lately, this one was. A
 * provider that was taken out of the configuration vouches for nobody. */
static bool
is_fresh(const struct world *world, const struct person *person,
    const char *service, int64_t now)
{
	const struct world_provider *provider;
	struct flow_policy policy;

	provider = route_issuer(world, person->issuer);
	if (provider == NULL)
		return false;
	policy_sign_in(world->config, provider->config, service, &policy);
	return policy.max_age == 0 || (person->last_passkey > 0 &&
	    person->last_passkey <= now &&
	    now - person->last_passkey <= (int64_t)policy.max_age);
}

static bool
stands_for(const struct world *world, const struct person *person,
    const char *service, const char *fingerprint, int64_t now)
{
	struct remembered_key key;
	bool stands;

	if (store_find_remembered(world->store, person, fingerprint, service,
	    &key) < 0)
		return false;
	stands = is_genuine(world, person, &key) &&
	    is_current(world, &key, now) &&
	    is_fresh(world, person, service, now);
	remembered_key_free(&key);
	return stands;
}

bool
remembered_grants(const struct world *world,
    const struct session_request *request, const char *fingerprint,
    int64_t now)
{
	const struct decision_request told = {
		request->user, request->service, request->uid,
		request->retry_pid != 0 ? request->retry_start : 0,
	};
	struct person *person;
	bool granted;

	if (decision_account(world, &told) != REASON_GRANTED ||
	    store_find_name(world->store, request->user, &person) < 0)
		return false;
	granted = stands_for(world, person, request->service, fingerprint,
	    now);
	/* That it could not be noted is no reason to ask her. */
	if (granted && store_use_remembered(world->store, person, fingerprint,
	    request->service, now) < 0)
		log_line(LOG_WARNING, "the use of a remembered key could not "
		    "be kept: user=%s key=%s", request->user, fingerprint);
	person_free(person);
	return granted;
}

int
remembered_keep(const struct world *world, const char *user,
    const char *service, const char *rhost, const char *fingerprint,
    int64_t now)
{
	struct secret nothing = SECRET_INIT;
	struct remembered_key key = { 0 };
	struct seal_place place;
	struct person *person;
	char row[ROW_SIZE];
	int r;

	r = store_find_name(world->store, user, &person);
	if (r < 0)
		return r;
	key.remembered = now;
	key.until = key.remembered + (int64_t)world->config->remember_key;
	key.service = strdup(service);
	key.rhost = strdup(rhost);
	memcpy(key.fingerprint, fingerprint, strlen(fingerprint) + 1);
	r = key.service == NULL || key.rhost == NULL ? -ENOMEM :
	    place_of(person, &key, row, &place);
	if (r == 0)
		r = seal_close(world->seal, &place, &nothing, &key.seal);
	if (r == 0)
		r = store_expire_keys(world->store, key.remembered);
	if (r == 0)
		r = store_remember_key(world->store, person, &key);
	remembered_key_free(&key);
	person_free(person);
	return r;
}

static void
describe(void *arg, const struct remembered_key *key)
{
	struct json *entry = json_new_object();

	json_set_string(entry, "user", key->name);
	json_set_string(entry, "fingerprint", key->fingerprint);
	json_set_string(entry, "service", key->service);
	json_set_string(entry, "from", key->rhost);
	json_set_integer(entry, "remembered", key->remembered);
	json_set_integer(entry, "until", key->until);
	json_set_integer(entry, "used", key->used);
	json_append(arg, entry);
}

struct json *
remembered_report(const struct world *world, const char *name)
{
	struct json *document, *keys = json_new_array();

	if (store_expire_keys(world->store, time(NULL)) < 0 ||
	    store_each_remembered(world->store, *name != '\0' ? name : NULL,
	    describe, keys) < 0) {
		json_free(keys);
		return NULL;
	}
	document = json_new_object();
	json_set(document, "keys", keys);
	return document;
}
