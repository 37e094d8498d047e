# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What the programs of shadow say of subordinate ids on a host. Needs host.sh or
# booted.sh.

# What getsubids says of NAME: "FIRST COUNT", or nothing.
subids()
{
	host_run getsubids "$@" 2>/dev/null | awk '{ print $3, $4 }'
}

# subids_map USER FIRST COUNT: the map of a process of the user's, in a user
# namespace of its own, once newuidmap and newgidmap have filled it.
subids_map()
{
	host_write /srv/map 755 <<-'END'
		#!/bin/sh
		here=$(readlink /proc/self/ns/user)
		unshare --user sleep 60 &
		while [ "$(readlink /proc/$!/ns/user)" = "$here" ]; do :; done
		newuidmap $! 0 "$1" "$2" && newgidmap $! 0 "$1" "$2"
		cat /proc/$!/uid_map /proc/$!/gid_map | xargs -n 3 | uniq
		kill $!
	END
	host_run runuser -u "$1" -- /srv/map "$2" "$3" 2>/dev/null
}
