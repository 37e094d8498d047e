# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The world: namespaces in which a script runs itself again, so that nothing
# that it starts, mounts or listens on outlives it or is seen from outside.
# Needs tests/lib/suite.sh. In the world,
#	WORLD_DIR	is an empty tmpfs
#	the network	is a loopback and nothing else, unless it is shared
#	ssh		knows the private host's key, and no configuration or
#			key of whoever runs the script

# True in the world.
world_inside()
{
	[ "$$" -eq 1 ] && [ -n "${WORLD_DIR:-}" ]
}

# Asked before anything is installed or built for it.
world_is_possible()
{
	[ "$(id -u)" -eq 0 ] && unshare --mount --pid --net --fork true
}

# world_enter private|shared "$@": returns at once in the world. Outside, it
# runs the calling script there with these arguments and ends as it ends.
world_enter()
{
	local network=$1
	shift

	world_inside || world_run "$network" "$@"
	# The first process of a PID namespace is deaf to what it does not trap.
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	[ "$network" = shared ] || ip link set lo up
	mount -t tmpfs -o mode=755 hostpass "$WORLD_DIR"
	world_hide_ssh
}

# What world_enter does outside.
world_run()
{
	local private=() status=0
	[ "$1" = shared ] || private=(--net)
	shift

	export HOSTPASS_BUILD
	WORLD_DIR=$(mktemp -d /tmp/hostpass-world.XXXXXX) || exit 1
	export WORLD_DIR
	# A terminal's signals reach the world as well, which then ends; and if
	# this process is killed, so is the world.
	trap : INT TERM HUP
	setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child \
		--mount-proc "${private[@]}" -- "$0" "$@" || status=$?
	rmdir "$WORLD_DIR"
	find /sys/fs/cgroup -depth -type d -path \
		"*/hostpass${WORLD_DIR##*.}.slice*" -exec rmdir {} +
	exit "$status"
}

world_hide_ssh()
{
	local home
	home=$(getent passwd 0 | cut -d: -f6)

	mount -t tmpfs -o mode=755 hostpass /etc/ssh
	[ ! -d "$home/.ssh" ] ||
		mount -t tmpfs -o mode=700 hostpass "$home/.ssh"
	unset SSH_AUTH_SOCK SSH_ASKPASS DISPLAY WAYLAND_DISPLAY
}

# world_log NAME: where the output of something goes.
world_log()
{
	echo "$LOGS/${suite:?}-$1.log"
}

# world_wait SECONDS COMMAND...: until it succeeds, or 1.
world_wait()
{
	local deadline=$((SECONDS + $1))
	shift

	until "$@"; do
		[ "$SECONDS" -lt "$deadline" ] || return 1
		sleep 0.1
	done
}
