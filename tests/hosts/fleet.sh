# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# A fleet: hosts with a daemon, a state and an /etc each, in one network.
# Needs stage.sh.

FLEET=(web1 web2 web3)
# Debian has a group staff of its own.
STAGE_ALLOW='admins, crew'
declare -A fleet_pids fleet_daemons

# Before the world is entered. polkit's daemon is asked over a bus of our own.
fleet_prepare()
{
	stage_prepare_host polkitd dbus-daemon uidmap
	provider_packages
	require "fetch the provider's packages" npm provider_prepare
	require 'make nss_probe, and one without shared libraries' probe \
		fleet_make_probe
}

fleet_make_probe()
{
	make -C "$HOSTPASS_BUILD/plain" tests/nss/nss_probe &&
		cp "$HOSTPASS_BUILD/plain/tests/nss/nss_probe" \
			"$host_things/" &&
		gcc -static -O1 -o "$host_things/nss_probe_static" \
			"$TOP/tests/nss/nss_probe.c"
}

# fleet_on NAME: what follows is about this host.
fleet_on()
{
	HOST_NAME=$1
	HOST_PORT=222${1#web}
	HOST_PID=${fleet_pids[$1]:-}
	HOST_DAEMON=${fleet_daemons[$1]:-}
}

# fleet_each COMMAND...: on each host; stops at the first that fails.
fleet_each()
{
	local name

	for name in "${FLEET[@]}"; do
		fleet_on "$name"
		"$@" || return
	done
	fleet_on web1
}

fleet_start()
{
	rm -f "$LOGS/${suite:?}"-{hostpassd-*,approve,screens}.log
	mkdir -m 1777 "$WORLD_DIR/shared"
	provider_start "$WORLD_DIR/provider" || return
	provider_set "s['interval'] = 1" \
		"s['clients'][0]['requires_reauthentication'] = True" \
		"u('alice')['groups'] = ['admins', 'crew']" \
		"u('bob')['groups'] = ['crew']"
	fleet_each fleet_host || return
}

fleet_host()
{
	host_create || return
	fleet_pids[$HOST_NAME]=$HOST_PID
	host_run install -d -m 1777 /srv/shared
	host_run mount --bind "$WORLD_DIR/shared" /srv/shared
	fleet_configure </dev/null && fleet_daemon
}

# The configuration, and more of it on standard input.
fleet_configure()
{
	{
		cat <<-END
			[identity]
			own_groups = *, admins
			[groups]
			admins = sudo
		END
		cat
	} | stage_configure
}

fleet_daemon()
{
	host_start_daemon || return
	fleet_daemons[$HOST_NAME]=$HOST_DAEMON
}

# fleet_restart: with the configuration of standard input.
fleet_restart()
{
	fleet_configure && host_stop_daemon && fleet_daemon
}

# fleet_same COMMAND...: it says the same on all hosts; that is in $same.
fleet_same()
{
	local name said

	same=
	for name in "${FLEET[@]}"; do
		fleet_on "$name"
		said=$(host_run "$@" 2>&1)
		if [ -n "$same" ] && [ "$said" != "$same" ]; then
			problem "$name: $* says another thing than web1:"
			problem "$(diff <(echo "$same") <(echo "$said") |
				head -n 10)"
		fi
		[ -n "$same" ] || same=$said
	done
	fleet_on web1
	expect "an answer of $*" [ -n "$same" ]
}

# fleet_sign_in APPROVER COMMAND...: by ssh to this host, as the approver.
fleet_sign_in()
{
	local who=$1
	shift

	sign_in "$HOST_NAME-$who" "$who" "$who" "$@" && return
	problem "$who did not get into $HOST_NAME:" \
		"$(cat "$WORLD_DIR/$HOST_NAME-$who.err")"
	return 1
}

# What the last sign-in of NAME on this host printed.
fleet_printed()
{
	cat "$WORLD_DIR/$HOST_NAME-$1.out"
}
