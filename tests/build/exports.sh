#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# What the modules show to the process that loads them is what their .map
# files list, no more and no less.

# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
[ -z "${SAN_CFLAGS:-}" ] || tap_skip_all 'built with sanitizers'

# The names of `global:` in a version script.
listed()
{
	sed 's|/\*.*\*/||' "$1" | tr '{;' '\n' |
		awk '/global:/ { on = 1; sub(/.*global:/, "") }
			/local:/ { on = 0 }
			on && NF { print $1 }' | sort
}

# The names in the dynamic symbol table; A is the version itself.
exported()
{
	nm -D --defined-only "$1" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' |
		sort
}

# compare MAP MODULE
compare()
{
	name=${2##*/}
	if [ ! -e "$built/$2" ]; then
		tap_rule "$name is built" "$built/$2"
		return
	fi
	all=$(mktemp) real=$(mktemp)
	listed "$top/$1" >"$all"
	exported "$built/$2" >"$real"
	tap_rule "$name exports something" "$([ -s "$real" ] || echo nothing)"
	tap_rule "$name exports only what is listed" "$(comm -13 "$all" "$real")"
	tap_rule "$name exports all that is listed" "$(comm -23 "$all" "$real")"
	rm -f "$all" "$real"
}

compare nss/nss_hostpass.map nss/.libs/libnss_hostpass.so
compare subid/subid_hostpass.map subid/.libs/libsubid_hostpass.so
compare pam/pam_hostpass.map pam/.libs/pam_hostpass.so
tap_end
