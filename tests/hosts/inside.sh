#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# inside.sh DIR PORT NAME: becomes the private host. Started in a mount and a UTS
# namespace of its own, it lays writable layers over the machine's /etc, /usr,
# /var and /root, makes that a server with sshd and sudo (from DIR/packages),
# installs DIR/stage and configures NSS and PAM as the manual pages say. Then
# it says "ready" and stands still: it is what nsenter enters.
set -eu

dir=$1 port=$2 name=$3

overlay()
{
	local layers=$dir/layers$1

	mkdir -p "$layers/upper" "$layers/work"
	mount -t overlay -o \
		"lowerdir=$1,upperdir=$layers/upper,workdir=$layers/work" \
		hostpass "$1"
}

empty()
{
	mount -t tmpfs -o mode=755 hostpass "$1"
}

# Not the machine's /dev: there has to be a /dev/log here, and none there.
devices()
{
	local dev=$dir/dev file

	mkdir "$dev"
	empty "$dev"
	mkdir "$dev/pts" "$dev/shm"
	mount --bind /dev/pts "$dev/pts"
	mount -t tmpfs -o mode=1777 hostpass "$dev/shm"
	for file in null zero full random urandom tty; do
		touch "$dev/$file"
		mount --bind "/dev/$file" "$dev/$file"
	done
	ln -s pts/ptmx "$dev/ptmx"
	ln -s /proc/self/fd "$dev/fd"
	ln -s fd/0 "$dev/stdin"
	ln -s fd/1 "$dev/stdout"
	ln -s fd/2 "$dev/stderr"
	mount --move "$dev" /dev
}

give_name()
{
	hostname "$name"
	echo "$name" >/etc/hostname
	printf '%s\n' '127.0.0.1 localhost' '::1 localhost' \
		"127.0.1.1 $name" >/etc/hosts
}

# Where resolv.conf leads into /run, that is empty now.
keep_resolver()
{
	rm -f /etc/resolv.conf
	cp "$dir/resolv.conf" /etc/resolv.conf
}

# policy-rc.d: what is installed here is not started by being installed.
install_packages()
{
	printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
	chmod 755 /usr/sbin/policy-rc.d
	compgen -G "$dir/packages/*.deb" >/dev/null || return 0
	# In one go dpkg does not get past a Pre-Depends; what the first left
	# out is in order the second time.
	export DEBIAN_FRONTEND=noninteractive
	dpkg --install "$dir"/packages/*.deb ||
		dpkg --install "$dir"/packages/*.deb
}

add_users()
{
	useradd --system --no-create-home --home-dir /var/lib/hostpass \
		--shell /usr/sbin/nologin hostpass
	useradd --create-home --shell /bin/bash --groups sudo lokal
	echo lokal:local-secret | chpasswd
	printf '%s\n' 'Defaults env_reset' 'root ALL=(ALL:ALL) ALL' \
		'%sudo ALL=(ALL:ALL) ALL' >/etc/sudoers
}

install_hostpass()
{
	# /lib may be a link here, and stays one. Not the directory itself: tar
	# takes / away from everybody while it writes there, and / is the
	# machine's own.
	(cd "$dir/stage" && tar -c -- *) |
		tar -C / -x --keep-directory-symlink --no-overwrite-dir
	install -d -m 755 /run/hostpass /etc/hostpass
	install -d -m 755 -o hostpass -g hostpass /var/lib/hostpass
}

# libnss_hostpass(8)
configure_nss()
{
	sed -i -E '/^(passwd|group|initgroups):/d' /etc/nsswitch.conf
	printf '%s: files hostpass\n' passwd group >>/etc/nsswitch.conf
}

# pam_hostpass(8): our lines come first, so that our people never meet a
# question for a password.
configure_pam()
{
	local service file home

	for service in sshd login su sudo cron passwd; do
		file=/etc/pam.d/$service
		[ -e "$file" ] || continue
		home='session required pam_mkhomedir.so umask=0077'
		[ "$service" != sudo ] || home=
		cat - "$file" >"$file.new" <<-END
			auth [success=done ignore=ignore module_unknown=ignore default=die] pam_hostpass.so
			account [success=1 ignore=1 module_unknown=ignore default=die] pam_hostpass.so
			account requisite pam_localuser.so
			password [success=done ignore=ignore module_unknown=ignore default=die] pam_hostpass.so
			session optional pam_hostpass.so
			$home
		END
		mv "$file.new" "$file"
	done
}

configure_sshd()
{
	install -d -m 755 /run/sshd
	rm -f /etc/ssh/ssh_host_*
	ssh-keygen -q -t ed25519 -N '' -C "$name" \
		-f /etc/ssh/ssh_host_ed25519_key
	cat >/etc/ssh/sshd_config <<-END
		ListenAddress 127.0.0.1
		Port $port
		HostKey /etc/ssh/ssh_host_ed25519_key
		PidFile none
		UsePAM yes
		KbdInteractiveAuthentication yes
		PasswordAuthentication no
		LoginGraceTime 120
		MaxStartups 100
		PrintMotd no
		UseDNS no
		Subsystem sftp internal-sftp
	END
	# OpenSSH 9.8 began to lock out addresses from which sign-ins fail,
	# and here they fail on purpose.
	if /usr/sbin/sshd -t -o PerSourcePenalties=no 2>/dev/null; then
		echo 'PerSourcePenalties no' >>/etc/ssh/sshd_config
	fi
	/usr/sbin/sshd -t
}

become_host()
{
	local path

	cp -L /etc/resolv.conf "$dir/resolv.conf" || : >"$dir/resolv.conf"
	for path in /etc /usr /var /root; do
		overlay "$path"
	done
	empty /home
	empty /run
	mkdir /run/lock
	devices
	give_name
	keep_resolver
	install_packages
	add_users
	install_hostpass
	configure_nss
	configure_pam
	configure_sshd
}

become_host >&2
echo ready
exec sleep infinity
