# shellcheck shell=bash disable=SC2317 # scenario calls by name
# SPDX-License-Identifier: BSD-2-Clause
#
# Scenarios of the suite several: two providers on one host, and the rules that
# deny. home is the provider of the other suites, work a second one.

# several_start: the host, with both. alice and bob are home's, carol is
# work's; both providers have an alice and a carol, and groups of one name.
several_start()
{
	stage_start && provider_set "s['interval'] = 1" "u('alice')['groups'] \
		= ['staff', 'admins']" && work_start && configure_both \
		"/alice|bob/" "/carol|w-.*/" && host_start_daemon
}

work_start()
{
	local PROVIDER_PORT=4444 PROVIDER_STATE PROVIDER_ISSUER PROVIDER_PID

	provider_start "$WORLD_DIR/work" work || return
	work_state=$PROVIDER_STATE work_issuer=$PROVIDER_ISSUER
	work_pid=$PROVIDER_PID
	provider_set "s['interval'] = 1" \
		"s['clients'][0]['requires_reauthentication'] = True" \
		"u('carol')['groups'] = ['staff', 'admins']"
	host_write /etc/hostpass/work.pem 644 <"$work_state/ca.pem"
}

# configure_both HOME-NAMES WORK-NAMES [LINE...]: lines are [access]'s.
configure_both()
{
	local home=$1 work=$2
	shift 2

	host_write /etc/hostpass/hostpass.conf 644 <<-END
		[provider:home]
		issuer = $PROVIDER_ISSUER
		client_id = $PROVIDER_CLIENT
		ca_file = /etc/hostpass/ca.pem
		names = $home
		[provider:work]
		issuer = $work_issuer
		client_id = $PROVIDER_CLIENT
		ca_file = /etc/hostpass/work.pem
		names = $work
		[access]
		allow_groups = home:staff, work:staff
		$(printf '%s\n' "$@")
		[access:sudo]
		allow_groups = home:admins
		[groups:home]
		admins = sudo
	END
}

# The same, without work.
configure_home()
{
	configure_both "$@" && host_run sed -i '/^\[provider:work/,/^names/d;
		s/, work:staff//' /etc/hostpass/hostpass.conf
}

restart_daemon()
{
	expect 'a clean end of hostpassd' host_stop_daemon &&
		expect 'hostpassd to start again' host_start_daemon
}

# sign_in_at_work NAME USER [COMMAND]: with the USER of that provider.
sign_in_at_work()
{
	local name=$1 user=$2
	shift 2

	PROVIDER_STATE=$work_state sign_in "$name" "$user" "$user" "$@"
}

asked() { cat "$WORLD_DIR/$1.asked"; }
said() { cat "$WORLD_DIR/$1.err"; }

# sent_to NAME ISSUER: what NAME was asked to open.
sent_to()
{
	expect_text 'a link of the right provider' \
		"^ +$2/device\\?user_code=E[A-Z0-9]{7}$" "$(asked "$1")"
}

# keep_key USER FUNCTION [ARGUMENT...]: a sign-in that leaves the key.
keep_key()
{
	local user=$1
	shift

	"$@" "umask 077 && mkdir -p .ssh &&
		echo '$(cat "$WORLD_DIR/key.pub")' >.ssh/authorized_keys && id" &&
		expect "the key to do for $user" \
			[ "$(key_login "$user" id -un)" = "$user" ]
}

alice_at_home()
{
	keep_key alice sign_in home alice alice || return
	sent_to home "$PROVIDER_ISSUER"
	expect_text 'sudo from the admins of home' '\(sudo\)' \
		"$(cat "$WORLD_DIR/home.out")"
}

carol_at_work()
{
	keep_key carol sign_in_at_work work carol || return
	sent_to work "$work_issuer"
	expect_text 'no group but her own' \
		'^uid=([0-9]+)\(carol\) gid=\1\(carol\) groups=\1\(carol\)$' \
		"$(cat "$WORLD_DIR/work.out")"
}

admins_of_work_are_nobody()
{
	expect_text 'the group of home alone' \
		'does not fit +\[access:sudo\] allow_groups = home:admins' \
		"$(host_run hostpass why carol sudo)"
	expect 'alice may use sudo' host_run hostpass why alice sudo >/dev/null
}

no_names_fit()
{
	expect_not 'dave to be let in' sign_in dave dave alice id
	expect_not 'a link' grep -q user_code= "$WORLD_DIR/dave.asked"
	expect_logged no-provider
}

# Who is bound stays, whatever the names say by now.
bound_people_stay()
{
	configure_both '/carol|dave/' '/alice|bob/' && restart_daemon || return
	expect 'alice to be let in' sign_in home alice alice id
	sent_to home "$PROVIDER_ISSUER"
	expect 'carol to be let in' sign_in_at_work work carol id
	sent_to work "$work_issuer"
}

