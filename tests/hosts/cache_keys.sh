# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite cache: ssh keys that spare a sign-in.

KEYS_PORT=2223

# A second sshd, which wants a key and then asks.
keys_start()
{
	local log
	log=$(world_log sshd-keys)

	: >"$log"
	host_exec /usr/sbin/sshd -D -e -p "$KEYS_PORT" \
		-o 'AuthenticationMethods publickey,keyboard-interactive' \
		2>"$log" &
	sed "s/^\[127.0.0.1\]:$HOST_PORT/[127.0.0.1]:$KEYS_PORT/" \
		/etc/ssh/ssh_known_hosts >"$WORLD_DIR/known" &&
		cat "$WORLD_DIR/known" >>/etc/ssh/ssh_known_hosts
	cat >"$WORLD_DIR/ssh_config" <<-END
		Host web1
		HostName 127.0.0.1
		Port $KEYS_PORT
		User alice
		IdentitiesOnly yes
		IdentityFile $WORLD_DIR/key
		PreferredAuthentications publickey,keyboard-interactive
		NumberOfPasswordPrompts 1
		ConnectTimeout 20
	END
	person_make_key
	ssh-keygen -q -t ed25519 -N '' -C other -f "$WORLD_DIR/other"
	world_wait 10 grep -q '^Server listening' "$log"
}

# asking NAME COMMAND...: with alice as the one who approves what ssh asks;
# what was asked, said and printed is in files NAME.asked, .err, .out.
asking()
{
	local files=$WORLD_DIR/$1
	shift

	: >"$files.asked"
	SSH_ASKPASS=$TOP/tests/hosts/askpass SSH_ASKPASS_REQUIRE=force \
	ASKPASS_LOG=$files.asked ASKPASS_APPROVER=alice ASKPASS_PASSWORD= \
	ASKPASS_PROVIDER=$PROVIDER_PROGRAM ASKPASS_STATE=$PROVIDER_STATE \
	HOME=$WORLD_DIR GIT_SSH_COMMAND="ssh -F $WORLD_DIR/ssh_config" \
		"$@" >"$files.out" 2>"$files.err" </dev/null
}

# key_ssh NAME [OPTION...] COMMAND: by the second sshd.
key_ssh()
{
	local name=$1
	shift

	asking "$name" ssh -F "$WORLD_DIR/ssh_config" web1 "$@"
}

# How many links the person was shown in NAME...
links()
{
	(cd "$WORLD_DIR" && cat "${@/%/.asked}") |
		grep -c "$PROVIDER_ISSUER/device?user_code="
}

# expect_asked NAME COUNT
expect_asked()
{
	expect "$2 links in $1" [ "$(links "$1")" -eq "$2" ]
}

print_of()
{
	ssh-keygen -lf "$1.pub" | cut -d' ' -f2
}

keys_are_left()
{
	expect 'a sign-in' sign_in left alice alice "umask 077 && mkdir .ssh &&
		echo '$(cat "$WORLD_DIR/key.pub" "$WORLD_DIR/other.pub")' \
		>.ssh/authorized_keys && git init -q --bare repo.git"
}

asked_once()
{
	expect 'a shell' key_ssh first id -un || return
	expect 'alice' [ "$(cat "$WORLD_DIR/first.out")" = alice ]
	expect_asked first 1
}

git_push()
{
	local repo=$WORLD_DIR/repo

	git init -q "$repo" && git -C "$repo" -c user.name=alice \
		-c user.email=alice@example.com commit -q --allow-empty -m one &&
		git -C "$repo" push -q web1:repo.git HEAD:refs/heads/main
}

# Ansible tells ssh to try no other method after a key, unless it is told.
with_ansible()
{
	ANSIBLE_HOME=$WORLD_DIR/ansible ANSIBLE_NOCOLOR=1 \
	ANSIBLE_SSH_ARGS="-F $WORLD_DIR/ssh_config \
		-o KbdInteractiveAuthentication=yes \
		-o PreferredAuthentications=publickey,keyboard-interactive" \
		ansible all -i web1, -m ping
}

