#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Each of the 20 pitfalls of NSS has a test, and the test is there.

# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
cd "$top" || exit 1
table=tests/unit/nss-pitfalls

missing()
{
	grep -v '^#' "$table" | while read -r number file name about; do
		[ -n "$about" ] || echo "$number: says nothing about $name"
		grep -qw -- "$name" "$file" 2>/dev/null ||
			echo "$number: no $name in $file"
	done
}

without_test()
{
	for number in $(seq 20); do
		grep -q "^$number " "$table" || echo "$number"
	done
}

tap_rule 'each of the 20 pitfalls has a test' "$(without_test)"
tap_rule 'each test that is listed exists' "$(missing)"
tap_end
