# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Rules as tests: a rule is a sentence and the list of what breaks it.

# shellcheck disable=SC2034 # the scripts use both
top=${TOP_SRCDIR:?run by make check} built=${TOP_BUILDDIR:?run by make check}
tap_count=0 tap_status=0

# tap_rule SENTENCE LIST: holds if the list is empty.
tap_rule()
{
	tap_count=$((tap_count + 1))
	if [ -z "$2" ]; then
		echo "ok $tap_count - $1"
	else
		tap_status=1
		echo "not ok $tap_count - $1"
		printf '%s\n' "$2" | sed 's/^/# /'
	fi
}

# tap_skip SENTENCE WHY: a rule that cannot be looked at here.
tap_skip()
{
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

# tap_skip_all WHY: none of this script's rules can.
tap_skip_all()
{
	echo "1..0 # SKIP $1"
	exit 0
}

tap_end()
{
	echo "1..$tap_count"
	exit "$tap_status"
}
