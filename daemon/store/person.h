/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Somebody as this host knows her.
 */
#ifndef DAEMON_STORE_PERSON_H
#define DAEMON_STORE_PERSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"

/* A person who is bound to a name on this host (design D3). */
struct person {
	char	 *issuer;
	char	 *subject;
	char	 *name;
	uint32_t  uid;
	uint32_t  gid;		/* of her own group, which has her name */
	char	 *gecos;
	char	 *home;
	char	 *shell;
	char	**groups;	/* the provider's names, as last told */
	size_t	  group_count;
	char	**ssh_keys;	/* lines as in authorized_keys(5), likewise */
	size_t	  ssh_key_count;
	int64_t	  bound;	/* first sign-in (CLOCK_REALTIME seconds) */
	int64_t	  last_proof;	/* ... of the last proof of life (design D6) */
	int64_t	  groups_told;	/* ... when the provider last told of her
				 * groups, or left them to no rule; 0: it has
				 * left them out since */
	int64_t	  last_passkey;	/* ... when a passkey was last used, as far
				 * as tokens told (auth_time); 0: never */
	bool	  revoked;	/* until the next sign-in */
	bool	  listed;	/* in the signed directory (design D8) */
};

/* An empty person; NULL when memory is short. */
struct person *person_new(void) MUST_USE;

/* person may be NULL. */
void	person_free(struct person *person);

/* Append a group's name. 0 or -ENOMEM. */
int	person_add_group(struct person *person, const char *group) MUST_USE;
void	person_clear_groups(struct person *person);

/* Has the provider told of this group? "*" is everybody's. */
bool	person_in_group(const struct person *person, const char *group);

/* Until when what is known of her counts: both her last proof of life and what
 * was told of her groups are younger than offline_max seconds. */
int64_t	person_alive_until(const struct person *person,
	    uint32_t offline_max);

/* Was that told later than now (CLOCK_REALTIME), as a clock that was set back
 * has it? Then nobody knows how old it is: see age.h. */
bool	person_is_ahead(const struct person *person, int64_t now);

/* Do her groups count: is she not revoked, and what is known of her young
 * enough? */
bool	person_is_alive(const struct person *person, int64_t now,
	    uint32_t offline_max);

/* The same as for groups. */
int	person_add_ssh_key(struct person *person, const char *line) MUST_USE;
void	person_clear_ssh_keys(struct person *person);

#endif
