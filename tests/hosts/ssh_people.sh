# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite ssh: people who get in, and what they see.

question='Press Enter after approving:'
waiting='Waiting for your approval'

# --- alice, whom the host has never heard of

prompt_appears()
{
	local screen

	terminal_open alice ssh -p "$HOST_PORT" alice@127.0.0.1
	expect 'the question' terminal_wait alice 20 "$question" || return
	screen=$(terminal_screen alice)
	link=$(terminal_link alice)
	expect_text 'host, name and origin' \
		'^Sign in to web1 as alice \(from 127\.0\.0\.1\):$' "$screen"
	expect_text 'the link alone on its line' \
		"^ +$PROVIDER_ISSUER/device\\?user_code=E[A-Z0-9]{7}$" "$screen"
	expect_text 'the code and its time' \
		"^ +Code: ${link##*=} +\\(valid for [0-9]+ seconds\\)$" "$screen"
	expect_not 'octal or escape codes' grep -q '\\[0-9]' <<<"$screen"
}

qr_decodes()
{
	expect "the QR code to say $link" [ "$(terminal_scan alice)" = "$link" ]
}

early_enter()
{
	terminal_type alice ''
	expect 'to be asked again' \
		terminal_wait alice 20 'Not approved yet. Press Enter to check' &&
		expect 'the same code' [ "$(terminal_link alice)" = "$link" ]
}

passkey_lets_in()
{
	expect 'an approval' provider_approve alice "$link" || return
	terminal_type alice ''
	expect 'a shell' terminal_wait alice 20 '^alice@web1:~\$'
}

id_is_right()
{
	local sudo
	sudo=$(host_run getent group sudo | cut -d: -f3)'\(sudo\)$'

	# shellcheck disable=SC2016 # her shell expands it
	terminal_command alice 'id; stat -c "home of %U, %a" "$HOME"; pwd'
	expect 'the home directory' terminal_wait alice 10 '^/home/alice$'
	expect_text 'uid, own group, sudo and no other' \
		'^uid=([0-9]+)\(alice\) gid=\1\(alice\) groups=\1\(alice\),'"$sudo" \
		"$(terminal_screen alice)"
	expect_text 'a home of her own' '^home of alice, 700$' \
		"$(terminal_screen alice)"
	alice_uid=$(host_run id -u alice)
	expect 'a uid of the computed range' [ "$alice_uid" -ge 1879048192 ]
}

accounts()
{
	host_run sha256sum /etc/passwd /etc/group /etc/shadow /etc/gshadow
}

accounts_untouched()
{
	expect 'the same files' [ "$(accounts)" = "${accounts_before:?}" ]
}

sudo_goes_on()
{
	terminal_command alice 'sudo id'
	expect 'a prompt' terminal_wait alice 20 "$waiting" || return
	expect_text 'what it is for' '^Use sudo on web1 as alice:$' \
		"$(terminal_screen alice)"
	expect 'its QR code to be its link' \
		[ "$(terminal_scan alice)" = "$(terminal_link alice)" ]
	expect 'an approval' \
		provider_approve alice "$(terminal_link alice)" || return
	expect 'the command, without a key pressed' \
		terminal_wait alice 20 '^uid=0\(root\)'
}

ctrl_c_cancels()
{
	terminal_command alice 'sudo -k id; echo ended with $?'
	expect 'a prompt' terminal_wait alice 20 "$waiting" || return
	terminal send-keys -t alice C-c
	expect 'sudo to end' terminal_wait alice 10 '^(ended with 1|.*\$ )$'
	expect_not 'root' terminal_shows alice 'uid=0'
}

passwd_is_refused()
{
	terminal_command alice 'passwd'
	expect 'a sentence' terminal_wait alice 10 \
		'This account has no password on this host\.'
	terminal_close alice
}

# --- keys

key_asks_nothing()
{
	person_make_key
	expect 'a sign-in' sign_in key alice alice "umask 077 && mkdir .ssh &&
		echo '$(cat "$WORLD_DIR/key.pub")' >.ssh/authorized_keys" ||
		return
	expect 'alice' [ "$(key_login alice id -un)" = alice ]
}

# --- login on a terminal

login_goes_on()
{
	terminal_open bob nsenter --target "$HOST_PID" --mount --uts -- \
		env -i PATH=/usr/bin:/bin TERM=screen login
	expect 'the question for a name' terminal_wait bob 10 'web1 login:' ||
		return
	terminal_type bob bob
	expect 'a prompt' terminal_wait bob 20 "$waiting" || return
	expect_text 'host and name' '^Sign in to web1 as bob:$' \
		"$(terminal_screen bob)"
	expect 'its QR code to be its link' \
		[ "$(terminal_scan bob)" = "$(terminal_link bob)" ]
	expect 'an approval' \
		provider_approve bob "$(terminal_link bob)" || return
	expect 'a shell, without a key pressed' \
		terminal_wait bob 20 '^bob@web1:~\$' || return
	terminal_command bob 'id'
	expect 'no group but his own' terminal_wait bob 10 \
		'^uid=([0-9]+)\(bob\) gid=\1\(bob\) groups=\1\(bob\)$'
}

bob_may_not_sudo()
{
	terminal_command bob 'sudo id'
	expect 'a prompt' terminal_wait bob 20 "$waiting" &&
		expect 'an approval' provider_approve bob \
			"$(terminal_link bob)" --no-browser &&
		expect 'a sentence' terminal_wait bob 20 \
			'You may not use this service on this host\.'
	expect_not 'root' terminal_shows bob 'uid=0'
	expect_logged service-not-allowed
	terminal_close bob
}

# --- what the command says of it

why_agrees()
{
	expect 'alice may use sudo' host_run hostpass why alice sudo \
		>/dev/null
	expect 'bob may use sshd' host_run hostpass why bob sshd >/dev/null
	expect_text 'why bob may not use sudo' 'service-not-allowed' \
		"$(host_run hostpass why bob sudo)"
}
