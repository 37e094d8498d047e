# shellcheck shell=bash disable=SC2034,SC2317
# SPDX-License-Identifier: BSD-2-Clause
#
# Clients that prove who they are by a signature (RFC 7523): their keys, their
# tokens, and what is true of them alone. Needs drivers.sh and signin.sh.

# client_key ALGORITHM FILE: a private key in PEM.
client_key()
{
	case $1 in
	RS256) openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 \
		-out "$2" ;;
	ES256) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
		-out "$2" ;;
	EdDSA) openssl genpkey -algorithm ED25519 -out "$2" ;;
	esac
}

# client_gets_key: the host has the private half.
client_gets_key()
{
	driver_settings+=('client_key_file = client.key')
	host_write /etc/hostpass/client.key 600 <"$PROVIDER_STATE/client.key"
}

# client_is_refused: before anybody is asked to approve.
client_is_refused()
{
	local PROVIDER_PERSON=true

	expect_not 'a shell' signin stranger alice nobody id
	expect_text 'a sentence' 'The sign-in service does not know this host' \
		"$(cat "$WORLD_DIR/stranger.err")"
	expect_logged client-refused
}

# --- tests/provider: whoever signs for its issuer

client_of_standin()
{
	client_key "$1" "$PROVIDER_STATE/client.key" && client_gets_key &&
		standin_trusts "$PROVIDER_STATE/client.key"
}

# standin_trusts FILE: the provider takes what is signed with that key alone.
standin_trusts()
{
	local jwk
	jwk=$("$PROVIDER_PROGRAM/node" --input-type=module -e "
		import { createPublicKey } from 'node:crypto';
		import { readFileSync } from 'node:fs';
		console.log(JSON.stringify(createPublicKey(
			readFileSync('$1')).export({ format: 'jwk' })));") &&
		provider_set "s['clients'][0]['jwks'] = {'keys': [$jwk]}"
}

# scenarios_of_standin WHERE ALGORITHM
scenarios_of_standin()
{
	scenario "$1: one with another key is refused" standin_stranger "$2"
}

standin_stranger()
{
	client_key "$1" "$PROVIDER_STATE/other.key" 2>/dev/null &&
		standin_trusts "$PROVIDER_STATE/other.key" && client_is_refused
	standin_trusts "$PROVIDER_STATE/client.key"
}

# --- Authlib: whoever signs for its token endpoint

client_of_key()
{
	client_key ES256 "$PROVIDER_STATE/client.key" && client_gets_key
	driver_settings+=('client_assertion_audience = token_endpoint')
}

scenarios_of_key()
{
	[ "$2" = device ] || return 0
	scenario "$1: an assertion for the issuer is refused there" \
		key_for_the_issuer
}

key_for_the_issuer()
{
	expect 'a clean end' host_stop_daemon &&
		signin_configure device 'preset = generic' \
			'client_key_file = client.key' && client_is_refused
	expect 'a clean end' host_stop_daemon
	signin_configure device "${driver_settings[@]}"
}

# --- Authlib: a token that the issuer of a workload gives

client_of_workload()
{
	client_key ES256 "$PROVIDER_STATE/client.key" && workload_is_given 600
	driver_settings+=('client_assertion_file = workload-token')
}

# workload_is_given SECONDS: a new token in place of the old one.
workload_is_given()
{
	"$PROVIDER_PERSON" mint "$PROVIDER_STATE" "$PROVIDER_CLIENT" \
		"$PROVIDER_ISSUER" "$1" |
		host_write /etc/hostpass/workload-token.new 644 &&
		host_run mv /etc/hostpass/workload-token.new \
			/etc/hostpass/workload-token
}

scenarios_of_workload()
{
	[ "$2" = device ] || return 0
	scenario "$1: its token has run out: refused" workload_is_late
	scenario "$1: it is given a new one, and nothing is restarted" \
		workload_is_renewed
	scenario "$1: it has none: refused" workload_has_none
	workload_is_given 600
}

workload_is_late()
{
	workload_is_given -60
	client_is_refused
}

workload_is_renewed()
{
	workload_is_given 600
	signin_second
}

workload_has_none()
{
	local PROVIDER_PERSON=true

	host_run rm /etc/hostpass/workload-token
	expect_not 'a shell' signin none alice nobody id
	expect_logged client-credential
}
