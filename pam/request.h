/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the daemon is told about the program that asks: the fields of
 * AUTHENTICATE and ACCOUNT (common/proto.h).
 */
#ifndef PAM_REQUEST_H
#define PAM_REQUEST_H

#include "common/frame.h"
#include "pam/conversation.h"
#include "pam/owner.h"

/* A number of struct conversation; 0 if there is no randomness. */
uint64_t request_make_number(void);

/* Write a request about the account. Errors stay in f, which must be freed. */
void	request_authenticate(struct frame *f, const struct conversation *c,
	    const struct account *account);
void	request_account(struct frame *f, const struct conversation *c,
	    const struct account *account);

#endif
