# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite browser: people who get in, and people who do not.

paste='Paste the address of that page here:'
waiting='Waiting for your approval'
root='^uid=0\(root\)'

# The last link on the screen, which is longer than a line.
long_link()
{
	terminal capture-pane -p -J -t "$1" |
		grep -oE 'https://[^ ]*code_challenge=[^ ]*' | tail -n 1
}

# parameter LINK NAME: decoded.
parameter()
{
	python3 -c 'import sys, urllib.parse as u
print(u.parse_qs(u.urlsplit(sys.argv[1]).query)[sys.argv[2]][0])' "$@"
}

# visit NAME USER LINK [OPTION...]: in Chromium with a passkey; sets address to
# where it ends. NAME is the directory of its pictures.
visit()
{
	local pictures=$LOGS/${suite:?}-$1 user=$2 link=$3
	shift 3

	provider_approve "$user" "$link" --screenshot "$pictures" "$@" &&
		address=$(tail -n 1 "$(world_log approve)" | python3 -c \
		'import json, sys; print(json.load(sys.stdin)["address"])')
}

# --- over ssh

prompt_appears()
{
	local screen

	terminal_open alice ssh -p "$HOST_PORT" alice@127.0.0.1
	expect 'the question' terminal_wait alice 20 "$paste" || return
	screen=$(terminal_screen alice)
	link=$(long_link alice)
	expect_text 'host, name and origin' \
		'^Sign in to web1 as alice \(from 127\.0\.0\.1\):$' "$screen"
	expect_text 'what will happen' \
		'^Your browser then ends on a page that cannot be opened' \
		"$screen"
	expect_not 'a code to compare' grep -q 'Code:' <<<"$screen"
	terminal_picture alice "$LOGS/${suite:?}-prompt.png"
}

