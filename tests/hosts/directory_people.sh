# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite directory. The machine that makes the document is the
# host itself here; its key would never be on one.

FILES_PORT=8480
FILES_PAGE=/srv/people

# export_directory [OPTION...]: from the provider to the web server.
export_directory()
{
	host_run hostpass directory export --pocketid "$PROVIDER_ISSUER" \
		--api-key-file /root/api-key --issuer "$PROVIDER_ISSUER" \
		--key /root/signing-key --out "$FILES_PAGE" \
		--ca-file /etc/hostpass/ca.pem "$@"
}

# Keys, the web server, and a host that is told of them.
directory_set_up()
{
	echo an-admin-key-of-the-stand-in-0001 | host_write /root/api-key 600
	host_run mkdir -p /etc/hostpass/conf.d /srv /usr/local/libexec
	# Where the build that was installed elsewhere looks for it.
	host_run ln -sfn /usr/libexec/hostpass /usr/local/libexec/hostpass
	host_run hostpass directory keygen /root/signing-key |
		host_write /etc/hostpass/directory.jwk 644 || return
	host_exec /usr/bin/python3 -c "$(cat "$TOP/tests/hosts/files.py")" \
		"$FILES_PORT" "$FILES_PAGE" >"$(world_log files)" 2>&1 &
	world_wait 20 grep -q ready "$(world_log files)" || return
	host_write /etc/hostpass/conf.d/directory.conf 644 <<-END
		[directory]
		url = http://127.0.0.1:$FILES_PORT/people
		key_file = ../directory.jwk
		refresh = 2s
	END
}

# adopted PATTERN: what the log says of the last document that was taken in.
adopted()
{
	host_log | grep 'directory: serial=' | tail -n 1 | grep -qE "$1"
}

logged()
{
	host_log | grep -q "$1"
}

# 130 more people: two pages. One of them is disabled from the start.
export_all()
{
	provider_set "s['users'] += [{'sub': 'many-%d' % n, 'username': 'p%d' % n,
		'groups': ['staff'], 'disabled': n == 7} for n in range(130)]" \
		"s['group_claims'] = {'staff': {'badge': 'blue'}}"
	expect_text 'what it made' 'people: 134 people' "$(export_directory)"
	expect_text 'claims of the group' '"badge":"blue"' \
		"$(host_run grep '"p12"' "$FILES_PAGE")"
	expect_not 'the owner of the key' host_run grep static-api \
		"$FILES_PAGE"
	expect_not 'keys that others may read' host_run sh -c \
		'chmod 644 /root/api-key && hostpass directory export \
		--pocketid https://localhost --api-key-file /root/api-key \
		--issuer i --key k --out /tmp/o' 2>/dev/null
	host_run chmod 600 /root/api-key
}

resolve_before_login()
{
	expect 'them all' world_wait 60 adopted 'people=134 new=133 .*left=0' ||
		return
	expect 'alice' host_run getent passwd alice >/dev/null
	expect 'p129' host_run getent passwd p129 >/dev/null
	expect_not 'the disabled one' host_run getent passwd p7
	expect_text 'her group' sudo "$(host_run id -nG alice)"
	host_run getent passwd alice >"$WORLD_DIR/listed"
}

sign_in_keeps_it()
{
	expect 'a sign-in' sign_in first alice alice 'getent passwd alice' &&
		expect 'the same account' cmp -s "$WORLD_DIR/listed" \
			"$WORLD_DIR/first.out"
}

comes_by_304()
{
	expect 'an answer 304' world_wait 60 grep -q 304 "$(world_log files)"
}

disabled_leaves()
{
	provider_set "u('bob')['disabled'] = True"
	host_run cp "$FILES_PAGE" /root/former
	expect 'an export' export_directory >/dev/null
	expect 'bob to leave' world_wait 60 adopted 'left=1' || return
	expect_text 'why' 'does not fit +not revoked' \
		"$(host_run hostpass why bob sshd)"
	expect 'a file of his to have an owner' \
		host_run getent passwd bob >/dev/null
	expect_not 'his groups' \
		host_run sh -c 'id -nG bob | grep -qw staff'
}

rollback_is_refused()
{
	host_run cp /root/former "$FILES_PAGE"
	expect 'a line in the log' world_wait 60 logged '(serial)'
	expect_text 'why' 'does not fit +not revoked' \
		"$(host_run hostpass why bob sshd)"
	expect_text 'a warning' 'older than what is in force' \
		"$(host_run hostpass status)"
}

other_key_is_refused()
{
	host_run mv /root/signing-key /root/pinned-key
	host_run hostpass directory keygen /root/signing-key >/dev/null
	expect 'an export' export_directory >/dev/null
	expect 'a line in the log' world_wait 60 logged '(signature)'
	expect 'alice, still' host_run getent passwd alice >/dev/null
	host_run mv /root/pinned-key /root/signing-key
}

server_away()
{
	host_run rm "$FILES_PAGE"
	expect 'a line in the log' world_wait 60 logged 'answered 404'
	host_stop_daemon
	host_start_daemon || return
	expect 'alice, still' host_run getent passwd alice >/dev/null
	expect_not 'a bob who may enter' host_run hostpass why bob sshd \
		>/dev/null
}

nobody_else()
{
	host_run hostpass --json dump | grep -q '"sign_in":false'
}

# Nobody is asked for a passkey under a name that nobody has.
complete_list()
{
	expect 'an export' export_directory --complete >/dev/null
	expect 'no first sign-ins' world_wait 60 nobody_else
}
