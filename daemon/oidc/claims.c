/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Implements daemon/oidc/claims.h.
 */
#include <errno.h>
#include <string.h>

#include "daemon/oidc/claims.h"
#include "daemon/oidc/json.h"

/* A line of the configuration is shorter. */
#define NAME_MAX_BYTES	255

static const struct json *
follow_dots(const struct json *json, const char *path)
{
	char name[NAME_MAX_BYTES + 1];
	size_t len;

	for (;; path += len + 1) {
		len = strcspn(path, ".");
		/* json_get() would take a slash for a pointer. */
		if (len > NAME_MAX_BYTES || path[0] == '/')
			return NULL;
		memcpy(name, path, len);
		name[len] = '\0';
		json = json_get(json, name);
		if (path[len] == '\0')
			return json;
	}
}

const struct json *
claims_get(const struct json *claims, const char *path)
{
	if (path[0] == '/' || json_has(claims, path))
		return json_get(claims, path);
	return follow_dots(claims, path);
}

static int
hand_over(const char *text, size_t len, claims_item_fn *item, void *arg)
{
	char copy[CLAIMS_ITEM_MAX + 1];

	if (len > CLAIMS_ITEM_MAX)
		return -EBADMSG;
	memcpy(copy, text, len);
	copy[len] = '\0';
	return item(arg, copy);
}

static int
each_part(const char *text, char separator, claims_item_fn *item, void *arg)
{
	const char stop[] = { separator, '\0' };
	size_t count, end, len;
	int r;

	for (count = 0; count < CLAIMS_LIST_MAX; count++) {
		text += strspn(text, " ");
		end = strcspn(text, stop);
		for (len = end; len > 0 && text[len - 1] == ' '; len--)
			;
		r = hand_over(text, len, item, arg);
		if (r < 0 || text[end] == '\0')
			return r;
		text += end + 1;
	}
	return -EBADMSG;
}

static int
each_item(const struct json *array, claims_item_fn *item, void *arg)
{
	const char *text;
	size_t i;
	int r;

	if (json_length(array) > CLAIMS_LIST_MAX)
		return -EBADMSG;
	for (i = 0; i < json_length(array); i++) {
		text = json_string(json_at(array, i));
		if (text == NULL)
			return -EBADMSG;
		r = hand_over(text, strlen(text), item, arg);
		if (r < 0)
			return r;
	}
	return 0;
}

int
claims_each(const struct json *claim, char separator, claims_item_fn *item,
    void *arg)
{
	const char *text = json_string(claim);

	if (text != NULL && separator == '\0')
		return hand_over(text, strlen(text), item, arg);
	if (text != NULL)
		return each_part(text, separator, item, arg);
	if (!json_is_array(claim))
		return -EBADMSG;
	return each_item(claim, item, arg);
}
