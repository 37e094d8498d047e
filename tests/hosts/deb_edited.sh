# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What the packages do to a host on which somebody edited PAM by hand, or has
# the name that they want. In the root that deb_install.sh leaves purged, with
# the user lokal and pamtester. Needs deb_install.sh.

# deb_fails BLOCK [DIRECTORY]: a block of the page fails; what it said is kept.
deb_fails()
{
	deb_said=$(! deb_document "$@" 2>&1)
	local status=$?

	echo "$deb_said"
	return "$status"
}

# A line of theirs within what pam-auth-update writes is a local modification.
deb_edit_common()
{
	deb_root sed -i "/^# here are the per-package modules/a $2" \
		"/etc/pam.d/common-$1"
}

# lokal, by programs that people use, and root.
deb_locals_get_in()
{
	deb_root sh -exc '
		[ "$(echo Other-secret-22 | runuser -u lokal -- \
			sudo -kS -p "" id -u)" = 0 ]
		for service in sshd sudo su login cron; do
			[ -e "/etc/pam.d/$service" ] || continue
			pamtester "$service" root acct_mgmt
			pamtester "$service" lokal acct_mgmt
			echo Other-secret-22 |
				pamtester "$service" lokal authenticate
		done
		su root -c true'
}

deb_is_installed()
{
	deb_root sh -c 'dpkg-query -W -f "\${db:Status-Status} \${Package}\n"' |
		grep -qx "installed $1"
}

# Nobody is made known whom no stack would refuse.
deb_edited_before()
{
	deb_edit_common account 'account required pam_permit.so' || return
	deb_root usermod --append --groups sudo lokal
	deb_fails deb-install /srv || return
	grep 'libnss-hostpass: .*common-account .* sshd ' <<<"$deb_said" &&
		deb_root sh -exc '
			! grep hostpass /etc/nsswitch.conf || exit
			! grep hostpass /etc/pam.d/common-account' &&
		deb_locals_get_in
}

# As it was told.
deb_edited_mended()
{
	local told
	told=$(grep -o 'pam-auth-update --enable [a-z -]*' <<<"$deb_said")

	deb_root sh -exc "$told --force; dpkg --configure -a" &&
		deb_nsswitch_has_us && deb_stacks_are_right &&
		deb_locals_get_in
}

# Where nsswitch.conf names us already, an upgrade that stops would help nobody.
deb_edited_warns()
{
	deb_root sh -exc '
		pam-auth-update --disable hostpass
		dpkg -i /srv/lib*hostpass_*.deb 2>/tmp/said
		grep "libnss-hostpass: .* sshd .* would let people in" /tmp/said
		pam-auth-update --enable hostpass
		dpkg -i /srv/lib*hostpass_*.deb 2>/tmp/said
		! grep libnss-hostpass: /tmp/said' && deb_stacks_are_right
}

