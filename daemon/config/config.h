/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /etc/hostpass/hostpass.conf and conf.d, read strictly: an unknown section or
 * key, a value that does not parse, or a file that others may write is an
 * error with file, line and remedy, and the daemon does not start.
 */
#ifndef DAEMON_CONFIG_CONFIG_H
#define DAEMON_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"
#include "common/secret.h"
#include "daemon/oidc/client_auth.h"
#include "daemon/oidc/flow.h"

/* A list of exact strings. */
struct config_list {
	char	**items;
	size_t	  count;
};

/* What differs between providers by default. */
enum config_preset {
	CONFIG_PRESET_GENERIC,
	CONFIG_PRESET_POCKETID,
};

/* When the userinfo endpoint is asked. */
enum config_userinfo {
	CONFIG_USERINFO_AUTO,	/* a claim of [identity] is missing */
	CONFIG_USERINFO_ALWAYS,
	CONFIG_USERINFO_NEVER,
};

/* A yes or no for which something else can stand in. */
enum config_switch {
	CONFIG_SWITCH_UNSET,
	CONFIG_SWITCH_NO,
	CONFIG_SWITCH_YES,
};

/* [identity]; of one provider: with what [provider:NAME] says instead. */
struct config_identity {
	char		*username_claim;	/* "preferred_username" */
	char		*strip_domain;		/* NULL: nothing is cut off */
	bool		 lower_case;		/* name_case */
	char		*groups_claim;		/* "groups" */
	char		 groups_separator;	/* groups_format: ' ' or ','
						 * in a string; '\0': none */
	char		*uid_claim;		/* these: NULL for none */
	char		*gid_claim;
	char		*shell_claim;
	char		*home_claim;
	char		*gecos_claim;		/* "name" */
	char		*ssh_keys_claim;
	char		*map_file;		/* NULL: none */
	bool		 provision;		/* make accounts of anybody */
	struct config_list own_groups;		/* "*": all */
	char		*home;			/* "/home/%u" */
	char		*shell;			/* "/bin/bash" */
	uint32_t	 range_start;		/* uid_range, inclusive */
	uint32_t	 range_end;
	uint32_t	 subid_start;		/* subid_range, inclusive; */
	uint32_t	 subid_end;		/* 0: off */
};

/* [provider], whose name is empty, or one of several [provider:NAME]. */
struct config_provider {
	char		*name;
	char		*names;		/* /regex/: who is sent there; NULL: */
					/* everybody */
	char		*issuer;	/* required */
	char		*client_id;	/* required */
	enum client_auth_method client_auth;
	struct secret	 client_secret;	/* one of these three, or none: a */
	struct secret	 client_key;	/* public client */
	char		*client_assertion_file;
	enum client_auth_audience client_assertion_audience;
	enum config_preset preset;
	char		*scopes;	/* "openid profile email groups" */
	enum flow_kind	 flow;
	/* NULL: what discovery says */
	char		*authorization_endpoint;
	char		*device_authorization_endpoint;
	char		*token_endpoint;
	char		*jwks_uri;
	char		*userinfo_endpoint;
	enum config_userinfo userinfo;
	char		*ca_file;	/* NULL: the system's */
	char		*proxy;		/* NULL: none */
	uint32_t	 timeout;	/* seconds for one HTTP exchange */
	bool		 allow_http_loopback;
	struct config_identity identity;
};

/* [access] has an empty service; [access:sudo] has "sudo". */
struct config_access {
	char			*service;
	struct config_list	 allow_groups;
	struct config_list	 allow_users;	/* exact, or /regex/ */
	struct config_list	 deny_groups;	/* who fits one of these is */
	struct config_list	 deny_users;	/* denied, whatever allows */
	uint32_t		 max_age;	/* seconds; 0: not asked for */
	uint32_t		 passkey_max;	/* likewise */
	enum config_switch	 fresh_auth;
	struct config_list	 require_amr;	/* "*": anything will do */
};

/* A line of [groups], whose provider is empty, or of [groups:PROVIDER]: a group
 * there = local groups. "*" is everybody, or everybody from there. */
struct config_group {
	char			*provider;
	char			*name;
	struct config_list	 local;
};

/* [directory] */
struct config_directory {
	char		*url;		/* NULL: there is none */
	struct secret	 keys;		/* what stands in key_file */
	uint32_t	 refresh;	/* seconds */
	char		*ca_file;	/* NULL: the system's */
	char		*proxy;		/* NULL: none */
	bool		 allow_http_loopback;
};

