/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the module reads from. The path is fixed when hostpass is built: the
 * module runs in setuid programs, where no environment may move it.
 */
#include "nss/nss_hostpass.h"

struct snapshot_cache nss_snapshot = { .path = SNAPSHOT_PATH };
