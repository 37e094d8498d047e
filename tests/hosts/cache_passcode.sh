# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite cache: the passcode, while there is no provider.

passcode='mauve tractor 7 lamps'
wrong_code='mauve tractor 8 lamps'
root='^uid=0\(root\)'

# sitting NAME USER COMMAND...: at a terminal of the host, in a session at its
# seat.
sitting()
{
	local name=$1 user=$2
	shift 2

	[ -n "$console_cgroup" ] ||
		console_session "$(host_run id -u alice)" || return
	console_open "$name" "$console_cgroup" runuser -u "$user" -- "$@"
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

# login_asks CGROUP: up to what it says to alice.
login_asks()
{
	console_open login "$1" login
	expect 'the question for a name' \
		terminal_wait login 10 'web1 login:' || return
	terminal_type login alice
	expect 'a sentence' terminal_wait login 30 'cannot be reached'
}

# At a terminal that is neither a console nor a seat's: a network daemon's may
# be the same.
login_elsewhere_never_offers()
{
	login_asks '' || return
	expect_not 'the question' terminal_shows login 'Passcode:'
	expect_text 'why' 'no passcode: neither a console' "$(host_log)"
	terminal_close login
}

passcode_opens_login()
{
	login_asks "$console_cgroup" || return
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

# In ssh by key, which needs no provider; and where nothing is left of ssh above
# sudo.
ssh_sudo_never_offers()
{
	local out

	expect 'alice to be let in' key_login alice id -un >/dev/null || return
	expect_not 'root' key_login alice -tt sudo -k id \
		>"$WORLD_DIR/remote.out"
	expect_text 'a sentence' 'cannot be reached' \
		"$(cat "$WORLD_DIR/remote.out")"
	expect_not 'the question' grep -q '^Passcode:' "$WORLD_DIR/remote.out"
	expect_text 'why' 'no passcode: she came over the network' "$(host_log)"
	key_login alice 'setsid -f sudo -S -k id </dev/null >orphan 2>&1'
	world_wait 30 host_run grep -q 'cannot be reached' /home/alice/orphan
	out=$(host_run cat /home/alice/orphan)
	expect_text 'a sentence' 'cannot be reached' "$out"
	expect_not 'the question' grep -q '^Passcode:' <<<"$out"
	expect_text 'why' 'no passcode: neither a console' "$(host_log)"
}

tmux_never_offers()
{
	terminal_open attached nsenter --target "$HOST_PID" --mount --uts -- \
		runuser -u alice -- env -i PATH=/usr/bin:/bin TERM=screen \
		sudo -k id
	expect 'a sentence' terminal_wait attached 30 'cannot be reached'
	expect_not 'the question' terminal_shows attached 'Passcode:'
	terminal_close attached
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

passcode_is_shown()
{
	local users
	users=$(host_run hostpass --json users)

	expect_text 'alice' 'set$' "$(host_run hostpass users | grep '^alice')"
	expect_text 'when' '"passcode":\{"set":[0-9]+,"tries":0,"locked":false\}' \
		"$users"
	expect_not 'a verifier' grep -qF "\$y\$" <<<"$users"
	expect_text 'one' '^passcodes +1$' "$(host_run hostpass status)"
}

others_remove_none()
{
	expect_not 'leave' host_as bob hostpass passcode --remove alice
	expect_text 'nothing of his' '^There is no passcode of bob\.$' \
		"$(host_as bob hostpass passcode --remove)"
	expect_text 'nobody' 'refused: nobody of this name' \
		"$(host_as lokal hostpass passcode --remove 2>&1)"
	passcode_is_shown
}

passcode_is_removed()
{
	expect_text 'the end of it' '^The passcode of alice is removed\.$' \
		"$(host_as alice hostpass passcode --remove)"
	expect_text 'a line' 'the passcode of alice was removed by uid' \
		"$(host_log)"
	expect_text 'nothing left for root' '^There is no passcode of alice\.$' \
		"$(host_run hostpass passcode --remove alice)"
	sitting removed alice sudo -k id
	expect 'a sentence' terminal_wait removed 30 'cannot be reached'
	expect_not 'the question' terminal_shows removed 'Passcode:'
	terminal_close removed
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
