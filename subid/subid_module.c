/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nobody's useradd fails because of this module. Where shadow has loaded one,
 * it writes no line of /etc/subuid: useradd and userdel of 4.14 to 4.18 then
 * end with an error, and those of other versions give no ranges to local users
 * and leave those of the deleted behind. What they look up first is therefore
 * missing for them; they say so, unload the module and use the files.
 *
 * What a program was executed as is its caller's choice. Who makes newuidmap
 * believe in a missing function has it read the files alone, as it would
 * without us, and owns less by that.
 */
#include <stddef.h>
#include <sys/auxv.h>

#include "subid/subid_editor.h"
#include "subid/subid_hostpass.h"

#ifdef HAVE_IFUNC

typedef enum subid_status has_range_fn(const char *owner, unsigned long start,
    unsigned long count, enum subid_type type, bool *result);

/* Called by dlsym(3): nothing in here refers to the symbol. */
__attribute__((used)) static has_range_fn *
choose(void)
{
	const char *path = (const char *)getauxval(AT_EXECFN);

	return subid_is_editor(path) ? NULL : subid_has_range;
}

enum subid_status shadow_subid_has_range(const char *owner,
    unsigned long start, unsigned long count, enum subid_type type,
    bool *result) __attribute__((ifunc("choose")));

#else

enum subid_status
shadow_subid_has_range(const char *owner, unsigned long start,
    unsigned long count, enum subid_type type, bool *result)
{
	return subid_has_range(owner, start, count, type, result);
}

#endif
