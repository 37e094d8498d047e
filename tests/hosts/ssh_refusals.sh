# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite ssh: sign-ins that must not succeed.

# refused NAME USER APPROVER REASON SENTENCE
refused()
{
	expect_not 'a shell' sign_in "$1" "$2" "$3" id
	expect 'an approval' grep -q '"ok":true' "$WORLD_DIR/$1.asked"
	expect_text 'a sentence' "$5" "$(cat "$WORLD_DIR/$1.err")"
	expect 'no output' [ ! -s "$WORLD_DIR/$1.out" ]
	expect_logged "$4"
}

other_person_refused()
{
	refused other alice bob other-person \
		'The sign-in was approved by somebody else\.'
}

other_person_is_told()
{
	terminal_open other ssh -o NumberOfPasswordPrompts=1 -p "$HOST_PORT" \
		alice@127.0.0.1
	expect 'a prompt' terminal_wait other 20 "${question:?}" || return
	provider_approve bob "$(terminal_link other)" --no-browser
	terminal_type other ''
	expect 'the end' world_wait 20 terminal_ended other
	expect_text 'one sentence' \
		'The sign-in was approved by somebody else\.$' \
		"$(terminal_screen other)"
	expect_text 'what ssh says' 'Permission denied' \
		"$(terminal_screen other)"
	terminal_close other
}

# browser_signs_in: ssh as alice, approved by Chromium with cookies that it
# keeps; what ssh shows is on the terminal "kept".
browser_signs_in()
{
	terminal_open kept ssh -o NumberOfPasswordPrompts=1 -p "$HOST_PORT" \
		alice@127.0.0.1
	expect 'a prompt' terminal_wait kept 20 "${question:?}" || return
	expect 'an approval' provider_approve alice "$(terminal_link kept)" \
		--keep-profile "$WORLD_DIR/chromium" || return
	terminal_type kept ''
}

# The browser was signed in an hour ago, and the provider does not ask for the
# passkey again: a click approves, or less.
silent_approval_refused()
{
	browser_signs_in
	expect 'a shell' terminal_wait kept 20 '^alice@web1:~\$'
	terminal_close kept
	provider_set "s['session_age'] = 3600" \
		"s['clients'][0]['requires_reauthentication'] = False"
	browser_signs_in
	expect 'the end' world_wait 20 terminal_ended kept
	expect_text 'a sentence' \
		'This was approved without your passkey\. Please sign out' \
		"$(terminal_screen kept)"
	terminal_close kept
	expect_logged auth-not-fresh &&
		expect_text 'the remedy' 'turn on requiresReauthentication' \
			"$(host_log)"
}

# ... which is what this option is for.
reauthentication_lets_in()
{
	provider_set "s['session_age'] = 0" \
		"s['clients'][0]['requires_reauthentication'] = True"
	browser_signs_in
	expect 'a shell' terminal_wait kept 20 '^alice@web1:~\$'
	terminal_close kept
}

# fault_refused FAULT REASON SENTENCE
fault_refused()
{
	provider_set "s['fault'] = '$1'"
	refused "fault-$1" alice alice "$2" "$3"
	provider_set "s['fault'] = None"
}

token_faults()
{
	local trusted='an answer that cannot be trusted\.'
	local date='an answer that is out of date\.'
	local fault reason sentence

	while read -r fault reason sentence; do
		scenario "a token with the fault '$fault' is refused" \
			fault_refused "$fault" "$reason" "$sentence"
	done <<-END
		bad-signature token-signature $trusted
		wrong-iss token-issuer $trusted
		wrong-aud token-audience $trusted
		expired token-expired $date
		future-iat token-future $date
		alg-none token-algorithm $trusted
		alg-hs256 token-algorithm $trusted
		access-token-as-id-token token-type $trusted
		no-groups-claim groups-missing did not say which groups
		no-auth-time auth-time-missing did not say when
		login-code auth-method Please sign in with your passkey
	END
}

# The sub: a name is the one thing about mallory that is not sure.
mallory=0f7d1c3a-6b52-4e0d-9a41-000000000004

# mallory_calls_herself NAME USER REASON SENTENCE: and wants to be USER.
mallory_calls_herself()
{
	provider_set "u('$mallory')['username'] = '$1'"
	refused "mallory-$1" "$2" "$mallory" "$3" "$4"
	expect 'nobody new' [ "$(people)" = "alice bob " ]
}

# Everybody who is bound here.
people()
{
	host_run hostpass users | awk 'NR > 1 { printf "%s ", $1 }'
}

mallory_refused()
{
	local name

	for name in root daemon 1000; do
		scenario "mallory, whose token says '$name', is refused" \
			mallory_calls_herself "$name" mallory claim-not-a-name \
			'Your name at the sign-in service cannot be used'
	done
	scenario "mallory, whose token says 'alice', is not alice" \
		mallory_calls_herself alice alice name-bound \
		'This name belongs to somebody else on this host\.'
	provider_set "u('$mallory')['username'] = 'mallory'"
}

# For a name of the host's own there is not even a link.
local_names_are_not_ours()
{
	local name

	for name in root daemon; do
		expect_not "to be $name" sign_in "local-$name" "$name" alice id
		expect_not 'a link' grep -q https "$WORLD_DIR/local-$name.asked"
	done
}

carol_refused()
{
	refused carol carol carol not-allowed 'You may not use this host\.'
}
