# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# People at the other end of an ssh that has no terminal; the ones at a
# terminal are in terminal.sh. Needs world.sh, host.sh and provider.sh.

# ssh_host [OPTION...] USER [COMMAND]: to the private host.
ssh_host()
{
	ssh -p "$HOST_PORT" -o NumberOfPasswordPrompts=1 \
		-o ConnectTimeout=20 -o HostName=127.0.0.1 "$@" </dev/null
}

# sign_in NAME USER APPROVER [COMMAND]: ssh as USER with APPROVER at the
# provider. What was asked, said and printed is in files NAME.asked, .err, .out.
sign_in()
{
	local files=$WORLD_DIR/$1 user=$2 approver=$3
	shift 3

	: >"$files.asked"
	SSH_ASKPASS=$TOP/tests/hosts/askpass SSH_ASKPASS_REQUIRE=force \
	ASKPASS_LOG=$files.asked ASKPASS_APPROVER=$approver \
	ASKPASS_PASSWORD=$HOST_LOCAL_PASSWORD \
	ASKPASS_PROVIDER=$PROVIDER_PROGRAM ASKPASS_STATE=$PROVIDER_STATE \
		ssh_host -o PreferredAuthentications=keyboard-interactive \
		-l "$user" web1 "$@" >"$files.out" 2>"$files.err"
}

# key_login USER [COMMAND]: ssh with the person's key and nothing else, asking
# nothing.
key_login()
{
	local user=$1
	shift

	ssh_host -o BatchMode=yes -o IdentitiesOnly=yes \
		-i "$WORLD_DIR/key" -l "$user" web1 "$@" 2>&1
}

person_make_key()
{
	ssh-keygen -q -t ed25519 -N '' -C person -f "$WORLD_DIR/key"
}
