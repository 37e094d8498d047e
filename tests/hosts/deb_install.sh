# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What the packages do to a host, from install to purge, in a root that is not
# booted: files, accounts, nsswitch.conf and the PAM stacks, and what a stack
# then says. Needs debs.sh and deb_edited.sh.

deb_root()
{
	debroot_run "$deb_release" host "$@"
}

# deb_script SCRIPT: in which each line has to succeed. The shell does not end
# at "! command", whatever that says, but at "not command" it does.
deb_script()
{
	deb_root sh -exc 'not()
		{
			if "$@"; then return 1; fi
		}
		'"$1"
}

# deb_document BLOCK [DIRECTORY]
deb_document()
{
	local script
	script=$(document_block docs/install.md "$1") || return

	deb_root env -C "${2:-/}" sh -c "$script"
}

# What the packages may have changed, but for files of their own.
deb_state()
{
	deb_root sh -c 'cat /etc/nsswitch.conf /etc/pam.d/common-*'
}

deb_files_are()
{
	diff - <(deb_root sh -c 'dpkg -L hostpass libpam-hostpass \
		libnss-hostpass | sort -u | while read -r f; do
			[ -z "$f" ] || [ -d "$f" ] || echo "${f#/usr}"
		done' |
		grep -v '^/share/\(man\|doc\|lintian\)/' |
		sed 's,/[a-z0-9_]*-linux-gnu/,/ARCH/,' |
		LC_ALL=C sort) <<-END
		/bin/hostpass
		/etc/apparmor.d/abstractions/authentication.d/hostpass
		/etc/apparmor.d/abstractions/nameservice.d/hostpass
		/etc/xdg/autostart/hostpass-open-browser.desktop
		/lib/ARCH/libnss_hostpass.so.2
		/lib/ARCH/libsubid_hostpass.so
		/lib/ARCH/security/pam_hostpass.so
		$(deb_units)
		/lib/sysusers.d/hostpass.conf
		/lib/tmpfiles.d/hostpass.conf
		/libexec/hostpass/hostpass-directory
		/sbin/hostpassd
		/share/pam-configs/hostpass
		/share/pam-configs/hostpass-password
	END
}

# All that make install puts there.
deb_units()
{
	(cd "$HOSTPASS_BUILD/plain" &&
		find data -maxdepth 1 -name '*.service' -o -name '*.socket' \
			-o -name '*.path') |
		sed 's,^data,/lib/systemd/system,' | sort
}

