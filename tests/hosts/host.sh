# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The private host: this machine's programs under writable layers that are
# thrown away, with an sshd, a sudo and a login that know hostpass.
# Needs tests/lib/suite.sh and world.sh.

# Where a stage has several hosts, the one that the functions speak of.
HOST_NAME=web1
HOST_PORT=2222
# Of the user lokal, who is in the host's own files; inside.sh makes him.
# shellcheck disable=SC2034 # person.sh uses it
HOST_LOCAL_PASSWORD=local-secret
HOST_RUNS=0
host_here=$TOP/tests/hosts
host_things=$HOSTPASS_BUILD/host

# What a person and her terminal use; the programs of the host itself are
# fetched by host_prepare.
# shellcheck disable=SC2034 # the suites use it
HOST_PACKAGES=(iproute2 openssh-client tmux zbar-tools python3 python3-pil
	fonts-dejavu-core)

# Before the world is entered, where there is a network: installs the tree
# BUILD into a directory and fetches what the host needs from the distribution.
host_prepare()
{
	rm -rf "$host_things/stage"
	mkdir -p "$host_things/packages/partial"
	make -C "$1" install DESTDIR="$host_things/stage" prefix=/usr \
		sysconfdir=/etc libdir="/usr/lib/$(gcc -print-multiarch)" &&
		host_fetch
}

# The servers of the host; a suite may add to them before it prepares.
HOST_SERVERS=(openssh-server sudo login)

# No machine should come by an ssh server through a test, so these packages
# are only fetched, and installed in the private host alone.
host_fetch()
{
	local fetch=(apt-get -y --no-install-recommends --download-only
		-o DPkg::Lock::Timeout=300
		-o "Dir::Cache::archives=$host_things/packages"
		install "${HOST_SERVERS[@]}")

	host_has_servers && return
	"${fetch[@]}" || { apt-get update && "${fetch[@]}"; }
}

host_has_servers()
{
	local name

	for name in "${HOST_SERVERS[@]}"; do
		dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null |
			grep -qx installed || return
	done
}

# Makes the host, with syslog and sshd. hostpassd is not started yet.
host_create()
{
	local dir=$WORLD_DIR/$HOST_NAME log
	log=$(host_log_of host)

	mkdir "$dir"
	ln -s "$host_things/stage" "$host_things/packages" "$dir"
	exec {HOST_FD}< <(exec unshare --mount --uts -- \
		bash "$host_here/inside.sh" "$dir" "$HOST_PORT" "$HOST_NAME" \
		2>"$log")
	HOST_PID=$!
	[ "$(head -n 1 <&"$HOST_FD")" = ready ] &&
		host_start_syslog && host_start_sshd && host_introduce &&
		return
	tail -n 15 "$log" >&2
	return 1
}

# host_log_of WHAT: where this host's log of it is.
host_log_of()
{
	world_log "$1${HOST_NAME#web1}"
}

# host_exec COMMAND...: on the host, as root, in place of this shell. In the
# background it is the command itself that $! then names.
host_exec()
{
	exec nsenter --target "$HOST_PID" --mount --uts -- \
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		LANG=C.UTF-8 TERM="${TERM:-dumb}" "$@"
}

# host_run COMMAND...: on the host, as root.
host_run()
{
	(host_exec "$@")
}

# host_as USER COMMAND...: on the host, as somebody.
host_as()
{
	local user=$1
	shift

	host_run runuser -u "$user" -- "$@"
}

host_start_syslog()
{
	host_exec /usr/bin/python3 -c "$(cat "$host_here/devlog.py")" \
		>"$(host_log_of syslog)" 2>&1 &
	world_wait 10 host_run test -S /dev/log
}

host_start_sshd()
{
	local log
	log=$(host_log_of sshd)

	host_exec /usr/sbin/sshd -D -e 2>"$log" &
	world_wait 10 grep -q '^Server listening' "$log"
}

# What the person's ssh would ask about at its first visit.
host_introduce()
{
	printf '[127.0.0.1]:%d %s\n' "$HOST_PORT" \
		"$(host_run cat /etc/ssh/ssh_host_ed25519_key.pub)" \
		>>/etc/ssh/ssh_known_hosts
}

# host_write FILE MODE: standard input becomes a file of the host.
host_write()
{
	host_run install -m "$2" /dev/stdin "$1"
}

# host_start_daemon [WRAPPER...]: hostpassd, until it is ready.
# shellcheck disable=SC2120 # it is rarely wrapped
host_start_daemon()
{
	local log

	HOST_RUNS=$((HOST_RUNS + 1))
	log=$(world_log "hostpassd-$(printf %02d "$HOST_RUNS")")
	: >"$log"
	host_exec "$@" /usr/sbin/hostpassd -c /etc/hostpass/hostpass.conf \
		>"$log" 2>&1 &
	HOST_DAEMON=$!
	world_wait 60 host_daemon_spoke "$log"
	host_daemon_runs && return
	tail -n 15 "$log" >&2
	return 1
}

host_daemon_spoke()
{
	grep -qw ready "$1" || ! host_daemon_runs
}

host_daemon_runs()
{
	kill -0 "$HOST_DAEMON" 2>/dev/null
}

# Ends as the daemon ends.
host_stop_daemon()
{
	kill "$HOST_DAEMON" && wait "$HOST_DAEMON"
}

# What the host's programs logged so far.
host_syslog()
{
	cat "$(host_log_of syslog)"
}

# Everything that hostpassd logged so far.
host_log()
{
	cat "$LOGS/${suite:?}"-hostpassd-*.log
}
