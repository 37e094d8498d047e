# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite browser: hostpass open-browser in alice's session. In
# place of xdg-open there is a script that writes down who called it, and how.
# Needs browser_people.sh.

opened=/home/alice/opened

# open_browser NAME: in a terminal of hers, until the daemon knows of it.
open_browser()
{
	local before
	before=$(joined)

	terminal_open "$1" nsenter --target "$HOST_PID" --mount --uts -- \
		runuser -u alice -- env -i PATH=/usr/local/bin:/usr/bin:/bin \
		DISPLAY=:0 hostpass open-browser
	expect 'the daemon to know of it' world_wait 20 has_joined "$before"
}

joined()
{
	host_log | grep -c 'links: user=alice'
}

has_joined()
{
	[ "$(joined)" -gt "$1" ]
}

# has_opened COUNT: so many links until now.
has_opened()
{
	[ "$(host_run cat "$opened" | wc -l)" -ge "$1" ]
}

# expect_opened COUNT LINK: it is the last of exactly so many.
expect_opened()
{
	expect "a link to be opened, number $1" world_wait 20 has_opened "$1" ||
		return
	expect 'no other' [ "$(host_run cat "$opened" | wc -l)" -eq "$1" ]
	expect_text 'by alice, one argument' '^alice 1 https://' \
		"$(host_run tail -n 1 "$opened")"
	expect 'the link of the prompt' \
		[ "$(host_run tail -n 1 "$opened" | cut -d ' ' -f 3-)" = "$2" ]
}

browser_is_opened()
{
	host_write /usr/local/bin/xdg-open 755 <<-END
		#!/bin/sh
		printf '%s %s %s\n' "\$(id -un)" "\$#" "\$1" >>$opened
	END
	host_as alice touch "$opened"
	open_browser reader && desktop_sudo opens && expect_opened 1 "$link"
}

opened_link_is_good()
{
	expect 'a sign-in' visit opened alice \
		"$(host_run tail -n 1 "$opened" | cut -d ' ' -f 3-)" || return
	expect 'the command, without a key pressed' \
		terminal_wait opens 20 "$root"
	terminal_close opens
}

# What is opened next would show whether this was.
stranger_opens_nothing()
{
	terminal_open stranger nsenter --target "$HOST_PID" --mount --uts -- \
		runuser -u lokal -- env -i PATH=/usr/bin:/bin TERM=screen \
		LANG=C.UTF-8 DISPLAY=:0 su alice -c id
	expect 'a prompt' terminal_wait stranger 20 "$waiting" || return
	terminal send-keys -t stranger C-c
	expect 'the end' world_wait 10 terminal_ended stranger
	terminal_close stranger
	desktop_sudo again && expect_opened 2 "$link"
	terminal_close again
}

newer_takes_over()
{
	open_browser newer || return
	expect 'the end of the older' world_wait 10 terminal_ended reader
	expect 'a reason' terminal_shows reader \
		'^hostpass: refused: another hostpass open-browser of yours'
	desktop_sudo third && expect_opened 3 "$link"
	terminal_close third
	expect_not 'the end of the newer' terminal_ended newer
	terminal_close newer
	terminal_close reader
}
