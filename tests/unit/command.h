/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Running the command in a directory of its own, and comparing what it prints
 * and how it ends with the files of tests/unit/golden. UPDATE_GOLDEN=1 in the
 * environment writes these files anew.
 */
#ifndef TESTS_UNIT_COMMAND_H
#define TESTS_UNIT_COMMAND_H

#include <stdbool.h>

#define COMMAND_ARGS	24
#define COMMAND_OUTPUT	8192

/* False if not; then the plan of a test that is skipped has been printed. */
bool	command_can_run(void);

/* The same for a program that trusts no socket: not as root either. */
bool	command_is_built(void);

/* Run this program of the build instead of the command. */
void	command_use(const char *name);

/* Make the directory, go there and leave it: for cmocka. It has run/ and
 * state/, where the command looks for socket and snapshot. */
int	command_set_up(void **state);
int	command_tear_down(void **state);

/* Run the command with that file as stdout; what it printed to "out", and how
 * it ended, as golden files have it. */
void	command_run(const char *const *args, const char *out,
	    char result[COMMAND_OUTPUT]);

/* Compare with golden/NAME.txt. */
void	command_compare(const char *name, const char *result);

#endif
