# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What docs/install.md says to do with rpm packages, by dnf and by zypper, on a
# host that is this machine below overlays: no root of those distributions can
# be had here. What their packages would bring is claimed by one package that
# has no files; authselect is tests/rpm/authselect. Needs tests/lib/suite.sh
# and document.sh.

# Where the host is made, what is in its overlays, and the packages.
rpm_host=$HOSTPASS_BUILD/rpm/host

# rpm_host_new RPM...: a host that has what these need and them in a directory.
# rpm since 4.19 makes the users of sysusers.d before it unpacks; here they are.
rpm_host_new()
{
	rm -rf --one-file-system "$rpm_host"
	mkdir -p "$rpm_host"/{home,packages}
	# Debian's rpm has its database at home, zypper looks where others do.
	echo '%_dbpath /var/lib/rpm' >"$rpm_host/home/.rpmmacros"
	cp "$@" "$rpm_host/packages" && rpm_distribution "$@" &&
		rpm_run sh -ec '
			mkdir -p /usr/lib/systemd/system-preset
			echo "disable *" >/usr/lib/systemd/system-preset/00-all.preset
			install "$1/tests/rpm/authselect" /usr/bin/authselect
			systemd-sysusers "$3"
			rpm --install --nosignature "$2"/distribution-*.rpm
			' sh "$TOP" "$rpm_host" \
			"$HOSTPASS_BUILD/plain/data/sysusers.d/hostpass.conf"
}

# A package that provides what these require of others.
rpm_distribution()
{
	{
		printf '%s\n' 'Name: distribution' 'Version: 1' 'Release: 1' \
			'Summary: What others would bring' 'License: none' \
			'BuildArch: noarch'
		comm -23 <(rpm -qp --requires "$@" | grep -v '^[(]' |
			sed 's/ .*//' | sort -u) \
			<(rpm -qp --provides "$@" | sed 's/ .*//' | sort -u) |
			grep -v '^rpmlib' | sed 's/^/Provides: /'
		printf '%s\n' '%description' 'Nothing.' '%files'
	} >"$rpm_host/distribution.spec"
	HOME=$rpm_host/home rpmbuild --define "_rpmdir $rpm_host" \
		--define '_rpmfilename %%{NAME}-%%{VERSION}.rpm' \
		-bb "$rpm_host/distribution.spec"
}

# rpm_run COMMAND...: on that host, among the packages.
rpm_run()
{
	rpm_host=$rpm_host AUTHSELECT_PY=$TOP/tests/rpm/authselect.py \
	HOME=$rpm_host/home SYSTEMD_OFFLINE=1 unshare --mount bash -ec '
		for dir in etc usr var; do
			over=$rpm_host/over/$dir
			mkdir -p "$over"/{upper,work}
			mount -t overlay -o "lowerdir=/$dir" \
				-o "upperdir=$over/upper,workdir=$over/work" \
				hostpass "/$dir"
		done
		mount -t tmpfs -o mode=755 hostpass /run
		exec env -C "$rpm_host/packages" "$@"' bash "$@"
}

# rpm_document BLOCK
rpm_document()
{
	local script
	script=$(document_block docs/install.md "$1") || return

	rpm_run sh -c "$script"
}

# What both ways to install leave behind, and the configuration of the page,
# without which nothing runs.
rpm_host_is_right()
{
	rpm_run sh -exc '
		test "$(stat -c %a:%U /etc/hostpass)" = 755:root
		test -z "$(ls /etc/hostpass)"
		for unit in hostpassd.service hostpassd.socket; do
			grep -x "ConditionPathExists=/etc/hostpass/hostpass.conf" \
				"/usr/lib/systemd/system/$unit"
		done' && rpm_document configure && rpm_document rpm-start && rpm_run sh -exc '
		getent -s files passwd hostpass
		test "$(stat -c %U /var/lib/hostpass)" = hostpass
		hostpassd -t
		for unit in hostpassd.socket hostpassd.service \
			hostpass-end-sessions.path; do
			systemctl is-enabled "$unit"
		done
		touch /var/lib/hostpass/store.db'
}

rpm_host_is_left()
{
	rpm_run sh -exc '
		test ! -e /usr/sbin/hostpassd
		test -z "$(find /usr -xdev -name "*_hostpass.so*")"
		test ! -e /etc/systemd/system/sockets.target.wants/hostpassd.socket
		test -e /var/lib/hostpass/store.db'
}

# A line with which nobody could sign in once the module is gone keeps it here;
# rpm_document BLOCK removes it when there is none.
rpm_module_stays_for()
{
	rpm_run sh -ec "echo '$2' >/etc/pam.d/hostpass-test"
	rpm_document "$1"
	rpm_run sh -ec '
		find /usr -xdev -name pam_hostpass.so | grep .
		rm /etc/pam.d/hostpass-test'
}

# A newer profile reaches the host; one that somebody made of it stays there.
rpm_profile_is_new()
{
	rpm_run sh -exc '
		echo "# older" >>/etc/authselect/system-auth
		rpm --upgrade --force --nosignature hostpass-authselect-*.rpm
		! grep older /etc/authselect/system-auth'
}

# rpm_by_dnf RPM...: Fedora and its relatives.
rpm_by_dnf()
{
	rpm_host_new "$@" && rpm_document rpm-install &&
		rpm_document rpm-select && rpm_host_is_right &&
		rpm_run cat /etc/authselect/system-auth |
		python3 "$TOP/tests/rpm/stack.py" &&
		rpm_run grep -E '^passwd: +files hostpass' \
			/etc/authselect/nsswitch.conf && rpm_profile_is_new &&
		rpm_document rpm-remove && rpm_host_is_left &&
		[ "$(rpm_run authselect current)" = local ]
}

# rpm_by_dnf_with_own RPM...: ... with a profile that was made of ours, and lines
# that name the module as they should not.
rpm_by_dnf_with_own()
{
	rpm_host_new "$@" && rpm_document rpm-install && rpm_run sh -exc '
		authselect create-profile fleet -b hostpass
		authselect select custom/fleet --force' &&
		rpm_profile_is_new && rpm_module_stays_for rpm-remove \
		'auth [ignore=ignore default=die] pam_hostpass.so' &&
		rpm_run sh -exc '
			echo "-auth sufficient pam_hostpass.so" >/etc/pam.d/1
			echo "# auth required pam_hostpass.so" >/etc/pam.d/2
			rpm --erase pam_hostpass
			grep pam_hostpass.so /etc/authselect/system-auth' &&
		rpm_run find /usr -xdev -name 'pam_hostpass.so*' |
		{ ! grep .; } &&
		[ "$(rpm_run authselect current)" = custom/fleet ]
}

# rpm_by_zypper RPM...: openSUSE.
rpm_by_zypper()
{
	rpm_host_new "$@" && rpm_document zypper-install &&
		rpm_run sh -exc 'mkdir -p /usr/etc
			mv /etc/nsswitch.conf /usr/etc' &&
		rpm_document zypper-nss &&
		rpm_run grep -E '^(passwd|group):.* hostpass$' \
			/etc/nsswitch.conf &&
		rpm_host_is_right && rpm_module_stays_for zypper-remove \
		'account requisite pam_hostpass.so' &&
		rpm_run rpm --erase pam_hostpass && rpm_host_is_left
}
