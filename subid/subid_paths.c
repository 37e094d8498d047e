/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The paths are fixed when hostpass is built: newuidmap is a setuid program,
 * where no environment may move them.
 */
#include "common/snapshot.h"
#include "subid/subid_paths.h"

const char *subid_snapshot = SNAPSHOT_PATH;
const char *subid_subuid = "/etc/subuid";
const char *subid_subgid = "/etc/subgid";
