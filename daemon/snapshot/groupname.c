/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Implements the rule of groupname.h; no locale has a say in it.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/snapshot.h"
#include "daemon/snapshot/groupname.h"

/* What is kept of a name that gets a hash: a '-' and eight digits follow. */
#define STEM_MAX	(NAME_LIMIT - 9)

/* A name being made; one byte too many shows that it is too long. */
struct draft {
	char	text[NAME_LIMIT + 2];
	size_t	used;
	bool	lossy;
};

static void
put(struct draft *draft, char c)
{
	if (draft->used < NAME_LIMIT + 1)
		draft->text[draft->used++] = c;
}

static bool
is_valid_after(char first, char c)
{
	const char name[] = { first, c, '\0' };

	return name_is_valid(name);
}

static void
put_folded(struct draft *draft, char c)
{
	if (c >= 'A' && c <= 'Z') {
		put(draft, (char)(c - 'A' + 'a'));
	} else if (c == ' ') {
		put(draft, '-');
	} else if (is_valid_after('_', c)) {
		put(draft, c);
	} else {
		draft->lossy = true;
		/* A character of several bytes is one. */
		if (((unsigned char)c & 0xc0) != 0x80)
			put(draft, '_');
	}
}

static void
fold(const char *group, struct draft *draft)
{
	for (; *group != '\0'; group++)
		put_folded(draft, *group);
	draft->text[draft->used] = '\0';
}

void
groupname_make(const char *group, char ret_name[NAME_LIMIT + 1])
{
	struct draft draft = { .used = 0 };
	uint64_t hash;

	fold(group, &draft);
	if (draft.used == 0 || !is_valid_after(draft.text[0], '_')) {
		draft = (struct draft){ .lossy = true };
		put(&draft, '_');
		fold(group, &draft);
	}
	if (!draft.lossy && draft.used <= NAME_LIMIT) {
		memcpy(ret_name, draft.text, draft.used + 1);
		return;
	}
	hash = snapshot_hash_name(snapshot_issuer_seed(""), group);
	(void)snprintf(ret_name, NAME_LIMIT + 1, "%.*s-%08x", STEM_MAX,
	    draft.text, (uint32_t)(hash >> 32));
}
