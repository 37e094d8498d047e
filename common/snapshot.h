/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The snapshot: everything that NSS answers, in one file that one writer (the
 * daemon) replaces as a whole and any number of readers map. This is the
 * contract between them; what it promises about computed ids holds for ever.
 *
 * LIFE OF A FILE
 *	The writer fills a temporary file beside the path, syncs it, renames it
 *	to the path, syncs the directory, and then sets the word `retired` of
 *	the file that was there before. Nothing else is ever written to a file
 *	that was published, and none is ever truncated. A reader therefore may
 *	trust a mapping for ever, but should look at `retired` before each use,
 *	and now and then compare device and inode of the path: the writer may
 *	have died between rename and retire.
 *
 * LAYOUT
 *	Integers are little-endian and aligned to their size. Offsets are u32
 *	and count from the start of the file; all of them, and all counts, are
 *	checked where they are used. The header (struct snapshot_header) comes
 *	first; the order of the rest is the writer's.
 *
 *	A section is an offset and a count of elements:
 *	*USERS, *GROUPS	u32 offsets of records, in the order of enumeration
 *	*_NAMES, CALLERS	an index; its values are offsets: of records,
 *			or of strings that end with a NUL
 *	*_IDS		an index; its values are offsets of records, or 1
 *	SUBID_*		an index; its values are ids
 *	HOME, SHELL	text; the count is its length, and a NUL follows
 *
 *	A record is struct snapshot_user_record or snapshot_group_record, at a
 *	multiple of 4. All that belongs to one user lies together, so that a
 *	lookup touches two places: the index and the record.
 *	user		the record, then the strings name, gecos, home, shell,
 *			each with its NUL, then zeros up to a multiple of 4,
 *			then gid_count u32 gids, ascending, without the primary
 *	group		the record, then the name with its NUL, then
 *			member_count bytes, the length of each member's name,
 *			then these names, each with its NUL
 *
 * LOCAL GROUPS
 *	Groups of /etc/group that people are in by a group of the provider.
 *	They are there only if "group" of nsswitch.conf(5) merges what we say
 *	into what /etc/group says; with our members alone, never enumerated,
 *	and no part of initgroups, which takes the gids of the user's record.
 *
 * SUBORDINATE IDS
 *	A user may own SNAPSHOT_SUBID_COUNT ids, as subuid(5) and subgid(5)
 *	alike: those from a multiple of that number on. SUBID_STARTS leads
 *	from the uid to the first, SUBID_OWNERS from the first to the uid. No
 *	user or group has an id that is among them.
 *
 * INDEX
 *	An array of struct snapshot_slot, whose size is a power of two, or 0. At
 *	most half is used; a value of 0 is an empty slot. With h as the 64-bit
 *	hash of the key, the search starts at slot h mod size, goes on to the
 *	next (and from the last to the first), and ends at the key, at an empty
 *	slot, or after SNAPSHOT_PROBE_MAX slots.
 *	The hash of a name is mix(fnv(index_seed, name)), its tag h >> 32; the
 *	hash of an id is mix(index_seed ^ id), its tag the id itself.
 *
 * HASH
 *	fnv(state, bytes) is FNV-1a with 64 bits: for each byte,
 *	state = (state ^ byte) * 0x100000001b3 mod 2^64. mix(h) is the finalizer
 *	of MurmurHash3 (fmix64): h ^= h >> 33, h *= 0xff51afd7ed558ccd,
 *	h ^= h >> 33, h *= 0xc4ceb9fe1a85ec53, h ^= h >> 33.
 *
 * COMPUTED IDS
 *	issuer_seed = fnv(0xcbf29ce484222325, the issuer's bytes)
 *	id = range_start + mix(fnv(issuer_seed, name)) mod range_size
 *	Every host of a fleet computes the same, today and in ten years. With
 *	the issuer https://id.example.com and the range 1879048192, 268435455:
 *	issuer_seed is 0xfd7275487e39ac30, alice is 1907802556, bob is
 *	2026204147 and a-very.long_name is 2091468815.
 *	A group of the provider, by the exact bytes of its name there, has the
 *	id of "group:" and that name, which is nobody's name: with the same
 *	issuer and range, the group devs is 1928989599, the group alice
 *	1987040868 and the group "Ops & Dev" 1905199940.
 */
#ifndef COMMON_SNAPSHOT_H
#define COMMON_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/attr.h"

#define SNAPSHOT_PATH	HOSTPASS_STATEDIR "/snapshot"

#define SNAPSHOT_MAGIC	"hostpass"	/* 8 bytes, without the NUL */
#define SNAPSHOT_MAJOR	2		/* another number: cannot be read */
#define SNAPSHOT_MINOR	0		/* greater: sections may follow these */

/* Bits of snapshot_header.flags. */
#define SNAPSHOT_ENUMERATE	0x1u	/* getpwent and getgrent answer */
#define SNAPSHOT_SIGN_IN	0x2u	/* unknown names are computed */

/* How far a search in an index goes, and what a writer must stay within. */
#define SNAPSHOT_PROBE_MAX	64

/* No string in a record is longer, nor a home directory after %u. */
#define SNAPSHOT_STRING_MAX	1023

/* How many subordinate ids somebody has who has any; a power of two. */
#define SNAPSHOT_SUBID_COUNT	65536u

enum snapshot_section_id {
	SNAPSHOT_USERS,
	SNAPSHOT_GROUPS,
	SNAPSHOT_LOCAL_GROUPS,
	SNAPSHOT_USER_NAMES,
	SNAPSHOT_USER_IDS,
	SNAPSHOT_GROUP_NAMES,
	SNAPSHOT_GROUP_IDS,
	SNAPSHOT_LOCAL_GROUP_NAMES,
	SNAPSHOT_LOCAL_GROUP_IDS,
	SNAPSHOT_SUBID_STARTS,
	SNAPSHOT_SUBID_OWNERS,
	SNAPSHOT_LOCAL_NAMES,	/* users of /etc/passwd: never computed */
	SNAPSHOT_TAKEN_IDS,	/* never computed: local, or once somebody's */
	SNAPSHOT_CALLERS,	/* programs that may sign strangers in */
	SNAPSHOT_HOME,		/* of a computed user; %u is the name */
	SNAPSHOT_SHELL,		/* of a computed user */
	SNAPSHOT_SECTION_COUNT
};

struct snapshot_section {
	uint32_t	offset;
	uint32_t	count;
};

struct snapshot_header {
	char		magic[8];
	uint16_t	major;
	uint16_t	minor;
	uint32_t	retired;	/* at byte 12 in every version */
	uint64_t	size;		/* of the whole file */
	uint64_t	written;	/* seconds since 1970 */
	uint64_t	issuer_seed;
	uint64_t	index_seed;
	uint32_t	range_start;
	uint32_t	range_size;
	uint32_t	flags;
	uint32_t	reserved;	/* 0 */
	struct snapshot_section sections[SNAPSHOT_SECTION_COUNT];
};

struct snapshot_slot {
	uint32_t	tag;
	uint32_t	value;
};

struct snapshot_user_record {
	uint32_t	uid;
	uint32_t	gid;
	uint32_t	gid_count;
	uint16_t	name_length;	/* lengths are without the NUL */
	uint16_t	gecos_length;
	uint16_t	home_length;
	uint16_t	shell_length;
};

struct snapshot_group_record {
	uint32_t	gid;
	uint32_t	member_count;
	uint32_t	members_size;	/* of the names with their NULs */
	uint16_t	name_length;
	uint16_t	reserved;	/* 0 */
};

/* A snapshot in memory. */
struct snapshot {
	const unsigned char	*data;
	size_t			 size;
	dev_t			 device;
	ino_t			 inode;
	uid_t			 owner;	/* the daemon's uid */
};

/* Map the file at path; the file descriptor is closed again. 0, -ENOENT,
 * -EUCLEAN if it is not a snapshot that this version can read, -EPERM if it is
 * not a regular file or others than its owner can write to it, or another
 * -errno. */
int	snapshot_map(const char *path, struct snapshot *ret_snapshot) MUST_USE;

/* Let go of what snapshot_map() gave; everything found in it is invalid. */
void	snapshot_unmap(struct snapshot *s);

/* Read the header of size bytes of memory that starts at a multiple of 8 and
 * stays the caller's. 0 or -EUCLEAN. device, inode and owner become 0. */
int	snapshot_open(const void *data, size_t size,
	    struct snapshot *ret_snapshot) MUST_USE;

/* True once another snapshot has taken the place of this one. */
bool	snapshot_is_retired(const struct snapshot *s);

/* When it was written, in seconds since 1970, and its flags. */
uint64_t snapshot_written(const struct snapshot *s);
uint32_t snapshot_flags(const struct snapshot *s);

/* A user, as long as the snapshot is mapped. The four strings lie one after
 * the other in this order, strings_size bytes with their NULs. */
struct snapshot_user {
	const char	*name;
	const char	*gecos;
	const char	*home;
	const char	*shell;
	size_t		 strings_size;
	uint32_t	 uid;
	uint32_t	 gid;
	uint32_t	 gid_count;
	const uint32_t	*gids;		/* for snapshot_user_gid() alone */
};

/* Find a user, or take the one at index below snapshot_user_count(). 0;
 * -ENOENT if there is none; -EUCLEAN if the file contradicts itself, holds no
 * NUL where one must be, or an id that id_is_allowed() refuses. */
int	snapshot_user_by_name(const struct snapshot *s, const char *name,
	    struct snapshot_user *ret_user) MUST_USE;
int	snapshot_user_by_uid(const struct snapshot *s, uint32_t uid,
	    struct snapshot_user *ret_user) MUST_USE;
int	snapshot_user_at(const struct snapshot *s, uint32_t index,
	    struct snapshot_user *ret_user) MUST_USE;
uint32_t snapshot_user_count(const struct snapshot *s);

/* The supplementary gid at index, which must be below user->gid_count. They
 * ascend. Local groups are among them, so id_is_allowed() does not hold. */
uint32_t snapshot_user_gid(const struct snapshot_user *user, uint32_t index);

/* A group, as long as the snapshot is mapped. */
struct snapshot_group {
	const char		*name;
	size_t			 name_length;
	uint32_t		 gid;
	uint32_t		 member_count;
	const uint8_t		*member_lengths;	/* member_count bytes */
	const char		*members;	/* each with its NUL */
	size_t			 members_size;
};

/* As for users. Of the members it is only known that they are as long as they
 * say and end with a NUL: a lookup must not cost a walk through all of them. */
int	snapshot_group_by_name(const struct snapshot *s, const char *name,
	    struct snapshot_group *ret_group) MUST_USE;
int	snapshot_group_by_gid(const struct snapshot *s, uint32_t gid,
	    struct snapshot_group *ret_group) MUST_USE;
int	snapshot_group_at(const struct snapshot *s, uint32_t index,
	    struct snapshot_group *ret_group) MUST_USE;
uint32_t snapshot_group_count(const struct snapshot *s);

/* The same for the groups of LOCAL GROUPS; -EUCLEAN for a gid that
 * gid_may_be_extended() refuses. */
int	snapshot_local_group_by_name(const struct snapshot *s,
	    const char *name, struct snapshot_group *ret_group) MUST_USE;
int	snapshot_local_group_by_gid(const struct snapshot *s, uint32_t gid,
	    struct snapshot_group *ret_group) MUST_USE;
int	snapshot_local_group_at(const struct snapshot *s, uint32_t index,
	    struct snapshot_group *ret_group) MUST_USE;
uint32_t snapshot_local_group_count(const struct snapshot *s);

/* The member that follows previous, or the first if previous is NULL; NULL
 * after the last. */
const char *snapshot_group_member(const struct snapshot_group *group,
	    const char *previous);

/* The first of the SNAPSHOT_SUBID_COUNT subordinate ids that uid owns: 0,
 * -ENOENT if it owns none, or -EUCLEAN. */
int	snapshot_subid_start(const struct snapshot *s, uint32_t uid,
	    uint32_t *ret_start) MUST_USE;

/* The uid that owns the subordinate id. 0, -ENOENT or -EUCLEAN. */
int	snapshot_subid_owner(const struct snapshot *s, uint32_t id,
	    uint32_t *ret_uid) MUST_USE;

/* Can a range begin here: at a multiple of SNAPSHOT_SUBID_COUNT, above all
 * that the system has, and below what holds (uint32_t)-1? */
bool	snapshot_subid_is_start(uint32_t start);

/*
 * Signing in somebody whom nobody knows yet (design D2).
 */

/* True if this process may be told about a name that nobody has yet: it runs
 * as root and the base name of its program is one of CALLERS. Costs a system
 * call, so ask when all else missed. errno stays as it was. */
bool	snapshot_caller_may_sign_in(const struct snapshot *s);

/* True if base, a program's name without its directory, is one of CALLERS. */
bool	snapshot_has_caller(const struct snapshot *s, const char *base);

/* The uid (and gid) that name would have: computed, nothing is stored. 0;
 * -ENOENT if the snapshot does not sign strangers in, the name is invalid,
 * root, a user's, a group's or a local user's, or the id is reserved, taken, or
 * that of a user or group; -EUCLEAN. Does not ask who the caller is. */
int	snapshot_sign_in_uid(const struct snapshot *s, const char *name,
	    uint32_t *ret_uid) MUST_USE;

/* The same as a user without groups, whose strings lie in buf. -ERANGE if they
 * need more than size bytes; no more than SNAPSHOT_SIGN_IN_SIZE ever do. */
int	snapshot_sign_in_user(const struct snapshot *s, const char *name,
	    char *buf, size_t size, struct snapshot_user *ret_user) MUST_USE;
#define SNAPSHOT_SIGN_IN_SIZE	(4 * (SNAPSHOT_STRING_MAX + 1))

/* Write pattern to buf with each %u replaced by name; it ends with a NUL. 0
 * and its length without the NUL, or -ERANGE. */
int	snapshot_expand_home(const char *pattern, const char *name, char *buf,
	    size_t size, size_t *ret_length) MUST_USE;

/* The computations of COMPUTED IDS: the seed, the id of a user, and that of a
 * group of the provider. size must not be 0. */
uint64_t snapshot_issuer_seed(const char *issuer);
uint32_t snapshot_computed_id(uint64_t issuer_seed, const char *name,
	    uint32_t start, uint32_t size);
uint32_t snapshot_computed_gid(uint64_t issuer_seed, const char *group,
	    uint32_t start, uint32_t size);

/* h of INDEX, for the writer. */
uint64_t snapshot_hash_name(uint64_t index_seed, const char *name);
uint64_t snapshot_hash_id(uint64_t index_seed, uint32_t id);

#endif
