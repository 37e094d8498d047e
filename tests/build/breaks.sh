#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Each rule of this folder fails when it is broken: small trees that break one
# rule each, and one that breaks none.

# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
here=$(cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
out=$work/out

# judge SCRIPT: run it on the small tree.
judge()
{
	env TOP_SRCDIR="$work/tree" TOP_BUILDDIR="$work/tree" SAN_CFLAGS= \
		HARDENING_LDFLAGS=yes sh "$here/$1" >"$out" 2>&1
}

# The tree that breaks nothing.
plain_tree()
{
	rm -rf "$work/tree"
	mkdir -p "$work/tree" && cd "$work/tree" || exit 1
	mkdir -p common nss/.libs subid/.libs pam/.libs daemon/oidc \
		daemon/store daemon/server cli tests/build
	c_file common/names.c '#include "common/names.h"'
	c_file nss/nss_passwd.c '#include "common/snapshot.h"'
	c_file pam/relay.c '#include <security/pam_modules.h>'
	c_file daemon/store/store_person.c '#include <sqlite3.h>'
	c_file daemon/oidc/json.c '#include "daemon/reason.h"'
	c_file cli/why.c '#include <json.h>'
}

# c_file PATH LINE: a source that holds the line.
c_file()
{
	printf '/* SPDX-License-Identifier: BSD-2-Clause */\n%s\n' "$2" >"$1"
}

# holds SCRIPT WHAT
holds()
{
	judge "$1"
	status=$?
	tap_rule "$1 holds for $2" "$([ "$status" -eq 0 ] || cat "$out")"
}

# fails SCRIPT RULE WHAT: exactly the rule that starts like that is broken.
fails()
{
	judge "$1"
	status=$?
	found=$(sed -n 's/^not ok [0-9]* - //p' "$out")
	case $status,$found in
	1,"$2"*) broken=$(printf '%s\n' "$found" | sed 1d) ;;
	*) broken="status $status: $(cat "$out")" ;;
	esac
	tap_rule "$1: $3" "$broken"
}

# includes PATH HEADER RULE: adding this include breaks that rule of layers.sh.
includes()
{
	plain_tree
	c_file "$1" "#include $2"
	fails layers.sh "$3" "$1 includes $2"
}

# style PATH LINE RULE: adding a file with this line breaks that one.
style()
{
	plain_tree
	c_file "$1" "$2"
	fails style.sh "$3" "$3"
}

# module PATH MAP FLAGS...: build a shared object from the C on stdin.
module()
{
	object=$1 list=$2
	shift 2
	printf '{ global: %s; local: *; };\n' "$list" >list.map
	"${CC:-cc}" -std=gnu89 -xc - -w -shared -fPIC -O1 -Wl,-z,now -Wl,-z,relro \
		-Wl,--version-script=list.map -o "$object" "$@" -xnone
}

# The modules as they should be.
plain_modules()
{
	plain_tree
	printf '{ global: _nss_x; local: *; };\n' >nss/nss_hostpass.map
	printf '{\n\tglobal: /* one */\n\t\tpam_x;\n\tlocal:\n\t\t*;\n};\n' \
		>pam/pam_hostpass.map
	nss_module _nss_x 'int _nss_x(void) { return geteuid(); }'
	printf '{ global: shadow_x; local: *; };\n' >subid/subid_hostpass.map
	subid_module shadow_x 'int shadow_x(void) { return geteuid(); }'
	pam_module pam_x 'int pam_x(void) { return pam_get_item(0, 0, 0); }'
}

# nss_module GLOBAL CODE FLAGS...; the same for pam.
nss_module()
{
	global=$1 code=$2
	shift 2
	echo "$code" | module nss/.libs/libnss_hostpass.so "$global" \
		-Wl,-z,nodelete "$@"
}
subid_module()
{
	global=$1 code=$2
	shift 2
	echo "$code" | module subid/.libs/libsubid_hostpass.so "$global" "$@"
}
pam_module()
{
	global=$1 code=$2
	shift 2
	echo "$code" | module pam/.libs/pam_hostpass.so "$global" -lpam "$@"
}

