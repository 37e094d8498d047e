/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A temporary directory with a hostpass.conf and a conf.d, for the tests that
 * read configurations. Names of files are relative to it.
 */
#ifndef TESTS_UNIT_CONFIG_DIR_H
#define TESTS_UNIT_CONFIG_DIR_H

#include <stddef.h>
#include <sys/types.h>

#include "daemon/config/config.h"

/* The least that a configuration needs: three lines. */
#define BASE \
	"[provider]\n" \
	"issuer = https://id.example.com\n" \
	"client_id = abc\n"

/* Of RFC 8037 A.2. */
#define PUBLIC_KEY \
	"{\"kty\":\"OKP\",\"crv\":\"Ed25519\"," \
	"\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"

/* The path of hostpass.conf, and what config_load() wrote last. */
extern char main_file[64];
extern char error[CONFIG_ERROR_MAX];

/* Group fixtures of cmocka. */
int	make_dir(void **state);
int	remove_dir(void **state);

void	path_of(char *path, size_t size, const char *name);
void	write_bytes(const char *name, const char *data, size_t len,
	    mode_t mode);
void	write_text(const char *name, const char *text);
void	remove_file(const char *name);

/* config_load() must succeed. */
void	load_ok(struct config *config);

/* config_load() must refuse, and leave the config alone: its -errno. */
int	load_refused(void);

/* The error must start with file:line and contain words. */
void	assert_error_at(const char *name, unsigned int line,
	    const char *words);

/* A hostpass.conf of this text must be refused at this line. */
void	assert_refused(const char *text, unsigned int line,
	    const char *words);

#endif
