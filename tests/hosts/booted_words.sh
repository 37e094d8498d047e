# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# What sshd of a release lets a person read. Up to OpenSSH 10.2, what a module
# says is kept until the next question, and comes to a person who is refused
# as a message of the server, which ssh -q leaves out; from 10.3 on it is shown
# at once, as part of the conversation. Both are right. Needs booted.sh,
# person.sh and scenario.sh.

words_refused='The sign-in was approved by somebody else'

# True from OpenSSH 10.3 on.
words_come_at_once()
{
	local version
	version=$(host_run sshd -V 2>&1 |
		sed -n 's/^OpenSSH_\([0-9]*\)\.\([0-9]*\).*/\1 \2/p')

	[ "${version% *}" -gt 10 ] ||
		{ [ "${version% *}" -eq 10 ] && [ "${version#* }" -ge 3 ]; }
}

# Everything of the last sign_in NAME that reached the person.
words_of()
{
	cat "$WORLD_DIR/$1.asked" "$WORLD_DIR/$1.err"
}

# Each release's own way, and no other.
bob_reads_why()
{
	expect_not 'bob to get in' sign_in bob bob alice true
	expect_text 'a link' 'https://[^ ]*user_code=' "$(words_of bob)"
	expect_text 'why not' "$words_refused" "$(words_of bob)"
	expect_not 'bob to get in' sign_in quiet bob alice -q true
	if words_come_at_once; then
		expect_text 'why not, even so' \
			"$words_refused" "$(words_of quiet)"
	else
		expect_not 'why not' \
			grep -qF "$words_refused" <<<"$(words_of quiet)"
	fi
}