link_is_whole()
{
	expect_text 'the endpoint' "^$PROVIDER_ISSUER/authorize\\?" "$link"
	expect 'a code to come' [ "$(parameter "$link" response_type)" = code ]
	expect 'S256' \
		[ "$(parameter "$link" code_challenge_method)" = S256 ]
	expect_text 'a challenge' '^[A-Za-z0-9_-]{43}$' \
		"$(parameter "$link" code_challenge)"
	expect_text 'a state' '^[A-Za-z0-9_-]{22}$' "$(parameter "$link" state)"
	expect_text 'a nonce' '^[A-Za-z0-9_-]{22}$' "$(parameter "$link" nonce)"
	expect 'her name' [ "$(parameter "$link" login_hint)" = alice ]
	expect 'a port where nobody listens' [ "$(parameter "$link" \
		redirect_uri)" = http://127.0.0.1:1/callback ]
}

paste_nonsense()
{
	terminal_type alice "$link"
	expect 'to be asked again' terminal_wait alice 20 \
		'This is not the address that your browser ended on'
}

paste_other()
{
	terminal_type alice "http://127.0.0.1:1/callback?code=a&state=b"
	expect 'to be asked again' terminal_wait alice 20 \
		'This address belongs to another sign-in'
}

browser_ends_nowhere()
{
	expect 'a sign-in' visit paste alice "$link" || return
	expect_text 'the address' '^http://127\.0\.0\.1:1/callback\?code=' \
		"$address"
	expect 'our state' [ "$(parameter "$address" state)" = \
		"$(parameter "$link" state)" ]
}

paste_opens_shell()
{
	terminal_type alice "$address"
	expect 'a shell' terminal_wait alice 20 '^alice@web1:~\$'
}

sudo_by_paste()
{
	terminal_command alice 'sudo id'
	expect 'a prompt' terminal_wait alice 20 "$paste" || return
	expect_text 'what it is for' '^Use sudo on web1 as alice:$' \
		"$(terminal_screen alice)"
	expect 'a sign-in' visit sudo alice "$(long_link alice)" || return
	terminal_type alice "$address"
	expect 'the command' terminal_wait alice 20 "$root"
}

# --- at the desktop of the host

# desktop_sudo NAME: in a terminal there.
desktop_sudo()
{
	terminal_open "$1" nsenter --target "$HOST_PID" --mount --uts -- \
		runuser -u alice -- env -i PATH=/usr/bin:/bin TERM=screen \
		LANG=C.UTF-8 DISPLAY=:0 sudo id
	expect 'a prompt' terminal_wait "$1" 20 "$waiting" || return
	link=$(long_link "$1")
	address=$(parameter "$link" redirect_uri)
}

# answers CODE URL [OPTION...]: what the listener says.
answers()
{
	local code=$1 url=$2
	shift 2

	[ "$(curl -s -o /dev/null -m 5 -w '%{http_code}' "$@" "$url")" = "$code" ]
}

listens()
{
	curl -s -o /dev/null -m 5 "$address"
}

desktop_listens()
{
	desktop_sudo desktop || return
	expect_text 'loopback, and a port' \
		'^http://127\.0\.0\.1:[0-9]+/callback$' "$address"
	expect_not 'a question' terminal_shows desktop 'Paste|Enter'
	expect 'a listener' listens
	terminal_picture desktop "$LOGS/${suite:?}-desktop.png"
}

strangers_are_refused()
{
	local state query
	state=$(parameter "$link" state)
	query="$address?code=a&state=$state"

	expect 'a wrong state refused' answers 400 "$address?code=a&state=b"
	expect 'another host refused' answers 400 "$query" -H 'Host: a.example'
	expect 'another path refused' answers 404 "${query/callback/}"
	expect 'a POST refused' answers 405 "$query" -X POST
	expect 'sudo to wait on' terminal_shows desktop "$waiting"
	expect_not 'root' terminal_shows desktop "$root"
}

page_is_shown()
{
	local went=$address

	expect 'a sign-in' visit page alice "$link" || return
	expect_text 'where it ended' "^$went\\?code=" "$address"
	expect 'a picture of the page' \
		compgen -G "$LOGS/${suite:?}-page/*-callback.png" >/dev/null
}

sudo_went_on()
{
	expect 'the command, without a key pressed' \
		terminal_wait desktop 20 "$root"
	terminal_close desktop
}

nobody_listens()
{
	expect_not 'a listener' listens
}

other_person_refused()
{
	desktop_sudo other || return
	expect 'a sign-in' visit refused bob "$link" --dark || return
	expect 'a sentence' terminal_wait other 20 \
		'The sign-in was approved by somebody else\.'
	expect_not 'root' terminal_shows other "$root"
	expect_logged other-person
	terminal_close other
}

ctrl_c_cancels()
{
	desktop_sudo cancelled || return
	expect 'a listener' listens
	terminal send-keys -t cancelled C-c
	expect 'the end' world_wait 10 terminal_ended cancelled
	expect_not 'a listener' listens
	terminal_close cancelled
}

# --- refusals

# A second each: whoever answers faster is taken for a program.
three_wrong_pastes()
{
	local n

	# shellcheck disable=SC2016 # her shell expands it
	terminal_command alice 'sudo -k id; echo ended with $?'
	expect 'a prompt' terminal_wait alice 20 "$paste" || return
	for n in first second; do
		sleep 1
		terminal_command alice "the $n"
		expect "to be asked after the $n" terminal_wait alice 20 \
			'Paste all of it, from http:// to its end:' || return
	done
	sleep 1
	terminal_command alice 'the third'
	expect 'the end' terminal_wait alice 20 \
		'^This is not the address that your browser ended on\.$'
	expect_not 'root' terminal_shows alice "$root"
	expect_logged callback-malformed
	terminal send-keys -t alice C-c
}

token_refused()
{
	terminal_close alice
	provider_set "s['fault'] = 'wrong-aud'"
	terminal_open wrong ssh -o NumberOfPasswordPrompts=1 -p "$HOST_PORT" \
		alice@127.0.0.1
	expect 'the question' terminal_wait wrong 20 "$paste" &&
		expect 'a sign-in' visit wrong alice "$(long_link wrong)" &&
		terminal_type wrong "$address" &&
		expect 'the end' world_wait 20 terminal_ended wrong
	expect_text 'a sentence' 'an answer that cannot be trusted\.$' \
		"$(terminal_screen wrong)"
	expect_logged token-audience
	provider_set "s['fault'] = None"
	terminal_close wrong
}

login_by_paste()
{
	terminal_open bob nsenter --target "$HOST_PID" --mount --uts -- \
		env -i PATH=/usr/bin:/bin TERM=screen login
	expect 'the question for a name' terminal_wait bob 10 'web1 login:' ||
		return
	terminal_type bob bob
	expect 'a prompt' terminal_wait bob 20 "$paste" || return
	expect 'a sign-in' visit login bob "$(long_link bob)" || return
	terminal_type bob "$address"
	expect 'a shell' terminal_wait bob 20 '^bob@web1:~\$'
	terminal_close bob
}

log_is_silent()
{
	expect_not 'a code or a state' grep -E 'code=|state=' <<<"$(host_log)"
}
