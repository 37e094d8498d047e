# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The module compiled with the headers of other releases of Linux-PAM than
# this machine's, and its tests run with their libpam. The packages are only
# unpacked; where they need a newer C library, it comes along. Needs
# tests/lib/suite.sh and debroot.sh.

pams=$HOSTPASS_BUILD/pam-releases

# What the libpam of a release needs beside itself.
declare -A pam_needs=([bullseye]=''
	[trixie]='libc6 libaudit1 libcap-ng0')

pam_tests=(conversation owner pam_hostpass pam_module patience relay request)

# pam_apt RELEASE ARGUMENT...: an apt that knows only that release, and leaves
# this machine's alone.
pam_apt()
{
	local dir=$pams/$1.apt
	shift

	apt-get -o Dir::Etc::sourcelist="$dir/list" \
		-o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State::lists="$dir/lists" -o Dir::Cache="$dir" \
		-o Dir::State::status=/dev/null \
		-o Acquire::Languages=none -o APT::Sandbox::User=root \
		-o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false \
		-o Acquire::Check-Valid-Until=false "$@"
}

# pam_fetch RELEASE: its libpam and headers, below pams/RELEASE.
pam_fetch()
{
	local dir=$pams/$1 name

	[ ! -e "$dir.done" ] || return 0
	rm -rf "$dir" "$dir.apt"
	mkdir -p "$dir" "$dir.apt"/{lists,archives}/partial
	echo "deb $(debroot_mirror) $1 main" >"$dir.apt/list"
	# shellcheck disable=SC2086 # a list of words
	pam_apt "$1" update &&
		(cd "$dir.apt" && pam_apt "$1" download libpam0g \
			libpam0g-dev ${pam_needs[$1]}) || return
	for name in "$dir.apt"/*.deb; do
		dpkg -x "$name" "$dir" || return
	done
	# The link that is in the package leads out of the directory.
	mkdir "$dir/link" &&
		ln -s "$(pam_find "$1" libpam.so.0)" "$dir/link/libpam.so" &&
		: >"$dir.done"
}

# pam_find RELEASE NAME: where that file is, whether /lib is /usr/lib or not.
pam_find() { find "$pams/$1" -name "$2" -print -quit; }

# What runs a program with the libraries of a release.
pam_runner()
{
	local libraries
	libraries=$(dirname "$(pam_find "$1" libpam.so.0)")

	if [[ ${pam_needs[$1]} == *libc6* ]]; then
		echo "$libraries/ld-linux-x86-64.so.2 --library-path $libraries"
	else
		echo "env LD_LIBRARY_PATH=$libraries"
	fi
}

# pam_make RELEASE TARGET...: in the tree `pam`.
pam_make()
{
	local release=$1
	shift

	make -C "$HOSTPASS_BUILD/pam" "$JOBS" \
		CPPFLAGS="-I$pams/$release/usr/include" \
		LDFLAGS=-Wl,--allow-shlib-undefined \
		PAM_LIBS="-L$pams/$release/link -lpam" \
		check_PROGRAMS="${pam_tests[*]/#/tests/unit/test_}" \
		TESTS="${pam_tests[*]/#/tests/unit/test_}" \
		check_LTLIBRARIES= \
		TEST_RUNNER="$(pam_runner "$release")" "$@"
}

# Everything that the release before may have left is built anew.
pam_build()
{
	find "$HOSTPASS_BUILD/pam" \( -path '*/pam/*' -o -path '*/unit/*' \) \
		-type f \( -name '*.o' -o -name '*.lo' -o -name '*.la' \
		-o -name 'test_*' -o -name '*.trs' \) -delete
	pam_make "$1" pam/pam_hostpass.la &&
		pam_make "$1" "${pam_tests[@]/#/tests/unit/test_}"
}

# pam_check RELEASE: run its tests, and count.
pam_check()
{
	local ok=yes p f tree=$HOSTPASS_BUILD/pam

	run "libpam of $1: tests of the module" "$1-pam-check" \
		pam_make "$1" check-TESTS || ok=no
	p=$(results "$tree" PASS)
	f=$(results "$tree" 'FAIL\|XPASS\|ERROR')
	echo "  $p checks passed, $f failed"
	passed=$((passed + p)) failed=$((failed + f))
	[ "$f" -eq 0 ] || show_failed "$tree"
	[ "$ok" = yes ] && [ "$p" -gt 0 ] || [ "$f" -gt 0 ] ||
		fail "libpam of $1: tests of the module"
}

# What libpam 1.3.0 exported already is all that the module asks of it.
pam_needs_no_newer()
{
	local versions
	versions=$(nm -D --with-symbol-versions \
		"$HOSTPASS_BUILD/plain/pam/.libs/pam_hostpass.so" |
		sed -n 's/.* U \(.*@LIBPAM_.*\)/\1/p')

	echo "$versions"
	[ -n "$versions" ] && ! grep -Ev '@LIBPAM_(1\.0|EXTENSION_1\.(0|1|1\.1)|MODUTIL_1\.(0|1|1\.3|1\.9))$' \
		<<<"$versions"
}

pam_suite()
{
	local release

	build_tree pam
	for release in bullseye trixie; do
		if ! run "libpam of $release" "$release-pam-fetch" \
			pam_fetch "$release"; then
			skip "libpam of $release" 'it cannot be had'
			continue
		fi
		step "libpam of $release: the module is compiled" \
			"$release-pam-build" pam_build "$release" ||
			{ fail "libpam of $release"; continue; }
		pass
		pam_check "$release"
	done
	check 'the module asks for nothing that Linux-PAM 1.3 has not' \
		pam-versions pam_needs_no_newer
	skip 'tests with Linux-PAM 1.3' \
		'no release of Debian that is served has it'
}
