/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A daemon that serves one connection by a script: what it must be asked, and
 * the bytes that it answers with, right or wrong.
 */
#ifndef TESTS_UNIT_SCRIPTED_DAEMON_H
#define TESTS_UNIT_SCRIPTED_DAEMON_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SCRIPT_FIELDS	3

struct script {
	uint16_t	 request;		/* enum proto_type */
	const char	*fields[SCRIPT_FIELDS];	/* NULL: no more */
	unsigned	 numbers;		/* 1: a number follows */
	uint32_t	 number;
	unsigned	 repeat;		/* replies after the first */
	uint16_t	 reply;			/* 0: close without one */
	const char	*text;			/* the reply's string */
	size_t		 extra;			/* bytes after that string */
	uint16_t	 version;		/* 0: the right one */
	uid_t		 uid;			/* who listens; 0: root */
};

struct scripted_daemon {
	const struct script	*script;
	int			 listener;
	pthread_t		 thread;
	bool			 asked;	/* was asked what the script says */
};

/* Listen at path; the script must outlive the daemon. Failures end the test. */
void	scripted_daemon_start(struct scripted_daemon *d, const char *path,
	    const struct script *script);

/* Wait until it has served, or nobody came. True if it was asked what the
 * script says. */
bool	scripted_daemon_stop(struct scripted_daemon *d);

#endif
