# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# A booted host with on_revoke = end-sessions: what becomes of somebody who is
# signed in when the provider disables her. Needs booted_life.sh.

# Jobs "@reboot" are run when cron starts, as often as this file is missing.
cron_job_of_alice()
{
	host_run sh -c 'rm -f /run/crond.reboot /var/tmp/job
		systemctl restart cron'
	expect 'cron to ask' world_wait 30 cron_asked "$1"
}

# cron_asked REASON: and where it was a yes the job has run.
cron_asked()
{
	host_log | tail -n "+$((scenario_log_start + 1))" |
		grep -q "account: user=alice service=cron .*reason=$1:" ||
		return
	[ "$1" != granted ] || host_run test -s /var/tmp/job
}

sudo_of_alice()
{
	[ "$(host_run runuser -u alice -- sudo -n id -u \
		2>>"$(world_log "$release-commands")")" = 0 ]
}

# A shell, something that left it, and what systemd runs for her.
alice_is_at_work()
{
	host_write /etc/hostpass/conf.d/revoke.conf 644 <<-END
		[cache]
		on_revoke = end-sessions
	END
	host_write /etc/sudoers.d/jobs 440 <<<'alice ALL=(root) NOPASSWD: ALL'
	host_write /etc/cron.d/job 644 \
		<<<'@reboot alice /usr/bin/id -un >/var/tmp/job'
	host_run systemctl restart hostpassd
	expect 'systemd to wait for people to be ended' \
		is_active hostpass-end-sessions.path
	terminal_open work ssh -tt -p "$HOST_PORT" -i "$WORLD_DIR/key" \
		alice@127.0.0.1
	expect 'a shell' terminal_wait work 30 '^alice@web1:~\$' || return
	terminal_type work 'setsid -f sleep 4321 </dev/null >/dev/null 2>&1'
	expect 'a process that left her session' \
		world_wait 20 runs_sleep
	expect 'a manager of hers' is_active "user@$alice_uid.service"
	expect 'sudo' sudo_of_alice
	cron_job_of_alice granted
}

runs_sleep()
{
	host_run pgrep -u alice -x sleep >/dev/null
}

has_nothing()
{
	! host_run pgrep -u "$alice_uid" >/dev/null &&
		! host_run loginctl list-sessions --no-legend |
		grep -qw alice
}

# One refresh, and she is out of everything.
alice_is_disabled()
{
	provider_set "u('alice')['disabled'] = True"
	expect_text 'the outcome' '^revoked: ' \
		"$(host_run hostpass refresh alice 2>&1)"
	expect 'nothing of hers to be left' world_wait 60 has_nothing
	expect 'her ssh to end' world_wait 30 terminal_ended work
	terminal_close work
	expect_not 'her manager' is_active "user@$alice_uid.service"
	expect_not 'a login by key' alice_gets_in
	expect_not 'sudo' sudo_of_alice
	cron_job_of_alice revoked
	expect_not 'her group' \
		eval 'host_run id -nG alice | grep -qw sudo'
	expect 'nobody else to be ended' is_active ssh.service
	expect 'nothing more to be ended' \
		[ -z "$(host_run ls /var/lib/hostpass/ending)" ]
	no_failed_unit
	locals_are_fine
}

alice_is_back()
{
	provider_set "u('alice')['disabled'] = False"
	host_run rm /etc/hostpass/conf.d/revoke.conf /etc/sudoers.d/jobs \
		/etc/cron.d/job
	host_run systemctl restart hostpassd
	alice_signs_in
	expect_text 'a login by key' '^alice$' "$(key_login alice id -un)"
}

booted_revocation()
{
	scenario "$release: alice at work: a shell, a stray process, cron" \
		alice_is_at_work
	scenario "$release: disabled at the provider: all of it ends" \
		alice_is_disabled
	scenario "$release: enabled again, she signs in again" alice_is_back
}
