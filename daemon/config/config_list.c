/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists in the configuration: items between commas, trimmed, none of them
 * empty. An item of allow_users that starts with a slash is a regular
 * expression up to the next slash, commas included; elsewhere a slash is a
 * letter like any other, for some providers' group names are paths.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/names.h"
#include "daemon/config/config_value.h"

#define REGEX_ERROR_MAX	128

/* Checks one item of a list. */
typedef int item_check_fn(const struct config_place *place, const char *item);

void
config_list_free(struct config_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
	list->items = NULL;
	list->count = 0;
}

static int
append(struct config_list *list, const char *item, size_t len)
{
	char **items, *copy;

	items = reallocarray(list->items, list->count + 1, sizeof(*items));
	if (items == NULL)
		return -ENOMEM;
	list->items = items;
	copy = strndup(item, len);
	if (copy == NULL)
		return -ENOMEM;
	list->items[list->count++] = copy;
	return 0;
}

/* The length of the item at the head of text, with the blanks after it. */
static size_t
item_span(const char *text, bool patterns)
{
	const char *slash = NULL;

	if (patterns && *text == '/')
		slash = strchr(text + 1, '/');
	if (slash == NULL)
		return strcspn(text, ",");
	return (size_t)(slash - text) + strcspn(slash, ",");
}

static int
split(const struct config_place *place, const char *value, bool patterns,
    struct config_list *list)
{
	const char *p = value;
	size_t span, len;

	for (;;) {
		p += strspn(p, " ");
		span = item_span(p, patterns);
		for (len = span; len > 0 && p[len - 1] == ' '; len--)
			;
		if (len == 0)
			return config_fail(place, -EINVAL,
			    "an item of the list is empty");
		if (append(list, p, len) < 0)
			return config_fail(place, -ENOMEM, "out of memory");
		p += span;
		if (*p == '\0')
			return 0;
		p++;
	}
}

static int
set_list(const struct config_place *place, const char *value, bool patterns,
    item_check_fn *check, void *where)
{
	struct config_list list = { NULL, 0 }, *ret = where;
	size_t i;
	int r;

	r = split(place, value, patterns, &list);
	for (i = 0; r == 0 && check != NULL && i < list.count; i++)
		r = check(place, list.items[i]);
	if (r < 0) {
		config_list_free(&list);
		return r;
	}
	config_list_free(ret);
	*ret = list;
	return 0;
}

static int
check_name(const struct config_place *place, const char *item)
{
	if (name_is_valid(item))
		return 0;
	return config_fail(place, -EINVAL, "'%s' is not a valid Linux name",
	    item);
}

bool
config_is_pattern(const char *item)
{
	return *item == '/';
}

int
config_pattern_compile(const char *item, regex_t *ret_regex)
{
	size_t len = strlen(item);
	char *inner;
	int r;

	if (len < 3 || item[0] != '/' || item[len - 1] != '/')
		return REG_BADPAT;
	inner = strndup(item + 1, len - 2);
	if (inner == NULL)
		return REG_ESPACE;
	r = regcomp(ret_regex, inner, REG_EXTENDED);
	free(inner);
	return r;
}

/*
 * Only a match of the whole text counts. POSIX promises the longest of the
 * leftmost matches, so it is enough to look at its ends; writing ^( )$ around
 * the expression would not do, for `a)|(b` fits into that and undoes it.
 */
bool
config_pattern_fits(const char *item, const char *text)
{
	regmatch_t match;
	regex_t regex;
	bool fits;

	if (config_pattern_compile(item, &regex) != 0)
		return false;
	fits = regexec(&regex, text, 1, &match, 0) == 0 &&
	    match.rm_so == 0 && (size_t)match.rm_eo == strlen(text);
	regfree(&regex);
	return fits;
}

static int
check_pattern(const struct config_place *place, const char *item)
{
	char why[REGEX_ERROR_MAX];
	regex_t regex;
	int r;

	r = config_pattern_compile(item, &regex);
	if (r == 0) {
		regfree(&regex);
		return 0;
	}
	(void)regerror(r, NULL, why, sizeof(why));
	return config_fail(place, -EINVAL, "'%s' is not a regular expression "
	    "between slashes: %s", item, why);
}

static int
check_user(const struct config_place *place, const char *item)
{
	return config_is_pattern(item) ? check_pattern(place, item) :
	    check_name(place, item);
}

static int
check_caller(const struct config_place *place, const char *item)
{
	if (strchr(item, '/') == NULL)
		return 0;
	return config_fail(place, -EINVAL, "'%s' must be the name of a "
	    "program without its directory", item);
}

int
config_set_words(const struct config_place *place, const char *value,
    void *where)
{
	return set_list(place, value, false, NULL, where);
}

int
config_set_users(const struct config_place *place, const char *value,
    void *where)
{
	return set_list(place, value, true, check_user, where);
}

int
config_set_names(const struct config_place *place, const char *value,
    void *where)
{
	return set_list(place, value, false, check_name, where);
}

int
config_set_callers(const struct config_place *place, const char *value,
    void *where)
{
	return set_list(place, value, false, check_caller, where);
}

int
config_set_pattern(const struct config_place *place, const char *value,
    void *where)
{
	char **pattern = where, *copy;
	int r;

	r = check_pattern(place, value);
	if (r < 0)
		return r;
	copy = strdup(value);
	if (copy == NULL)
		return config_fail(place, -ENOMEM, "out of memory");
	free(*pattern);
	*pattern = copy;
	return 0;
}