# nss_breaks SCRIPT RULE GLOBAL CODE FLAGS...; the same for pam.
nss_breaks()
{
	script=$1 rule=$2
	shift 2
	plain_modules
	nss_module "$@"
	fails "$script" "libnss_hostpass.so $rule" "$rule"
}
pam_breaks()
{
	script=$1 rule=$2
	shift 2
	plain_modules
	pam_module "$@"
	fails "$script" "pam_hostpass.so $rule" "$rule"
}

layers()
{
	plain_tree
	holds layers.sh 'a tree that breaks nothing'
	includes nss/a.c '"common/log.h"' 'nss uses'
	includes nss/a.c '"daemon/store/store.h"' 'nss uses'
	includes common/snapshot_find.c '"common/log.h"' 'the snapshot reader'
	includes common/names.c '"common/secret.h"' 'the snapshot reader'
	includes common/a.c '"daemon/reason.h"' 'common uses'
	includes pam/a.h '"daemon/reason.h"' 'pam uses'
	includes pam/a.c '"snapshot.h"' 'pam uses'
	includes cli/a.c '"daemon/reason.h"' 'cli uses'
	includes daemon/a.c '"cli/line.h"' 'daemon uses'
	includes daemon/a.c '"tests/unit/a.h"' 'daemon uses'
	includes daemon/oidc/a.c '"daemon/store/store.h"' 'daemon/oidc uses'
	includes daemon/store/a.c '"daemon/session/session.h"' \
		'daemon/store uses'
	includes daemon/store/a.c '"daemon/world.h"' 'daemon/store uses'
	includes daemon/oidc/a.h '<curl/curl.h>' 'libcurl'
	includes daemon/server/server.c '<json.h>' 'json-c'
	includes daemon/server/server.c '<json-c/json_object.h>' 'json-c'
	includes daemon/server/server.c '<sqlite3.h>' 'SQLite'
	includes cli/a.c '<qrencode.h>' 'libqrencode'
	includes daemon/oidc/json.c '<openssl/evp.h>' 'OpenSSL'
	includes cli/a.c '<ini.h>' 'inih'
	includes common/a.c '<event2/event.h>' 'libevent'
	includes cli/a.c '<systemd/sd-daemon.h>' 'libsystemd'
	includes daemon/a.c '<security/pam_appl.h>' 'libpam'
	plain_tree
	rm -r common
	fails layers.sh 'there are includes' 'an empty tree is no proof'
}

# The marks and names are put together here, so that this file has none.
styles()
{
	plain_tree
	holds style.sh 'a tree that breaks nothing'
	style cli/a.c 'a = str''cpy(b, c);' 'no function that has'
	style tests/build/a.c 'a = ato''i (b);' 'no function that has'
	style cli/a.c '        a = b;' 'indentation'
	style cli/a.c "$(printf '  \ta = b;')" 'indentation'
	style cli/a.c 'a = b; ' 'no blank'
	style cli/a.c "$(printf '\t\t\t\t\t\t\t\t\ta = bbbbbbb;')" 'no line is wider'
	style cli/a.c '	a = b; // c' 'comments are'
	style cli/a.c '/* TO''DO */' 'nothing is left'
	style cli/a.c "$(yes 'int a;' | head -n 500)" 'no file is longer'
	style cli/a.c "$(echo '{'; yes '	a();' | head -n 61; echo '}')" \
		'no function is longer'
	style daemon/oidc/a.h '#define OIDC_A_H' 'headers are guarded'
	plain_tree
	echo 'int a;' >cli/a.c
	fails style.sh 'every source names its licence' 'a file without licence'
	plain_tree
	rm -r common nss subid pam daemon cli
	fails style.sh 'there are sources' 'an empty tree is no proof'
}

