/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is told of single people besides the list of all.
 */
#include <stdlib.h>

#include "daemon/oidc/json.h"
#include "daemon/report/report.h"
#include "daemon/store/store_tombstone.h"

struct json *
report_forgotten(const struct world *world)
{
	struct json *document, *list, *entry;
	struct tombstone *stones;
	size_t count, i;

	if (store_tombstones(world->store, &stones, &count) < 0)
		return NULL;
	list = json_new_array();
	for (i = 0; i < count; i++) {
		entry = json_new_object();
		json_set_string(entry, "name", stones[i].name);
		json_set_integer(entry, "id", stones[i].id);
		json_set_string(entry, "sub", stones[i].subject);
		json_set_string(entry, "issuer", stones[i].issuer);
		json_set_integer(entry, "forgotten", stones[i].forgotten);
		json_append(list, entry);
	}
	store_free_tombstones(stones, count);
	document = json_new_object();
	json_set(document, "forgotten", list);
	return document;
}

struct json *
report_ssh_keys(const struct person *person)
{
	struct json *document = json_new_object(), *keys = json_new_array();
	size_t i;

	for (i = 0; person != NULL && i < person->ssh_key_count; i++)
		json_append_string(keys, person->ssh_keys[i]);
	json_set(document, "keys", keys);
	return document;
}
