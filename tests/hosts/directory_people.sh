# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite directory. The machine that makes the document is the
# host itself here; its key would never be on one.

FILES_PORT=8480
FILES_PAGE=/srv/www/people
PKI=

# sign_document SOURCE OPTION...: from a provider's API to a file.
sign_document()
{
	host_run hostpass directory export "$@" --issuer "$PROVIDER_ISSUER" \
		--key /root/directory/signing-key
}

# export_directory [OPTION...]: from Pocket ID to the web server.
export_directory()
{
	sign_document --pocketid "$PROVIDER_ISSUER" \
		--api-key-file /root/directory/api-key --out "$FILES_PAGE" \
		--ca-file /etc/hostpass/ca.pem "$@"
}

# directory_page BLOCK: of docs/directory.md, with the addresses of this stage.
directory_page()
{
	document_text docs/directory.md "directory-$1" |
		sed -e "s|https://id.example.com|$PROVIDER_ISSUER|" \
			-e "s|https://files.example.com|https://127.0.0.1:$FILES_PORT|"
}

# An authority that no system knows, and a certificate for 127.0.0.1.
make_pki()
{
	local key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)

	mkdir "$PKI" && cd "$PKI" || return
	openssl req -x509 "${key[@]}" -days 2 -subj '/CN=files test CA' \
		-keyout ca.key -out ca.pem &&
		openssl req "${key[@]}" -subj /CN=files -keyout server.key \
			-out server.csr &&
		openssl x509 -req -in server.csr -days 2 -CA ca.pem \
			-CAkey ca.key -CAcreateserial -out server.pem \
			-extfile <(echo subjectAltName=IP:127.0.0.1)
} >"$(world_log pki)" 2>&1

# host_configure_directory CA: what the host is told of the document.
host_configure_directory()
{
	host_write /etc/hostpass/conf.d/directory.conf 644 <<-END
		[identity]
		uid_claim = uid
		$(directory_page host)
		ca_file = $1
		refresh = 2s
	END
}

start_files()
{
	host_write /root/server.pem 644 <"$PKI/server.pem"
	host_write /root/server.key 600 <"$PKI/server.key"
	host_write /etc/hostpass/files-ca.pem 644 <"$PKI/ca.pem"
	host_exec /usr/bin/python3 -c "$(cat "$TOP/tests/hosts/files.py")" \
		"$FILES_PORT" "$FILES_PAGE" /root/server.pem /root/server.key \
		>"$(world_log files)" 2>&1 &
	world_wait 20 grep -q ready "$(world_log files)"
}

# Keys, the web server, and a host that believes another authority.
directory_set_up()
{
	host_run mkdir -p /etc/hostpass/conf.d /srv/www /usr/local/libexec
	# Where the build that was installed elsewhere looks for it.
	host_run ln -sfn /usr/libexec/hostpass /usr/local/libexec/hostpass
	host_run sh -ec "$(directory_page keygen)" || return
	host_run cp /root/directory/directory.jwk /etc/hostpass || return
	echo an-admin-key-of-the-stand-in-0001 |
		host_write /root/directory/api-key 600
	PKI=$WORLD_DIR/pki
	(make_pki) && start_files && host_configure_directory ../ca.pem
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
		"s['group_claims'] = {'staff': {'badge': 'blue'}}" \
		"u('alice')['custom_claims'] = {'uid': '20042'}"
	expect_text 'what docs/directory.md makes' 'people: 134 people' \
		"$(host_run sh -ec "$(directory_page export) --ca-file \
			/etc/hostpass/ca.pem" 2>&1)"
	expect_text 'claims of the group' '"badge":"blue"' \
		"$(host_run grep '"p12"' "$FILES_PAGE")"
	expect_not 'the owner of the key' host_run grep static-api \
		"$FILES_PAGE"
	expect_not 'keys that others may read' host_run sh -c \
		'chmod 644 /root/directory/api-key && hostpass directory export \
		--pocketid https://localhost --api-key-file /root/directory/api-key \
		--issuer i --key k --out /tmp/o' 2>/dev/null
	host_run chmod 600 /root/directory/api-key
}

# Its key is right; what it could do is see and stop what hosts ask for.
other_authority()
{
	expect 'a line in the log' world_wait 60 logged \
		'directory: the certificate was refused' || return
	expect_not 'alice' host_run getent passwd alice
	expect_text 'status' 'answered +never' "$(host_run hostpass status)"
	expect_text 'status' 'last error +the certificate was refused' \
		"$(host_run hostpass status)"
	host_stop_daemon
	host_configure_directory ../files-ca.pem
	expect 'another start' host_start_daemon
}

# What nobody could have signed is found before a restart.
wrong_keys()
{
	host_run cp -r /etc/hostpass /root/trial
	host_run sed -i 's|/etc/hostpass/directory|/root/trial/directory|' \
		/root/trial/conf.d/directory.conf
	host_run cp /root/directory/signing-key /root/trial/directory.jwk
	expect_text 'the private half' 'holds a private key' "$(host_run \
		hostpassd -t -c /root/trial/hostpass.conf 2>&1)"
	host_run cp /root/trial/ca.pem /root/trial/directory.jwk
	expect_text 'no key at all' 'no public key of Ed25519' "$(host_run \
		hostpassd -t -c /root/trial/hostpass.conf 2>&1)"
}

resolve_before_login()
{
	expect 'them all' world_wait 60 adopted 'people=134 new=133 .*left=0' ||
		return
	expect 'alice' host_run getent passwd alice >/dev/null
	expect 'p129' host_run getent passwd p129 >/dev/null
	expect_not 'the disabled one' host_run getent passwd p7
	expect_text 'her group' sudo "$(host_run id -nG alice)"
	expect_text 'the uid of her claim' '^20042$' "$(host_run id -u alice)"
	host_run getent passwd alice >"$WORLD_DIR/listed"
	expect_text 'status' 'lists +134 people, 0 left out$' \
		"$(host_run hostpass status)"
	expect_text 'status' 'last error +none' "$(host_run hostpass status)"
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

document_is_past()
{
	[ "$(date +%s)" -gt "$1" ]
}

# It is put there when its time is over, so that no host sees it before.
expired_is_refused()
{
	local made
	expect 'a document' sign_document --pocketid "$PROVIDER_ISSUER" \
		--api-key-file /root/directory/api-key --ca-file /etc/hostpass/ca.pem \
		--out /root/short --valid 1s >/dev/null
	made=$(date +%s)
	world_wait 20 document_is_past $((made + 1))
	host_run mv /root/short "$FILES_PAGE"
	expect 'a line in the log' world_wait 60 logged '(expired)'
	expect 'alice, still' host_run getent passwd alice >/dev/null
	expect_text 'a warning' 'it has expired; is .hostpass directory' \
		"$(host_run hostpass status)"
}

other_key_is_refused()
{
	host_run mv /root/directory/signing-key /root/pinned-key
	host_run hostpass directory keygen /root/directory/signing-key >/dev/null
	expect 'an export' export_directory >/dev/null
	expect 'a line in the log' world_wait 60 logged '(signature)'
	expect 'alice, still' host_run getent passwd alice >/dev/null
	host_run mv /root/pinned-key /root/directory/signing-key
}

server_away()
{
	host_run rm "$FILES_PAGE"
	expect 'a line in the log' world_wait 60 logged 'answered 404'
	host_stop_daemon
	host_start_daemon || return
	expect 'alice, still' host_run getent passwd alice >/dev/null
	expect_text 'what is in force' 'lists +134 people' \
		"$(host_run hostpass status)"
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
