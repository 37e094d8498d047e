# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite fleet: subordinate ids, as the programs of shadow see
# them.

play_subids()
{
	scenario 'subordinate ids: none, as long as nobody asks for them' \
		subids_off
	scenario '... alice has 65,536, the same for both kinds' subids_listed
	scenario '... local users keep theirs' subids_of_locals
	scenario '... newuidmap maps them for her, and for nobody else' \
		subids_mapped
	scenario '... taken away, and given back as they were' subids_revoked
}

# What getsubids says of NAME: "FIRST COUNT", or nothing.
subids()
{
	host_run getsubids "$@" 2>/dev/null | awk '{ print $3, $4 }'
}

subids_off()
{
	nsswitch 'subid: hostpass'
	expect 'nothing for alice' [ -z "$(subids alice)" ]
	fleet_restart <<-END || return
		[identity]
		subid_range = 2147483648-4294901759
	END
}

subids_listed()
{
	local all
	all=$(subids alice)

	expect_text 'a range' '^[0-9]{10} 65536$' "$all"
	subid_start=${all% *}
	expect 'it to begin at a multiple of 65536' \
		[ $((subid_start % 65536)) -eq 0 ]
	expect 'the same gids' [ "$(subids -g alice)" = "$all" ]
	expect "another one for bob" [ "$(subids bob)" != "$all" ]
	expect 'nothing for mallory' [ -z "$(subids mallory)" ]
	expect 'hostpass dump to show it' grep -q \
		"^alice *$subid_start-$((subid_start + 65535))$" \
		<(host_run hostpass dump)
	echo "  alice: $subid_start-$((subid_start + 65535))"
}

subids_of_locals()
{
	host_run sh -c 'echo lokal:100000:65536 | tee /etc/subuid >/etc/subgid'
	expect 'those of the file' [ "$(subids lokal)" = '100000 65536' ]
	expect 'newuidmap to map them' [ "$(subids_map lokal 100000 \
		65536)" = '0 100000 65536' ]
	expect 'alice to have what she had' \
		[ "$(subids alice)" = "$subid_start 65536" ]
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
	host_as "$1" /srv/map "$2" "$3" 2>/dev/null
}

subids_mapped()
{
	expect 'the map' [ "$(subids_map alice "$subid_start" 65536)" = \
		"0 $subid_start 65536" ]
	expect 'part of it' [ "$(subids_map alice "$subid_start" 1)" = \
		"0 $subid_start 1" ]
	expect 'none that is larger' \
		[ -z "$(subids_map alice "$subid_start" 65537)" ]
	expect 'none for bob' \
		[ -z "$(subids_map bob "$subid_start" 65536)" ]
	expect 'none for lokal' \
		[ -z "$(subids_map lokal "$subid_start" 1)" ]
	expect 'none of root' [ -z "$(subids_map alice 0 1)" ]
}

subids_revoked()
{
	host_run hostpass revoke alice >/dev/null
	expect 'nothing' [ -z "$(subids alice)" ]
	expect 'no map' [ -z "$(subids_map alice "$subid_start" 65536)" ]
	fleet_sign_in alice true || return
	expect 'the same as before' \
		[ "$(subids alice)" = "$subid_start 65536" ]
}
