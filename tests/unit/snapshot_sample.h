/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small directory for the tests of the snapshot and of the NSS module.
 */
#ifndef TESTS_UNIT_SNAPSHOT_SAMPLE_H
#define TESTS_UNIT_SNAPSHOT_SAMPLE_H

#include "common/snapshot.h"
#include "daemon/snapshot/snapshot_layout.h"

#define SAMPLE_ISSUER		"https://id.example.com"
#define SAMPLE_RANGE_START	1879048192u
#define SAMPLE_RANGE_SIZE	268435455u

/* What the header's test vectors say. */
#define SAMPLE_SEED		0xfd7275487e39ac30u
#define SAMPLE_ALICE		1907802556u
#define SAMPLE_BOB		2026204147u

/* Those of alice; carol's are next. */
#define SAMPLE_SUBIDS		0x80000000u

/* alice (groups 27, 5000, 5001), bob (5000) and carol (none); groups staff
 * (5000: alice, bob), admins (5001: alice) and empty (5002); to be merged, sudo
 * (27: alice) and users (100). alice and carol have subordinate ids.
 * Enumerated, signing in for sshd. Local: root, daemon, Debian-exim. Taken: 0,
 * 1000. */
struct snapshot_write_input sample_input(void);

/* Lay in out; the caller frees image->data. Fails the test on error. */
void	sample_layout(const struct snapshot_write_input *in,
	    struct snapshot_image *ret_image);

/* A fresh directory, and the path of a file in it. */
struct sample_directory {
	char	directory[64];
	char	path[96];
};

void	sample_directory_make(struct sample_directory *d);
void	sample_directory_remove(struct sample_directory *d);

#endif
