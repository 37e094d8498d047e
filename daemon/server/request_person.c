/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is asked about one person, or done to her: forget her, and her ssh keys
 * for sshd.
 *
 * MUST tell keys only of somebody whom sshd would be told to let in now.
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "common/log.h"
#include "daemon/policy/account.h"
#include "daemon/refresher/refresher.h"
#include "daemon/report/report.h"
#include "daemon/server/request_private.h"
#include "daemon/snapshot/publish.h"
#include "daemon/store/store_tombstone.h"
#include "daemon/trouble.h"

/* The one field of a request. */
static int
take_user(struct frame_reader *r, char **ret_user)
{
	char *user = frame_get_string(r, PROTO_STRING_MAX);

	if (frame_close(r) < 0) {
		free(user);
		return -EPROTO;
	}
	*ret_user = user;
	return 0;
}

static int
forget(struct world *world, const struct person *person)
{
	int r;

	r = world->refresher == NULL ?
	    store_forget(world->store, person->name, time(NULL)) :
	    refresher_forget(world->refresher, person, time(NULL));
	if (r < 0)
		return r;
	log_line(LOG_NOTICE, "forgot %s; the ids stay reserved", person->name);
	r = publish_world(world);
	if (r < 0)
		log_line(LOG_ERR, "cannot write %s: %s", world->snapshot,
		    trouble_say(r));
	return 0;
}

int
request_forget(struct connection *connection, struct frame_reader *r)
{
	struct world *world = connection->world;
	struct person *person = NULL;
	char *user;
	int error;

	error = take_user(r, &user);
	if (error < 0)
		return error;
	if (*user == '\0') {
		request_send_json(connection, report_forgotten(world));
		free(user);
		return 0;
	}
	error = store_find_name(world->store, user, &person);
	if (error == 0)
		error = forget(world, person);
	if (error == 0)
		request_send_json(connection, report_person(world, person));
	else
		connection_refuse(connection, error == -ENOENT ?
		    "nobody of this name has signed in here" :
		    "the store cannot be written");
	person_free(person);
	free(user);
	return 0;
}

int
request_ssh_keys(struct connection *connection, struct frame_reader *r)
{
	struct world *world = connection->world;
	struct person *person = NULL;
	enum reason reason;
	char *user;
	int error;

	error = take_user(r, &user);
	if (error < 0)
		return error;
	reason = account_decide(world, user, "sshd", NULL, NULL);
	if (reason == REASON_GRANTED &&
	    store_find_name(world->store, user, &person) < 0)
		reason = REASON_INTERNAL;
	/* Of everybody else there is nothing to say: sshd asks for local
	 * users too. */
	if (reason != REASON_GRANTED && reason != REASON_LOCAL_NAME &&
	    reason != REASON_UNKNOWN_PERSON)
		log_line(LOG_NOTICE, "no ssh keys: user=%s reason=%s: %s",
		    user, reason_code(reason), reason_admin(reason));
	request_send_json(connection, report_ssh_keys(person));
	person_free(person);
	free(user);
	return 0;
}
