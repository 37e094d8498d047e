/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every text of a state is a secret, so that all of it is wiped alike.
 */
#include <errno.h>

#include "daemon/oidc/flow_state.h"

void
flow_state_free(struct flow_state *state)
{
	secret_free(&state->uri);
	secret_free(&state->nonce);
	secret_free(&state->user_code);
	secret_free(&state->device_code);
	secret_free(&state->state);
	secret_free(&state->verifier);
	*state = (struct flow_state){ 0 };
}

/* from may be empty. */
static int
copy(struct secret *to, const struct secret *from)
{
	return from->data == NULL ? 0 : secret_set(to, from->data, from->len);
}

int
flow_state_copy(const struct flow_state *from, struct flow_state *ret_copy)
{
	struct flow_state state = {
		.kind = from->kind, .began = from->began,
		.deadline = from->deadline, .interval = from->interval,
		.next = from->next,
	};

	if (copy(&state.uri, &from->uri) < 0 ||
	    copy(&state.nonce, &from->nonce) < 0 ||
	    copy(&state.user_code, &from->user_code) < 0 ||
	    copy(&state.device_code, &from->device_code) < 0 ||
	    copy(&state.state, &from->state) < 0 ||
	    copy(&state.verifier, &from->verifier) < 0) {
		flow_state_free(&state);
		return -ENOMEM;
	}
	*ret_copy = state;
	return 0;
}