row_asks_nothing()
{
	local begun
	begun=$(host_log | grep -c 'sign-in .* begins')

	echo hello >"$WORLD_DIR/file"
	expect 'ssh' key_ssh ssh id -un
	expect 'scp' asking scp scp -F "$WORLD_DIR/ssh_config" \
		"$WORLD_DIR/file" web1:copied
	expect 'what scp copied' [ "$(host_run cat /home/alice/copied)" = hello ]
	expect 'git push' asking git git_push
	expect_text 'what git pushed' '^[0-9a-f]{40}' "$(host_as alice \
		git -C /home/alice/repo.git rev-parse refs/heads/main)"
	expect 'ansible' asking ansible with_ansible
	expect_text 'its pong' '"ping": "pong"' "$(cat "$WORLD_DIR/ansible.out")"
	expect 'no link' [ "$(links ssh scp git ansible)" -eq 0 ]
	expect 'no sign-in to begin' [ "$(host_log |
		grep -c 'sign-in .* begins')" -eq "$begun" ]
	echo "# by one approval: $(host_log | grep -c 'remembered key')" \
		'sign-ins of ssh, scp, git and ansible'
}

log_names_key()
{
	expect_text 'the key' "user=alice service=sshd .*remembered key $(
		print_of "$WORLD_DIR/key" | sed 's/[+]/[+]/g')[)]$" "$(host_log)"
}

keys_are_listed()
{
	local print
	print=$(print_of "$WORLD_DIR/key")

	expect 'it for root' grep -qF "$print" <<<"$(host_run hostpass keys)"
	expect 'it for alice' grep -qF "$print" \
		<<<"$(host_as alice hostpass keys)"
	expect_not 'it for lokal' host_as lokal hostpass keys alice 2>&1
	expect_not 'that lokal forgets it' \
		host_as lokal hostpass keys --forget alice 2>&1
}

other_key_asks()
{
	sed "s|$WORLD_DIR/key|$WORLD_DIR/other|" "$WORLD_DIR/ssh_config" \
		>"$WORLD_DIR/ssh_other"
	expect 'a shell' asking other ssh -F "$WORLD_DIR/ssh_other" web1 id -un
	expect_asked other 1
}

address_asks()
{
	expect 'a shell' sign_in address alice alice id -un
	expect_asked address 1
}

restart_remembers()
{
	expect 'a clean end of hostpassd' host_stop_daemon
	expect 'hostpassd' host_start_daemon || return
	expect 'a shell' key_ssh restart id -un
	expect_asked restart 0
}

# As on a machine that got a copy of the state.
foreign_seal_asks()
{
	expect 'a clean end of hostpassd' host_stop_daemon
	host_run mv /etc/hostpass/seal.key /etc/hostpass/seal.key.kept
	expect 'hostpassd' host_start_daemon || return
	asking foreign ssh -F "$WORLD_DIR/ssh_config" \
		-o NumberOfPasswordPrompts=1 web1 id -un
	expect_asked foreign 1
	expect 'a clean end of hostpassd' host_stop_daemon
	host_run mv /etc/hostpass/seal.key.kept /etc/hostpass/seal.key
	expect 'hostpassd' host_start_daemon
}

forgotten_asks()
{
	expect 'a shell' key_ssh before id -un
	expect_text 'what was forgotten' '^[12] forgotten$' \
		"$(host_as alice hostpass keys --forget alice)"
	expect 'a shell' key_ssh forgotten id -un
	expect_asked forgotten 1
	expect 'a shell' key_ssh again id -un
	expect_asked again 0
}

group_lost_denies()
{
	provider_set "u('alice')['groups'] = ['guests']"
	expect_not 'a shell' sign_in guest alice alice id
	expect_not 'a shell by key' key_ssh guest-key id -un
	expect_asked guest-key 1
	provider_set "u('alice')['groups'] = ['admins', 'staff']"
	expect 'a shell again' sign_in back alice alice id
}

revoked_denies()
{
	expect 'a shell by key' key_ssh unrevoked id -un
	expect 'alice revoked' host_run hostpass revoke alice >/dev/null
	expect_not 'her key in the list' grep -q alice \
		<<<"$(host_run hostpass keys)"
	expect_not 'a shell by key alone' key_login alice id
	expect 'a shell' sign_in restored alice alice id
	expect 'a shell by key' key_ssh revoked id -un
	expect_asked revoked 1
}