# The module goes, and lines that name it stay.
deb_edited_removed()
{
	local lines
	lines=$(sed -n '/^\.Sh SYNOPSIS$/,/^\.Sh DESC/p' \
		"$TOP/man/pam_hostpass.8" | grep '\.so$')

	[ "$(wc -l <<<"$lines")" -eq 5 ] &&
		deb_edit_common auth 'auth required pam_permit.so' || return
	deb_root sh -exc 'echo "$1" | cat - /etc/pam.d/sudo >/tmp/sudo
		cp /tmp/sudo /etc/pam.d/sudo' sh "$lines"
	deb_locals_get_in &&
		deb_document deb-remove &&
		deb_root sh -exc '
			grep pam_hostpass /etc/pam.d/common-auth
			grep pam_hostpass /etc/pam.d/sudo
			! ls /usr/lib/*/security/pam_hostpass.so' &&
		deb_locals_get_in
}

# Removal is refused while a line would refuse everybody without the module;
# nothing is half removed then.
deb_edited_refused()
{
	deb_root sh -exc '
		sed -i /pam_hostpass/d /etc/pam.d/sudo
		pam-auth-update --force --package' &&
		deb_document deb-install /srv || return
	deb_root sed -i '1i auth required pam_hostpass.so' /etc/pam.d/sudo
	deb_fails deb-remove || return
	grep '/etc/pam\.d/sudo:auth required pam_hostpass' <<<"$deb_said" &&
		! grep 'common-auth:' <<<"$deb_said" &&
		deb_is_installed libpam-hostpass && deb_stacks_are_right &&
		deb_locals_get_in || return
	deb_root sed -i '1s/required/[module_unknown=ignore default=bad]/' \
		/etc/pam.d/sudo
	deb_document deb-remove && ! deb_is_installed libpam-hostpass &&
		deb_locals_get_in &&
		deb_root sed -i 1d /etc/pam.d/sudo
}

# deb_foreign: the PAM module as a package of i386, of which the host runs
# nothing.
deb_foreign()
{
	deb_root sh -exc 'cd /srv; mkdir foreign
		dpkg-deb --raw-extract libpam-hostpass_*.deb foreign/work
		cd foreign/work; mv usr/lib/*-linux-gnu usr/lib/i386-linux-gnu
		sed -i "s/^Architecture: .*/Architecture: i386/" DEBIAN/control
		sed -i "s,usr/lib/[^/]*-linux-gnu,usr/lib/i386-linux-gnu," \
			DEBIAN/md5sums
		dpkg-deb --build --root-owner-group . ..
		dpkg --add-architecture i386
		dpkg --force-depends -i ../*.deb'
}

# The module that the host uses goes, and the package of another stays.
deb_native_removed()
{
	deb_document deb-install /srv && deb_foreign || return
	deb_root sh -exc '
		dpkg -r hostpass libnss-hostpass \
			"libpam-hostpass:$(dpkg --print-architecture)"
		ls /usr/lib/i386-linux-gnu/security/pam_hostpass.so
		rm -f /etc/pam.d/*.pam-old
		! grep hostpass /etc/pam.d/common-*' &&
		deb_locals_get_in &&
		deb_root sh -exc 'dpkg -P libpam-hostpass:i386
			dpkg --remove-architecture i386'
}

# No person is made the daemon's user.
deb_name_is_taken()
{
	deb_root sh -exc 'userdel hostpass; useradd --uid 1234 hostpass
		rm -rf /var/lib/hostpass' || return
	deb_fails deb-install /srv || return
	grep 'called hostpass (uid 1234)' <<<"$deb_said" &&
		deb_root sh -exc '
			[ ! -e /var/lib/hostpass ]
			usermod --login other hostpass
			groupmod --new-name other hostpass' || return
	deb_document deb-install /srv &&
		deb_root sh -exc '[ "$(id -u hostpass)" -lt 1000 ]
			[ "$(stat -c %U /var/lib/hostpass)" = hostpass ]'
}

# Purge names what goes on to count although we are gone.
deb_purge_names_rest()
{
	deb_root sh -c 'cp /usr/share/doc/hostpass/examples/3*.conf \
		/etc/ssh/sshd_config.d/' || return
	deb_said=$(deb_document deb-purge)
	echo "$deb_said"
	grep '/sshd_config\.d/30-hostpass\.conf is kept' <<<"$deb_said" &&
		grep '/sshd_config\.d/31-hostpass-keys\.conf is kept' \
			<<<"$deb_said" &&
		grep 'The user hostpass is kept' <<<"$deb_said"
}

deb_edited_release()
{
	deb_check edited 'common-* edited before: nobody unchecked is known' \
		deb_edited_before
	deb_check edited-mended 'common-* edited before: what it says helps' \
		deb_edited_mended
	deb_check edited-warns 'an upgrade warns of stacks without the module' \
		deb_edited_warns
	deb_check edited-removed 'edited by hand, removed: locals get in' \
		deb_edited_removed
	deb_check edited-refused 'no removal that would refuse everybody' \
		deb_edited_refused
	deb_check native 'the native package removed beside a foreign one' \
		deb_native_removed
	deb_check taken 'somebody called hostpass: not installed' \
		deb_name_is_taken
	deb_check rest 'purge names what still counts' deb_purge_names_rest
}
