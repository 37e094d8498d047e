/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A pending sign-in as bytes, for the daemon that comes after this one.
 */
#ifndef DAEMON_SESSION_SESSION_RECORD_H
#define DAEMON_SESSION_SESSION_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"
#include "common/frame.h"
#include "daemon/oidc/flow_state.h"
#include "daemon/session/session.h"
#include "daemon/store/fingerprint.h"

/* Daemons that write anything else have another number here. */
#define SESSION_RECORD_VERSION	1
#define SESSION_RECORD_MAX	4096

struct session_record {
	/* Of the provider that was asked. */
	char			*issuer;
	char			*client_id;
	char			*user;
	char			*service;
	char			*rhost;
	char			*source;
	char			*key;
	char			*subject;	/* who approved */
	enum proto_conversation	 conversation;
	uint32_t		 uid;		/* that the caller was told */
	uint32_t		 peer;
	uint32_t		 retry_pid;
	uint64_t		 retry_start;
	uint64_t		 started;	/* monotonic milliseconds */
	bool			 granted;	/* and not said yet */
	/* Which flow it is; the rest of it unless it is granted. */
	struct flow_state	 flow;
};

/* Write it. 0 and f->data, f->len; -EMSGSIZE; -ENOMEM. f must be freed either
 * way. */
int	session_record_write(const struct session_record *record,
	    struct frame *f) MUST_USE;

/* Read one. 0 and *ret_record, to be freed: every text is there and no longer
 * than what it is for, what a person sees is plain, and the flow has all that
 * it needs. -EPROTO for anything else, -ENOMEM. */
int	session_record_read(const void *data, size_t len,
	    struct session_record *ret_record) MUST_USE;

/* Wipe. */
void	session_record_free(struct session_record *record);

#endif
