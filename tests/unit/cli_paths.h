/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Included after config.h when the command is built for its tests: it then
 * looks for socket, snapshot and local accounts below its working directory,
 * and does not wait long for a daemon that went.
 */
#undef HOSTPASS_RUNDIR
#define HOSTPASS_RUNDIR		"run"
/* See cli/open_browser.c; milliseconds. */
#define OPEN_BROWSER_PAUSE	10
#undef HOSTPASS_STATEDIR
#define HOSTPASS_STATEDIR	"state"
/* Says what it was called with. */
#define DIRECTORY_PROGRAM	"/bin/echo"
#define MAP_PASSWD		"passwd"
#define MAP_GROUP		"group"