deb_install()
{
	local to

	debroot_new "$deb_release" host && deb_state >"$deb_before" || return
	to=$(debroot_upper "$deb_release" host)/srv
	mkdir -p "$to"
	cp "$(debs_dir "$deb_release" build)"/*.deb \
		"$TOP/tests/fuzz/corpus/snapshot/sample" "$to"
	deb_document deb-install /srv
}

deb_nsswitch_has_us()
{
	deb_script '
		grep -E "^passwd:.* hostpass$" /etc/nsswitch.conf
		grep -E "^group:.* hostpass$" /etc/nsswitch.conf
		not grep -E "hostpass.*(files|systemd)" /etc/nsswitch.conf
		not grep -i subid /etc/nsswitch.conf
		getent -s files passwd hostpass'
}

# Our line of authentication is the first, and pam_unix is the first that is
# asked about passwords: behind another it would not ask for the new one.
deb_stacks_are_right()
{
	deb_script '
		first()
		{
			grep "^[^#]" "/etc/pam.d/common-$1" | head -n 1
		}
		ours="ignore=ignore module_unknown=ignore default=die]"
		ours="$ours.*pam_hostpass.so"
		first auth | grep "success=[0-9]* $ours"
		first password | grep pam_unix.so
		not grep pam_unix.*use_authtok /etc/pam.d/common-password
		grep "success=[0-9]* $ours" /etc/pam.d/common-password
		grep "success=ok $ours" /etc/pam.d/common-account
		grep "optional.*pam_hostpass" /etc/pam.d/common-session'
}

# alice of the sample is a person with a key whom pam_unix lets in. No daemon
# answers, so that pam_hostpass does not; and its no is not to be lost. By su,
# root is anybody without being asked.
deb_denial_counts()
{
	deb_script '
		apt-get install --yes --no-install-recommends pamtester
		install -m 644 -o hostpass -g hostpass /srv/sample \
			/var/lib/hostpass/snapshot
		useradd --create-home lokal
		getent passwd alice
		for service in sshd sudo su login cron; do
			[ -e "/etc/pam.d/$service" ] || continue
			pamtester "$service" root acct_mgmt
			pamtester "$service" lokal acct_mgmt
			not pamtester "$service" alice acct_mgmt
			[ "$service" = su ] ||
				not pamtester "$service" alice authenticate
		done
		pam-auth-update --remove hostpass
		pamtester sshd alice acct_mgmt
		pam-auth-update --enable hostpass
		not pamtester sshd alice acct_mgmt'
}

# With the line that no package of ours writes: people have the ids that the
# snapshot gives them, and who adds and deletes local users notices nothing but
# what shadow says of a missing function.
deb_subids()
{
	deb_script '
		apt-get install --yes --no-install-recommends uidmap
		cp /etc/nsswitch.conf /srv/nsswitch.conf
		echo "subid: hostpass" >>/etc/nsswitch.conf
		getsubids alice | grep " 2147483648 65536$"
		getsubids -g alice | grep " 2147483648 65536$"
		useradd --create-home helper
		grep "^helper:[0-9]*:65536$" /etc/subuid
		grep "^helper:[0-9]*:65536$" /etc/subgid
		getsubids helper | grep " 65536$"
		usermod --add-subuids 700000-700009 helper
		getsubids helper | grep " 700000 10$"
		usermod --del-subuids 700000-700009 helper
		useradd --system machine
		userdel machine
		userdel --remove helper
		not grep helper /etc/subuid /etc/subgid
		cp /srv/nsswitch.conf /etc/nsswitch.conf'
}

# passwd asks a local user as ever, and alice nothing.
deb_passwords_of_locals()
{
	deb_script '
		echo lokal:Former-secret-1 | chpasswd
		printf "%s\n" Former-secret-1 Other-secret-22 Other-secret-22 |
			runuser -u lokal passwd
		not runuser -u alice passwd </dev/null >/tmp/said 2>&1
		cat /tmp/said
		not grep -i "current password" /tmp/said'
}

# A confined program that looks people up may read the snapshot, and one that
# signs people in may ask the daemon.
deb_apparmor()
{
	deb_script '
		apt-get install --yes --no-install-recommends apparmor
		profile()
		{
			printf "%s\n" "include <tunables/global>" \
				"profile probe /bin/probe {" \
				"include <abstractions/$1>" "}"
		}
		for name in nameservice authentication; do
			profile "$name" >/tmp/profile
			apparmor_parser --skip-kernel-load --skip-cache \
				/tmp/profile
			apparmor_parser --preprocess /tmp/profile |
				grep "^ */var/lib/hostpass/snapshot r,"
		done
		apparmor_parser --preprocess /tmp/profile |
			grep "^ */run/hostpass/hostpass.sock rw,"'
}

deb_remove()
{
	deb_root touch /var/lib/hostpass/store.db /etc/hostpass/hostpass.conf &&
		deb_document deb-remove
}

