# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite identity.

# The sub: mallory's name changes.
mallory=0f7d1c3a-6b52-4e0d-9a41-000000000004

# said NAME: what ssh printed.
said()
{
	cat "$WORLD_DIR/$1.err"
}

# --- names

rename_keeps_all()
{
	# shellcheck disable=SC2016 # her shell expands it
	local show='echo $(id -u) $HOME $(stat -c %u $HOME)'

	expect 'a sign-in' sign_in first alice alice "$show" || return
	alice_uid=$(cut -d' ' -f1 "$WORLD_DIR/first.out")
	provider_set "u('alice')['username'] = 'alison'"
	expect 'a sign-in' sign_in renamed alice alison "$show" || return
	expect_text 'the same uid and home' \
		"^$alice_uid /home/alice $alice_uid\$" \
		"$(cat "$WORLD_DIR/renamed.out")"
	expect_not 'the new name to be hers' sign_in alison alison alison id
	expect_logged other-person
}

taken_name_is_refused()
{
	provider_set "u('$mallory')['username'] = 'alice'" \
		"u('$mallory')['groups'] = ['staff']"
	expect_not 'a shell' sign_in taken alice "$mallory" id
	expect_text 'a sentence' \
		'This name belongs to somebody else on this host\.' \
		"$(said taken)"
	expect_logged name-bound &&
		expect_text 'what to run' 'hostpass forget alice' "$(host_log)"
}

forget_reserves()
{
	expect_not 'lokal may' host_as lokal hostpass forget alice 2>/dev/null
	expect_text 'the uid in the answer' "uid $alice_uid stays hers alone" \
		"$(host_run hostpass forget alice)"
	expect_not 'an account' host_run getent passwd alice
	expect_text 'her in the list' "^alice +$alice_uid " \
		"$(host_run hostpass forget)"
	expect_not 'her twice' host_run hostpass forget alice 2>/dev/null
}

uid_is_not_given()
{
	expect_not 'a shell' sign_in again alice "$mallory" id
	expect_logged id-collision &&
		expect_text 'both parties' "$alice_uid for alice \\(sub $mallory\\) is that of the forgotten alice" \
			"$(host_log)"
}

# --- the map file

map_is_read()
{
	host_log | grep -q 'people.map changed'
}

map_prepares()
{
	printf '# who has her name now\nalice 5000\n' |
		host_write /etc/hostpass/people.map 644
	expect 'the file to be read' world_wait 60 map_is_read || return
	expect_not 'a shell' sign_in prepared alice "$mallory" id
	expect_text 'a sentence' \
		'Your account is ready; please connect again\.' \
		"$(said prepared)"
	expect_logged account-prepared
}

map_lets_in()
{
	expect 'a sign-in' sign_in mapped alice "$mallory" id -u &&
		expect 'uid 5000' [ "$(cat "$WORLD_DIR/mapped.out")" = 5000 ]
}

wrong_map_is_told()
{
	printf 'alice 5000\nbob 0\n' | host_write /etc/hostpass/people.map 644
	expect 'file and line in the log' world_wait 60 map_is_wrong
	expect 'hostpassd to run' host_run hostpass status >/dev/null
}

map_is_wrong()
{
	host_log | grep -q 'people.map:2: the uid or gid is below 1000'
}

# What is exported is right, and a line for a uid of somebody's is not.
map_round_trip()
{
	host_run hostpass map export >"$WORLD_DIR/map"
	expect_text 'alice' "^sub:$mallory 5000:5000\$" "$(cat "$WORLD_DIR/map")"
	host_write /tmp/map 644 <"$WORLD_DIR/map"
	expect 'no collision' host_run hostpass map check /tmp/map >/dev/null
	printf 'dora 5000\nlokal 5005\n' | host_write /tmp/map 644
	expect_text 'whose it is' '^/tmp/map:1: alice has this id$' \
		"$(host_run hostpass map check /tmp/map)"
	expect_text 'the local account' 'map:2: lokal is a local account' \
		"$(host_run hostpass map check /tmp/map)"
}

# --- a uid from the token

# sshd keeps the uid that it was told before the first try.
second_try_is_refused()
{
	local asked=$WORLD_DIR/twice.asked

	person_make_key
	provider_set "u('bob')['custom_claims'] = {'uid': '6000',
		'ssh_keys': open('$WORLD_DIR/key.pub').read()}"
	: >"$asked"
	expect_not 'a shell' env SSH_ASKPASS="$TOP/tests/hosts/askpass" \
		SSH_ASKPASS_REQUIRE=force ASKPASS_LOG="$asked" \
		ASKPASS_APPROVER=bob ASKPASS_PASSWORD=- \
		ASKPASS_PROVIDER="$PROVIDER_PROGRAM" \
		ASKPASS_STATE="$PROVIDER_STATE" \
		ssh -p "$HOST_PORT" -o NumberOfPasswordPrompts=2 \
		-o PreferredAuthentications=keyboard-interactive \
		-o HostName=127.0.0.1 -l bob web1 id </dev/null \
		>"$WORLD_DIR/twice.out" 2>"$WORLD_DIR/twice.err"
	expect 'no output' [ ! -s "$WORLD_DIR/twice.out" ]
	expect 'two approvals' \
		[ "$(grep -c '"ok":true' "$asked")" -eq 2 ]
	expect_logged account-prepared
}

second_connection()
{
	expect 'a sign-in' sign_in told bob bob 'id -u; stat -c %u .' &&
		expect 'uid 6000 and a home of his' \
			[ "$(paste -sd' ' "$WORLD_DIR/told.out")" = '6000 6000' ]
}

# --- ssh keys

