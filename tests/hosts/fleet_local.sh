# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite fleet: the host's own names come later, and win. They
# are written into the files, for useradd and groupadd refuse a name that NSS
# knows.

# Does hostpass status warn of this?
status_warns()
{
	grep -qE "^warning: .*$1" <(host_run hostpass status)
}

status_is_quiet()
{
	! status_warns ''
}

local_group_wins()
{
	host_run sh -c 'echo admins:x:3000: >>/etc/group'
	expect 'a warning' world_wait 20 status_warns \
		"'admins' is not shown as admins .*: this host has a user or group"
	expect 'the local group' [ "$(host_run getent group admins)" = \
		admins:x:3000: ]
	expect_not 'alice in it' grep -qw admins <(host_run id -Gn alice)
	expect_not 'sudo by %admins' host_as alice sudo -n whoami 2>/dev/null
	host_run sed -i /^admins:/d /etc/group
	expect 'the warning to go' world_wait 20 status_is_quiet
	expect 'the group of the provider' [ "$(members admins)" = alice ]
}

local_user_wins()
{
	local uid
	uid=$(host_run id -u bob)

	host_run sh -c 'echo bob:x:3001:3001::/:/bin/sh >>/etc/passwd'
	expect 'a warning' world_wait 20 status_warns \
		"bob \\($uid\\) cannot sign in and is not shown: /etc/passwd"
	expect 'the local user' [ "$(host_run id -u bob)" = 3001 ]
	expect_not 'a name for the former uid' host_run getent passwd "$uid"
	expect_not 'bob in a group of his' \
		grep -qw crew <(host_run id -Gn bob)
	expect 'crew without him' [ "$(members crew)" = alice ]
	expect_not 'a shell for a passkey' sign_in local-bob bob bob id
	expect_not 'a link' grep -q https "$WORLD_DIR/local-bob.asked"
	host_run sed -i /^bob:/d /etc/passwd
	expect 'the warning to go' world_wait 20 status_is_quiet
	expect 'his uid' [ "$(host_run id -u bob)" = "$uid" ]
}
