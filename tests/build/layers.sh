#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Who may use whom, told by the #include lines. A rule lists the includes that
# nothing allows.

# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
cd "$top" || exit 1

# "FILE HEADER" for each include below the given paths; HEADER with its quotes
# or brackets.
includes()
{
	find "$@" -name '*.[ch]' 2>/dev/null | sort | while read -r file; do
		sed -n "s|^[[:space:]]*#[[:space:]]*include[[:space:]]*|$file |p" \
			"$file"
	done
}

# own SENTENCE ALLOWED PATH...: of our own headers, the sources below PATH
# include only those that the expression ALLOWED names.
own()
{
	sentence=$1 allowed=$2
	shift 2
	tap_rule "$sentence" \
		"$(includes "$@" | grep '"' | grep -Ev " \"($allowed)\"")"
}

# foreign SENTENCE HEADER FILES: only FILES include what HEADER names, whether
# in brackets or in quotes.
foreign()
{
	tap_rule "$1" "$(includes common nss subid pam daemon cli |
		grep -E " [\"<]($2)" | grep -Ev "^($3) ")"
}

tap_rule 'there are includes' \
	"$(includes common | grep -q . || echo "none in $top/common")"
snapshot='common/(snapshot(_[a-z]+)?|names|attr)\.h'

own 'nss uses the snapshot reader, the names, and nothing else of ours' \
	"$snapshot|nss/[a-z_]+\.h" nss
own 'the snapshot reader uses nothing of the rest of common' \
	"$snapshot" common/snapshot*.[ch] common/names.[ch]
own 'common uses nothing outside common' 'common/[a-z_]+\.h' common
own 'subid uses the snapshot reader, the names and lines of subuid' \
	"$snapshot|common/subid_line\.h|subid/[a-z_]+\.h" subid
own 'pam uses common' '(common|pam)/[a-z_]+\.h' pam
own 'cli uses common' '(common|cli)/[a-z_]+\.h' cli
own 'daemon uses common and itself' \
	'(common|daemon(/[a-z]+)?)/[a-z0-9_]+\.h' daemon

# part NAME HEADERS [FOLDERS]: of the daemon, the folder NAME uses no others
# than itself, these headers that all may share, and these folders.
part()
{
	own "daemon/$1 uses its own, $2${3:+, $3}" \
		"(common|daemon/($1${3:+|}${3:-}))/[a-z0-9_]+\.h|daemon/($2)\.h" \
		"daemon/$1"
}

part oidc reason
part directory reason oidc
part config reason 'oidc|directory'
part store age
part local nothing
part identity 'age|reason' 'oidc|config|store|local|snapshot'
part policy 'age|reason|trouble|world' 'oidc|config|store'
part snapshot 'age|trouble|world' 'oidc|config|store|local|session'
part refresher 'reason|route|trouble|world' 'oidc|identity|store|snapshot'
part adopt world 'oidc|directory|identity|store|snapshot|refresher'
part report 'reason|world' \
	'oidc|identity|policy|store|snapshot|refresher|adopt'

foreign 'libcurl is known to http' 'curl/' 'daemon/oidc/http_[a-z]+\.[ch]'
foreign 'json-c is known to json.c and cli' 'json(-c/.*|_.*)?\.h' \
	'daemon/oidc/json\.c|cli/[a-z]+\.c'
foreign 'SQLite is known to the store' 'sqlite3' \
	'daemon/store/store_[a-z]+\.[ch]'
foreign 'libqrencode is known to prompt.c' 'qrencode' \
	'daemon/session/prompt\.c'
foreign 'OpenSSL is known to what signs, verifies, hashes and seals' \
	'openssl/' \
	'daemon/(oidc/(digest|jwk|jws|keygen|pkce|sign)|store/(fingerprint|seal))\.c'
foreign 'libxcrypt is known to passcode_hash.c' 'crypt\.h' \
	'daemon/session/passcode_hash\.c'
foreign 'libpwquality is known to passcode_rules.c' 'pwquality\.h' \
	'daemon/session/passcode_rules\.c'
foreign 'inih is known to config_file.c' 'ini\.h' \
	'daemon/config/config_file\.c'
foreign 'libevent is known to the daemon' 'event2?[/.]' \
	'daemon/([a-z]+/)?[a-z_]+\.[ch]'
foreign 'libsystemd is known to the daemon' 'systemd/' \
	'daemon/([a-z]+/)?[a-z_]+\.[ch]'
foreign 'libpam is known to pam' 'security/' 'pam/[a-z_]+\.[ch]'
tap_end
