# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The stand-in provider and the people who use it: see tests/provider.
# Needs tests/lib/suite.sh and world.sh.

PROVIDER_PORT=4443
# shellcheck disable=SC2034 # the suites use it
PROVIDER_CLIENT=3654a746-35d4-4321-ac61-0bdcff2b4055
PROVIDER_PROGRAM=$HOSTPASS_BUILD/provider

# Before the world is entered: a copy with what npm brings.
provider_prepare()
{
	mkdir -p "$PROVIDER_PROGRAM"
	cp "$TOP"/tests/provider/{.npmrc,node,*.json,*.mjs,*.js,*.css} \
		"$PROVIDER_PROGRAM" &&
		npm ci --prefix "$PROVIDER_PROGRAM" --ignore-scripts
}

# Node and Chromium where they are not from a package of these names.
provider_packages()
{
	command -v npm >/dev/null || packages nodejs npm
	command -v chromium >/dev/null || packages chromium-headless-shell
	packages openssl
}

# provider_start DIR [NAME]: with DIR as its state; sets PROVIDER_ISSUER. A
# second one needs another PROVIDER_PORT, and a NAME for its log.
provider_start()
{
	local log
	log=$(world_log "${2:-provider}")

	PROVIDER_STATE=$1
	# shellcheck disable=SC2034 # the suites use it
	PROVIDER_ISSUER=https://localhost:$PROVIDER_PORT
	# An earlier run was ready, too.
	: >"$log"
	"$PROVIDER_PROGRAM/node" "$PROVIDER_PROGRAM/server.mjs" --test \
		--port "$PROVIDER_PORT" --state "$PROVIDER_STATE" >"$log" 2>&1 &
	PROVIDER_PID=$!
	world_wait 20 grep -q '^ready' "$log"
}

provider_stop()
{
	kill "$PROVIDER_PID" && wait "$PROVIDER_PID"
}

# provider_set STATEMENT...: changes state.json; see state.py.
provider_set()
{
	python3 "$TOP/tests/hosts/state.py" "$PROVIDER_STATE/state.json" "$@"
}

# provider_approve USER URL [OPTION...]: as approve.mjs has them; without
# --no-browser it is Chromium and a passkey that approve.
provider_approve()
{
	local user=$1 url=$2
	shift 2

	"$PROVIDER_PROGRAM/node" "$PROVIDER_PROGRAM/approve.mjs" \
		--state "$PROVIDER_STATE" --user "$user" --url "$url" "$@" \
		>>"$(world_log approve)" 2>&1
}
