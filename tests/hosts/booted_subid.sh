# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# A booted host whose administrator wrote "subid: hostpass" into nsswitch.conf:
# containers without root for alice, and useradd for everybody else. Needs
# booted_life.sh and subids.sh.

# A local user comes and goes, and her lines with her.
useradd_is_as_ever()
{
	local said

	said=$(host_run sh -exc 'useradd --create-home helper
		grep "^helper:[0-9]*:65536$" /etc/subuid
		grep "^helper:[0-9]*:65536$" /etc/subgid
		usermod --add-subuids 700000-700009 helper
		getsubids helper | grep " 700000 10$"
		useradd --system machine
		userdel machine
		userdel --remove helper' 2>&1) ||
		problem "useradd, usermod or userdel failed: $said"
	expect_not 'lines that are left behind' \
		host_run grep helper /etc/subuid /etc/subgid
}

alice_has_subids()
{
	subid_start=$(subids alice)
	[[ $subid_start == *' 65536' ]] && subid_start=${subid_start% *}
}

alice_maps_hers()
{
	expect 'her map' [ "$(subids_map alice "$subid_start" 65536)" = \
		"0 $subid_start 65536" ]
	expect 'none that is larger' \
		[ -z "$(subids_map alice "$subid_start" 65537)" ]
	expect 'none for lokal' [ -z "$(subids_map lokal "$subid_start" 1)" ]
}

subids_and_useradd()
{
	host_write /etc/hostpass/conf.d/subid.conf 644 <<-END
		[identity]
		subid_range = 2147483648-4294901759
	END
	host_run sed -i '$a subid: hostpass' /etc/nsswitch.conf
	host_run systemctl restart hostpassd
	expect 'subordinate ids' world_wait 30 alice_has_subids || return
	alice_maps_hers
	useradd_is_as_ever
}

# All of it from files, then.
subids_without_daemon()
{
	host_run systemctl stop hostpassd.socket hostpassd.service
	alice_maps_hers
	useradd_is_as_ever
	host_run rm /etc/hostpass/conf.d/subid.conf
	host_run sed -i '/^subid:/d' /etc/nsswitch.conf
	host_run systemctl start hostpassd.socket hostpassd.service
	no_failed_unit
}

booted_subids()
{
	scenario "$release: subordinate ids: alice maps hers, useradd is as ever" \
		subids_and_useradd
	scenario "$release: ... with the daemon stopped, too" \
		subids_without_daemon
}
