# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Roots of Debian releases, to build packages in and to boot. A base is made
# once for each release by mmdebstrap, from the mirror that this machine's apt
# uses; a root is a writable layer over it, or over another root, whose files
# one may put and fetch below debroot_upper while nothing runs in it. Mounts are
# made in namespaces that go away with the command. Needs tests/lib/suite.sh.

debroots=$HOSTPASS_BUILD/roots

# What a small server has.
debroot_include=ca-certificates,dbus,iproute2,libpam-systemd,openssh-server
debroot_include+=,sudo,systemd,systemd-sysv

# "URI CODENAME COMPONENT" of what the machine's apt knows.
debroot_sources()
{
	apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' \
		'Created-By: Packages' 2>/dev/null
}

# The mirror of the distribution itself, or nothing.
debroot_mirror()
{
	debroot_sources | sed -n 's,^\(.*/debian\)/* [a-z]* main$,\1,p' |
		head -n 1
}

# debroot_list RELEASE: its sources.list, with the security updates that a
# server has, if the machine has them from somewhere.
debroot_list()
{
	local mirror
	mirror=$(debroot_mirror)

	[ -n "$mirror" ] || { echo 'apt has no mirror of Debian' >&2; return 1; }
	echo "deb $mirror $1 main"
	debroot_sources | sed -n "s/.* $1-security main$/deb &/p"
}

# True if the mirror has that release, and answers.
debroot_reachable()
{
	local dir status
	dir=$(mktemp -d) && chmod 755 "$dir" || return

	/usr/lib/apt/apt-helper download-file \
		"$(debroot_mirror)/dists/$1/InRelease" "$dir/InRelease" \
		>/dev/null 2>&1
	status=$?
	rm -rf "$dir"
	return "$status"
}

# debroot_base RELEASE: made if it is not there; of RELEASE.main, as it was
# released, without security updates. It keeps the options: a mirror
# that stands still is good enough for a test, and what is lost when the power
# fails can be made again.
debroot_base()
{
	local base=$debroots/$1 release=${1%.main} list

	[ ! -e "$base.done" ] || return 0
	list=$(debroot_list "$release") || return
	[ "$release" = "$1" ] || list=${list%%$'\n'*}
	rm -rf --one-file-system "$base"
	mkdir -p "$debroots"
	mmdebstrap --mode=root --variant=minbase --format=directory \
		--include="$debroot_include" --skip=cleanup/apt/lists \
		--aptopt='Acquire::Check-Valid-Until "false"' \
		--aptopt='Acquire::Languages "none"' \
		--dpkgopt=force-unsafe-io "$release" "$base" "$list" || return
	# Nothing is started by being installed; a system that boots has the
	# file removed.
	printf '#!/bin/sh\nexit 101\n' >"$base/usr/sbin/policy-rc.d"
	chmod 755 "$base/usr/sbin/policy-rc.d" && : >"$base.done"
}

debroot_upper()
{
	echo "$debroots/$1-$2/upper"
}

# debroot_new RELEASE NAME [FROM]: a root like the base, or like the root FROM,
# which has to stay as it is then.
debroot_new()
{
	local dir=$debroots/$1-$2

	rm -rf --one-file-system "$dir"
	mkdir -p "$dir"/{upper,work,root}
	echo "${3:+$debroots/$1-$3/upper:}$debroots/$1" >"$dir/lower"
}

# debroot_mount RELEASE NAME: prints where it is mounted.
debroot_mount()
{
	local dir=$debroots/$1-$2

	mount -t overlay -o "lowerdir=$(<"$dir/lower"),upperdir=$dir/upper" \
		-o "workdir=$dir/work" hostpass "$dir/root" >&2 &&
		echo "$dir/root"
}

# debroot_run RELEASE NAME COMMAND...: as root in that root, with the network
# of this machine.
debroot_run()
{
	debroot_private debroot_run_here "$@"
}

debroot_run_here()
{
	local root
	root=$(debroot_mount "$1" "$2") && debroot_furnish "$root" || return
	shift 2

	chroot "$root" env -i HOME=/root LANG=C.UTF-8 TERM=dumb \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		DEBIAN_FRONTEND=noninteractive "$@"
}

# debroot_beside RELEASE NAME COMMAND...: outside of that root, which is there
# meanwhile, and whose directory is the last argument.
debroot_beside()
{
	debroot_private debroot_beside_here "$@"
}

debroot_beside_here()
{
	local root
	root=$(debroot_mount "$1" "$2") && debroot_furnish "$root" || return
	shift 2

	"$@" "$root"
}

debroot_furnish()
{
	mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" &&
		mount -t tmpfs tmpfs "$1/run" &&
		mount -t tmpfs tmpfs "$1/tmp" &&
		cp -L /etc/resolv.conf "$1/etc/resolv.conf"
}

# debroot_private FUNCTION...: one of the above in namespaces of its own.
debroot_private()
{
	export -f debroot_mount debroot_run_here debroot_beside_here \
		debroot_furnish
	export debroots
	unshare --mount --pid --fork --kill-child bash -c '"$@"' bash "$@"
}
