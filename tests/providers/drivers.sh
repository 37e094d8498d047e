# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: BSD-2-Clause
#
# The providers of the suite providers, started and stopped. Each start sets
#	PROVIDER_ISSUER		where it is
#	PROVIDER_STATE		its directory, with ca.pem
#	PROVIDER_PID		its process
#	PROVIDER_PERSON		the program that is a person in front of it:
#				FLOW PROVIDER_STATE NAME LINK
#	PROVIDER_CODE		a regular expression for its codes
#	driver_settings		what hostpass.conf says of it besides
# and DRIVER_scenarios NAME FLOW [ARGUMENT] plays what is its own.
# The directories are below WORLD_DIR, the ports the world's own.
# Needs tests/lib/suite.sh, world.sh and provider.sh.

drivers_here=$TOP/tests/providers

# Where a package is missing in a release, the suite skips what needs it.
drivers_packages()
{
	local name wanted=()

	for name in glewlwyd rnbyc sqlite3 python3-authlib python3-flask; do
		! apt-cache show "$name" >/dev/null 2>&1 || wanted+=("$name")
	done
	[ "${#wanted[@]}" -eq 0 ] || packages "${wanted[@]}"
}

# --- tests/provider

standin_is_here()
{
	true
}

# standin_start VERSION [ALGORITHM]: of a client that signs.
standin_start()
{
	provider_start "$WORLD_DIR/standin-$1${2:+-$2}" &&
		provider_set "s['interval'] = 1" "s['version'] = '$1'" ||
		return
	export PROVIDER_PROGRAM
	PROVIDER_PERSON=$drivers_here/standin
	# Up to 2.9 the ID token has no auth_time, which the preset for Pocket
	# ID wants to see.
	driver_settings=('preset = pocketid')
	case $1 in
	2.14) PROVIDER_CODE='E[ABCDEFGHJKMNPQRSTUVWXYZ0-9]{7}' ;;
	2.11) PROVIDER_CODE='[A-Z]{8}' ;;
	*)
		PROVIDER_CODE='[A-Za-z0-9]{8}'
		driver_settings=('preset = generic')
		;;
	esac
	[ $# -lt 2 ] || client_of_standin "$2"
}

