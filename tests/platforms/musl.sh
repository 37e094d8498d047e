# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Command, daemon and PAM module against musl. Debian has no other library that
# was built for it: the headers of Debian's are taken, and their shared objects
# only to see that each symbol that hostpass uses is either theirs or musl's.
# What is linked that way is not run; what needs the C library alone is. Needs
# tests/lib/suite.sh.

musl=$HOSTPASS_BUILD/musl

# The headers of the libraries, without glibc's own. libxcrypt has a crypt.h as
# musl has. What distributions with musl take from BSD is made here: sys/queue.h
# from glibc's, and the two words of sys/cdefs.h that are asked for.
musl_headers()
{
	local name to=$musl/include
	local gnu=/usr/include/$(gcc -print-multiarch)

	rm -rf "$to"
	mkdir -p "$to/sys"
	for name in asm asm-generic cmocka.h crypt.h curl event.h event2 ini.h \
		json-c linux openssl pwquality.h qrencode.h security sqlite3.h
	do
		[ ! -e "/usr/include/$name" ] ||
			cp -rL "/usr/include/$name" "$to" || return
		[ ! -e "$gnu/$name" ] || cp -rL "$gnu/$name" "$to" || return
	done
	sed '/sys\/cdefs.h/d' "$gnu/sys/queue.h" >"$to/sys/queue.h" &&
		printf '#define %s\n' __BEGIN_DECLS __END_DECLS __THROW \
			>"$to/sys/cdefs.h"
}

# What each library is called by configure.ac and by the linker.
musl_libraries=(LIBEVENT=event CURL=curl JSON=json-c CRYPTO=crypto
	QRENCODE=qrencode SQLITE=sqlite3 INIH=inih CRYPT=crypt
	PWQUALITY=pwquality CMOCKA=cmocka)

musl_configure()
{
	local pair given=()

	mkdir -p "$musl"/{build,lib}
	for pair in "${musl_libraries[@]}" PAM=pam; do
		given+=("${pair%=*}_CFLAGS= "
			"${pair%=*}_LIBS=-l${pair#*=}")
		ln -sf "$(gcc -print-file-name="lib${pair#*=}.so")" \
			"$musl/lib/lib${pair#*=}.so"
	done
	# The linker is to let be what the shared objects need of glibc.
	env -C "$musl/build" "${given[@]}" CC=musl-gcc CFLAGS=-O0 \
		CPPFLAGS="-isystem $musl/include -isystem $musl/include/json-c" \
		LDFLAGS="-L$musl/lib -Wl,--allow-shlib-undefined" \
		"$TOP/configure" --enable-werror --without-systemd \
		--disable-nss --prefix=/usr
}

musl_make() { make -C "$musl/build" "$JOBS" "$@"; }

# Each of the three asks for musl, and the programs for its loader.
musl_is_used()
{
	local built=$musl/build

	readelf -l "$built/hostpass" | grep ld-musl &&
		readelf -l "$built/hostpassd" | grep ld-musl &&
		! nm -D "$built/hostpass" "$built/hostpassd" \
			"$built/pam/.libs/pam_hostpass.so" | grep '@GLIBC'
}

musl_suite()
{
	check 'musl: headers of the libraries' musl-headers musl_headers
	step 'musl: configure --without-systemd --disable-nss' \
		musl-configure musl_configure ||
		{ fail 'musl: configure'; return; }
	check 'musl: daemon, command and PAM module are compiled and linked' \
		musl-make musl_make all
	check 'musl: they ask for nothing of glibc' musl-used musl_is_used
	skip 'musl: daemon, command and module run' \
		'Debian has no library that was built for it'
}