# claims PROVIDER-STATE USER: what this provider would say of its USER.
claims()
{
	python3 - "$1/state.json" "$2" "$(cat "$1/issuer")" <<-'END'
		import json, sys
		file, name, issuer = sys.argv[1:]
		with open(file, encoding="utf-8") as stream:
		    users = json.load(stream)["users"]
		user = next(u for u in users if u["username"] == name)
		print(json.dumps({"iss": issuer, "sub": user["sub"],
		    "preferred_username": name, "groups": user["groups"]}))
	END
}

# would_be STATE USER: `hostpass why` for such a token.
would_be()
{
	claims "$1" "$2" | host_write /root/claims.json 600
	host_run hostpass why --claims /root/claims.json "$2" sshd
}

# The names of one provider are not the other's to give.
same_name_at_the_other()
{
	expect_text "carol of home: that name is work's carol" '\(name-bound\)$' \
		"$(would_be "$PROVIDER_STATE" carol)"
	expect_text "alice of work: that name is home's alice" '\(name-bound\)$' \
		"$(would_be "$work_state" alice)"
	expect_text 'alice of home: herself' '^granted: alice' \
		"$(would_be "$PROVIDER_STATE" alice)"
	expect_text 'a new name goes to the first that fits' '^granted: bob' \
		"$(would_be "$work_state" bob)"
	expect_text 'and to no other' '\(no-provider\)$' \
		"$(would_be "$PROVIDER_STATE" bob)"
	expect_not 'bob to be kept by a question' \
		grep -qw bob <(host_run hostpass users)
}

one_is_down()
{
	expect 'the provider to end' kill "$work_pid" || return
	wait "$work_pid"
	expect_not 'carol to be let in' sign_in_at_work down carol id
	expect_logged provider-unreachable
	expect 'alice to be let in' sign_in home alice alice id
	expect_text 'which one it is' 'the provider work did not do its part' \
		"$(host_run hostpass status)"
}

provider_taken_out()
{
	configure_home '/alice|bob|carol/' - && restart_daemon || return
	expect_not 'carol to be let in' sign_in gone carol carol id
	expect_not 'a link' grep -q user_code= "$WORLD_DIR/gone.asked"
	expect_logged provider-gone
	expect_not 'her key to do' key_login carol id >/dev/null
	expect_text 'why' '\(provider-gone\)$' \
		"$(host_run hostpass why carol sshd)"
	expect_text 'her name for her files' '^carol:' \
		"$(host_run getent passwd carol)"
	expect 'alice to be let in' [ "$(key_login alice id -un)" = alice ]
}

# --- rules that deny

denied_group()
{
	configure_home '/alice|bob/' - 'deny_groups = home:suspended' &&
		restart_daemon || return
	expect 'alice to come in' [ "$(key_login alice id -un)" = alice ]
	provider_set "u('alice')['groups'].append('suspended')"
	expect_not 'alice to be let in' sign_in denied alice alice id
	expect_text 'a sentence' 'You may not use this host\.' \
		"$(asked denied)$(said denied)"
	expect_logged deny-rule
	expect_not 'her key to do' key_login alice id >/dev/null
	provider_set "u('alice')['groups'].remove('suspended')"
	expect 'alice to be let in again' sign_in again alice alice id
}

denied_user()
{
	configure_home '/alice|bob/' - 'deny_users = alice' &&
		restart_daemon || return
	expect_not 'her key to do' key_login alice id >/dev/null
	expect_logged deny-rule
}

# The key does for as long as a passkey was used lately.
passkey_too_old()
{
	configure_home '/alice|bob/' - 'passkey_max = 8h' &&
		expect 'a clean end of hostpassd' host_stop_daemon || return
	host_run python3 - <<-'END'
		import sqlite3
		store = sqlite3.connect("/var/lib/hostpass/store.db")
		store.execute("UPDATE person SET last_passkey = last_passkey - 28800"
		    " WHERE name = 'alice' AND last_passkey > 0")
		assert store.total_changes == 1
		store.commit()
	END
	expect 'hostpassd to start again' host_start_daemon || return
	expect_not 'her key to do' key_login alice id >/dev/null
	expect_logged passkey-too-old
	expect_text 'why' 'does not fit +\[access\] passkey_max = 8h \(used' \
		"$(host_run hostpass why alice sshd)"
	expect 'alice to be let in with her passkey' \
		sign_in fresh alice alice id
	expect 'her key to do again' [ "$(key_login alice id -un)" = alice ]
}
