#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# What the documents leave out, and what the sources cite and is not there. That
# the manuals have all keys and options is told by tests/unit/test_manual.c.

# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
cd "$top" || exit 1

sources()
{
	find common nss subid pam daemon cli data tests -name node_modules \
		-prune -o -type f -print 2>/dev/null | grep -v '/breaks\.sh$'
}

without_decision()
{
	sources | xargs -r grep -IohE 'design D[0-9]+(, D[0-9]+)*' |
		grep -oE 'D[0-9]+' | sort -u | while read -r number; do
		grep -q "^## $number " docs/design.md || echo "$number"
	done
}

without_variable()
{
	find common nss subid pam daemon cli -name '*.c' 2>/dev/null |
		xargs -r grep -ohE 'getenv\("[A-Z_0-9]+"' | cut -d'"' -f2 |
		sort -u | while read -r name; do
		grep -qE "Ev (.*[ ,])?$name\\b" man/*.[18] || echo "$name"
	done
}

# named FILE WORD...: those that FILE does not name.
named()
{
	file=$1
	shift
	for word in "$@"; do
		grep -qF -- "$word" "$file" || echo "$word is not in $file"
	done
}

pages=$(ls docs/*.md 2>/dev/null)
tap_rule 'there are documents' "$([ -n "$pages" ] || echo "none in $top/docs")"
tap_rule 'each decision that is cited is in docs/design.md' \
	"$(without_decision)"
tap_rule 'each variable that is read is in a manual' "$(without_variable)"
# shellcheck disable=SC2046,SC2086 # pages and folders are words
{
	tap_rule 'each document is shipped, and the README names it' \
		"$(named Makefile.am $pages; named README.md $pages
		named debian/hostpass.docs $pages
		named rpm/hostpass.spec $pages)"
	tap_rule 'CONTRIBUTING names each folder of tests' \
		"$(named CONTRIBUTING.md $(ls -d tests/*/))"
	tap_rule 'the README names each folder of the daemon' \
		"$(named README.md $(cd daemon && ls -d -- */))"
}
tap_end
