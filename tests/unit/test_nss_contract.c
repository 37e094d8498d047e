/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * More of what the C library expects of a module, at sizes and with ids that
 * no small directory has. tests/unit/nss-pitfalls says which of these, and of
 * other tests, is there for what.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nss/nss_pack.h"
#include "tests/unit/snapshot_sample.h"

#define MEMBERS		10000
#define GROUPS		1000

static struct sample_directory place;
struct snapshot_cache nss_snapshot;

static struct snapshot_write_user people[MEMBERS];
static struct snapshot_write_group groups[GROUPS];
static char names[MEMBERS][16], group_names[GROUPS][16];
static const char *members[MEMBERS];
static uint32_t gids[GROUPS];

/* 10,000 people, all in the first of 1,000 groups; the first person is in all
 * of them. */
static int
start(void **state UNUSED)
{
	struct snapshot_write_input in = sample_input();
	uint32_t i;

	for (i = 0; i < MEMBERS; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "member-%u", i);
		members[i] = names[i];
		people[i] = (struct snapshot_write_user){ names[i], "", "/",
		    "/bin/sh", 100000 + i, 100000 + i, gids, 1,
		    0 };
	}
	for (i = 0; i < GROUPS; i++) {
		(void)snprintf(group_names[i], sizeof(group_names[i]),
		    "group-%u", i);
		gids[i] = 200000 + i;
		groups[i] = (struct snapshot_write_group){ group_names[i],
		    gids[i], members, i == 0 ? MEMBERS : 1 };
	}
	people[0].gid_count = GROUPS;
	in.users = people;
	in.user_count = MEMBERS;
	in.groups = groups;
	in.group_count = GROUPS;
	in.local_group_count = 0;
	sample_directory_make(&place);
	memset(&nss_snapshot, 0, sizeof(nss_snapshot));
	nss_snapshot.path = place.path;
	assert_int_equal(snapshot_write(place.path, &in), 0);
	return 0;
}

static int
clean_up(void **state UNUSED)
{
	sample_directory_remove(&place);
	return 0;
}

/* Outside of these five, glibc ends the process; and TRYAGAIN with ERANGE is
 * for a short buffer alone, or the caller would try for ever. */
static void
test_statuses(void **state UNUSED)
{
	enum nss_status status;
	int r, error;

	for (r = 1; r >= -4095; r--) {
		error = 0;
		status = nss_result(r, &error);
		assert_true(status >= NSS_STATUS_TRYAGAIN &&
		    status <= NSS_STATUS_SUCCESS);
		assert_int_equal(status == NSS_STATUS_SUCCESS, r == 0);
		assert_int_equal(error == 0, r == 0);
		assert_int_equal(error == ERANGE, r == -ERANGE);
		assert_int_equal(status == NSS_STATUS_TRYAGAIN,
		    r == -ERANGE || r == -ENOMEM);
	}
}

/* As getgrnam() does it: twice the buffer until it is enough. */
static void
test_big_group(void **state UNUSED)
{
	size_t size = 1, i, doubled = 0;
	enum nss_status status;
	struct group grp;
	char *buf;
	int error = 0;

	for (;;) {
		buf = malloc(size);
		assert_non_null(buf);
		status = _nss_hostpass_getgrnam_r("group-0", &grp, buf, size,
		    &error);
		if (status == NSS_STATUS_SUCCESS)
			break;
		assert_int_equal(status, NSS_STATUS_TRYAGAIN);
		assert_int_equal(error, ERANGE);
		free(buf);
		size *= 2;
		assert_true(++doubled < 24);
	}
	for (i = 0; i < MEMBERS; i++)
		assert_string_equal(grp.gr_mem[i], names[i]);
	assert_null(grp.gr_mem[MEMBERS]);
	free(buf);
}

static void
test_many_groups(void **state UNUSED)
{
	static const long limits[] = { -1, 0, 2, 500, 1000, 1001, LONG_MAX };
	long used, size, wanted;
	gid_t *list;
	size_t i;
	int error;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		used = size = 1;
		list = malloc(sizeof(*list));
		assert_non_null(list);
		list[0] = 100000;
		assert_int_equal(_nss_hostpass_initgroups_dyn("member-0",
		    100000, &used, &size, &list, limits[i], &error),
		    NSS_STATUS_SUCCESS);
		wanted = limits[i] > 0 && limits[i] < GROUPS + 1 ? limits[i] :
		    GROUPS + 1;
		assert_int_equal(used, wanted);
		assert_true(size >= used);
		assert_true(limits[i] <= 0 || size <= limits[i]);
		assert_int_equal(list[used - 1], 200000 + used - 2);
		free(list);
	}
}

static void
test_big_enumeration(void **state UNUSED)
{
	char buf[1024];
	struct passwd pwd;
	int error, count = 0;

	(void)_nss_hostpass_setpwent(0);
	while (_nss_hostpass_getpwent_r(&pwd, buf, sizeof(buf), &error) ==
	    NSS_STATUS_SUCCESS)
		assert_string_equal(pwd.pw_name, names[count++]);
	assert_int_equal(count, MEMBERS);
	(void)_nss_hostpass_endpwent();
}

/* Ids that are never anybody's, at both ends of each range. */
static void
test_reserved_ids(void **state UNUSED)
{
	static const uint32_t ids[] = {
		0, 1, 27, 999, 61184, 65519, 65534, 65535, 524288, 1879048191,
		UINT32_MAX,
	};
	struct passwd pwd;
	struct group grp;
	char buf[64];
	size_t i;
	int error;

	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		error = 0;
		assert_int_equal(_nss_hostpass_getpwuid_r(ids[i], &pwd, buf,
		    sizeof(buf), &error), NSS_STATUS_NOTFOUND);
		assert_int_equal(error, ENOENT);
		error = 0;
		assert_int_equal(_nss_hostpass_getgrgid_r(ids[i], &grp, buf,
		    sizeof(buf), &error), NSS_STATUS_NOTFOUND);
		assert_int_equal(error, ENOENT);
	}
}

/* The bytes of the file are the contract, whatever the machine is: another sum
 * here means another SNAPSHOT_MAJOR or MINOR. */
static void
test_bytes_of_the_file(void **state UNUSED)
{
	struct snapshot_write_input in = sample_input();
	struct snapshot_image image;
	uint64_t sum = 0xcbf29ce484222325u;
	size_t i;

	sample_layout(&in, &image);
	for (i = 0; i < image.size; i++)
		sum = (sum ^ image.data[i]) * 0x100000001b3u;
	assert_int_equal(image.size, 1120);
	assert_int_equal(sum, 0x31a24500a80c4252u);
	free(image.data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_big_group),
		cmocka_unit_test(test_many_groups),
		cmocka_unit_test(test_big_enumeration),
		cmocka_unit_test(test_reserved_ids),
		cmocka_unit_test(test_bytes_of_the_file),
	};

	return cmocka_run_group_tests_name("nss_contract", tests, start, clean_up);
}
