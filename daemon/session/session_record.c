/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST take nothing from bytes that are not one whole record of this version.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/names.h"
#include "daemon/oidc/devicecode.h"
#include "daemon/session/session_record.h"

static void
put_flow(struct frame *f, const struct flow_state *flow)
{
	frame_put_u32(f, flow->kind);
	frame_put_u64(f, (uint64_t)flow->began);
	frame_put_u64(f, flow->deadline);
	frame_put_u64(f, flow->interval);
	frame_put_u64(f, flow->next);
	frame_put_string(f, flow->uri.data);
	frame_put_string(f, flow->nonce.data);
	frame_put_string(f, flow->user_code.data);
	frame_put_string(f, flow->device_code.data);
	frame_put_string(f, flow->state.data);
	frame_put_string(f, flow->verifier.data);
}

int
session_record_write(const struct session_record *record, struct frame *f)
{
	frame_start(f, SESSION_RECORD_VERSION);
	frame_put_string(f, record->issuer);
	frame_put_string(f, record->client_id);
	frame_put_string(f, record->user);
	frame_put_string(f, record->service);
	frame_put_string(f, record->rhost);
	frame_put_string(f, record->source);
	frame_put_string(f, record->key);
	frame_put_string(f, record->subject);
	frame_put_u32(f, record->conversation);
	frame_put_u32(f, record->uid);
	frame_put_u32(f, record->peer);
	frame_put_u32(f, record->retry_pid);
	frame_put_u64(f, record->retry_start);
	frame_put_u64(f, record->started);
	frame_put_u32(f, record->granted ? 1 : 0);
	put_flow(f, &record->flow);
	return frame_finish(f, SESSION_RECORD_MAX);
}

/* An empty string is an empty secret. */
static void
get_secret(struct frame_reader *r, struct secret *ret_secret)
{
	char *text = frame_get_string(r, SESSION_RECORD_MAX);

	if (text == NULL || text[0] == '\0') {
		free(text);
		return;
	}
	ret_secret->data = text;
	ret_secret->len = strlen(text);
}

static void
get_flow(struct frame_reader *r, struct flow_state *flow)
{
	flow->kind = frame_get_u32(r);
	flow->began = (int64_t)frame_get_u64(r);
	flow->deadline = frame_get_u64(r);
	flow->interval = frame_get_u64(r);
	flow->next = frame_get_u64(r);
	get_secret(r, &flow->uri);
	get_secret(r, &flow->nonce);
	get_secret(r, &flow->user_code);
	get_secret(r, &flow->device_code);
	get_secret(r, &flow->state);
	get_secret(r, &flow->verifier);
}

static bool
is_plain(const struct secret *text)
{
	return text->data != NULL && text_is_plain(text->data);
}

static bool
flow_is_whole(const struct flow_state *flow)
{
	if (!is_plain(&flow->uri) || flow->nonce.data == NULL)
		return false;
	if (flow->kind == FLOW_DEVICE)
		return is_plain(&flow->user_code) &&
		    flow->device_code.data != NULL && flow->interval > 0 &&
		    flow->interval <= DEVICECODE_LIFETIME_MAX;
	return flow->state.data != NULL && flow->verifier.data != NULL;
}

static bool
is_whole(const struct session_record *record, uint32_t granted)
{
	const struct flow_state *flow = &record->flow;

	if (record->conversation < PROTO_CONVERSATION_PROMPT ||
	    record->conversation > PROTO_CONVERSATION_DESKTOP ||
	    (flow->kind != FLOW_DEVICE && flow->kind != FLOW_BROWSER) ||
	    !name_is_valid(record->user) || record->retry_start == 0)
		return false;
	if (granted == 1)
		return record->subject[0] != '\0';
	return granted == 0 && flow_is_whole(flow);
}

static void
get_record(struct frame_reader *r, struct session_record *record)
{
	record->issuer = frame_get_string(r, SESSION_RECORD_MAX);
	record->client_id = frame_get_string(r, SESSION_RECORD_MAX);
	record->user = frame_get_string(r, NAME_LIMIT);
	record->service = frame_get_string(r, SESSION_RECORD_MAX);
	record->rhost = frame_get_string(r, SESSION_RECORD_MAX);
	record->source = frame_get_string(r, SESSION_SOURCE_SIZE - 1);
	record->key = frame_get_string(r, FINGERPRINT_SIZE - 1);
	record->subject = frame_get_string(r, SESSION_RECORD_MAX);
	record->conversation = frame_get_u32(r);
	record->uid = frame_get_u32(r);
	record->peer = frame_get_u32(r);
	record->retry_pid = frame_get_u32(r);
	record->retry_start = frame_get_u64(r);
	record->started = frame_get_u64(r);
}

int
session_record_read(const void *data, size_t len,
    struct session_record *ret_record)
{
	struct session_record record = { 0 };
	struct frame_reader r;
	uint32_t granted;
	size_t size;
	int error;

	if (frame_peek(data, len, SESSION_RECORD_MAX, &size) < 0 ||
	    size != len)
		return -EPROTO;
	frame_open(&r, data, len);
	if (r.type != SESSION_RECORD_VERSION)
		return -EPROTO;
	get_record(&r, &record);
	granted = frame_get_u32(&r);
	get_flow(&r, &record.flow);
	error = frame_close(&r);
	if (error == 0 && !is_whole(&record, granted))
		error = -EPROTO;
	if (error < 0) {
		session_record_free(&record);
		return error;
	}
	record.granted = granted == 1;
	*ret_record = record;
	return 0;
}

void
session_record_free(struct session_record *record)
{
	free(record->issuer);
	free(record->client_id);
	free(record->user);
	free(record->service);
	free(record->rhost);
	free(record->source);
	free(record->key);
	free(record->subject);
	flow_state_free(&record->flow);
	*record = (struct session_record){ 0 };
}