/* [passcode] */
struct config_passcode {
	bool			 enabled;
	uint32_t		 min_length;	/* characters */
	struct config_list	 services;	/* PAM services at this host */
	uint32_t		 tries;		/* wrong ones until it locks */
};

/* [token] */
struct config_token {
	struct config_list	 allow_groups;	/* none: nobody */
	struct config_list	 scopes;
};

/* [limits]: numbers of sign-ins that wait, that begin in a minute, and of
 * connections. */
struct config_limits {
	uint32_t	 pending;		/* in all */
	uint32_t	 pending_user;		/* for one name */
	uint32_t	 pending_source;	/* from one source */
	uint32_t	 pending_uid;		/* of one peer, not root */
	uint32_t	 rate_user;		/* one name, one source */
	uint32_t	 rate_source;
	uint32_t	 connections;		/* of all but root */
	uint32_t	 connections_uid;
};

/* What tells that a token is of the person of a [user:NAME]. */
enum config_match_kind {
	CONFIG_MATCH_NONE,		/* her name, as of everybody else */
	CONFIG_MATCH_EMAIL,		/* verified */
	CONFIG_MATCH_SUB,
	CONFIG_MATCH_PREFERRED_USERNAME,
};

struct config_match {
	enum config_match_kind	 kind;
	char			*value;
};

/* [user:NAME] */
struct config_user {
	char			*name;
	struct config_match	 match;
	uint32_t		 uid;		/* 0: not said here */
	char			*shell;		/* NULL: likewise */
	char			*home;
};

struct config {
	struct config_provider	*providers;	/* in the order of the file; */
	size_t			 provider_count;	/* one at least */
	struct config_identity	 identity;
	struct config_access	*access;	/* [0] is [access], always */
	size_t			 access_count;
	struct config_group	*groups;
	size_t			 group_count;
	struct config_user	*users;
	size_t			 user_count;
	/* [cache] */
	uint32_t		 refresh;	/* seconds */
	uint32_t		 offline_max;	/* seconds */
	bool			 end_sessions;	/* on_revoke = end-sessions */
	struct config_directory	 directory;
	uint32_t		 remember_key;	/* seconds; 0: off */
	struct config_passcode	 passcode;
	struct config_token	 token;
	struct config_limits	 limits;
	/* [prompt] */
	bool			 qr;		/* show the QR code */
	bool			 open_browser;	/* see links.h */
	uint32_t		 wait;		/* seconds for sshd's */
						/* conversation; below */
						/* LoginGraceTime */
	/* [nss] */
	bool			 enumerate;
	struct config_list	 callers;	/* login programs, design D2 */
};

/* Room for "file:line: what is wrong; what to do about it". */
#define CONFIG_ERROR_MAX	512

/* Read path and then path's sibling conf.d/ *.conf in order of name; a later
 * value replaces an earlier one. 0, or -EINVAL (or another -errno) with a
 * sentence in error. The config must be freed when 0 was returned. */
int	config_load(const char *path, struct config *ret_config,
	    char error[CONFIG_ERROR_MAX]) MUST_USE;

/* Wipe and free everything in config. */
void	config_free(struct config *config);

/* The provider that has this issuer, or NULL if none has it (any more). */
const struct config_provider *config_provider_of(const struct config *config,
	    const char *issuer);

/* The provider that somebody is sent to who has never been here: the first one
 * whose names fit, or NULL if there is none. */
const struct config_provider *config_provider_for(const struct config *config,
	    const char *user);

/* The group that an item of allow_groups means at provider: item itself, or
 * what stands behind NAME: where providers have names. NULL: none of its. */
const char *config_provider_group(const struct config_provider *provider,
	    const char *item);

/* The issuer that ids are computed from, for all names: the first one's. A
 * lookup cannot know to which provider somebody would be sent, and a name is
 * one person's on a host, wherever she comes from. */
const char *config_seed_issuer(const struct config *config);

/* The section [access:SERVICE], or NULL if there is none. sudo-i and su-l have
 * that of sudo and su unless there is one of their own. */
const struct config_access *config_access_for(const struct config *config,
	    const char *service);

/* The section [user:NAME], or NULL if there is none. */
const struct config_user *config_user_for(const struct config *config,
	    const char *name);

#endif
