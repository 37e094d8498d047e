# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# The life of a booted host with the packages, from install to purge. Needs
# booted.sh, person.sh, provider.sh, terminal.sh and scenario.sh; for a whole
# life, booted_restart.sh, booted_revoke.sh and booted_subid.sh, too.

# Everything is as it should be, as systemd sees it.
no_failed_unit()
{
	local failed
	failed=$(host_run systemctl --failed --plain --no-legend)

	expect "no failed unit, not: $failed" [ -z "$failed" ]
}

# What says "error" in the journal of this boot, but for what a container of
# this kind cannot do, the daemon that watchdog_bites stopped, what programs say
# of bob, who is refused, and of alice while she is disabled, and a directory
# that sid's systemd and libpam0g do not agree about.
no_journal_error()
{
	local errors
	errors=$(host_run journalctl --quiet --boot --no-pager \
		--priority=err --output=short |
		grep -v -e 'pam_limits(.*Could not set limit' \
			-e 'hostpassd\.service: Watchdog timeout' \
			-e 'sshd.*error: PAM: Permission denied for bob ' \
			-e 'Access denied for user alice by PAM account' \
			-e 'alice : PAM account management error' \
			-e 'CRON\[[0-9]*\]: Permission denied$' \
			-e 'sshd.*error: mm_reap: .*child terminated by signal' \
			-e 'PAM (systemd-user) /usr/lib/pam\.d is not supported')

	expect "no error in the journal, not: $errors" [ -z "$errors" ]
}

is_active()
{
	host_run systemctl --quiet is-active "$1"
}

locals_are_fine()
{
	expect 'lokal to get in' \
		sign_in lokal lokal lokal 'echo in' || return
	expect 'root for lokal by sudo' [ "$(host_run runuser -u lokal -- \
		sh -c 'echo local-secret | sudo -kS -p "" id -u')" = 0 ]
}

# --- install and configure

install_packages_of()
{
	expect 'docs/install.md to install' host_document deb-install "$1" &&
		no_failed_unit
	expect_not 'a daemon that nobody configured' \
		is_active hostpassd.service
}

configure_host()
{
	host_document configure &&
		host_run sed -i "s,https://id.example.com,$PROVIDER_ISSUER," \
			/etc/hostpass/hostpass.conf &&
		host_write /etc/hostpass/ca.pem 644 \
			<"$PROVIDER_STATE/ca.pem" || return
	host_write /etc/hostpass/conf.d/test.conf 644 <<-END
		[provider]
		ca_file = /etc/hostpass/ca.pem
		[groups]
		admins = sudo
	END
	expect 'the daemon to start' host_document start &&
		expect 'sshd to be told' host_document sshd &&
		expect 'homes to be made' host_document homes
	no_failed_unit
	host_introduce
}

# --- people

alice_signs_in()
{
	expect 'alice to get in' sign_in alice alice alice 'id; pwd' || {
		problem "$(cat "$WORLD_DIR/alice.err" "$WORLD_DIR/alice.asked")"
		return
	}
	expect_text 'who she is' '\(alice\).*\(sudo\)' \
		"$(cat "$WORLD_DIR/alice.out")"
	expect_text 'a home' '^/home/alice$' "$(cat "$WORLD_DIR/alice.out")"
	alice_uid=$(host_run id -u alice)
}

bob_is_refused()
{
	expect_not 'bob approved by alice to get in' \
		sign_in bob bob alice true
	expect_logged other-person
	# OpenSSH 10.3 sends it at once, older ones when all is over.
	expect_text 'him to read why' 'was approved by somebody else' \
		"$(cat "$WORLD_DIR/bob.asked" "$WORLD_DIR/bob.err")"
}

# journal_has USER FIELD=PATTERN...: her last sign-in, as the manual of hostpassd
# searches for it, has these.
journal_has()
{
	local user=$1 entry field
	shift

	entry=$(host_run journalctl --quiet --no-pager --output=export \
		--lines=1 "HOSTPASS_USER=$user" HOSTPASS_KIND=sign-in)
	for field in "HOSTPASS_USER=$user" "$@"; do
		expect_text "an entry of the journal for $user" "^$field\$" \
			"$entry"
	done
}

journal_has_fields()
{
	local both=('HOSTPASS_SERVICE=sshd' 'HOSTPASS_SOURCE=127\.0\.0\.1'
		'HOSTPASS_FLOW=device' 'HOSTPASS_DURATION_MS=[0-9]+'
		'HOSTPASS_SIGN_IN=[1-9][0-9]*' 'MESSAGE_ID=[0-9a-f]{32}'
		'_SYSTEMD_UNIT=hostpassd\.service')

	journal_has alice 'HOSTPASS_REASON=granted' 'HOSTPASS_SUB=.+' \
		'PRIORITY=6' 'MESSAGE=.*user=alice .*' "${both[@]}"
	journal_has bob 'HOSTPASS_REASON=other-person' 'PRIORITY=5' \
		'MESSAGE=.*user=bob .*' "${both[@]}"
}

