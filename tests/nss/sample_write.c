/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sample_write FILE: a snapshot of alice, bob, carol and PEOPLE more, written
 * at a fixed time, so that every machine must make the same bytes of it.
 */
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/snapshot_sample.h"

#define PEOPLE	300
#define NAME	16
#define WRITTEN	UINT64_C(4102444800)	/* the year 2100 */

static char names[PEOPLE][NAME];
static char homes[PEOPLE][NAME];
static struct snapshot_write_user users[PEOPLE + 3];

static void
fill(struct snapshot_write_input *in)
{
	const uint32_t first = SAMPLE_RANGE_START;
	uint32_t i;

	memcpy(users, in->users, in->user_count * sizeof(users[0]));
	for (i = 0; i < PEOPLE; i++) {
		(void)snprintf(names[i], NAME, "p%" PRIu32, i);
		(void)snprintf(homes[i], NAME, "/home/p%" PRIu32, i);
		users[in->user_count++] = (struct snapshot_write_user){
			.name = names[i],
			.gecos = "",
			.home = homes[i],
			.shell = "/bin/sh",
			.uid = first + i * 65537,
			.gid = first + i * 65537,
		};
	}
	in->users = users;
}

int
main(int argc, char **argv)
{
	struct snapshot_write_input in = sample_input();
	struct snapshot_image image;
	int fd;

	if (argc != 2)
		errx(2, "usage: sample_write FILE");
	fill(&in);
	if (snapshot_layout(&in, WRITTEN, &image) < 0)
		errx(1, "cannot be laid out");
	fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, image.data, image.size) !=
	    (ssize_t)image.size || close(fd) < 0)
		err(1, "%s", argv[1]);
	free(image.data);
	return 0;
}
