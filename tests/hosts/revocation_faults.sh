# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite revocation: a daemon that dies, a provider that is
# away, time that passes, and a thief.

# What the stand-in says of a token that it has seen before.
never_twice()
{
	local log
	log=$(world_log provider)

	expect_not 'a token that was used already' \
		grep -q 'refresh token already used' "$log"
	expect 'refreshes that it granted' \
		grep -q '^grant refresh_token: ok' "$log"
}

killed_on_the_way()
{
	provider_set "s['fault'] = 'stall'"
	host_run hostpass refresh alice >/dev/null 2>&1 &
	expect 'a token to be on its way' world_wait 20 is_in_use
	kill -KILL "$HOST_DAEMON"
	wait "$HOST_DAEMON"
	wait "$!"
	provider_set "s['fault'] = None"
	expect 'hostpassd' host_start_daemon || return
	token_is alice kept False && token_is alice outcome 'lost: restart'
	expect_text 'that there is nothing to ask with' '^no-token: ' \
		"$(host_run hostpass refresh alice)"
	alice_may
	expect 'a sign-in' sign_in lost alice alice id && refreshed alice
}

# store SQL: of the store, by Python's SQLite. The daemon may run.
store()
{
	host_run python3 -c '
import sqlite3, sys
db = sqlite3.connect("/var/lib/hostpass/store.db", timeout=30)
for row in db.execute(sys.argv[1]):
    print(*row)
db.commit()' "$1"
}

is_in_use()
{
	[ "$(store 'SELECT count(*) FROM token WHERE in_use <> 0')" -gt 0 ]
}

provider_away()
{
	never_twice
	provider_stop
	expect_text 'the outcome' '^later: ' "$(host_run hostpass refresh alice)"
	expect_text 'the reason' '^provider-unreachable: ' \
		"$(host_run hostpass refresh alice)"
	token_is alice kept True
	alice_may
}

# proof_was SECONDS: let alice's last proof of life be so old.
proof_was()
{
	store "UPDATE person SET last_proof =
		strftime('%s', 'now') - $1 WHERE name = 'alice'"
}

six_days_later()
{
	expect 'a clean end' host_stop_daemon
	proof_was $((6 * 86400))
	expect 'hostpassd' host_start_daemon || return
	expect 'sudo' has_sudo alice
	alice_may
}

# It passes while hostpassd runs: nothing but its own clock says so.
offline_max_passes()
{
	expect 'a clean end' host_stop_daemon
	proof_was $((7 * 86400 - 10))
	expect 'hostpassd' host_start_daemon || return
	expect 'the groups to leave the snapshot' world_wait 60 lacks_sudo alice
	alice_may_not proof-too-old
	expect 'that the token is kept' token_is alice kept True
}

provider_back()
{
	provider_start "$PROVIDER_STATE"
	refreshed alice
	expect 'sudo' has_sudo alice
	alice_may
}

# --- a thief

# Every refresh token there ever was has this in it.
nothing_is_readable()
{
	local word=pocket_id_rt_ found

	expect 'that the provider has some' \
		grep -q "$word" "$PROVIDER_STATE/tokens.json"
	found=$(host_run grep -rla -e "$word" -e eyJ /var/lib/hostpass)
	expect "no token in the state directory: $found" [ -z "$found" ]
	found=$(host_log | grep -e "$word" -e eyJ)
	expect "no token in the log: $found" [ -z "$found" ]
	found=$(host_syslog | grep -e "$word" -e eyJ)
	expect "no token in syslog: $found" [ -z "$found" ]
	expect 'a key for root alone' \
		[ "$(host_run stat -c '%U %a %s' /etc/hostpass/seal.key)" = \
		'root 600 32' ]
}

no_core()
{
	expect_text 'no core file' '^Max core file size +0 +0 ' \
		"$(cat "/proc/$HOST_DAEMON/limits")"
	# Nobody who is not root may look into it.
	expect 'its files to be root'"'"'s' \
		[ "$(stat -c %u "/proc/$HOST_DAEMON/mem")" = 0 ]
	expect_not 'its memory, for its own user' \
		host_as hostpass head -c 0 "/proc/$HOST_DAEMON/mem" 2>/dev/null
}

other_key()
{
	expect 'a clean end' host_stop_daemon
	host_run mv /etc/hostpass/seal.key /etc/hostpass/seal.old
	expect 'hostpassd' host_start_daemon || return
	expect_text 'no token' '^(lost|no-token): ' \
		"$(host_run hostpass refresh alice)"
	token_is alice kept False
	expect 'that nobody was revoked' \
		[ "$(key_login alice id -un)" = alice ]
	expect 'a sign-in' sign_in otherkey alice alice id && refreshed alice
}

# logind is played, as what takes its time while hostpassd asks once more. Of
# what is asked for, an end that was cut short comes first.
asked_again_meanwhile()
{
	local ending=/var/lib/hostpass/ending

	host_run install -d /run/systemd/system
	host_write /usr/bin/loginctl 755 <<-END
		#!/bin/sh
		echo "\$1" >>/run/loginctl
		touch "$ending/\$2"
	END
	sleep_as alice
	host_run install -d "$ending"
	host_run touch "$ending/$alice_uid.now"
	expect 'an end' host_run hostpass end-sessions >/dev/null
	{ wait "$sleeper"; } 2>/dev/null
	expect_not 'anything of hers' sleeps "$alice_uid"
	expect_text 'what is to be ended' "^$alice_uid\$" \
		"$(host_run ls "$ending")"
	expect_text 'what logind did' '^terminate-user$' \
		"$(host_run cat /run/loginctl)"
	host_write /usr/bin/loginctl 755 <<<'#!/bin/sh'
	expect 'another end' host_run hostpass end-sessions >/dev/null
	expect 'nothing more to be ended' [ -z "$(host_run ls "$ending")" ]
	host_run rmdir /run/systemd/system
}

local_is_spared()
{
	local uid name

	uid=$(host_run id -u lokal)
	sleep_as lokal
	# 65000 and 600000 are of services and of containers.
	for name in "$uid" 0 x 01 -1 4294967295 999 65000 600000; do
		host_run touch "/var/lib/hostpass/ending/$name"
		expect_not "an end of $name" \
			host_run hostpass end-sessions >/dev/null 2>&1
	done
	expect "lokal's process" sleeps lokal
	expect_not "the same by somebody else" \
		host_as lokal hostpass end-sessions 2>/dev/null
	kill "$sleeper"
	{ wait "$sleeper"; } 2>/dev/null
	return 0
}
