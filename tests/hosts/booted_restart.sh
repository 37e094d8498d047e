# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# A booted host whose daemon ends while people sign in, and gets its key from
# systemd. Needs booted_life.sh and what that needs.

# Only the link that was there first is on the screen, however often.
one_link()
{
	local links
	links=$(terminal_screen "$1" | grep -oE 'https://[^ ]*user_code=[A-Z0-9]+')

	expect "one link, not: $links" [ "$(sort -u <<<"$links")" = "$2" ]
}

# A slow machine asks once more before the provider has said what it says.
shell_or_question()
{
	terminal_shows "$1" '^alice@web1:~\$' ||
		[ "$(terminal_screen "$1" | grep -c 'Press Enter')" -gt 1 ]
}

enter_until_shell()
{
	terminal_type "$1" ''
	world_wait 60 shell_or_question "$1"
	terminal_shows "$1" '^alice@web1:~\$' || terminal_type "$1" ''
	expect 'a shell' terminal_wait "$1" 30 '^alice@web1:~\$'
}

# She approves what she was shown, while there is another daemon already.
restart_while_alice_signs_in()
{
	local link

	terminal_open restart ssh -p "$HOST_PORT" \
		-o PreferredAuthentications=keyboard-interactive \
		alice@127.0.0.1
	expect 'a question' \
		terminal_wait restart 30 'Press Enter after approving' || return
	link=$(terminal_link restart)
	host_run systemctl restart hostpassd
	expect 'an approval' provider_approve alice "$link" --no-browser ||
		return
	enter_until_shell restart
	one_link restart "$link"
	terminal_close restart
	expect_text 'that it went on' 'user=alice service=sshd .* goes on' \
		"$(host_log | tail -n "+$((scenario_log_start + 1))")"
}

# Approved, and not said yet: the daemon that knew is gone.
restart_before_enter()
{
	local link

	terminal_open enter ssh -p "$HOST_PORT" \
		-o PreferredAuthentications=keyboard-interactive \
		alice@127.0.0.1
	expect 'a question' \
		terminal_wait enter 30 'Press Enter after approving' || return
	link=$(terminal_link enter)
	expect 'an approval' provider_approve alice "$link" --no-browser ||
		return
	expect 'the provider to be asked' world_wait 30 alice_is_proved
	host_run systemctl restart hostpassd
	enter_until_shell enter
	one_link enter "$link"
	terminal_close enter
}

# Her last proof of life is of this scenario.
alice_is_proved()
{
	host_run hostpass --json users | python3 -c '
import json, sys
users = json.load(sys.stdin)["users"]
user = next(u for u in users if u["name"] == "alice")
sys.exit(user["last_proof"] < int(sys.argv[1]))' "$proved_since"
}

# end_while_alice_uses_sudo COMMAND...: which ends the daemon. sudo shows nothing
# twice, and goes on by itself.
end_while_alice_uses_sudo()
{
	local link

	terminal_open killed ssh -tt -p "$HOST_PORT" -i "$WORLD_DIR/key" \
		alice@127.0.0.1 sudo id
	expect 'a link' terminal_wait killed 20 'user_code=' || return
	link=$(terminal_link killed)
	"$@"
	expect 'an approval' provider_approve alice "$link" --no-browser &&
		expect 'sudo to go on' \
			terminal_wait killed 60 '^uid=0\(root\)'
	one_link killed "$link"
	expect 'one text' \
		[ "$(terminal_screen killed | grep -c 'Code: ')" = 1 ]
	terminal_close killed
	no_failed_unit
}

killed_while_alice_uses_sudo()
{
	end_while_alice_uses_sudo host_run kill -KILL "$(daemon_pid)"
}

upgrade_while_alice_uses_sudo()
{
	end_while_alice_uses_sudo upgrade
}

# A stop that is no restart leaves nothing to go on with.
nothing_is_held()
{
	host_run systemctl stop hostpassd
	expect 'systemd to hold nothing' [ "$(host_run systemctl show \
		--property=NFileDescriptorStore --value hostpassd)" = 0 ]
	host_run systemctl start hostpassd
	expect 'systemd to hold one file' [ "$(host_run systemctl show \
		--property=NFileDescriptorStore --value hostpassd)" = 1 ]
}

# As hostpassd(8) says, with the key that every host has.
key_as_credential()
{
	local place=/etc/systemd/system/hostpassd.service.d

	expect 'a sealed token' host_run hostpass refresh alice >/dev/null
	host_run sh -ec 'umask 077
		mkdir -p /etc/credstore.encrypted
		systemd-creds encrypt --with-key=host --name=hostpass.key \
			/etc/hostpass/seal.key \
			/etc/credstore.encrypted/hostpass.key
		mv /etc/hostpass/seal.key /root' ||
		problem 'no credential could be made'
	host_write "$place/key.conf" 644 <<-'END'
		[Service]
		LoadCredential=
		LoadCredentialEncrypted=hostpass.key:/etc/credstore.encrypted/hostpass.key
	END
	host_run systemctl daemon-reload
	expect 'a daemon' host_run systemctl restart hostpassd
	expect_text 'her token to open' '^renewed: ' \
		"$(host_run hostpass refresh alice 2>&1)"
	expect_not 'another key' host_run test -e /etc/hostpass/seal.key
	expect_not 'the key in a file that its user may read' \
		host_run grep -rqsF "$(host_run cat /root/seal.key |
			tr -d '\0\n' | head -c 8)" /etc/credstore.encrypted
	no_failed_unit
	host_run sh -c "mv /root/seal.key /etc/hostpass
		rm -r $place /etc/credstore.encrypted"
	host_run systemctl daemon-reload
	expect 'a daemon' host_run systemctl restart hostpassd
	expect_text 'her token to open' '^renewed: ' \
		"$(host_run hostpass refresh alice 2>&1)"
}

booted_restarts()
{
	scenario "$release: a restart while alice signs in: the same code" \
		restart_while_alice_signs_in
	proved_since=$(date +%s)
	scenario "$release: a restart after she approved, before she said so" \
		restart_before_enter
	scenario "$release: the daemon killed while she uses sudo" \
		killed_while_alice_uses_sudo
	scenario "$release: what waits is held over a restart only" \
		nothing_is_held
	scenario "$release: the key as a credential that systemd sealed" \
		key_as_credential
}
