/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A computed uid is a public function of a name, so anybody can look for a
 * name that hits somebody else's uid.
 *
 * MUST refuse a collision with anybody who is or ever was bound, and with the
 *	host's own files; never resolve it by taking the next free number.
 */
#include <errno.h>

#include "common/names.h"
#include "common/snapshot.h"
#include "daemon/idmap.h"

enum reason
idmap_assign(const struct config *config, const struct localfiles *files,
    struct store *store, const char *name, uint32_t *ret_id)
{
	const struct config_identity *identity = &config->identity;
	struct person *other = NULL;
	uint64_t seed = snapshot_issuer_seed(config_seed_issuer(config));
	uint32_t id;
	int r;

	id = snapshot_computed_id(seed, name, identity->range_start,
	    identity->range_end - identity->range_start + 1);
	if (!id_is_allowed(id) || localfiles_has_uid(files, id) ||
	    localfiles_has_gid(files, id))
		return REASON_ID_COLLISION;
	r = store_find_uid(store, id, &other);
	person_free(other);
	if (r == 0)
		return REASON_ID_COLLISION;
	if (r != -ENOENT)
		return REASON_INTERNAL;
	*ret_id = id;
	return REASON_GRANTED;
}
