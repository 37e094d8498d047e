/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See snapshot_sample.h.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/snapshot_sample.h"

static const uint32_t alice_gids[] = { 5001, 27, 5000, 27, SAMPLE_ALICE };
static const uint32_t bob_gids[] = { 5000 };
static const struct snapshot_write_user users[] = {
	{ "alice", "Alice Ä.", "/home/alice", "/bin/bash", SAMPLE_ALICE,
	    SAMPLE_ALICE, alice_gids, 5, SAMPLE_SUBIDS },
	{ "bob", "", "/srv/bob", "/bin/sh", 70001, 5000, bob_gids, 1, 0 },
	{ "carol", "Carol", "/home/carol", "/bin/zsh", 70002, 70002, NULL, 0,
	    SAMPLE_SUBIDS + 0x10000 },
};

static const char *const staff[] = { "alice", "bob" };
static const char *const admins[] = { "alice" };
static const struct snapshot_write_group groups[] = {
	{ "staff", 5000, staff, 2 },
	{ "admins", 5001, admins, 1 },
	{ "empty", 5002, NULL, 0 },
};

static const struct snapshot_write_group local_groups[] = {
	{ "sudo", 27, admins, 1 },
	{ "users", 100, NULL, 0 },
};

static const char *const callers[] = { "sshd", "login" };
static const char *const local_names[] = { "root", "daemon", "Debian-exim" };
static const uint32_t taken_ids[] = { 0, 1000 };

struct snapshot_write_input
sample_input(void)
{
	return (struct snapshot_write_input){
		.issuer = SAMPLE_ISSUER,
		.range_start = SAMPLE_RANGE_START,
		.range_size = SAMPLE_RANGE_SIZE,
		.home = "/home/%u",
		.shell = "/bin/bash",
		.enumerate = true,
		.sign_in = true,
		.callers = callers,
		.caller_count = 2,
		.local_names = local_names,
		.local_name_count = 3,
		.taken_ids = taken_ids,
		.taken_id_count = 2,
		.users = users,
		.user_count = 3,
		.groups = groups,
		.group_count = 3,
		.local_groups = local_groups,
		.local_group_count = 2,
	};
}

void
sample_layout(const struct snapshot_write_input *in,
    struct snapshot_image *ret_image)
{
	assert_int_equal(snapshot_check(in), 0);
	assert_int_equal(snapshot_layout(in, 1700000000, ret_image), 0);
}

void
sample_directory_make(struct sample_directory *d)
{
	(void)snprintf(d->directory, sizeof(d->directory),
	    "/tmp/hostpass-test-XXXXXX");
	assert_non_null(mkdtemp(d->directory));
	(void)snprintf(d->path, sizeof(d->path), "%s/snapshot", d->directory);
}

void
sample_directory_remove(struct sample_directory *d)
{
	char temporary[128];

	(void)snprintf(temporary, sizeof(temporary), "%s.new", d->path);
	(void)unlink(temporary);
	(void)unlink(d->path);
	assert_int_equal(rmdir(d->directory), 0);
}
