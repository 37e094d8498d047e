# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Terminals at which somebody sits: what logind would tell of them is here, a
# cgroup and a file. Needs terminal.sh and host.sh.

console_cgroup=

# Where libsystemd looks for the cgroups of sessions.
console_root()
{
	local root=/sys/fs/cgroup

	[ "$(stat -f -c %T "$root")" = cgroup2fs ] || root+=/unified
	[ "$(stat -f -c %T "$root")" = cgroup2fs ] || root=${root%/*}/systemd
	echo "$root"
}

# console_session UID: makes a session at a seat. world.sh removes the cgroup.
console_session()
{
	console_cgroup=$(console_root)/hostpass${WORLD_DIR##*.}.slice
	console_cgroup+=/session-c1.scope
	mkdir -p "$console_cgroup" &&
		host_run install -d /run/systemd/sessions &&
		host_write /run/systemd/sessions/c1 644 <<-END
			UID=$1
			ACTIVE=1
			STATE=active
			REMOTE=0
			SEAT=seat0
			TYPE=tty
			CLASS=user
		END
}

# console_open NAME CGROUP COMMAND...: on the host, as root, at a terminal that
# nobody can attach to.
console_open()
{
	local name=$1 cgroup=$2
	shift 2

	terminal_open "$name" "$TOP/tests/hosts/console" "$cgroup" nsenter \
		--target "$HOST_PID" --mount --uts -- env -i \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=screen \
		LANG=C.UTF-8 "$@"
}
