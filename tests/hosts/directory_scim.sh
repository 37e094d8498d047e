# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite directory: the document from a SCIM 2.0 service that
# people of the provider were brought to. Needs directory_people.sh.

SCIM_PORT=8481
SCIM_STATE=

scim_set()
{
	python3 "$TOP/tests/hosts/state.py" "$SCIM_STATE" "$@"
}

# export_scim FILE: as docs/directory.md says, but to this file.
export_scim()
{
	host_run sh -ec "$(directory_page scim | sed \
		-e "s|https://scim.example.com/v2|https://127.0.0.1:$SCIM_PORT|" \
		-e "s|/srv/www/people|$1|") \
		--ca-file /etc/hostpass/files-ca.pem"
}

# Alice is who she is at the provider; zoe and yan were never here.
scim_start()
{
	SCIM_STATE=$WORLD_DIR/scim.json
	echo scim-secret | host_write /root/directory/scim-token 600
	cat >"$SCIM_STATE" <<-'END'
		{"page": 2, "users": [
		{"id": "1", "userName": "zoe", "externalId": "z", "active":
			true, "urn:example:posix:2.0:User": {"uidNumber": 20777},
			"phoneNumbers": [{"value": "555"}]},
		{"id": "2", "userName": "yan", "externalId": "y",
			"active": false},
		{"id": "3", "userName": "alice", "externalId": ""}],
		"groups": [
		{"id": "g1", "displayName": "staff", "members": [
			{"value": "g2", "type": "Group"}, {"value": "3"}]},
		{"id": "g2", "displayName": "guild", "members": [
			{"value": "1"}, {"value": "gone"}]},
		{"id": "g3", "displayName": "empty"}]}
	END
	scim_set "s['users'][2]['externalId'] = '$(host_run hostpass --json \
		users | python3 -c 'import json, sys
print(next(user["sub"] for user in json.load(sys.stdin)["users"]
    if user["name"] == "alice"))')'"
	: >"$(world_log scim)"
	/usr/bin/python3 "$TOP/tests/hosts/scim.py" "$SCIM_PORT" \
		"$SCIM_STATE" scim-secret "$PKI/server.pem" "$PKI/server.key" \
		>>"$(world_log scim)" 2>&1 &
	world_wait 20 grep -q ready "$(world_log scim)"
}

scim_export()
{
	local lines
	expect 'a service' scim_start || return
	expect_text 'what it made' 'scim: 3 people' \
		"$(export_scim /root/scim 2>"$WORLD_DIR/notes")"
	expect_text 'a member who is nobody' '1 members of groups are no' \
		"$(cat "$WORLD_DIR/notes")"
	lines=$(host_run sed 1d /root/scim)
	expect_text 'zoe' '^\{"uid":20777,"sub":"z",.*"groups":\["guild","staff"\]\}$' \
		"$lines"
	expect_text 'yan' '"sub":"y".*"groups":\[\],"disabled":true\}' "$lines"
	expect_not 'a number of hers' grep -q 555 <<<"$lines"
	echo other | host_write /root/other 600
	expect_text 'another token' 'answered 401' "$(
		sign_document --scim "https://127.0.0.1:$SCIM_PORT" --sub id \
			--token-file /root/other --out /root/scim \
			--ca-file /etc/hostpass/files-ca.pem 2>&1)"
}

# lies_like FAULT SENTENCE
lies_like()
{
	scim_set "s['fault'] = '$1'"
	expect_text "$1" "$2" "$(export_scim /root/scim 2>&1 >/dev/null)"
}

# Each with a sentence, and the document before it is as it was.
scim_lies()
{
	host_run cp /root/scim /root/before
	lies_like 'first page' 'begins with 1 where 3 was asked for'
	lies_like 'first page, silently' 'has 3 entries, and has more'
	lies_like 'too few' 'has 4 entries, and has fewer'
	lies_like 'too many' 'has 1 entries, and has more'
	lies_like 'growing' 'the list changed while it was read'
	lies_like 'no more' 'has 3 entries, and has fewer'
	lies_like 'half' "https://127.0.0.1:$SCIM_PORT: "
	scim_set "s['fault'] = None" "s['users'][1]['id'] = '1'"
	lies_like '' 'the list changed while it was read'
	scim_set "s['users'][1]['id'] = '2'" \
		"s['users'][1]['externalId'] = 'z'"
	lies_like '' 'two users have the externalId z'
	scim_set "s['users'][1]['externalId'] = 'y'" \
		"s['groups'][2]['displayName'] = 'staff'"
	lies_like '' 'two groups have the name staff'
	scim_set "s['groups'][2]['displayName'] = 'empty'"
	expect 'the document as it was' host_run cmp /root/scim /root/before
}

scim_adopted()
{
	expect 'an export' export_scim "$FILES_PAGE" >/dev/null 2>&1
	expect 'it in force' world_wait 60 adopted 'people=3 new=1 ' || return
	expect_text 'zoe' '^zoe:[^:]*:20777:20777:' \
		"$(host_run getent passwd zoe)"
	expect 'a zoe who may enter' host_run hostpass why zoe sshd >/dev/null
	expect 'an alice who may enter' \
		host_run hostpass why alice sshd >/dev/null
	expect_not 'yan' host_run getent passwd yan
	expect_not 'a p12 who may enter' host_run hostpass why p12 sshd \
		>/dev/null
}
