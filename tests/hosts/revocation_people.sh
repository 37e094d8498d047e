# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite revocation: what people may do, and what the provider
# gives and takes.

# token_of NAME FIELD: of the document of `hostpass users`.
token_of()
{
	host_run hostpass --json users | python3 -c '
import json, sys
users = json.load(sys.stdin)["users"]
user = next(u for u in users if u["name"] == sys.argv[1])
print(user.get("token", {}).get(sys.argv[2], "none"))' "$1" "$2"
}

# token_is NAME FIELD VALUE
token_is()
{
	local found
	found=$(token_of "$1" "$2")

	[ "$found" = "$3" ] && return
	problem "expected $2 of $1 to be $3, not $found"
	return 1
}

tokens_are_kept()
{
	expect 'a sign-in' sign_in alice alice alice "umask 077 && mkdir .ssh &&
		echo '$(cat "$WORLD_DIR/key.pub")' >.ssh/authorized_keys"
	expect 'a sign-in' sign_in bob bob bob id
	token_is alice kept True && token_is alice outcome signed-in &&
		token_is bob kept True
	alice_uid=$(host_run id -u alice)
	expect_text 'how many' '^tokens +2$' "$(host_run hostpass status)"
}

# cron_runs: a job of alice's, by a cron that is started for it. Jobs "@reboot"
# are run at once, and the file by which cron knows that it ran them is in /run.
cron_runs()
{
	local cron

	host_run rm -f /run/crond.reboot /tmp/job-of-alice
	echo '@reboot alice /usr/bin/id -un >/tmp/job-of-alice' |
		host_write /etc/cron.d/job 644
	host_exec /usr/sbin/cron -f >>"$(world_log cron)" 2>&1 &
	cron=$!
	world_wait 60 cron_was_asked
	kill "$cron"
	wait "$cron"
	[ "$(host_run cat /tmp/job-of-alice 2>/dev/null)" = alice ]
}

# The account phase has answered, and where it was a yes the job has run.
cron_was_asked()
{
	cron_asked=$(tail -n "+$((cron_log_start + 1))" <(host_log) |
		grep 'account: user=alice service=cron')
	case $cron_asked in
	*reason=granted:*) host_run test -s /tmp/job-of-alice ;;
	*) [ -n "$cron_asked" ] ;;
	esac
}

# sudo_runs: without a password, and so without an auth phase.
sudo_runs()
{
	[ "$(host_as alice sudo -n id -u 2>>"$(world_log sudo)")" = 0 ]
}

alice_may()
{
	cron_log_start=$(host_log | wc -l)
	expect 'ssh by key' [ "$(key_login alice id -un)" = alice ]
	expect 'a cron job' cron_runs
	expect 'sudo' sudo_runs
}

# alice_may_not REASON
alice_may_not()
{
	local service log_start
	log_start=$(host_log | wc -l)

	cron_log_start=$log_start
	expect_not 'ssh by key' [ "$(key_login alice id -un)" = alice ]
	expect_not 'a cron job' cron_runs
	expect_not 'sudo' sudo_runs
	for service in sshd cron sudo; do
		expect_text "a refusal of $service" \
			"account: user=alice service=$service .*reason=$1:" \
			"$(host_log | tail -n "+$((log_start + 1))")"
	done
}

# refreshed NAME
refreshed()
{
	expect_text "that $1 is vouched for" '^renewed: ' \
		"$(host_run hostpass refresh "$1" 2>&1)"
	token_is "$1" outcome renewed
}

asks_herself()
{
	expect_text 'herself' '^renewed: ' "$(host_as alice hostpass refresh)"
	expect_text 'herself by name' '^renewed: ' \
		"$(host_as alice hostpass refresh alice)"
	expect_not 'bob' host_as alice hostpass refresh bob 2>/dev/null
	expect_not 'everybody' host_as lokal hostpass refresh 2>/dev/null
}

has_sudo()
{
	host_run id -nG "$1" | grep -qw sudo
}

group_given()
{
	expect_not 'sudo' has_sudo bob
	provider_set "u('bob')['groups'].append('admins')"
	refreshed bob
	expect 'sudo' has_sudo bob
}

