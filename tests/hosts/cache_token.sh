# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite cache: access tokens for the people themselves.

# userinfo TOKEN: what the provider says to it.
userinfo()
{
	curl -s --cacert "$PROVIDER_STATE/ca.pem" \
		-H "Authorization: Bearer $1" \
		"$PROVIDER_ISSUER/api/oidc/userinfo"
}

# scope_of TOKEN: these are JWTs, as Pocket ID's.
scope_of()
{
	python3 -c 'import base64, json, sys
part = sys.argv[1].split(".")[1]
print(json.loads(base64.urlsafe_b64decode(part + "=" * 3))["scope"])' "$1"
}

token_is_hers()
{
	token=$(host_as alice hostpass token) || { problem 'no token'; return; }
	expect 'one word' [ "$(wc -w <<<"$token")" -eq 1 ]
	expect_text 'her name' '"preferred_username": ?"alice"' \
		"$(userinfo "$token")"
	expect_text 'the scopes of [token]' '^openid profile groups$' \
		"$(scope_of "$token")"
	expect 'another each time' [ "$(host_as alice hostpass token)" != "$token" ]
}

token_of_less_scope()
{
	local less
	less=$(host_as alice hostpass token --scope openid)

	expect_text 'that scope' '^openid$' "$(scope_of "$less")"
	expect_text 'sudo still hers' '\(sudo\)' "$(host_run id alice)"
	# The next one has all of it again, and so have refreshes.
	expect_text 'all scopes again' '^openid profile groups$' \
		"$(scope_of "$(host_as alice hostpass token)")"
	expect 'a refresh' host_run hostpass refresh alice >/dev/null
	expect_text 'sudo still hers' '\(sudo\)' "$(host_run id alice)"
}

token_scope_is_limited()
{
	local scope

	for scope in email 'openid email' offline_access '  '; do
		expect_not "'$scope'" \
			host_as alice hostpass token --scope "$scope" 2>&1
	done
}

others_get_none()
{
	expect 'bob' sign_in token-bob bob bob id
	expect_text 'why bob gets none' 'in no group of allow_groups' \
		"$(host_as bob hostpass token 2>&1)"
	expect_text 'why root gets none' 'do not sign in with a passkey' \
		"$(host_run hostpass token 2>&1)"
	expect_text 'why lokal gets none' 'do not sign in with a passkey' \
		"$(host_as lokal hostpass token 2>&1)"
}

token_is_not_logged()
{
	expect_text 'who got one' 'was given an access token: scope=openid$' \
		"$(host_log)"
	expect_not 'a token' grep -qE 'eyJ[A-Za-z0-9_-]{10}' \
		<<<"$(host_log)$(host_syslog)"
}