alice_brings_a_key()
{
	host_run install -d -m 700 -o alice -g alice /home/alice/.ssh
	host_write /home/alice/.ssh/authorized_keys 644 <"$WORLD_DIR/key.pub"
	expect_text 'a login by key' '^alice$' "$(key_login alice id -un)"
	expect_text 'a session of logind' alice \
		"$(key_login alice loginctl list-sessions)"
}

alice_uses_sudo()
{
	terminal_open sudo ssh -tt -p "$HOST_PORT" -i "$WORLD_DIR/key" \
		alice@127.0.0.1 sudo id
	expect 'a link' terminal_wait sudo 20 'user_code=' &&
		expect 'an approval' provider_approve alice \
			"$(terminal_link sudo)" --no-browser &&
		expect 'sudo to go on' terminal_wait sudo 20 '^uid=0\(root\)'
	terminal_close sudo
}

# --- the daemon and systemd

reboot_without_daemon()
{
	# Disabling it would disable its socket, too.
	host_run rm /etc/systemd/system/multi-user.target.wants/hostpassd.service
	no_journal_error
	expect 'the host to end' booted_power_off
	expect 'the host to boot' booted_boot || return
	no_failed_unit
	expect_not 'a daemon yet' is_active hostpassd.service
	expect 'the same uid from the snapshot' \
		[ "$(host_run id -u alice)" = "$alice_uid" ]
	expect_not 'lookups to start it' is_active hostpassd.service
	expect_text 'a login by key' '^alice$' "$(key_login alice id -un)"
	expect 'the socket to have started it' is_active hostpassd.service
	host_run systemctl --quiet enable hostpassd.service
}

reboot_as_usual()
{
	no_journal_error
	expect 'the host to end' booted_power_off
	expect 'the host to boot' booted_boot || return
	no_failed_unit
	expect 'the daemon' is_active hostpassd.service
	expect 'user lookups to be announced' is_active nss-user-lookup.target
	expect_text 'services that look users up to wait' \
		'(^| )nss-user-lookup\.target( |$)' \
		"$(host_run systemctl show --property=Before --value \
			hostpassd.service)"
	expect_text 'systemd never to give up' '^0$' \
		"$(host_run systemctl show --value \
			--property=StartLimitIntervalUSec hostpassd.service)"
	alice_signs_in
}

daemon_pid()
{
	host_run systemctl show --property=MainPID --value hostpassd.service
}

# When systemd last had a sign of life.
daemon_sign()
{
	host_run systemctl show --property=WatchdogTimestampMonotonic --value \
		hostpassd.service
}

daemon_gives_signs()
{
	[ "$(daemon_sign)" != "$1" ] && [ "$(daemon_pid)" = "$2" ]
}

daemon_was_replaced()
{
	local pid
	pid=$(daemon_pid)

	[ "$pid" != 0 ] && [ "$pid" != "$1" ] && is_active hostpassd.service
}

watchdog_bites()
{
	local pid

	host_write /run/systemd/system/hostpassd.service.d/watchdog.conf 644 \
		<<<$'[Service]\nWatchdogSec=10s'
	host_run systemctl daemon-reload
	host_run systemctl restart hostpassd
	pid=$(daemon_pid)
	expect 'signs of life' world_wait 60 \
		daemon_gives_signs "$(daemon_sign)" "$pid"
	host_run kill -STOP "$pid"
	expect 'another daemon' world_wait 60 daemon_was_replaced "$pid"
	expect_text 'a login by key' '^alice$' "$(key_login alice id -un)"
	host_run rm -r /run/systemd/system/hostpassd.service.d
	host_run systemctl daemon-reload
	host_run systemctl restart hostpassd
	no_failed_unit
}

# --- other versions

version_is()
{
	[ "$(host_run dpkg-query -W -f '${Version}' hostpass)" = "$1" ]
}

# A process that has the module mapped, and answers each line with her uid.
old_process_starts()
{
	coproc OLD { host_exec perl -e '$| = 1; while (<STDIN>) {
		print "" . getpwnam("alice"), " ",
		    (getpwnam("alice"))[2], "\n" }'; }
	old_process_knows
}

old_process_knows()
{
	local line

	echo >&"${OLD[1]}"
	read -r -t 30 -u "${OLD[0]}" line && [ "${line##* }" = "$alice_uid" ]
}

# What it has mapped is not in the directory any more.
old_process_is_old()
{
	local pid

	read -r pid _ <"/proc/$OLD_PID/task/$OLD_PID/children"
	grep -q 'libnss_hostpass\.so\.2 (deleted)$' "/proc/$pid/maps"
}

old_process_ends()
{
	kill "$OLD_PID" && wait "$OLD_PID"
} 2>/dev/null

