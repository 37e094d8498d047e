# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite ssh: what goes on, and what does not, when
# parts are away, and what the rest of the host sees.

# --- lookups

# To sshd and login a name that nobody has yet is somebody who may sign in.
nobody_ever()
{
	expect_not 'an answer to root' host_run getent passwd nobody-ever
	expect_not 'an answer to lokal' \
		host_as lokal getent passwd nobody-ever
	local program
	for program in sshd login; do
		host_run install -D /usr/bin/getent "/run/test/$program"
		expect_text "an answer to $program" \
			'^nobody-ever:\*:[0-9]+:[0-9]+:' \
			"$(host_run "/run/test/$program" passwd nobody-ever)"
	done
	expect_not "an answer to lokal's sshd" \
		host_as lokal /run/test/sshd passwd nobody-ever
	expect_not 'an answer about a bad name' \
		host_run /run/test/sshd passwd Nobody-Ever
}

lookups_answer()
{
	expect_text 'id' "^uid=${alice_uid:-}\\(alice\\)" \
		"$(host_run timeout 2 id alice)"
	expect_text 'ls -l' ' alice +alice ' \
		"$(host_run timeout 2 ls -ld /home/alice)"
	expect_text 'getent group' "^alice:\\*:${alice_uid:-}:" \
		"$(host_run timeout 2 getent group alice)"
}

# --- lokal, who is in /etc/passwd

lokal_never_notices()
{
	expect 'a sign-in, at once' within 8 sign_in lokal lokal - \
		"echo $HOST_LOCAL_PASSWORD | sudo -S -p '' id" || return
	expect_text 'root, by sudo' '^uid=0\(root\)' \
		"$(cat "$WORLD_DIR/lokal.out")"
	expect_text 'one question, for his password' \
		'^\(lokal@127\.0\.0\.1\) Password: 1$' \
		"$(cat "$WORLD_DIR/lokal.asked")$(wc -l <"$WORLD_DIR/lokal.asked")"
}

# --- hostpassd away, hung and back

# By the account phase, and for the reason that nobody could be asked.
alice_refused_by_key()
{
	local said before
	before=$(host_syslog | wc -l)

	if said=$(key_login alice id); then
		problem "did not expect a shell: $said"
	fi
	expect_text 'the module to say why in the log' \
		'pam_hostpass\(sshd:account\): alice: .*(refused|timed out)' \
		"$(host_syslog | tail -n +$((before + 1)))"
}

alice_is_told()
{
	expect_not 'a shell' sign_in stopped alice alice id
	expect_text 'a sentence' 'Passkey sign-in is not available' \
		"$(cat "$WORLD_DIR/stopped.err")"
}

daemon_back()
{
	expect 'hostpassd' host_start_daemon &&
		expect 'alice' [ "$(key_login alice id -u)" = "$alice_uid" ] &&
		lookups_answer
}

daemon_hung()
{
	kill -STOP "$HOST_DAEMON"
	lookups_answer
	alice_refused_by_key
	kill -CONT "$HOST_DAEMON"
}

# --- what changes at the provider

group_lost()
{
	provider_set "u('alice')['groups'] = ['staff']"
	expect 'a sign-in' sign_in lost alice alice id || return
	expect_not 'the group sudo' grep -q sudo "$WORLD_DIR/lost.out"
	expect_not 'sudo for others to see' \
		grep -q sudo <<<"$(host_run id alice)"
}

renamed()
{
	provider_set "u('alice')['username'] = 'alison'"
	expect 'a sign-in' sign_in renamed alice alison id -u || return
	expect 'her uid' [ "$(cat "$WORLD_DIR/renamed.out")" = "$alice_uid" ]
}

provider_away()
{
	provider_stop
	expect 'alice, by key' [ "$(key_login alice id -un)" = alice ]
	expect_not 'a shell' sign_in away alice alice id
	expect_text 'a sentence' 'cannot be reached' \
		"$(cat "$WORLD_DIR/away.err")"
}
