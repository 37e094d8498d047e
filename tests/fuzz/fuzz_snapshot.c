/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a snapshot: open them and ask everything that can be asked. No
 * answer is wrong here; to read outside of the bytes or not to end is.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "nss/nss_pack.h"

/* The records of a file that claims millions are not all walked through. */
#define RECORDS_MAX	64

/* Keeps the compiler from leaving out what nobody looks at. */
static volatile int sink;

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try_users(const struct snapshot *s)
{
	static const char *const names[] = { "alice", "bob", "carol", "dave" };
	char buf[SNAPSHOT_SIGN_IN_SIZE];
	struct snapshot_user user;
	struct passwd pwd;
	uint32_t i, j, uid;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (snapshot_user_by_name(s, names[i], &user) == 0 &&
		    snapshot_user_by_uid(s, user.uid, &user) == 0)
			sink = nss_pack_user(&user, &pwd, buf, sizeof(buf));
		sink = snapshot_sign_in_uid(s, names[i], &uid);
		sink = snapshot_sign_in_user(s, names[i], buf, sizeof(buf),
		    &user);
	}
	for (i = 0; i < RECORDS_MAX; i++) {
		if (snapshot_user_at(s, i, &user) < 0)
			continue;
		sink = nss_pack_user(&user, &pwd, buf, sizeof(buf));
		for (j = 0; j < user.gid_count; j++)
			sink = (int)(snapshot_user_gid(&user, j) & 1);
	}
	(void)snapshot_user_count(s);
}

/* What a lookup makes of a group. */
static void
try_group(const struct snapshot_group *group)
{
	const char *member = NULL;
	char buf[4096];
	struct group grp;

	sink = nss_pack_group(group, &grp, buf, sizeof(buf));
	while ((member = snapshot_group_member(group, member)) != NULL)
		;
}

static void
try_local_groups(const struct snapshot *s)
{
	static const char *const names[] = { "sudo", "users" };
	struct snapshot_group group;
	uint32_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (snapshot_local_group_by_name(s, names[i], &group) == 0 &&
		    snapshot_local_group_by_gid(s, group.gid, &group) == 0)
			try_group(&group);
	}
	for (i = 0; i < RECORDS_MAX; i++) {
		if (snapshot_local_group_at(s, i, &group) == 0)
			try_group(&group);
	}
	(void)snapshot_local_group_count(s);
}

static void
try_subids(const struct snapshot *s)
{
	struct snapshot_user user;
	uint32_t start, uid, i;

	for (i = 0; i < RECORDS_MAX; i++) {
		if (snapshot_user_at(s, i, &user) < 0 ||
		    snapshot_subid_start(s, user.uid, &start) < 0)
			continue;
		if (!snapshot_subid_is_start(start) ||
		    snapshot_subid_owner(s, start + 1, &uid) < 0 ||
		    uid != user.uid)
			abort();
	}
}

static void
try_groups(const struct snapshot *s)
{
	static const char *const names[] = { "staff", "admins", "empty" };
	struct snapshot_group group;
	uint32_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (snapshot_group_by_name(s, names[i], &group) == 0 &&
		    snapshot_group_by_gid(s, group.gid, &group) == 0)
			try_group(&group);
	}
	for (i = 0; i < RECORDS_MAX; i++) {
		if (snapshot_group_at(s, i, &group) == 0)
			try_group(&group);
	}
	(void)snapshot_group_count(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snapshot s;
	void *copy;

	/* A copy, so that its end is the end of the allocation and it starts
	 * where a mapping may. */
	copy = malloc(size > 0 ? size : 1);
	if (copy == NULL)
		return 0;
	memcpy(copy, data, size);
	if (snapshot_open(copy, size, &s) == 0) {
		try_users(&s);
		try_groups(&s);
		try_local_groups(&s);
		try_subids(&s);
		sink = snapshot_has_caller(&s, "sshd");
	}
	free(copy);
	return 0;
}
