# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite cache: the passcode, while there is no provider.

passcode='mauve tractor 7 lamps'
wrong_code='mauve tractor 8 lamps'
root='^uid=0\(root\)'

# sitting NAME USER COMMAND...: at a terminal of the host.
sitting()
{
	local name=$1 user=$2
	shift 2

	terminal_open "$name" nsenter --target "$HOST_PID" --mount --uts -- \
		runuser -u "$user" -- env -i PATH=/usr/bin:/bin TERM=screen \
		LANG=C.UTF-8 "$@"
}

passwd_tells()
{
	sitting passwd alice passwd
	expect 'a sentence' terminal_wait passwd 10 'hostpass passcode'
	terminal_close passwd
}

passcode_is_set()
{
	sitting set alice hostpass passcode
	expect 'a prompt' terminal_wait set 20 'Waiting for your approval' ||
		return
	expect_text 'what it is for' '^Set a passcode on web1 as alice:$' \
		"$(terminal_screen set)"
	expect 'an approval' \
		provider_approve alice "$(terminal_link set)" || return
	expect 'a question' terminal_wait set 20 '^New passcode: *$' || return
	terminal_type set 'password1'
	expect 'common ones refused' terminal_wait set 10 'dictionary' || return
	terminal_type set "$passcode"
	expect 'the second question' terminal_wait set 10 'The same again:' ||
		return
	terminal_type set "$passcode"
	expect 'the end' terminal_wait set 20 \
		'^The passcode of alice is set\.$'
	expect_not 'to see it' terminal_shows set 'tractor'
	terminal_picture set "$LOGS/${suite:?}-passcode.png"
	terminal_close set
}

strangers_set_none()
{
	expect_text 'a refusal' 'refused: you do not sign in with a passkey' \
		"$(host_as lokal hostpass passcode 2>&1)"
}

# offline_sudo NAME: up to its question.
offline_sudo()
{
	sitting "$1" alice bash -c 'sudo -k id; echo ended with $?; read -r x'
	expect 'the question' terminal_wait "$1" 30 '^Passcode: *$'
}

passcode_opens_sudo()
{
	provider_stop
	offline_sudo sudo || return
	expect_text 'why it is asked' 'The sign-in service cannot be reached' \
		"$(terminal_screen sudo)"
	terminal_type sudo "$wrong_code"
	expect 'a sentence' terminal_wait sudo 20 'This is not your passcode' ||
		return
	terminal_type sudo "$passcode"
	expect 'root' terminal_wait sudo 20 "$root"
	expect_not 'to see it' terminal_shows sudo 'tractor'
	expect_logged granted
	terminal_picture sudo "$LOGS/${suite:?}-offline.png"
	terminal_close sudo
}

passcode_opens_login()
{
	terminal_open login nsenter --target "$HOST_PID" --mount --uts -- \
		env -i PATH=/usr/bin:/bin TERM=screen login
	expect 'the question for a name' \
		terminal_wait login 10 'web1 login:' || return
	terminal_type login alice
	expect 'the question' terminal_wait login 30 '^Passcode: *$' || return
	terminal_type login "$passcode"
	expect 'a shell' terminal_wait login 20 '^alice@web1:~\$'
	terminal_close login
}

ssh_never_offers()
{
	expect_not 'a shell' sign_in offline alice alice id
	expect_text 'a sentence' 'cannot be reached' \
		"$(cat "$WORLD_DIR/offline.err")"
	expect_not 'the question' grep -qi passcode "$WORLD_DIR/offline.asked"
}

# Three are allowed.
wrong_ones_lock()
{
	offline_sudo first || return
	terminal_type first "$wrong_code"
	expect 'a sentence' terminal_wait first 20 'This is not your passcode'
	terminal_close first
	expect 'a clean end of hostpassd' host_stop_daemon
	expect 'hostpassd' host_start_daemon || return
	offline_sudo second || return
	terminal_type second "$wrong_code"
	expect 'a sentence' terminal_wait second 20 \
		'This is not your passcode' || return
	terminal_type second "$wrong_code"
	expect 'it to be locked' terminal_wait second 30 \
		'Your passcode is locked\.'
	expect_not 'root' terminal_shows second "$root"
	expect_logged passcode-locked
	terminal_close second
}

locked_refuses()
{
	sitting locked alice sudo -k id
	expect 'a sentence' terminal_wait locked 30 'Your passcode is locked\.'
	expect_not 'the question' terminal_shows locked 'Passcode:'
	terminal_close locked
}

passkey_unlocks()
{
	expect 'the provider' provider_start "$PROVIDER_STATE" || return
	sitting unlock alice bash -c 'sudo -k id; read -r x'
	expect 'a prompt' terminal_wait unlock 30 'Waiting for your approval' &&
		expect 'an approval' provider_approve alice \
			"$(terminal_link unlock)" --no-browser &&
		expect 'root' terminal_wait unlock 20 "$root"
	terminal_close unlock
	provider_stop
	offline_sudo unlocked || return
	terminal_type unlocked "$passcode"
	expect 'root' terminal_wait unlocked 20 "$root"
	terminal_close unlocked
}

state_is_silent()
{
	local found
	found=$(host_run sh -c 'cat /var/lib/hostpass/*' | strings -n 6)

	expect 'something in the state' grep -q alice <<<"$found"
	expect_not 'a verifier' grep -qF "\$y\$" <<<"$found"
	expect_not 'a token' grep -qE 'eyJ[A-Za-z0-9_-]{10}' <<<"$found"
	expect_not 'the passcode' grep -q 'tractor' \
		<<<"$found$(host_log)$(host_syslog)"
}
