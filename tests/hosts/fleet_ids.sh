# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite fleet: the same ids everywhere, and homes.

alice_comes()
{
	host_write /etc/skel/welcome 644 <<<'Welcome.'
	fleet_each fleet_sign_in alice 'umask; id; stat -c "%U %a" ~; ls -A ~'
}

alice_is_the_same()
{
	fleet_same id alice
	expect_text 'a uid, sudo and her groups' \
		'^uid=([0-9]+)\(alice\) gid=\1\(alice\) .*\(sudo\).*\(admins\)' \
		"$same"
	fleet_same getent passwd alice
	fleet_same getent group admins
	expect_text 'its member' '^admins:\*:[0-9]+:alice$' "$same"
}

shared_file()
{
	fleet_on web2
	host_as alice sh -c 'echo hers >/srv/shared/file &&
		chgrp admins /srv/shared/file && chmod 640 /srv/shared/file'
	fleet_same stat -c '%U %u %G %g' /srv/shared/file
	expect_text 'owner and group by name' \
		'^alice [0-9]+ admins [0-9]+$' "$same"
	fleet_same runuser -u alice -- cat /srv/shared/file
	expect 'her text' [ "$same" = hers ]
	expect_not 'it to be for others' \
		host_as lokal cat /srv/shared/file 2>/dev/null
}

# Asked by a program that is called like sshd, as sshd asks before the first
# sign-in.
thousand_people()
{
	local names

	mapfile -t names < <(seq -f 'person-%04g' 1000)
	fleet_each host_run install -D /usr/bin/getent /run/test/sshd
	fleet_same /run/test/sshd passwd "${names[@]}"
	expect '1,000 people' [ "$(wc -l <<<"$same")" -eq 1000 ]
	expect '1,000 uids' \
		[ "$(cut -d: -f3 <<<"$same" | sort -u | wc -l)" -eq 1000 ]
	expect_not 'a uid out of the range' \
		awk -F: '$3 < 1879048192 || $3 > 2147483646 { f = 1 }
			END { exit !f }' <<<"$same"
	echo "  $(wc -l <<<"$same") people on ${#FLEET[@]} hosts:" \
		"$(cut -d: -f3 <<<"$same" | sort -u | wc -l) uids, all equal"
}

thousand_groups()
{
	provider_set "u('alice')['groups'] = (['admins', 'crew'] +
	    ['Project %d of the department for research and development' % i
	    for i in range(998)])"
	fleet_each fleet_sign_in alice id -G || return
	expect '1,000 groups, sudo and her own' \
		[ "$(fleet_printed alice | wc -w)" -eq 1002 ]
	fleet_same getent group
	expect '1,000 groups that have her' \
		[ "$(grep -c ':alice$' <<<"$same")" -eq 1000 ]
	expect '1,000 gids' \
		[ "$(grep ':alice$' <<<"$same" | cut -d: -f3 | sort -u |
			wc -l)" -eq 1000 ]
	echo "  $(grep -c ':alice$' <<<"$same") groups on ${#FLEET[@]}" \
		'hosts, all equal'
	provider_set "u('alice')['groups'] = ['admins', 'crew']"
	fleet_each fleet_sign_in alice id -Gn
	expect_not 'a project' grep -q project <(fleet_printed alice)
}

# --- homes: pam_mkhomedir makes them, in the session phase

home_is_made()
{
	provider_set "u('bob')['groups'] = ['crew']"
	fleet_sign_in bob 'stat -c "%U:%G %a %F" ~; cat ~/welcome' || return
	expect_text 'owner, mode, kind' '^bob:bob 700 directory$' \
		"$(fleet_printed bob)"
	expect_text 'what is in skel' '^Welcome\.$' "$(fleet_printed bob)"
	expect 'files of his own' [ "$(host_run stat -c '%U:%G' \
		/home/bob/welcome)" = bob:bob ]
}

home_is_left_alone()
{
	host_as bob sh -c 'chmod 750 /home/bob; rm /home/bob/welcome'
	fleet_sign_in bob 'stat -c "%U:%G %a" ~; ls ~' || return
	expect_text 'his mode' '^bob:bob 750$' "$(fleet_printed bob)"
	expect_not 'the file that he removed' \
		grep -q welcome <(fleet_printed bob)
}
