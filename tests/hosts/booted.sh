# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A host that is booted: a root of debroot.sh under systemd-nspawn, with the
# loopback of the world as its network, so that people and provider reach it.
# Used in the place of host.sh. Needs tests/lib/suite.sh, debroot.sh, world.sh.

HOST_PORT=22
HOST_LOCAL_PASSWORD=local-secret
BOOTED_PACKAGES=(mmdebstrap systemd-container iproute2 openssh-client tmux
	python3)

# The kernel's tree of control groups is one for all namespaces.
BOOTED_GROUP=hostpass-$$
[ -z "${WORLD_DIR:-}" ] || BOOTED_GROUP=${WORLD_DIR##*/}

# booted_on RELEASE NAME: what is booted from now on.
booted_on()
{
	booted_root=$(debroot_mount "$1" "$2")
}

booted_boot()
{
	local log
	log=$(world_log "$release-console")

	unshare --mount --propagation private bash -c '
		umount -R -l /sys/fs/cgroup
		mount -t cgroup2 none /sys/fs/cgroup
		mkdir -p "/sys/fs/cgroup/$1"
		echo $$ >"/sys/fs/cgroup/$1/cgroup.procs"
		export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
		exec systemd-nspawn --quiet --directory="$2" --machine=web1 \
			--boot --register=no --keep-unit --resolv-conf=off \
			--timezone=off --console=read-only --link-journal=no
		' bash "$BOOTED_GROUP" "$booted_root" >>"$log" 2>&1 </dev/null &
	BOOTED_PID=$!
	world_wait 60 booted_find_leader &&
		world_wait 120 booted_is_up ||
		{ tail -n 30 "$log" >&2; return 1; }
}

# The first process of the host is the child of nspawn.
booted_find_leader()
{
	local name

	BOOTED_LEADER=$(cat "/proc/$BOOTED_PID/task/$BOOTED_PID/children")
	BOOTED_LEADER=${BOOTED_LEADER%% *}
	[ -n "$BOOTED_LEADER" ] &&
		name=$(cat "/proc/$BOOTED_LEADER/comm" 2>/dev/null) &&
		[ "$name" = systemd ]
}

booted_is_up()
{
	case $(host_run systemctl is-system-running 2>&1) in
	running | degraded) return 0 ;;
	esac
	return 1
}

# As by its switch: it ends its services, then itself.
booted_power_off()
{
	kill "$BOOTED_PID" && wait "$BOOTED_PID"
}

# host_exec COMMAND...: on the host, as root, in place of this shell.
host_exec()
{
	exec nsenter --target "$BOOTED_LEADER" --mount --uts --ipc --pid \
		--cgroup -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}" "$@"
}

# host_run COMMAND...: on the host, as root.
host_run()
{
	(host_exec "$@")
}

# host_write FILE MODE: standard input becomes a file of the host.
host_write()
{
	host_run install -D -m "$2" /dev/stdin "$1"
}

# Everything that hostpassd logged so far.
host_log()
{
	host_run journalctl --quiet --no-pager --output=cat \
		--unit=hostpassd.service 2>/dev/null
}

# What the person's ssh would ask about at its first visit.
host_introduce()
{
	printf '[127.0.0.1]:%d,127.0.0.1 %s\n' "$HOST_PORT" \
		"$(host_run cat /etc/ssh/ssh_host_ed25519_key.pub)" \
		>/etc/ssh/ssh_known_hosts
}

# host_document BLOCK [DIRECTORY]: of docs/install.md.
host_document()
{
	local script
	script=$(document_block docs/install.md "$1") || return

	host_run env -C "${2:-/root}" DEBIAN_FRONTEND=noninteractive \
		sh -c "$script" >>"$(world_log "$release-commands")" 2>&1
}

# Outside the world, when it is gone.
booted_clean_up()
{
	local mounted

	mounted=$(mktemp -d) && unshare --mount bash -c '
		mount -t cgroup2 none "$1" && cd "$1" || exit
		for group in hostpass-world.*; do
			[ -d "$group" ] || continue
			grep -qx "populated 0" "$group/cgroup.events" &&
				find "$group" -depth -type d -exec rmdir {} +
		done' bash "$mounted"
	rmdir "$mounted"
}
