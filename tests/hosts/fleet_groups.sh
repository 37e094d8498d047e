# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite fleet: whoever asks for groups gets one answer.

# members GROUP: as NSS tells them.
members()
{
	host_run getent group "$1" | cut -d: -f4
}

lookups_agree()
{
	local wanted='admins alice crew sudo'

	expect 'id to name the four' [ "$(host_run id -Gn alice |
		tr ' ' '\n' | sort | xargs)" = "$wanted" ]
	expect 'groups to name the four' [ "$(host_run groups alice |
		cut -d: -f2 | xargs -n 1 | sort | xargs)" = "$wanted" ]
	expect 'a process of hers to have the four' [ "$(host_as alice id -Gn |
		tr ' ' '\n' | sort | xargs)" = "$wanted" ]
	expect 'getent initgroups to have as many' [ "$(host_run getent \
		initgroups alice | xargs -n 1 | tail -n +2 | sort -u |
		wc -l)" -ge 3 ]
	expect 'getent group admins' [ "$(members admins)" = alice ]
	expect 'both in crew' [ "$(members crew)" = alice,bob ]
	expect 'by gid as by name' [ "$(host_run getent group \
		"$(host_run getent group admins | cut -d: -f3)")" = \
		"$(host_run getent group admins)" ]
}

# Rules without a password show what sudo makes of groups; the account phase
# asks hostpassd all the same.
sudo_agrees()
{
	host_write /etc/sudoers.d/fleet 440 <<-END
		%sudo ALL=(root) NOPASSWD: /usr/bin/id
		%admins ALL=(root) NOPASSWD: /usr/bin/whoami
	END
	grep -q includedir <(host_run cat /etc/sudoers) ||
		host_run sh -c 'echo "@includedir /etc/sudoers.d" >>/etc/sudoers'
	expect '%sudo to be enough for alice' \
		[ "$(host_as alice sudo -n id -u)" = 0 ]
	expect '%admins to be enough for alice' \
		[ "$(host_as alice sudo -n whoami)" = root ]
	expect_not 'bob to use either rule' \
		host_as bob sudo -n id 2>/dev/null
	expect_not 'bob to use either rule' \
		host_as bob sudo -n whoami 2>/dev/null
}

files_agree()
{
	host_run install -d -m 2770 -g admins /srv/admins
	host_as alice sh -c 'echo text >/srv/admins/file' ||
		problem 'alice cannot write'
	expect 'the group of the file' \
		[ "$(host_run stat -c %G /srv/admins/file)" = admins ]
	expect 'alice to read it' \
		[ "$(host_as alice cat /srv/admins/file)" = text ]
	expect_not 'bob to read it' \
		host_as bob cat /srv/admins/file 2>/dev/null
	expect 'newgrp to change the primary group' [ "$(host_as alice \
		sh -c 'echo id -gn | newgrp admins')" = admins ]
	expect_not 'newgrp to do so for bob' grep -q admins <(host_as bob \
		sh -c 'echo id -gn | newgrp admins' </dev/null 2>/dev/null)
}

# --- polkit

polkit_start()
{
	host_write /etc/polkit-1/rules.d/10-fleet.rules 644 <<-'END'
		polkit.addRule(function(action, subject) {
			if (action.id != "org.freedesktop.policykit.exec" ||
			    subject.user == "lokal")
				return polkit.Result.NOT_HANDLED;
			return subject.isInGroup("admins") &&
			    subject.isInGroup("sudo") ?
			    polkit.Result.YES : polkit.Result.NO;
		});
	END
	host_run install -d /run/dbus
	host_exec dbus-daemon --system --nofork --nopidfile \
		>"$(host_log_of dbus)" 2>&1 &
	world_wait 10 host_run test -S /run/dbus/system_bus_socket
}

# polkit_lets USER: about a process of this user. The bus starts polkitd.
polkit_lets()
{
	host_run sh -c 'runuser -u "$1" -- sleep 60 & sleep_pid=
		while ! sleep_pid=$(pgrep -u "$1" -x sleep); do :; done
		pkcheck --action-id org.freedesktop.policykit.exec \
			--process "$sleep_pid"
		status=$?; kill "$sleep_pid"; exit $status' sh "$1" \
		>/dev/null 2>&1
}