deb_nothing_is_left_of_us()
{
	deb_state | diff "$deb_before" - &&
		deb_script '
			not getent passwd alice
			pamtester sshd lokal acct_mgmt
			pamtester sudo root acct_mgmt
			not ls /usr/lib/*/security/pam_hostpass.so'
}

# The bindings outlive the packages, the configuration does until purge.
deb_reinstall_keeps()
{
	deb_script 'test -e /var/lib/hostpass/store.db
		test -e /etc/hostpass/hostpass.conf' &&
		deb_document deb-install /srv && deb_nsswitch_has_us &&
		deb_stacks_are_right &&
		deb_script 'getent passwd alice
			test -e /var/lib/hostpass/store.db'
}

deb_purge()
{
	deb_document deb-purge | tee /dev/stderr |
		grep -q 'store.db is kept' &&
		deb_state | diff "$deb_before" - &&
		deb_script 'test -e /var/lib/hostpass/store.db
			test ! -e /etc/hostpass
			test ! -e /var/lib/hostpass/snapshot
			test -z "$(find /etc -name "*hostpass*" \
				! -path "/etc/apt/*")"'
}

# The tests that Debian would run after each upload, as it does: the program
# installs the packages and what the tests ask for.
deb_autopkgtest()
{
	local dir=$HOSTPASS_BUILD/debs/autopkgtest

	rm -rf "$dir"
	mkdir -p "$dir/source" && cp -a "$TOP/debian" "$dir/source" &&
		debroot_new "$deb_release" autopkgtest &&
		debroot_beside "$deb_release" autopkgtest autopkgtest \
			--output-dir "$dir/output" --no-built-binaries \
			"$(debs_dir "$deb_release" build)"/*hostpass_*.deb \
			"$dir/source" -- chroot &&
		cat "$dir/output/summary" &&
		grep -Eqx 'smoke +PASS' "$dir/output/summary"
}

# Without packages, in a root that has what building needs. It is not booted, so
# that systemctl can enable, but not start.
deb_source_install()
{
	deb_release=$1
	debroot_new "$1" host tools && debs_put "$1" host /srv &&
		deb_script 'cd /srv; tar -xf hostpass-*.tar.xz
			mv hostpass-*/ tree' &&
		deb_document source-install /srv/tree &&
		deb_document configure &&
		deb_nsswitch_has_us && deb_stacks_are_right &&
		deb_script 'hostpassd -t
			systemctl is-enabled hostpassd.socket hostpassd.service
			systemctl is-enabled hostpass-end-sessions.path
			test "$(stat -c %U /var/lib/hostpass)" = hostpass'
}

# Each block of shell on the page is one that a test asks for.
deb_page_is_run()
{
	local page=docs/install.md name

	[ "$(grep -c '^```sh$' "$TOP/$page")" -eq \
		"$(document_names "$page" | wc -l)" ] || return
	for name in $(document_names "$page"); do
		grep -rqE "(_document|rpm_module_stays_for|$page) $name" \
			"$TOP/tests/hosts" "$TOP/tests/suites" ||
			{ echo "nothing runs $name"; return 1; }
	done
}

# deb_install_release RELEASE: the life of the packages there.
deb_install_release()
{
	deb_release=$1 deb_before=$LOGS/$suite-$1-before.state

	deb_check install "install as docs/install.md says" deb_install
	deb_check files 'exactly these files are installed' deb_files_are
	deb_check nsswitch 'nsswitch.conf has hostpass, last' \
		deb_nsswitch_has_us
	deb_check stacks 'the PAM stacks have it where it belongs' \
		deb_stacks_are_right
	deb_check denial 'a refusal refuses, in five services' \
		deb_denial_counts
	deb_check subids 'subordinate ids of people, and useradd as ever' \
		deb_subids
	deb_check passwords 'passwd works for local users' \
		deb_passwords_of_locals
	deb_check apparmor 'abstractions of AppArmor compile with ours' \
		deb_apparmor
	deb_check remove 'remove' deb_remove
	deb_check removed 'everything is as it was before' \
		deb_nothing_is_left_of_us
	deb_check again 'install again: people and configuration are back' \
		deb_reinstall_keeps
	deb_check purge 'purge leaves the store, and says so' deb_purge
	deb_edited_release
	deb_check autopkgtest 'autopkgtest passes' deb_autopkgtest
	! debs_first "$1" ||
		check "$1: install from source as docs/install.md says" \
			"$1-source" deb_source_install "$1"
}

# deb_check LOGNAME WHAT FUNCTION
deb_check()
{
	check "$deb_release: $2" "$deb_release-$1" "$3"
}
