/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the module reads from; tests have other files.
 */
#ifndef SUBID_SUBID_PATHS_H
#define SUBID_SUBID_PATHS_H

extern const char *subid_snapshot;
extern const char *subid_subuid;
extern const char *subid_subgid;

#endif
