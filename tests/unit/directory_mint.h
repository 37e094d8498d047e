/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signed directories, right ones and wrong ones. Anything that goes wrong here
 * aborts the program.
 */
#ifndef TESTS_UNIT_DIRECTORY_MINT_H
#define TESTS_UNIT_DIRECTORY_MINT_H

#include <stdint.h>

struct evp_pkey_st;
struct jwk_set;

/* A directory, and how it lies. All zero is an honest and empty one. */
struct directory_mint {
	struct evp_pkey_st	*key;
	const char		*issuer;	/* NULL: that of fixture.h */
	const char		*header;	/* NULL: the right one */
	const char		*how;		/* NULL: EdDSA */
	const char		*lines;		/* NULL: none */
	const char		*signed_lines;	/* NULL: the same */
	int64_t			 issued, expires, serial;
	int64_t			 more;		/* added to count */
	const char		*complete;	/* NULL: false */
};

char	*directory_mint(const struct directory_mint *mint);

/* The public key as a pinned set. */
struct jwk_set *directory_keys(struct evp_pkey_st *key);

#endif
