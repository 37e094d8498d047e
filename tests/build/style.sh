#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The rules of the house style that a machine can tell.

# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
cd "$top" || exit 1

# A test may be longer than what it tests: its tables are.
FILE_LINES=500
TEST_LINES=800
FUNCTION_LINES=60

# C sources of the product, of the tests too, and all that we write by hand.
product()
{
	find common nss subid pam daemon cli -name '*.[ch]' 2>/dev/null | sort
}
c_sources()
{
	product
	find tests -name node_modules -prune -o -name '*.[ch]' -print | sort
}
sources()
{
	c_sources
	find tests -name node_modules -prune -o \
		-name '*.sh' -print -o -name '*.mjs' -print | sort
	find tests/run tests/demo tests/suites -type f 2>/dev/null
}

# "FILE:LINE: TEXT" of the lines of the files on stdin that match.
lines()
{
	xargs -r grep -HnE "$@"
}

without_spdx()
{
	while read -r file; do
		head -n 5 "$file" |
			grep -q 'SPDX-License-Identifier: BSD-2-Clause' ||
			echo "$file"
	done
}

# A string is left in one piece, so that a message can be found by grep.
too_wide()
{
	while read -r file; do
		expand "$file" | LC_ALL=C sed 's/[\x80-\xbf]//g' |
			awk -v file="$file" 'length > 80 && !/"[^"]*"/ {
				print file ":" NR ": " length " columns" }'
	done
}

too_long()
{
	while read -r file; do
		case $file in
		tests/unit/*) most=$TEST_LINES ;;
		*) most=$FILE_LINES ;;
		esac
		count=$(wc -l <"$file")
		[ "$count" -le "$most" ] || echo "$file: $count lines"
	done
}

long_functions()
{
	xargs -r awk -v most="$FUNCTION_LINES" '
		/^\{/ { start = FNR }
		/^\}/ && start {
			if (FNR - start - 1 > most)
				print FILENAME ":" start ": " \
				    FNR - start - 1 " lines"
			start = 0
		}'
}

# common/frame.h is guarded by COMMON_FRAME_H.
wrong_guards()
{
	while read -r file; do
		guard=$(echo "$file" | tr 'a-z/.-' 'A-Z___')
		grep -q "^#define $guard\$" "$file" || echo "$file"
	done
}

tap_rule 'there are sources' "$(product | grep -q . || echo "none in $top")"
banned='strcpy|strcat|sprintf|vsprintf|atoi|atol|strtok|alloca|gets'
tap_rule 'no function that has a bounded or checked sister' \
	"$(c_sources | lines "\\b($banned)[[:space:]]*\\(")"
tap_rule 'every source names its licence' "$(sources | without_spdx)"
tap_rule 'indentation is by tabs, four spaces continue a line' \
	"$(c_sources | lines '^	* {8}|^ +	')"
tap_rule 'no blank at the end of a line' "$(sources | lines '[ 	]+$')"
tap_rule 'no line is wider than 80 columns' "$(c_sources | too_wide)"
tap_rule 'comments are /* */' \
	"$(c_sources | lines '(^|[;{}),])[[:space:]]*//')"
tap_rule 'nothing is left to be done' \
	"$(sources | grep -v '/build/style\.sh$' | lines '\b(TODO|FIXME|XXX)\b')"
tap_rule "no file is longer than $FILE_LINES lines" "$(sources | too_long)"
tap_rule "no function is longer than $FUNCTION_LINES lines" \
	"$(product | grep '\.c$' | long_functions)"
tap_rule 'headers are guarded by their own name' \
	"$(product | grep '\.h$' | wrong_guards)"
tap_end
