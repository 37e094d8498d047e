/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the value of a key may be. Each setter here checks one kind of value
 * and stores it, or says what is wrong with it and where it stands.
 */
#ifndef DAEMON_CONFIG_CONFIG_VALUE_H
#define DAEMON_CONFIG_CONFIG_VALUE_H

#include <regex.h>

#include "common/attr.h"
#include "daemon/config/config.h"

/* Where a value stands, and where to say what is wrong with it. */
struct config_place {
	const char	*file;
	unsigned int	 line;	/* 0: not a line but the file as a whole */
	char		*error;	/* CONFIG_ERROR_MAX bytes */
};

/* Write "file:line: " and the sentence to place->error; the prefix is left out
 * where there is no line. Returns r, so that it can end a function. */
int	config_fail(const struct config_place *place, int r,
	    const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Store value, which is never empty, in where, and free what was there. 0, or
 * -EINVAL (-ENOMEM) with place->error; where is untouched on failure. */
typedef int config_setter_fn(const struct config_place *place,
	    const char *value, void *where);

/* where is a char *: */
config_setter_fn config_set_text;
config_setter_fn config_set_issuer;	/* or the URL of its document */
config_setter_fn config_set_url;	/* that url_is_allowed() */
config_setter_fn config_set_proxy;	/* a URL that libcurl understands */
config_setter_fn config_set_path;	/* becomes absolute */
config_setter_fn config_set_scopes;	/* openid among them */
config_setter_fn config_set_home;	/* absolute, with %u */
config_setter_fn config_set_shell;	/* absolute */
config_setter_fn config_set_ca_file;	/* becomes absolute */
config_setter_fn config_set_pattern;	/* one /regex/ */
/* where is a struct secret: the content of the file that value names, which may
 * be a credential of systemd */
config_setter_fn config_set_secret_file;	/* one line */
config_setter_fn config_set_key_file;		/* all of it */
config_setter_fn config_set_public_file;	/* likewise; no secret */
/* where is an enum client_auth_method */
config_setter_fn config_set_audience;
config_setter_fn config_set_client_auth;
/* where is an enum config_preset */
config_setter_fn config_set_preset;
/* where is an enum flow_kind */
config_setter_fn config_set_flow;
/* where is an enum config_userinfo */
config_setter_fn config_set_userinfo;
/* where is a uint32_t: seconds, more than none */
config_setter_fn config_set_duration;
config_setter_fn config_set_wait;
/* where is a uint32_t: seconds; 0 for "off" */
config_setter_fn config_set_duration_or_off;
/* where is a uint32_t: a number within the limits of the key */
config_setter_fn config_set_length;
config_setter_fn config_set_tries;
/* where is a uint32_t from 1 to 65536 */
config_setter_fn config_set_count;
/* where is a bool */
config_setter_fn config_set_boolean;
config_setter_fn config_set_on_revoke;	/* bool: end sessions */
/* where is an enum config_switch */
config_setter_fn config_set_switch;
/* where is a char: what separates names, '\0' for nothing */
config_setter_fn config_set_groups_format;
/* where is a struct config_identity: range_start and range_end, or
 * subid_start and subid_end */
config_setter_fn config_set_range;
config_setter_fn config_set_subid_range;
/* where is a bool: on or off; lower or keep */
config_setter_fn config_set_provision;
config_setter_fn config_set_name_case;
/* where is a char *: */
config_setter_fn config_set_domain;
config_setter_fn config_set_user_home;	/* that path_is_plain() */
/* where is a uint32_t: that id_is_allowed() */
config_setter_fn config_set_id;
/* where is a struct config_match */
config_setter_fn config_set_match;
/* where is a struct config_list: */
config_setter_fn config_set_words;	/* the provider's: any text */
config_setter_fn config_set_users;	/* Linux names and /regex/ */
config_setter_fn config_set_names;	/* Linux names */
config_setter_fn config_set_callers;	/* base names of programs */

/* Is there exactly the credential that client_auth needs? 0, or -EINVAL with
 * place->error. */
int	config_check_client(const struct config_provider *provider,
	    const struct config_place *place) MUST_USE;

/* May name have a section [user:NAME]? 0, or -EINVAL with place->error. */
int	config_check_user(const struct config_place *place,
	    const char *name) MUST_USE;

/* The [user:NAME] of config, made if it is not there; NULL for want of
 * memory. */
struct config_user *config_user_at(struct config *config,
	    const char *name) MUST_USE;

/* Do no two of them name one person, or one uid? 0, or -EINVAL with
 * place->error. */
int	config_check_users(const struct config *config,
	    const struct config_place *place) MUST_USE;

void	config_free_users(struct config *config);

void	config_list_free(struct config_list *list);

/* Is this entry of allow_users a regular expression? */
bool	config_is_pattern(const char *item);

/* Compile such an entry (POSIX extended), without its slashes. 0 and a regex
 * that must be freed with regfree(), or the error of regcomp(). */
int	config_pattern_compile(const char *item, regex_t *ret_regex) MUST_USE;

/* Does the whole of text fit it? */
bool	config_pattern_fits(const char *item, const char *text);

#endif
