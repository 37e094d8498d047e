/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file in memory, of slots that a value each may stand in, which can outlive
 * the process: whoever holds the file can read them. It never has a name nor
 * touches a disk, its size cannot be changed, and each slot is wiped when it
 * is left.
 */
#ifndef DAEMON_SESSION_SLOTS_H
#define DAEMON_SESSION_SLOTS_H

#include <stddef.h>

#include "common/attr.h"

/* The longest value. A slot is a page; one that is empty takes no memory. */
#define SLOTS_VALUE_MAX	(4096 - 4)
#define SLOTS_COUNT_MAX	65536

struct slots;

/* Make a file of so many slots, no more than SLOTS_COUNT_MAX. 0 or -errno; it
 * must be freed. */
int	slots_new(size_t count, struct slots **ret_slots) MUST_USE;

/* Let go of the file, which stays what it is for others who hold it. slots may
 * be NULL. */
void	slots_free(struct slots *slots);

/* The file, as long as slots lives. */
int	slots_fd(const struct slots *slots);

/* Write data to the slot *slot, or to an empty one if that is 0; *slot is then
 * where it is (from 1). 0; -EMSGSIZE; -ENOSPC if there is no empty one. A
 * process that ends meanwhile leaves the slot empty. */
int	slots_put(struct slots *slots, size_t *slot, const void *data,
	    size_t len) MUST_USE;

/* Wipe the slot and make *slot 0, if it is not that already. */
void	slots_drop(struct slots *slots, size_t *slot);

/* Hand all values of another process' file to each, which must not keep data,
 * and wipe them there. 0; -EUCLEAN if it is no such file; another -errno. */
int	slots_take(int fd,
	    void (*each)(void *arg, const void *data, size_t len),
	    void *arg) MUST_USE;

#endif
