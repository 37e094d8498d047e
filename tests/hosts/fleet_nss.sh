# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite fleet: lookups through the C library, as programs make
# them. tests/unit/nss-pitfalls lists what else is tried where.

nss_probe=$host_things/nss_probe

# probe WHAT: of alice and the group crew, by both kinds of program.
probe()
{
	local program said

	for program in "$nss_probe" "${nss_probe}_static"; do
		said=$(host_run timeout 300 "$program" "$1" alice crew 2>&1) ||
			problem "${program##*/} $1: $said"
	done
}

# nsswitch LINE: in the place of the line that begins with the same word.
nsswitch()
{
	host_run sh -c 'sed -i "/^${1%%:*}:/d" /etc/nsswitch.conf &&
		echo "$1" >>/etc/nsswitch.conf' sh "$1"
}

play_nss()
{
	local what

	for what in buffers descriptors errno fork initgroups threads; do
		scenario "lookups by glibc, and from static programs: $what" \
			probe "$what"
	done
	scenario 'shadow is not served, even where nsswitch.conf asks' \
		shadow_is_not_served
	scenario 'enumeration: each once, and lookups do not move it' \
		enumerated_once
	scenario '... and switched off: lookups answer, lists do not' \
		enumeration_off
	scenario 'group: files [SUCCESS=merge] hostpass: local groups name her' \
		merging
	scenario '... polkit takes her for an administrator' merging_polkit
	scenario '... taken out of admins at the provider: not any more' \
		merging_taken
	scenario '... and where it says hostpass first, they are left alone' \
		merging_elsewhere
	scenario 'an initgroups line as the manual has it' initgroups_line
	scenario 'hostpassd stopped or killed, snapshot gone or damaged' \
		daemon_away
	scenario 'lookups while snapshots come and go' snapshots_come_and_go
}

# Without systemd, whose module ends programs without shared libraries here.
shadow_is_not_served()
{
	nsswitch 'shadow: files hostpass'
	probe shadow
	expect_not 'an entry' host_run getent shadow alice
	expect 'those of files' [ "$(host_run getent shadow lokal |
		cut -d: -f1)" = lokal ]
	nsswitch 'shadow: files'
}

enumerated_once()
{
	local program

	for program in "$nss_probe" "${nss_probe}_static"; do
		expect "alice and crew once each for ${program##*/}" \
			[ "$(host_run "$program" enumeration alice crew)" = \
			'1 1' ]
	done
	expect 'everybody once' [ -z "$(host_run getent passwd |
		cut -d: -f1 | sort | uniq -d)" ]
}

enumeration_off()
{
	fleet_restart <<-END || return
		[nss]
		enumerate = no
	END
	expect 'alice' host_run getent passwd alice >/dev/null
	expect_not 'alice in a list' grep -q ^alice: <(host_run getent passwd)
	expect_not 'crew in a list' grep -q ^crew:.:[0-9]*:.*alice \
		<(host_run getent group)
	expect 'no more than lookups' [ "$(host_run "$nss_probe" enumeration \
		alice crew)" = '0 0' ]
	fleet_restart </dev/null
}

# members_are GROUP MEMBERS
members_are()
{
	[ "$(members "$1")" = "$2" ]
}

# What files and we both have is the same group, by name and gid; who is in the
# local one stays, and nobody is there twice.
merging()
{
	expect 'lokal alone, without a merge' members_are sudo lokal
	nsswitch 'group: files [SUCCESS=merge] hostpass'
	expect 'alice in sudo, beside lokal' \
		world_wait 20 members_are sudo lokal,alice
	nsswitch 'group: files [SUCCESS=merge] hesiod [SUCCESS=merge] hostpass'
	expect 'alice behind a service that merges' \
		world_wait 20 members_are sudo lokal,alice
	nsswitch 'group: files [SUCCESS=merge] hesiod hostpass'
	expect 'lokal alone behind one that does not' members_are sudo lokal
	nsswitch 'group: files [SUCCESS=merge] hostpass'
	expect 'alice again' world_wait 20 members_are sudo lokal,alice
	expect 'by gid as by name' [ "$(host_run getent group 27)" = \
		"$(host_run getent group sudo)" ]
	expect 'lists as without a merge' [ "$(host_run getent group |
		grep -c ^sudo:)" = 1 ]
	expect 'alice to have the gid' grep -qw sudo <(host_run id -Gn alice)
	expect 'groups to say so' grep -qw sudo <(host_run groups alice)
	expect 'newgrp to let her' [ "$(host_as alice \
		sh -c 'echo id -gn | newgrp sudo')" = sudo ]
	expect_not 'newgrp to let bob' grep -q sudo <(host_as bob \
		sh -c 'echo id -gn | newgrp sudo' </dev/null 2>/dev/null)
	expect 'admins' [ "$(members admins)" = alice ]
	expect 'sudo by %sudo' [ "$(host_as alice sudo -n id -u)" = 0 ]
	expect 'no group twice' [ -z "$(host_run id -Gn alice | tr ' ' '\n' |
		sort | uniq -d)" ]
	host_run sh -c 'echo admins:x:3000:lokal >>/etc/group'
	expect 'the warning' world_wait 20 status_warns "'admins'"
	expect 'the local group alone' [ "$(host_run getent group admins)" = \
		admins:x:3000:lokal ]
	host_run sed -i /^admins:/d /etc/group
	expect 'the warning to go' world_wait 20 status_is_quiet
	probe initgroups
}

