/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A person owns all strings that hang on her.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/person.h"

struct person *
person_new(void)
{
	return calloc(1, sizeof(struct person));
}

void
person_clear_groups(struct person *person)
{
	size_t i;

	for (i = 0; i < person->group_count; i++)
		free(person->groups[i]);
	free(person->groups);
	person->groups = NULL;
	person->group_count = 0;
}

void
person_free(struct person *person)
{
	if (person == NULL)
		return;
	person_clear_groups(person);
	free(person->issuer);
	free(person->subject);
	free(person->name);
	free(person->gecos);
	free(person->home);
	free(person->shell);
	free(person);
}

int
person_add_group(struct person *person, const char *group)
{
	char **groups, *copy;

	groups = reallocarray(person->groups, person->group_count + 1,
	    sizeof(*groups));
	if (groups == NULL)
		return -ENOMEM;
	person->groups = groups;
	copy = strdup(group);
	if (copy == NULL)
		return -ENOMEM;
	groups[person->group_count++] = copy;
	return 0;
}
