/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A slot is the length of its value (u32), 0 while it is empty, and the value.
 *
 * MUST: a length is there only while its whole value is, so that a process can
 * end at any point; a file that is taken is believed nothing, not even that it
 * has the size that it has.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/session/slots.h"

#define SLOT_SIZE	4096
#define SEALS		(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

struct slot {
	_Atomic uint32_t	len;
	uint8_t			value[SLOTS_VALUE_MAX];
};
_Static_assert(sizeof(struct slot) == SLOT_SIZE, "a slot is a page");

struct slots {
	int		 fd;
	size_t		 count;
	struct slot	*file;
};

static int
make_file(size_t size)
{
	int fd, r = 0;

	fd = memfd_create("hostpass", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)size) < 0 ||
	    fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		r = -errno;
	if (r < 0) {
		(void)close(fd);
		return r;
	}
	return fd;
}

int
slots_new(size_t count, struct slots **ret_slots)
{
	struct slots *slots;
	int r;

	if (count == 0 || count > SLOTS_COUNT_MAX)
		return -EINVAL;
	slots = calloc(1, sizeof(*slots));
	if (slots == NULL)
		return -ENOMEM;
	slots->count = count;
	slots->fd = make_file(count * SLOT_SIZE);
	if (slots->fd < 0) {
		r = slots->fd;
		free(slots);
		return r;
	}
	slots->file = mmap(NULL, count * SLOT_SIZE, PROT_READ | PROT_WRITE,
	    MAP_SHARED, slots->fd, 0);
	if (slots->file == MAP_FAILED) {
		r = -errno;
		slots->file = NULL;
		slots_free(slots);
		return r;
	}
	(void)madvise(slots->file, count * SLOT_SIZE, MADV_DONTDUMP);
	*ret_slots = slots;
	return 0;
}

void
slots_free(struct slots *slots)
{
	if (slots == NULL)
		return;
	if (slots->file != NULL)
		(void)munmap(slots->file, slots->count * SLOT_SIZE);
	(void)close(slots->fd);
	free(slots);
}

int
slots_fd(const struct slots *slots)
{
	return slots->fd;
}

static size_t
find_empty(const struct slots *slots)
{
	size_t i;

	for (i = 0; i < slots->count; i++) {
		if (slots->file[i].len == 0)
			return i + 1;
	}
	return 0;
}

int
slots_put(struct slots *slots, size_t *slot, const void *data, size_t len)
{
	struct slot *to;

	if (len == 0 || len > SLOTS_VALUE_MAX)
		return -EMSGSIZE;
	if (*slot == 0)
		*slot = find_empty(slots);
	if (*slot == 0)
		return -ENOSPC;
	to = &slots->file[*slot - 1];
	to->len = 0;
	explicit_bzero(to->value, sizeof(to->value));
	memcpy(to->value, data, len);
	to->len = (uint32_t)len;
	return 0;
}

void
slots_drop(struct slots *slots, size_t *slot)
{
	struct slot *from;

	if (*slot == 0)
		return;
	from = &slots->file[*slot - 1];
	from->len = 0;
	explicit_bzero(from->value, sizeof(from->value));
	*slot = 0;
}

/* Read, never mapped: a file of somebody else's may shrink under a mapping. */
static int
take_one(int fd, off_t at, struct slot *slot,
    void (*each)(void *arg, const void *data, size_t len), void *arg)
{
	static const uint8_t zeros[SLOT_SIZE];
	uint32_t len;

	if (pread(fd, slot, SLOT_SIZE, at) != SLOT_SIZE)
		return -EUCLEAN;
	len = slot->len;
	if (len == 0)
		return 0;
	if (pwrite(fd, zeros, SLOT_SIZE, at) != SLOT_SIZE)
		return -EUCLEAN;
	if (len > SLOTS_VALUE_MAX)
		return -EUCLEAN;
	each(arg, slot->value, len);
	return 0;
}

int
slots_take(int fd, void (*each)(void *arg, const void *data, size_t len),
    void *arg)
{
	struct slot *slot;
	struct stat st;
	off_t at;
	int r = 0;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size % SLOT_SIZE != 0 ||
	    st.st_size / SLOT_SIZE > SLOTS_COUNT_MAX)
		return -EUCLEAN;
	slot = malloc(sizeof(*slot));
	if (slot == NULL)
		return -ENOMEM;
	for (at = 0; r == 0 && at < st.st_size; at += SLOT_SIZE)
		r = take_one(fd, at, slot, each, arg);
	explicit_bzero(slot, sizeof(*slot));
	free(slot);
	return r;
}
