/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A computed uid is a public function of a name, so anybody can look for a
 * name that hits somebody else's uid; and what a claim says, a mistake at the
 * provider can say of two.
 *
 * MUST refuse a collision with anybody who is or ever was bound, and with the
 *	host's own files; never resolve it by taking the next free number.
 * MUST NOT give an id that id_is_allowed() refuses, whoever asks for it.
 */
#include <errno.h>
#include <string.h>

#include "common/snapshot.h"
#include "daemon/identity/identity_private.h"
#include "daemon/identity/idmap.h"
#include "daemon/identity/mapfile.h"
#include "daemon/oidc/claims.h"
#include "daemon/oidc/json.h"
#include "daemon/store/store_tombstone.h"

struct ids {
	uint32_t	uid;
	uint32_t	gid;
};

/* The number in a claim, as a number or as text. *ret_id is left alone if there
 * is no such claim. */
static enum reason
claimed_id(const struct identity_case *found, const char *claim,
    uint32_t *ret_id)
{
	const struct json *value;
	const char *text;
	int64_t number = -1;
	uint32_t id;

	value = claim == NULL ? NULL : claims_get(found->token->claims, claim);
	if (value == NULL)
		return REASON_GRANTED;
	text = json_string(value);
	if (text != NULL && map_parse_id(text, strlen(text), &id))
		number = id;
	else if (text == NULL && json_integer(value, &number) < 0)
		number = -1;
	if (number < 0 || number > UINT32_MAX ||
	    !id_is_allowed((uint32_t)number)) {
		if (text != NULL)
			reason_add(found->detail, "%s is \"%.32s\"", claim,
			    text);
		else
			reason_add(found->detail, "%s is %lld", claim,
			    (long long)number);
		return REASON_ID_CLAIM;
	}
	*ret_id = (uint32_t)number;
	return REASON_GRANTED;
}

/* What the admin or a computation says. */
static struct ids
own_ids(const struct identity_case *found, const char *name)
{
	const struct config *config = found->context->config;
	const struct config_identity *rules = &config->identity;
	const struct map_line *line;
	uint64_t seed = snapshot_issuer_seed(config_seed_issuer(config));
	uint32_t id;

	line = identity_map_line(found, name);
	if (line != NULL)
		return (struct ids){ line->uid, line->gid };
	if (found->user != NULL && found->user->uid != 0)
		return (struct ids){ found->user->uid, found->user->uid };
	id = snapshot_computed_id(seed, name, rules->range_start,
	    rules->range_end - rules->range_start + 1);
	return (struct ids){ id, id };
}

static enum reason
collides(const struct identity_case *found, const char *name, uint32_t id,
    const char *whose, const char *other)
{
	reason_add(found->detail, "%u for %s (sub %.48s) is that of %s%.100s; "
	    "to give another: [user:%s] uid, or map_file", id, name,
	    found->token->subject, whose, other, name);
	return REASON_ID_COLLISION;
}

static enum reason
check_forgotten(const struct identity_case *found, const char *name,
    uint32_t id)
{
	struct tombstone stone = { 0 };
	enum reason reason = REASON_GRANTED;
	int r;

	r = store_find_tombstone(found->context->store, id, &stone);
	if (r == -ENOENT)
		return REASON_GRANTED;
	if (r < 0)
		return REASON_INTERNAL;
	/* Her files are hers, whatever she is called now. */
	if (strcmp(stone.issuer, found->token->issuer) != 0 ||
	    strcmp(stone.subject, found->token->subject) != 0)
		reason = collides(found, name, id, "the forgotten ",
		    stone.name);
	tombstone_clear(&stone);
	return reason;
}

/* Is the id nobody else's? */
static enum reason
check_id(const struct identity_case *found, const char *name, uint32_t id)
{
	const struct identity_context *context = found->context;
	const struct config_identity *rules = &context->config->identity;
	struct person *other = NULL;
	enum reason reason;
	const char *owner;
	int r;

	if (!id_is_allowed(id))
		return REASON_ID_CLAIM;
	if (rules->subid_start != 0 && id >= rules->subid_start &&
	    id <= rules->subid_end)
		return collides(found, name, id, "somebody's container: ",
		    "it is in subid_range");
	owner = localfiles_id_owner(context->files, id);
	if (owner != NULL)
		return collides(found, name, id, "the local account or group ",
		    owner);
	r = store_find_id(context->store, id, &other);
	if (r == 0) {
		reason = collides(found, name, id, "", other->name);
		person_free(other);
		return reason;
	}
	if (r != -ENOENT)
		return REASON_INTERNAL;
	return check_forgotten(found, name, id);
}

enum reason
idmap_assign(const struct identity_case *found, const char *name,
    uint32_t *ret_uid, uint32_t *ret_gid)
{
	const uint32_t none = UINT32_MAX;
	struct ids ids = { none, none }, own = own_ids(found, name);
	enum reason reason;

	reason = claimed_id(found, found->rules->uid_claim, &ids.uid);
	if (reason == REASON_GRANTED)
		reason = claimed_id(found, found->rules->gid_claim, &ids.gid);
	if (reason != REASON_GRANTED)
		return reason;
	/* The gid of a line belongs to the uid of that line. */
	if (ids.gid == none)
		ids.gid = ids.uid == none ? own.gid : ids.uid;
	if (ids.uid == none)
		ids.uid = own.uid;
	reason = check_id(found, name, ids.uid);
	if (reason == REASON_GRANTED && ids.gid != ids.uid)
		reason = check_id(found, name, ids.gid);
	if (reason != REASON_GRANTED)
		return reason;
	*ret_uid = ids.uid;
	*ret_gid = ids.gid;
	return REASON_GRANTED;
}