# Whom polkit asks for a password: the members of sudo, one by one.
merging_polkit()
{
	expect_text 'lokal and alice as administrators' \
		'1\. +.*lokal.*2\. +.*alice.*\(1-2\)' \
		"$(polkit_administrators | tr -d '\r' | xargs)"
}

merging_taken()
{
	provider_set "u('alice')['groups'] = ['crew']"
	fleet_sign_in alice id -Gn || return
	expect 'lokal alone' members_are sudo lokal
	expect_not 'alice as an administrator' \
		grep -w alice <(polkit_administrators)
	expect_not 'sudo by %sudo' host_as alice sudo -n id 2>/dev/null
	provider_set "u('alice')['groups'] = ['admins', 'crew']"
	fleet_sign_in alice id -Gn || return
	expect 'both again' members_are sudo lokal,alice
}

no_local_groups()
{
	! grep -q 'LOCAL GROUP' <(host_run hostpass dump)
}

# A line that would show our part as the whole group.
merging_elsewhere()
{
	nsswitch 'group: hostpass files'
	expect 'no local group in the snapshot' world_wait 20 no_local_groups
	expect 'lokal alone, though we are asked first' \
		members_are sudo lokal
	nsswitch 'group: files hostpass'
	expect 'lokal alone' members_are sudo lokal
	expect 'alice to have the gid' grep -qw sudo <(host_run id -Gn alice)
}

initgroups_line()
{
	nsswitch 'initgroups: files [SUCCESS=continue] hostpass'
	expect 'the four groups' [ "$(host_run id -Gn alice | tr ' ' '\n' |
		sort | xargs)" = 'admins alice crew sudo' ]
	expect "lokal's own" grep -qw sudo <(host_run id -Gn lokal)
	host_run sed -i '/^initgroups:/d' /etc/nsswitch.conf
}

alice_is_looked_up()
{
	expect 'alice' [ "$(host_run timeout 5 id -un alice)" = alice ]
	expect 'her groups' grep -qw sudo <(host_run timeout 5 id -Gn alice)
}

daemon_away()
{
	local file=/var/lib/hostpass/snapshot

	kill -STOP "$HOST_DAEMON"
	alice_is_looked_up
	kill -CONT "$HOST_DAEMON"
	kill -KILL "$HOST_DAEMON"
	wait "$HOST_DAEMON" 2>/dev/null
	alice_is_looked_up
	host_run cp -p "$file" "$file.kept"
	host_run rm "$file"
	expect_not 'alice' host_run id alice 2>/dev/null
	expect 'lokal' host_run id lokal >/dev/null
	expect_not 'an error but nobody' [ "$(host_run getent passwd alice \
		>/dev/null; echo $?)" != 2 ]
	host_write "$file" 644 <<<'hostpass, and no more of it'
	expect_not 'alice' host_run id alice 2>/dev/null
	expect 'root' [ "$(host_run id -u root)" = 0 ]
	host_run mv "$file.kept" "$file"
	alice_is_looked_up
	expect 'hostpassd' fleet_daemon
}

# She comes with another group each time, so that the daemon publishes, while
# programs look.
snapshots_come_and_go()
{
	local before probe_pid n=0
	before=$(host_run stat -c %i /var/lib/hostpass/snapshot)

	host_exec timeout 300 "$nss_probe" threads alice crew \
		>"$WORLD_DIR/probe.out" 2>&1 &
	probe_pid=$!
	while kill -0 "$probe_pid" 2>/dev/null && [ "$n" -lt 3 ]; do
		provider_set "u('alice')['groups'] += ['turn$n']"
		fleet_sign_in alice true || break
		n=$((n + 1))
	done
	provider_set "u('alice')['groups'] = ['admins', 'crew']"
	expect 'alice again' fleet_sign_in alice true
	expect "right answers all along: $(cat "$WORLD_DIR/probe.out")" \
		wait "$probe_pid"
	expect 'another snapshot' [ "$(host_run stat -c %i \
		/var/lib/hostpass/snapshot)" != "$before" ] || [ "$n" -eq 0 ]
}
