/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The session of somebody's desktop waits for the links of her sign-ins.
 */
#include <errno.h>

#include "common/frame.h"
#include "common/log.h"
#include "common/proto.h"
#include "daemon/server/request_private.h"

static void
send_link(void *arg, const char *uri)
{
	struct connection *connection = arg;
	struct frame f;

	frame_start(&f, PROTO_LINK);
	frame_put_string(&f, uri);
	connection_send(connection, &f, false);
}

static void
give_way(void *arg)
{
	connection_refuse(arg, "another hostpass open-browser of yours does "
	    "this now");
}

static void
join(struct connection *connection)
{
	struct links_reader *reader = &connection->reader;
	struct person *person = NULL;

	/* Only people of ours sign in: others would wait for nothing. */
	if (store_find_uid(connection->world->store, connection->uid,
	    &person) < 0) {
		connection_refuse(connection, "your account is none of "
		    "hostpass's");
		return;
	}
	log_line(LOG_INFO, "links: user=%s opens hers on her desktop",
	    person->name);
	person_free(person);
	reader->uid = connection->uid;
	reader->ready = true;
	reader->open = send_link;
	reader->replaced = give_way;
	reader->arg = connection;
	links_join(connection->world, reader);
}

int
request_links(struct connection *connection, struct frame_reader *r)
{
	struct links_reader *reader = &connection->reader;
	int error = frame_close(r);

	if (error < 0)
		return error;
	if (reader->open != NULL)
		reader->ready = true;
	else if (connection->world->config->open_browser)
		join(connection);
	else
		connection_refuse(connection, "open_browser is not set in "
		    "[prompt] of hostpass.conf");
	return 0;
}
