# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# The sign-in script: what must be true of any provider, in any flow, by ssh
# through sshd, pam_hostpass.so and hostpassd on the private host. Needs what
# tests/hosts/stage.sh brings, and a provider started by drivers.sh.

signins=0

# signin_configure FLOW [LINE...]: hostpassd for the provider that was started last,
# as on a host that has never seen it; the lines go to [provider].
signin_configure()
{
	local extra flow=$1
	shift

	# By itself hostpassd takes the device flow where there is one.
	[ "$flow" = device ] || set -- "$@" "flow = $flow"
	printf -v extra '%s\n' "$@"
	host_run find /var/lib/hostpass /home -mindepth 1 -delete
	host_write /etc/hostpass/ca.pem 644 <"${PROVIDER_STATE:?}/ca.pem"
	host_write /etc/hostpass/hostpass.conf 644 <<-END
		[provider]
		issuer = ${PROVIDER_ISSUER:?}
		client_id = ${PROVIDER_CLIENT:?}
		ca_file = /etc/hostpass/ca.pem
		$extra
		[access]
		allow_groups = admins, staff
		[groups]
		admins = sudo
		[prompt]
		qr = no
	END
	host_start_daemon
}

# signin NAME USER APPROVER [COMMAND]: as sign_in of person.sh, by PROVIDER_PERSON
# in the flow SIGNIN_FLOW.
signin()
{
	local files=$WORLD_DIR/$1 user=$2 approver=$3
	shift 3

	signins=$((signins + 1))
	: >"$files.asked"
	SSH_ASKPASS=$TOP/tests/providers/askpass SSH_ASKPASS_REQUIRE=force \
	ASKPASS_LOG=$files.asked ASKPASS_APPROVER=$approver \
	ASKPASS_FLOW=$SIGNIN_FLOW ASKPASS_STATE=$PROVIDER_STATE \
	ASKPASS_PERSON=${PROVIDER_PERSON:?} \
		ssh_host -o PreferredAuthentications=keyboard-interactive \
		-l "$user" web1 "$@" >"$files.out" 2>"$files.err"
}

# What alice's `id` must print: the uid that her issuer and name make, a group
# of her own and sudo, which extends admins; staff is no group here.
signin_identity()
{
	local uid sudo
	uid=$("$TOP/tests/lib/uid.py" "$PROVIDER_ISSUER" alice)
	sudo=$(host_run getent group sudo | cut -d: -f3)

	echo "uid=$uid(alice) gid=$uid(alice)" \
		"groups=$uid(alice),$sudo(sudo)"
}

signin_is_alice()
{
	local said
	said=$(cat "$WORLD_DIR/$1.out")

	[ "$said" = "$(signin_identity)" ] ||
		problem "id said '$said', expected '$(signin_identity)'"
}

signin_first()
{
	expect_not 'an alice before she came' host_run getent passwd alice ||
		return
	expect 'a shell' signin first alice alice id ||
		problem "$(cat "$WORLD_DIR/first.err" "$WORLD_DIR/first.asked")"
	expect 'an approval' \
		grep -q 'the person is done' "$WORLD_DIR/first.asked"
	signin_is_alice first
	expect_logged granted
	expect 'the same at a lookup' \
		[ "$(host_run id alice)" = "$(signin_identity)" ]
}

# The device flow's link and code, letter for letter.
signin_code()
{
	local asked code
	asked=$(cat "$WORLD_DIR/first.asked")

	code=$(sed -nE 's/^ +Code: ([^ ]+) .*/\1/p' <<<"$asked")
	expect_text 'a code' "^${PROVIDER_CODE:?}\$" "$code"
	expect 'it in the link' grep -qE "^ +https://localhost.*=$code\$" \
		<<<"$asked"
}

signin_second()
{
	expect 'a shell' signin second alice alice id
	signin_is_alice second
	expect_text 'one alice' '^1$' "$(host_run hostpass users |
		grep -c '^alice ')"
}

# signin_refused NAME APPROVER REASON SENTENCE [USER]
signin_refused()
{
	expect_not 'a shell' signin "$1" "${5:-alice}" "$2" id
	expect 'an answer by the person' \
		grep -q 'the person is done' "$WORLD_DIR/$1.asked"
	expect_text 'a sentence' "$4" "$(cat "$WORLD_DIR/$1.err")"
	expect 'no output' [ ! -s "$WORLD_DIR/$1.out" ]
	expect_logged "$3"
}

signin_stranger()
{
	signin_refused carol carol not-allowed 'You may not use this host\.' \
		carol
	expect_not 'an account' host_run id carol 2>/dev/null
}

# signin_script WHERE FLOW
signin_script()
{
	local where=$1
	SIGNIN_FLOW=$2

	scenario "$where, $2: alice gets in; her uid, her groups" signin_first
	[ "$2" != device ] ||
		scenario "$where, $2: link and code are as the provider has them" \
			signin_code
	scenario "$where, $2: bob approves for alice: refused" signin_refused \
		other bob other-person 'was approved by somebody else\.'
	scenario "$where, $2: carol, in no group that may, is refused" \
		signin_stranger
	scenario "$where, $2: alice again: the same account" signin_second
}
