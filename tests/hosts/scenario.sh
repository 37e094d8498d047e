# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios: a sentence that must be true and the function that tries it, told
# as "ok N - SENTENCE", or "not ok" and what was different from what one
# expected. Needs tests/lib/suite.sh and host.sh.

scenario_number=0
scenario_problems=
scenario_log_start=0

# scenario SENTENCE FUNCTION [ARGUMENT...]
scenario()
{
	local sentence=$1
	shift

	scenario_number=$((scenario_number + 1))
	scenario_problems=
	scenario_log_start=$(host_log | wc -l)
	"$@" || [ -n "$scenario_problems" ] || problem "$1 failed"
	if [ -z "$scenario_problems" ]; then
		pass
		echo "ok $scenario_number - $sentence"
	else
		failed=$((failed + 1))
		echo "not ok $scenario_number - $sentence"
		printf '%s' "$scenario_problems" | sed 's/^/#   /'
	fi
}

problem()
{
	scenario_problems+="$*"$'\n'
}

# expect WHAT COMMAND...: a problem unless the command succeeds.
expect()
{
	local what=$1
	shift

	"$@" && return
	problem "expected $what"
	return 1
}

# expect_not WHAT COMMAND...
expect_not()
{
	local what=$1
	shift

	! "$@" && return
	problem "did not expect $what"
	return 1
}

# within SECONDS COMMAND...: it succeeds, in so many seconds at most.
within()
{
	local limit=$1 begun=$SECONDS
	shift

	"$@" && [ $((SECONDS - begun)) -le "$limit" ]
}

# expect_text WHAT REGEX TEXT: a line of the text fits.
expect_text()
{
	grep -qE -- "$2" <<<"$3" && return
	problem "expected $1: $2"
	problem "$(head -n 20 <<<"$3" | sed 's/^/| /')"
	return 1
}

# expect_logged REASON: hostpassd gave this reason code in this scenario.
expect_logged()
{
	expect_text 'in the log' "reason=$1:" \
		"$(host_log | tail -n "+$((scenario_log_start + 1))")"
}