# standin_scenarios NAME FLOW VERSION [ALGORITHM]
standin_scenarios()
{
	[ "$2" = device ] || return 0
	[ $# -lt 4 ] || { scenarios_of_standin "$1, $2" "$4"; return; }
	scenario "$1, $2: alice, disabled after she approved: refused" \
		standin_disabled
	scenario "$1, $2: a code that runs out is no sign-in" standin_expired
	[[ $3 != 2.[09] ]] ||
		scenario "$1, $2: refused where a fresh passkey is demanded" \
			standin_not_fresh
}

# She is told "invalid_grant", or up to 2.9 "Invalid device code". The interval
# leaves time for it.
standin_disabled()
{
	provider_set "s['interval'] = 4"
	STANDIN_AFTERWARDS="u('alice')['disabled'] = True" \
		signin_refused disabled alice grant-invalid \
		'The sign-in service withdrew this sign-in\.'
	provider_set "s['interval'] = 1" "u('alice')['disabled'] = False"
}

# Without auth_time nobody can tell whether the passkey was used just now: who
# has such a version has to say so, by fresh_auth = no or another preset.
standin_not_fresh()
{
	expect 'a clean end' host_stop_daemon || return
	signin_configure device 'preset = pocketid' || return
	signin_refused stale alice auth-time-missing \
		'did not say when you used your passkey'
}

standin_expired()
{
	local PROVIDER_PERSON=true

	provider_set "s['device_expires_in'] = 3"
	expect_not 'a shell' signin expired alice nobody id
	provider_set "s['device_expires_in'] = 900"
	expect_text 'a sentence' 'Nobody approved this sign-in in time' \
		"$(cat "$WORLD_DIR/expired.err")"
	expect_logged timed-out
}

# --- glewlwyd, of Debian: a provider in C; real slow_down, azp, a sub of its own

glewlwyd_is_here()
{
	command -v glewlwyd rnbyc sqlite3 >/dev/null
}

glewlwyd_start()
{
	local port=4600 log
	log=$(world_log glewlwyd)

	PROVIDER_STATE=$WORLD_DIR/glewlwyd
	PROVIDER_PERSON=$drivers_here/glewlwyd.py
	PROVIDER_CODE='[0-9A-Z]{4}-[0-9A-Z]{4}'
	PROVIDER_ISSUER=https://localhost:$port/api/oidc
	driver_settings=('preset = generic')
	driver_certificate && glewlwyd_files "$port" || return
	glewlwyd --config-file="$PROVIDER_STATE/conf" >"$log" 2>&1 &
	PROVIDER_PID=$!
	world_wait 20 grep -q 'Glewlwyd started' "$log" &&
		"$PROVIDER_PERSON" setup "$PROVIDER_STATE" \
			"https://localhost:$port" "$PROVIDER_CLIENT" >>"$log"
}

glewlwyd_scenarios()
{
	:
}

# Its keys, its database and its configuration, in which external_url must not
# end in a slash.
glewlwyd_files()
{
	local dir=$PROVIDER_STATE tables

	tables=/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3
	rnbyc -j -g RSA2048 -a RS256 -k first -o "$dir/keys.json" \
		-p /dev/null && sqlite3 "$dir/db" <"$tables" || return
	cat >"$dir/conf" <<-END
		port = $1
		bind_address = "127.0.0.1"
		external_url = "https://localhost:$1"
		login_url = "login.html"
		api_prefix = "api"
		log_mode = "console"
		log_level = "INFO"
		cookie_secure = true
		session_expiration = 86400
		session_key = "GLEWLWYD2_SESSION_ID"
		admin_scope = "g_admin"
		profile_scope = "g_profile"
		user_module_path = "/usr/lib/glewlwyd/user"
		client_module_path = "/usr/lib/glewlwyd/client"
		user_auth_scheme_module_path = "/usr/lib/glewlwyd/scheme"
		plugin_module_path = "/usr/lib/glewlwyd/plugin"
		static_files_path = "/usr/share/glewlwyd/webapp"
		use_secure_connection = true
		secure_connection_key_file = "$dir/server.key"
		secure_connection_pem_file = "$dir/server.pem"
		secure_connection_ca_file = "$dir/ca.pem"
		hash_algorithm = "SHA512"
		database = { type = "sqlite3"; path = "$dir/db"; };
	END
}

# --- Authlib, of Debian: a provider's parts in Python

authlib_is_here()
{
	/usr/bin/python3 -c 'import authlib, flask' 2>/dev/null
}

# authlib_start [key|workload]
authlib_start()
{
	local port=4700 log
	log=$(world_log "authlib$*")

	PROVIDER_STATE=$WORLD_DIR/authlib$*
	PROVIDER_PERSON=$drivers_here/authlib_op.py
	PROVIDER_CODE='[B-Z]{4}-[B-Z]{4}'
	PROVIDER_ISSUER=https://localhost:$port
	driver_settings=('preset = generic')
	driver_certificate && { [ $# -eq 0 ] || "client_of_$1"; } || return
	"$PROVIDER_PERSON" serve "$PROVIDER_STATE" "$port" "$PROVIDER_CLIENT" \
		"$@" >"$log" 2>&1 &
	PROVIDER_PID=$!
	world_wait 20 grep -q '^ready' "$log"
}

# authlib_scenarios NAME FLOW [key|workload]: what Pocket ID never says.
authlib_scenarios()
{
	scenario "$1, $2: alice says no: refused" signin_refused denied not-alice \
		access-denied 'The sign-in service refused'
	[ $# -lt 3 ] || "scenarios_of_$3" "$1, $2" "$2"
}

# ca.pem, server.pem and server.key for localhost.
driver_certificate()
{
	mkdir "$PROVIDER_STATE"
	"$PROVIDER_PROGRAM/node" --input-type=module -e "
		import { serverCertificate } from '$PROVIDER_PROGRAM/ca.mjs';
		serverCertificate('$PROVIDER_STATE');"
}

# Ends whichever was started last. Each ends in its own way when it is told.
driver_stop()
{
	kill "$PROVIDER_PID" && { wait "$PROVIDER_PID" || :; }
}
