# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Commands out of the documentation, so that what it says is what is run.
# Needs tests/lib/suite.sh.

# document_text FILE NAME: the block of shell or of a configuration that follows
# the comment "<!-- run: NAME -->"; it fails if there is none.
document_text()
{
	local block
	block=$(awk -v mark="<!-- run: $2 -->" '
		$0 == mark { wanted = 1; next }
		wanted && /^```(sh|ini)$/ { inside = 1; next }
		inside && /^```$/ { exit }
		inside
	' "$TOP/$1")

	[ -n "$block" ] || { echo "$1 has no block $2" >&2; return 1; }
	printf '%s\n' "$block"
}

# document_block FILE NAME: the same, with `set -ex` before it.
document_block()
{
	local block
	block=$(document_text "$1" "$2") || return
	printf 'set -ex\n%s\n' "$block"
}

# document_names FILE: all of them, one a line.
document_names()
{
	sed -n 's/^<!-- run: \(.*\) -->$/\1/p' "$TOP/$1"
}
