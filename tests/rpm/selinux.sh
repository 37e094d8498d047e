# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The SELinux module in a policy: Debian's reference policy is linked with it,
# and what it comes to is looked at. That is done twice, for hostpass.te goes
# other ways where the interfaces are Fedora's. Needs tests/lib/suite.sh.

selinux_dir=$HOSTPASS_BUILD/rpm/selinux
# Where the domains are that hostpass.te names, and what these modules need: a
# quarter of the time that all of them take.
selinux_some=(cockpit cron cups dovecot ftp getty openvpn policykit remotelogin
	samba sasl screen ssh staff su sudo unprivuser userhelper vlock xdg
	xscreensaver xserver)

# The modules of the policy, out of a package that is not installed: to install
# it is to have a policy made.
selinux_modules()
(
	rm -rf --one-file-system "$selinux_dir"
	mkdir -p "$selinux_dir/policy" && cd "$selinux_dir" &&
		apt-get download selinux-policy-default &&
		dpkg-deb -x selinux-policy-default_*.deb . &&
		cp usr/share/selinux/default/*.pp.bz2 policy &&
		bunzip2 policy/*.bz2 && [ -e policy/base.pp ]
)

# selinux_link MODULE...: these and ours, from there and from here.
selinux_link()
{
	semodule_link -o linked "$selinux_dir/policy/base.pp" \
		"${@/#/$selinux_dir/policy/}" others.pp hostpass.pp >/dev/null
}

# selinux_is_granted NAME INTERFACES: with these, which others.te brings.
selinux_is_granted()
(
	dir=$selinux_dir/$1
	mapfile -t all < <(find "$selinux_dir/policy" -name '*.pp' \
		! -name base.pp -printf '%f\n')
	mkdir -p "$dir" && cd "$dir" &&
		cp "$TOP"/data/selinux/hostpass.* \
			"$TOP/tests/rpm/selinux/others.te" . &&
		cp "$2" others.if &&
		make -f /usr/share/selinux/devel/Makefile hostpass.pp others.pp &&
		{ selinux_link "${selinux_some[@]/%/.pp}" ||
			selinux_link "${all[@]}"; } &&
		semodule_expand -a linked policy &&
		/usr/bin/python3 "$TOP/tests/rpm/selinux/granted.py" policy \
			"$TOP/tests/rpm/selinux/rules"
)

# The unit of the key asks for the domain that the policy has.
selinux_unit_names_domain()
{
	local unit=$HOSTPASS_BUILD/plain/data/hostpassd-key.service

	grep -x 'SELinuxContext=-system_u:system_r:hostpass_key_t:s0' "$unit"
}
