# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The Debian packages, built as docs/install.md says in a root of the release
# that they are for. Needs tests/lib/suite.sh, debroot.sh and document.sh.

# More than one takes longer than a run of everything should.
# shellcheck disable=SC2034 # the suites use it
DEBS_RELEASES=${HOSTPASS_RELEASES:-bookworm}

# The version in debian/changelog, without the revision.
debs_version()
{
	sed -n '1s/.*(\(.*\)-[^-]*).*/\1/p' "$TOP/debian/changelog"
}

# debs_dir RELEASE [NAME]: where the packages are.
debs_dir()
{
	echo "$HOSTPASS_BUILD/debs/$1${2:+-$2}"
}

# The tarball of a release, from the tree `plain`.
debs_tarball()
{
	make -C "$HOSTPASS_BUILD/plain" dist
}

# A root with what building needs, to start from. It is made again when that
# has changed.
debs_tools()
{
	local stamp=$debroots/$1-tools.control

	! cmp -s "$TOP/debian/control" "$stamp" || return 0
	rm -f "$stamp"
	debroot_new "$1" tools && debs_put "$1" tools / &&
		debroot_run "$1" tools sh -ec '
			apt-get install --yes --no-install-recommends \
				build-essential xz-utils lintian
			cd /tmp; tar -xf /hostpass-*.tar.xz; cd hostpass-*
			apt-get build-dep --yes --no-install-recommends ./
			' && cp "$TOP/debian/control" "$stamp"
}

# debs_put RELEASE NAME DIRECTORY: the tarball, into a root.
debs_put()
{
	local to
	to=$(debroot_upper "$1" "$2")$3

	mkdir -p "$to"
	cp "$HOSTPASS_BUILD/plain/hostpass-$(debs_version).tar.xz" "$to"
}

# debs_build RELEASE NAME DIRECTORY [COMMAND]: the block deb-build in a root
# with the tools, below DIRECTORY, with DEB_BUILD_OPTIONS as it is here; first
# COMMAND is run in the unpacked sources.
debs_build()
{
	local script build=dpkg-buildpackage
	script=$(document_block docs/install.md deb-build) || return
	[ -z "${4:-}" ] || script=${script/$build/"$4"$'\n'"$build"}

	debroot_new "$1" "$2" tools && debs_put "$1" "$2" "$3" &&
		debroot_run "$1" "$2" env -C "$3" \
			DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS:-}" \
			sh -c "$script" &&
		debs_take "$1" "$2" "$3"
}

debs_take()
{
	local to
	to=$(debs_dir "$1" "$2")

	rm -rf "$to"
	mkdir -p "$to"
	cp "$(debroot_upper "$1" "$2")$3"/*.{deb,buildinfo,changes} "$to"
}

# What the tarball holds, whenever it was made.
debs_stamp()
{
	tar -xJOf "$HOSTPASS_BUILD/plain/hostpass-$(debs_version).tar.xz" |
		sha256sum
}

# True of the first of the releases, with which suite deb does what need not be
# done with each: its packages are built again, with make check.
debs_first()
{
	[ "$1" = "${DEBS_RELEASES%% *}" ]
}

# The packages of this tree, in debs_dir RELEASE build: as they are, if another
# suite has made them.
debs_wanted()
{
	local stamp=$HOSTPASS_BUILD/debs/$1.stamp options=

	[ ! -e "$stamp" ] || [ "$(debs_stamp)" != "$(cat "$stamp")" ] ||
		{ echo 'they are there'; return 0; }
	rm -f "$stamp"
	! debs_first "$1" || options=nocheck
	DEB_BUILD_OPTIONS=$options debs_build "$1" build /srv &&
		debs_stamp >"$stamp"
}

# debs_archive_fault LOG: what apt said, if that is a fault of the archive: files
# that are gone, packages that do not fit each other. What nobody has under the
# name, or in the version, that we ask for is ours to mend.
debs_archive_fault()
{
	! grep -A 2 'builddeps:\./.* Depends' "$1" |
		grep -qE 'is not installable|\[no choices\]' &&
		grep -m 1 -E '^E: (Failed to fetch|Unable to (fetch|correct|satisfy))' \
			"$1"
}

# debs_need RELEASE WHAT LOGNAME COMMAND...: like require, but where sid is
# between two states, that is said, and the result is 1.
debs_need()
{
	local release=$1 said
	shift

	step "$@" && return
	if [ "$release" = sid ] &&
		said=$(debs_archive_fault "$LOGS/$suite-$2.log"); then
		skip sid "its archive has not all that is needed: $said"
		return 1
	fi
	fail "$1"
	suite_finish
}

# debs_release RELEASE: everything that the packages of it need, and they
# themselves. 1 if no root can be made of that release (a failure, unless it is
# the mirror that does not give it), or its archive is unfit, which is said.
debs_release()
{
	if ! run "a root of $1" "$1-base" debroot_base "$1"; then
		if debroot_reachable "${1%.main}"; then
			fail "a root of $1"
		else
			skip "$1" 'the mirror does not answer, or has it not'
		fi
		return 1
	fi
	debs_need "$1" "$1: packages to build with" "$1-tools" debs_tools "$1" ||
		return
	require "$1: build as docs/install.md says" "$1-build" debs_wanted "$1"
}

# Nothing can be built where there is no mirror.
debs_need_mirror()
{
	[ -z "$(debroot_mirror)" ] || return 0
	skip 'Debian packages' "this machine's apt has no mirror of Debian"
	pass
	suite_finish
}

# Say which releases were not asked for.
debs_skip_others()
{
	local release

	for release in bookworm trixie sid; do
		[[ " $DEBS_RELEASES " == *" $release "* ]] ||
			skip "$release" 'HOSTPASS_RELEASES does not name it'
	done
}