# What lokal is shown, who is not let without a password: whose passwords will
# do. Nobody answers.
polkit_administrators()
{
	host_write /srv/ask 755 <<-'END'
		#!/bin/sh
		cd "$(mktemp -d)" && mkfifo agent || exit
		pkttyagent --process $$ --notify-fd 3 3>agent &
		cat agent
		pkcheck --action-id org.freedesktop.policykit.exec \
			--process $$ --allow-user-interaction
	END
	host_run timeout 60 script -qec 'runuser -u lokal /srv/ask' \
		/dev/null </dev/null 2>&1
}

polkit_agrees()
{
	expect 'a bus' polkit_start || return
	expect 'alice to be let' polkit_lets alice
	expect_not 'bob to be let' polkit_lets bob
}

group_taken()
{
	provider_set "u('alice')['groups'] = ['crew']"
	fleet_sign_in alice id -Gn || return
	expect_not 'admins or sudo in her session' \
		grep -qwE 'admins|sudo' <(fleet_printed alice)
	expect_not 'sudo by %sudo' host_as alice sudo -n id 2>/dev/null
	expect_not 'sudo by %admins' host_as alice sudo -n whoami 2>/dev/null
	expect_not 'the file' host_as alice cat /srv/admins/file 2>/dev/null
	expect_not 'polkit to let her' polkit_lets alice
	expect 'nobody in admins' [ -z "$(members admins)" ]
	provider_set "u('alice')['groups'] = ['admins', 'crew']"
	fleet_sign_in alice id -Gn || return
	expect 'sudo again' [ "$(host_as alice sudo -n id -u)" = 0 ]
}

# --- names

odd_names()
{
	provider_set "u('bob')['groups'] = ['crew', 'Site Admins',
	    'Ops & Dev', 'Développeurs', '2024', 'root', 'Sudo']"
	fleet_sign_in bob id -Gn || return
	expect_text 'names as the manual says' \
		'^_2024-8e74f6f5 bob crew d_veloppeurs-e0e881a8 ops-_-dev-56cf63e3 site-admins$' \
		"$(fleet_printed bob | tr ' ' '\n' | LC_ALL=C sort | xargs)"
	expect_text 'why Sudo is no group of its own' \
		'Sudo +refused: this host has a user or group of that name' \
		"$(host_run hostpass groups)"
	expect_not 'bob in the group sudo' \
		grep -qw sudo <(host_run id -Gn bob)
}

twins_refused()
{
	provider_set "u('bob')['groups'] = ['crew', 'Admins']"
	fleet_sign_in bob id -Gn || return
	expect_text 'both in the log' "group 'Admins' .* is not shown as admins" \
		"$(host_log)"
	expect_text 'both to be told' \
		'warning: .*'"'admins'"' is not shown as admins .*rename one' \
		"$(host_run hostpass status)"
	expect_not 'a group admins' host_run getent group admins
	expect_not 'sudo by %admins' host_as alice sudo -n whoami 2>/dev/null
	expect_not 'sudo by %admins' host_as bob sudo -n whoami 2>/dev/null
	expect 'sudo by %sudo as before' \
		[ "$(host_as alice sudo -n id -u)" = 0 ]
	provider_set "u('bob')['groups'] = ['crew']"
	fleet_sign_in bob id -Gn || return
	expect 'admins to be back' [ "$(members admins)" = alice ]
}

# Somebody whose own group would be the one that sudoers knows.
group_name_refused()
{
	provider_set "u('carol')['username'] = 'admins'" \
		"u('admins')['groups'] = ['crew']"
	expect_not 'a shell' sign_in carol admins admins id
	expect_not 'a link, for sshd knows nobody of that name' \
		grep -q https "$WORLD_DIR/carol.asked"
	provider_set "u('admins')['username'] = 'carol'" \
		"u('carol')['groups'] = []"
}
