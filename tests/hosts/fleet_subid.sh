# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite fleet: subordinate ids, as the programs of shadow see
# them. Needs subids.sh.

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