# An sshd beside the other one, with the drop-in that is installed.
start_keys_sshd()
{
	HOST_PORT=2223
	host_run sh -c 'cat /usr/share/doc/hostpass/examples/31-hostpass-keys.conf \
		/etc/ssh/sshd_config >/etc/ssh/sshd_keys_config &&
		sed -i -e "s/^Port .*/Port 2223/" \
			-e "s|/usr/local/bin/|/usr/bin/|" \
			/etc/ssh/sshd_keys_config' &&
		host_introduce || return
	host_exec /usr/sbin/sshd -D -e -f /etc/ssh/sshd_keys_config \
		2>"$(world_log sshd-keys)" &
	world_wait 10 grep -q '^Server listening' "$(world_log sshd-keys)"
}

keys_let_in()
{
	expect 'sshd' start_keys_sshd || return
	expect_not 'a file of keys' host_run test -e /home/bob/.ssh
	expect 'bob' [ "$(key_login bob id -u)" = 6000 ]
	expect_not 'alice with his key' key_login alice id >/dev/null
}

keys_of_others()
{
	expect 'silence about lokal' \
		[ "$(host_run hostpass ssh-keys lokal 2>&1; echo $?)" = 0 ]
	expect 'silence about nobody' \
		[ "$(host_run hostpass ssh-keys dora 2>&1; echo $?)" = 0 ]
	expect_not 'an answer to lokal' host_as lokal hostpass ssh-keys bob \
		2>/dev/null
	expect_text 'an answer to hostpass' '^ssh-ed25519 ' \
		"$(host_as hostpass hostpass ssh-keys bob)"
}

keys_are_gone()
{
	provider_set "u('bob')['groups'] = []"
	expect_not 'a shell' sign_in lost bob bob id
	expect_logged not-allowed
	expect 'no key' [ "$(host_run hostpass ssh-keys bob; echo $?)" = 0 ]
	expect_not 'a shell by key' key_login bob id >/dev/null
	provider_set "u('bob')['groups'] = ['staff']"
}

# --- a local account

local_is_seen()
{
	host_log | grep -q 'local accounts changed'
}

local_account_wins()
{
	local before
	before=$(host_run getent passwd bob | cut -d: -f3)

	# useradd(8) sees him by NSS, and refuses.
	expect_not 'a second bob' host_run useradd bob 2>/dev/null
	host_run sh -c 'echo "bob:x:4321:4321::/home/bob:/bin/sh" >>/etc/passwd'
	expect 'the account to be seen' world_wait 60 local_is_seen || return
	expect 'uid 6000 before' [ "$before" = 6000 ]
	expect 'the local uid' [ "$(host_run id -u bob)" = 4321 ]
	expect_not 'an answer about 6000' host_run getent passwd 6000
	expect_not 'a link' sign_in local bob bob id
	expect_not 'a link' grep -q user_code "$WORLD_DIR/local.asked"
	expect_not 'a shell by key' key_login bob id >/dev/null
}

# --- what a connection was told before anybody signed in

# A key whose public half ssh can only tell once it has the passphrase: until
# then the connection stands, and has named its user.
make_early_key()
{
	local name=$WORLD_DIR/early

	ssh-keygen -q -t ecdsa -m PEM -N 'pass phrase' -f "$name" &&
		mv "$name.pub" "$WORLD_DIR/early-public" &&
		printf '%s\n' '#!/bin/sh' ": >'$name.asked'" \
			"flock -s '$name.lock' echo 'pass phrase'" \
			>"$name.askpass" && chmod 755 "$name.askpass"
}

early_key_is_refused()
{
	local name=$WORLD_DIR/early lock early

	expect 'a key' make_early_key || return
	provider_set "u('carol')['groups'] = ['staff']" \
		"u('carol')['custom_claims'] = {'uid': '7000', 'ssh_keys':
		open('$WORLD_DIR/key.pub').read() +
		open('$name-public').read()}"
	exec {lock}>"$name.lock"
	flock "$lock"
	SSH_ASKPASS=$name.askpass SSH_ASKPASS_REQUIRE=force ssh_host \
		-o PreferredAuthentications=publickey -o IdentitiesOnly=yes \
		-i "$name" -l carol web1 id >"$name.out" 2>"$name.err" &
	early=$!
	expect 'a connection that waits' world_wait 30 test -e "$name.asked"
	expect_not 'a shell' sign_in binds carol carol id
	expect_text 'a sentence' 'Your account is ready' "$(said binds)"
	expect 'a name' host_run getent passwd carol >/dev/null
	scenario_log_start=$(host_log | wc -l)
	flock -u "$lock"
	exec {lock}>&-
	expect_not 'a shell by the key' wait "$early"
	expect 'no output' [ ! -s "$name.out" ]
	expect_logged account-prepared
}

later_key_lets_in()
{
	expect 'uid 7000' [ "$(key_login carol id -u)" = 7000 ]
	expect 'the early key to be good as well' env \
		SSH_ASKPASS="$WORLD_DIR/early.askpass" \
		SSH_ASKPASS_REQUIRE=force ssh -p "$HOST_PORT" \
		-o HostName=127.0.0.1 -o IdentitiesOnly=yes \
		-o PreferredAuthentications=publickey \
		-i "$WORLD_DIR/early" -l carol web1 true </dev/null
}

no_shell_at_first()
{
	expect_not 'a shell' sign_in shell alison alison id
	expect 'no output' [ ! -s "$WORLD_DIR/shell.out" ]
	expect_text 'a sentence' 'Your account is ready; please connect again' \
		"$(said shell)"
	expect_logged account-prepared
}

no_shell_again()
{
	expect_not 'a shell' sign_in shell alison alison id
	expect_text 'what nologin says' 'currently not available' \
		"$(cat "$WORLD_DIR/shell.out" "$WORLD_DIR/shell.err")"
	expect_logged granted
}
