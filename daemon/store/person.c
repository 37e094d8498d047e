/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A person owns all strings that hang on her.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/age.h"
#include "daemon/store/person.h"

struct person *
person_new(void)
{
	return calloc(1, sizeof(struct person));
}

static void
clear_texts(char ***texts, size_t *count)
{
	size_t i;

	for (i = 0; i < *count; i++)
		free((*texts)[i]);
	free(*texts);
	*texts = NULL;
	*count = 0;
}

static int
add_text(char ***texts, size_t *count, const char *text)
{
	char **more, *copy;

	more = reallocarray(*texts, *count + 1, sizeof(*more));
	if (more == NULL)
		return -ENOMEM;
	*texts = more;
	copy = strdup(text);
	if (copy == NULL)
		return -ENOMEM;
	more[(*count)++] = copy;
	return 0;
}

int
person_add_group(struct person *person, const char *group)
{
	return add_text(&person->groups, &person->group_count, group);
}

void
person_clear_groups(struct person *person)
{
	clear_texts(&person->groups, &person->group_count);
}

bool
person_in_group(const struct person *person, const char *group)
{
	size_t i;

	if (strcmp(group, "*") == 0)
		return true;
	for (i = 0; i < person->group_count; i++) {
		if (strcmp(person->groups[i], group) == 0)
			return true;
	}
	return false;
}

int64_t
person_alive_until(const struct person *person, uint32_t offline_max)
{
	int64_t told = person->last_proof < person->groups_told ?
	    person->last_proof : person->groups_told;

	return told + (int64_t)offline_max;
}

bool
person_is_ahead(const struct person *person, int64_t now)
{
	return age_is_unknown(person->last_proof, now) ||
	    age_is_unknown(person->groups_told, now);
}

bool
person_is_alive(const struct person *person, int64_t now,
    uint32_t offline_max)
{
	return !person->revoked &&
	    !person_is_ahead(person, now) &&
	    now <= person_alive_until(person, offline_max);
}

int
person_add_ssh_key(struct person *person, const char *line)
{
	return add_text(&person->ssh_keys, &person->ssh_key_count, line);
}

void
person_clear_ssh_keys(struct person *person)
{
	clear_texts(&person->ssh_keys, &person->ssh_key_count);
}

void
person_free(struct person *person)
{
	if (person == NULL)
		return;
	person_clear_groups(person);
	person_clear_ssh_keys(person);
	free(person->issuer);
	free(person->subject);
	free(person->name);
	free(person->gecos);
	free(person->home);
	free(person->shell);
	free(person);
}
