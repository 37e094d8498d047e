# SPDX-License-Identifier: BSD-2-Clause
#
# Make hostpass-reasons(7) of the table in daemon/reason.h, so that the manual
# cannot leave out a reason, or say something else than the log.

# The adjacent C strings that text begins with, as one; the rest stays in text.
function take_string(    value, end)
{
	value = ""
	while (match(text, /^[ \t\\]*"/)) {
		text = substr(text, RLENGTH + 1)
		end = index(text, "\"")
		value = value substr(text, 1, end - 1)
		text = substr(text, end + 1)
	}
	sub(/^[ \t\\]*,?/, "", text)
	return value
}

# What roff would take for something else.
function plain(value)
{
	gsub(/\\/, "\\e", value)
	gsub(/-/, "\\-", value)
	return value
}

function heading(title)
{
	if (open)
		print ".El"
	open = 0
	sub(/^[^-]*--- */, "", title)
	sub(/ *---.*$/, "", title)
	print ".Ss " toupper(substr(title, 1, 1)) substr(title, 2)
}

function row(    code, person, admin)
{
	sub(/^[ \t]*X\([A-Z_0-9]*, */, "", text)
	code = take_string()
	person = take_string()
	admin = take_string()
	if (!open)
		print ".Bl -tag -width Ds"
	open = 1
	# As one word: "No" alone would be a macro.
	printf ".It Ic %s\n%s%s\n.br\n.Dq \"%s\"\n", plain(code),
	    plain(admin), admin ~ /\?$/ ? "" : ".", plain(person)
	rows++
}

BEGIN {
	while ((getline line < head) > 0)
		print line
}

/^#define REASON_TABLE/ {
	inside = 1
	heading("Any sign-in")
	next
}
inside && /--- .* ---/ {
	heading($0)
	next
}
inside {
	text = text $0
	if (text ~ /\)[ \t]*\\?$/) {
		row()
		text = ""
	}
	if ($0 !~ /\\$/)
		inside = 0
}

END {
	if (open)
		print ".El"
	while ((getline line < tail) > 0)
		print line
	if (rows == 0)
		exit 1
}