modules()
{
	good='int _nss_x(void) { return geteuid(); }'
	pam='int pam_x(void) { return pam_get_item(0, 0, 0); }'
	plain_modules
	holds exports.sh 'modules that break nothing'
	holds linkage.sh 'modules that break nothing'
	nss_breaks exports.sh 'exports only' '_nss_x; y' "$good int y;"
	pam_breaks exports.sh 'exports only' 'pam_x; y' "$pam int y;"
	nss_breaks linkage.sh 'needs libc alone' _nss_x "$good" -Wl,--no-as-needed -lm
	pam_breaks linkage.sh 'needs libpam and libc' pam_x "$pam" -Wl,--no-as-needed -lm
	nss_breaks linkage.sh 'has no executable stack' _nss_x "$good" \
		-Wl,-z,execstack
	nss_breaks linkage.sh 'is bound at once' _nss_x "$good" -Wl,-z,lazy
	pam_breaks linkage.sh 'is read-only' pam_x "$pam" -Wl,-z,norelro
	pam_breaks linkage.sh 'can be unloaded' pam_x "$pam" -Wl,-z,nodelete
	nss_breaks linkage.sh 'has no thread-local' _nss_x \
		'__thread int t; int _nss_x(void) { return t++; }' \
		-ftls-model=initial-exec
	nss_breaks linkage.sh 'calls nothing' _nss_x \
		'int _nss_x(void) { return getenv("A") != 0; }'
	nss_breaks linkage.sh 'calls nothing' _nss_x \
		'int _nss_x(void) { return socket(1, 1, 0); }'
	plain_modules
	subid_module shadow_x 'int shadow_x(void) { return getenv("A") != 0; }'
	fails linkage.sh 'libsubid_hostpass.so talks' 'talks'
	pam_breaks linkage.sh 'leaves' pam_x "$pam void f(void) { umask(0); }"
	plain_modules
	echo '{ global: _nss_x; _nss_y; };' >nss/nss_hostpass.map
	fails exports.sh 'libnss_hostpass.so exports all' 'exports all'
	plain_modules
	echo "$good" | module nss/.libs/libnss_hostpass.so _nss_x
	fails linkage.sh 'libnss_hostpass.so stays mapped' 'stays mapped'
}

pitfalls()
{
	plain_tree
	mkdir -p tests/unit
	for number in $(seq 20); do
		echo "$number tests/unit/a.c test_$number a word"
	done >tests/unit/nss-pitfalls
	tr ' ' '\n' <tests/unit/nss-pitfalls >tests/unit/a.c
	holds pitfalls.sh 'a table that is true'
	sed -i 's/^7 /6 /' tests/unit/nss-pitfalls
	fails pitfalls.sh 'each of the 20' 'no test for a pitfall'
	sed -i '0,/^6 /s//7 /; s/test_9 /test_other /' tests/unit/nss-pitfalls
	fails pitfalls.sh 'each test that' 'a test that is not there'
}

# The documents that say all, and a source that they tell of.
plain_documents()
{
	plain_tree
	mkdir -p docs debian rpm man
	echo 'daemon/oidc/ store/ server/ docs/design.md' | tee README.md \
		Makefile.am debian/hostpass.docs >rpm/hostpass.spec
	echo 'tests/build/' >CONTRIBUTING.md
	printf '## D1 one\n## D12 another\n' >docs/design.md
	echo '.It Ev ONE , OTHER' >man/a.8
	c_file pam/a.c '/* See design D1, D12. */ getenv("OTHER");'
}

# omits COMMAND RULE: after that, exactly this rule is broken.
omits()
{
	plain_documents
	eval "$1"
	fails documents.sh "$2" "$2: $1"
}

documents()
{
	plain_documents
	holds documents.sh 'documents that leave out nothing'
	omits "c_file pam/b.c '/* design D1''3 */'" 'each decision'
	omits "c_file pam/b.c '/* design D1, D2 */'" 'each decision'
	omits "sed -i /D12/d docs/design.md" 'each decision'
	omits "c_file pam/b.c 'getenv(\"OTHER_ONE\");'" 'each variable'
	omits "echo >docs/b.md; echo docs/b.md >>README.md" 'each document'
	omits "mkdir tests/unit" 'CONTRIBUTING names'
	omits "mkdir daemon/policy" 'the README names'
	omits "rm -r docs; mkdir docs; c_file pam/a.c 'int a;'" 'there are'
}

layers
styles
pitfalls
documents
if [ -n "${SAN_CFLAGS:-}" ]; then
	tap_skip 'rules of modules fail when broken' 'built with sanitizers'
else
	modules
fi
tap_end