# Another one for each time that it was started.
socket_start()
{
	host_run systemctl show --property=InvocationID --value hostpassd.socket
}

# To the same programs, with another version.
upgrade()
{
	local pid socket
	pid=$(daemon_pid) socket=$(socket_start)

	expect 'a process that looks people up' old_process_starts
	expect 'docs/install.md to upgrade' \
		host_document deb-install /srv/newer || return
	expect 'the newer version' version_is "$(debs_version)-1+newer"
	expect 'another daemon' daemon_was_replaced "$pid"
	expect 'the socket that was there' [ "$(socket_start)" = "$socket" ]
	expect 'the process to keep the older module' old_process_is_old
	expect 'the process to know alice still' old_process_knows
	old_process_ends
	expect 'the same uid' [ "$(host_run id -u alice)" = "$alice_uid" ]
	expect_text 'a login by key' '^alice$' "$(key_login alice id -un)"
	no_failed_unit
}

downgrade()
{
	host_run sh -c 'apt-get install --yes --allow-downgrades \
		/srv/new/*.deb' >>"$(world_log "$release-commands")" 2>&1
	expect 'the older version' version_is "$(debs_version)-1"
	expect 'the daemon' is_active hostpassd.service
	expect 'the same uid' [ "$(host_run id -u alice)" = "$alice_uid" ]
	expect_text 'a login by key' '^alice$' "$(key_login alice id -un)"
	no_failed_unit
}

alice_gets_in()
{
	key_login alice true >/dev/null
}

removal()
{
	expect 'docs/install.md to remove' host_document deb-remove || return
	expect_not 'the daemon' is_active hostpassd.service
	expect_not 'the socket' is_active hostpassd.socket
	expect_not 'alice' host_run getent passwd alice
	expect_not 'a login of alice by key' alice_gets_in
	no_failed_unit
	locals_are_fine
}

return_of_alice()
{
	expect 'docs/install.md to install' \
		host_document deb-install /srv/new || return
	expect 'the daemon' is_active hostpassd.service
	expect 'the same uid' [ "$(host_run id -u alice)" = "$alice_uid" ]
	expect_text 'a login by key' '^alice$' "$(key_login alice id -un)"
	no_failed_unit
}

purging()
{
	expect 'docs/install.md to purge' host_document deb-purge || return
	expect 'the store' host_run test -e /var/lib/hostpass/store.db
	expect_not 'the configuration' host_run test -e /etc/hostpass
	no_failed_unit
	locals_are_fine
	expect 'docs/install.md to tell sshd' host_document sshd-remove
	expect_text 'sshd to ask nothing' '^kbdinteractiveauthentication no$' \
		"$(host_run sshd -T)"
}

# The key went with the configuration, so no token of the store opens.
return_after_purge()
{
	expect 'docs/install.md to install' \
		host_document deb-install /srv/new && configure_host || return
	expect 'the same uid' [ "$(host_run id -u alice)" = "$alice_uid" ]
	expect_not 'a token that opens' eval \
		'host_run hostpass refresh alice 2>&1 | grep -q "^renewed"'
	alice_signs_in
	expect_text 'a token again' '^renewed: ' \
		"$(host_run hostpass refresh alice 2>&1)"
	no_failed_unit
}

booted_life()
{
	booted_on "$release" booted
	require "boot $release" "$release-boot" booted_boot
	echo "$release: $(host_run sh -c 'systemctl --version | head -n 1;
		sshd -V 2>&1 | head -n 1' | paste -sd,)"
	scenario "$release: a fresh host has no failed unit" no_failed_unit
	scenario "$release: install: nothing starts unconfigured" \
		install_packages_of /srv/new
	scenario "$release: five lines of configuration" configure_host
	scenario "$release: alice, never seen here, signs in by ssh" \
		alice_signs_in
	scenario "$release: bob, approved by alice, is refused" bob_is_refused
	scenario "$release: journalctl finds both by what they are called" \
		journal_has_fields
	scenario "$release: alice comes back with a key" alice_brings_a_key
	scenario "$release: sudo asks for her passkey" alice_uses_sudo
	scenario "$release: lokal never notices" locals_are_fine
	booted_subids
	scenario "$release: reboot: lookups and keys before the daemon is up" \
		reboot_without_daemon
	scenario "$release: reboot: everything comes up" reboot_as_usual
	scenario "$release: a daemon that hangs is replaced" watchdog_bites
	booted_restarts
	booted_revocation
	scenario "$release: upgrade while she uses sudo" \
		upgrade_while_alice_uses_sudo
	scenario "$release: downgrade" downgrade
	scenario "$release: remove: locals go on, alice is nobody" removal
	scenario "$release: install again: alice is who she was" \
		return_of_alice
	scenario "$release: purge: the store stays" purging
	scenario "$release: install after it: her uid stays, her token goes" \
		return_after_purge
	scenario "$release: no error in the journal" no_journal_error
	expect 'the host to end' booted_power_off
}
