/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Included after config.h when the command is built for its tests: it then
 * looks for socket, snapshot and local accounts below its working directory.
 */
#undef HOSTPASS_RUNDIR
#define HOSTPASS_RUNDIR		"run"
#undef HOSTPASS_STATEDIR
#define HOSTPASS_STATEDIR	"state"
#define MAP_PASSWD		"passwd"
#define MAP_GROUP		"group"