group_taken()
{
	expect 'sudo' has_sudo alice
	provider_set "u('alice')['groups'] = ['staff']"
	refreshed alice
	expect_not 'sudo' has_sudo alice
	expect_not 'root' sudo_runs
	expect_logged service-not-allowed
	expect 'ssh by key, which staff may' \
		[ "$(key_login alice id -un)" = alice ]
}

group_back()
{
	provider_set "u('alice')['groups'] = ['staff', 'admins']"
	refreshed alice
	expect 'sudo' has_sudo alice
	expect 'root' sudo_runs
}

restart()
{
	expect 'a clean end' host_stop_daemon
	expect 'hostpassd' host_start_daemon || return
	refreshed alice && refreshed bob
}

by_itself()
{
	host_write /etc/hostpass/conf.d/refresh.conf 644 <<-END
		[cache]
		refresh = 2s
	END
	expect 'a clean end' host_stop_daemon
	expect 'hostpassd' host_start_daemon || return
	provider_set "u('bob')['groups'] = ['staff']"
	expect 'no sudo for bob' world_wait 60 lacks_sudo bob
	host_run rm /etc/hostpass/conf.d/refresh.conf
	expect 'a clean end' host_stop_daemon
	expect 'hostpassd' host_start_daemon
}

lacks_sudo()
{
	! has_sudo "$1"
}

# sleep_as NAME: something of hers that runs; sets sleeper.
sleep_as()
{
	host_exec runuser -u "$1" -- sleep 1000 &
	sleeper=$!
	world_wait 20 sleeps "$1"
}

sleeps()
{
	host_run pgrep -u "$1" -x sleep >/dev/null
}

# What hostpass-end-sessions.service does when its path unit starts it.
end_sessions()
{
	expect 'a file that asks for it' \
		host_run test -e "/var/lib/hostpass/ending/$alice_uid"
	expect 'an end' host_run hostpass end-sessions >/dev/null
	{ wait "$sleeper"; } 2>/dev/null
	expect_not 'anything of hers' sleeps "$alice_uid"
	expect 'nothing more to be ended' \
		[ -z "$(host_run ls /var/lib/hostpass/ending)" ]
}

disabled()
{
	sleep_as alice
	provider_set "u('alice')['disabled'] = True"
	expect_text 'the outcome' '^revoked: ' \
		"$(host_run hostpass refresh alice)"
	expect_not 'sudo' has_sudo alice
	token_is alice kept none
	end_sessions
}

still_not()
{
	expect 'a clean end' host_stop_daemon
	expect 'hostpassd' host_start_daemon || return
	alice_may_not revoked
	expect 'that files still have an owner' \
		[ "$(host_run stat -c %U /home/alice)" = alice ]
}

enabled_again()
{
	provider_set "u('alice')['disabled'] = False"
	expect 'a sign-in' sign_in again alice alice id
	token_is alice kept True
	alice_may
}

# How many of alice's refresh tokens the provider would take.
chains()
{
	python3 -c '
import json, sys
rows = json.load(open(sys.argv[1] + "/tokens.json"))
people = json.load(open(sys.argv[1] + "/state.json"))["users"]
sub = next(u["sub"] for u in people if u["username"] == "alice")
print(sum(1 for key, row in rows if key.startswith("RefreshToken:") and
          row["value"].get("accountId") == sub and
          not row["value"].get("consumed")))' "$PROVIDER_STATE"
}

chains_are()
{
	[ "$(chains)" = "$1" ]
}

revoked_by_admin()
{
	local before

	sleep_as alice
	refreshed alice
	before=$(chains)
	expect_text 'what was done' '^revoked: .* alice ' \
		"$(host_run hostpass revoke alice)"
	expect_not 'sudo' has_sudo alice
	token_is alice kept none
	expect "the provider to have one chain less than $before" \
		world_wait 20 chains_are $((before - 1))
	expect_text 'the log' 'end of the refresh token at the provider: user=alice' \
		"$(host_log)"
	end_sessions
	alice_may_not revoked
	expect 'a sign-in' sign_in revoked alice alice id
	alice_may
}

only_root_revokes()
{
	expect_not 'bob by alice' host_as alice hostpass revoke bob 2>/dev/null
	expect_not 'alice by herself' \
		host_as alice hostpass revoke alice 2>/dev/null
	token_is bob kept True && token_is alice kept True
}
