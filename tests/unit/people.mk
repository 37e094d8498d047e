# From a token to a person, to the store and to the snapshot.
people_tests = \
	%reldir%/test_clock_back \
	%reldir%/test_fingerprint \
	%reldir%/test_fleet \
	%reldir%/test_handover \
	%reldir%/test_identity \
	%reldir%/test_keep \
	%reldir%/test_leave \
	%reldir%/test_limits \
	%reldir%/test_links \
	%reldir%/test_owngroup \
	%reldir%/test_passcode \
	%reldir%/test_passkey \
	%reldir%/test_prompt \
	%reldir%/test_publish \
	%reldir%/test_publish_subid \
	%reldir%/test_publish_when \
	%reldir%/test_rate \
	%reldir%/test_refresher \
	%reldir%/test_refresher_groups \
	%reldir%/test_remembered \
	%reldir%/test_seal \
	%reldir%/test_seal_key \
	%reldir%/test_server \
	%reldir%/test_session \
	%reldir%/test_several \
	%reldir%/test_slots \
	%reldir%/test_rescue \
	%reldir%/test_store \
	%reldir%/test_store_token \
	%reldir%/test_token \
	%reldir%/test_token_groups \
	%reldir%/test_why
check_PROGRAMS += $(people_tests)
TESTS += $(people_tests)

people_ldadd = daemon/libdaemon.la $(CMOCKA_LIBS) $(SQLITE_LIBS)
people_cppflags = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(LIBEVENT_CFLAGS) \
	$(SQLITE_CFLAGS)

%canon_reldir%_test_publish_subid_SOURCES = \
	%reldir%/test_publish_subid.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_publish_subid_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_publish_subid_LDADD = $(people_ldadd)
%canon_reldir%_test_fleet_SOURCES = %reldir%/test_fleet.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_fleet_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_fleet_LDADD = $(people_ldadd)
%canon_reldir%_test_identity_SOURCES = %reldir%/test_identity.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_identity_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_identity_LDADD = $(people_ldadd)
%canon_reldir%_test_fingerprint_SOURCES = %reldir%/test_fingerprint.c
%canon_reldir%_test_fingerprint_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_fingerprint_LDADD = $(people_ldadd)
# It defines the functions of sd-login(3) itself.
%canon_reldir%_test_nearby_SOURCES = %reldir%/test_nearby.c
%canon_reldir%_test_nearby_CPPFLAGS = $(people_cppflags) $(SYSTEMD_CFLAGS)
%canon_reldir%_test_nearby_LDADD = $(people_ldadd)
%canon_reldir%_test_passcode_SOURCES = %reldir%/test_passcode.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_passcode_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_passcode_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=pthread_create
%canon_reldir%_test_passcode_LDADD = $(people_ldadd) $(LIBEVENT_LIBS)
if HAVE_LIBSYSTEMD
check_PROGRAMS += %reldir%/test_audit %reldir%/test_nearby
TESTS += %reldir%/test_audit %reldir%/test_nearby
endif
%canon_reldir%_test_audit_SOURCES = %reldir%/test_audit.c
%canon_reldir%_test_audit_CPPFLAGS = $(people_cppflags) $(SYSTEMD_CFLAGS)
%canon_reldir%_test_audit_LDADD = $(people_ldadd)
%canon_reldir%_test_clock_back_SOURCES = %reldir%/test_clock_back.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_clock_back_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_clock_back_LDADD = $(people_ldadd)
# It defines refresh_start() and revoke_start() itself.
%canon_reldir%_test_leave_SOURCES = %reldir%/test_leave.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_leave_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_leave_LDADD = $(people_ldadd) $(LIBEVENT_LIBS)
%canon_reldir%_test_limits_SOURCES = %reldir%/test_limits.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_limits_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_limits_LDADD = $(people_ldadd)
%canon_reldir%_test_publish_when_SOURCES = %reldir%/test_publish_when.c \
	%reldir%/fixture.c %reldir%/fixture.h \
	%reldir%/oidc_clock.c %reldir%/oidc_clock.h
%canon_reldir%_test_publish_when_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_publish_when_LDADD = $(people_ldadd)
%canon_reldir%_test_rate_SOURCES = %reldir%/test_rate.c
%canon_reldir%_test_rate_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_rate_LDADD = $(people_ldadd)
%canon_reldir%_test_owngroup_SOURCES = %reldir%/test_owngroup.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_owngroup_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_owngroup_LDADD = $(people_ldadd)
%canon_reldir%_test_passkey_SOURCES = %reldir%/test_passkey.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_passkey_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_passkey_LDADD = $(people_ldadd)
%canon_reldir%_test_links_SOURCES = %reldir%/test_links.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_links_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_links_LDADD = $(people_ldadd)
%canon_reldir%_test_prompt_SOURCES = %reldir%/test_prompt.c
%canon_reldir%_test_prompt_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_prompt_LDADD = $(people_ldadd)
%canon_reldir%_test_publish_SOURCES = %reldir%/test_publish.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_publish_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_publish_LDADD = $(people_ldadd)
%canon_reldir%_test_seal_SOURCES = %reldir%/test_seal.c
%canon_reldir%_test_seal_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_seal_LDADD = $(people_ldadd)
%canon_reldir%_test_seal_key_SOURCES = %reldir%/test_seal_key.c
%canon_reldir%_test_seal_key_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_seal_key_LDADD = $(people_ldadd)
refresher_host = %reldir%/refresher_host.c %reldir%/refresher_host.h \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_refresher_SOURCES = %reldir%/test_refresher.c \
	$(refresher_host)
%canon_reldir%_test_refresher_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_refresher_LDADD = $(people_ldadd)
%canon_reldir%_test_refresher_groups_SOURCES = \
	%reldir%/test_refresher_groups.c $(refresher_host)
%canon_reldir%_test_refresher_groups_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_refresher_groups_LDADD = $(people_ldadd)
%canon_reldir%_test_remembered_SOURCES = %reldir%/test_remembered.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_remembered_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_remembered_LDADD = $(people_ldadd)
# These two, test_passcode and test_limits define device_start() themselves, so
# that no network is needed.
%canon_reldir%_test_server_SOURCES = %reldir%/test_server.c \
	%reldir%/server_client.c %reldir%/server_client.h \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_server_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_server_LDADD = $(people_ldadd)
%canon_reldir%_test_handover_SOURCES = %reldir%/test_handover.c \
	%reldir%/fixture.c %reldir%/fixture.h \
	daemon/server/handover.c daemon/server/listen.c
%canon_reldir%_test_handover_CPPFLAGS = $(people_cppflags) \
	$(SYSTEMD_CFLAGS)
%canon_reldir%_test_handover_LDADD = $(people_ldadd) $(SYSTEMD_LIBS)
%canon_reldir%_test_keep_SOURCES = %reldir%/test_keep.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_keep_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_keep_LDADD = $(people_ldadd)
%canon_reldir%_test_slots_SOURCES = %reldir%/test_slots.c
%canon_reldir%_test_slots_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_slots_LDADD = $(people_ldadd)
%canon_reldir%_test_session_SOURCES = %reldir%/test_session.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_session_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_session_LDADD = $(people_ldadd)
%canon_reldir%_test_several_SOURCES = %reldir%/test_several.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_several_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_several_LDADD = $(people_ldadd)
%canon_reldir%_test_rescue_SOURCES = %reldir%/test_rescue.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_rescue_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_rescue_LDADD = $(people_ldadd)
%canon_reldir%_test_store_SOURCES = %reldir%/test_store.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_store_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_store_LDADD = $(people_ldadd)
%canon_reldir%_test_store_token_SOURCES = %reldir%/test_store_token.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_store_token_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_store_token_LDADD = $(people_ldadd)
# It defines refresh_start() itself.
%canon_reldir%_test_token_SOURCES = %reldir%/test_token.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_token_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_token_LDADD = $(people_ldadd) $(LIBEVENT_LIBS)
# It defines the connection and refresher_ask_token() itself.
%canon_reldir%_test_token_groups_SOURCES = %reldir%/test_token_groups.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_token_groups_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_token_groups_LDADD = $(people_ldadd)
%canon_reldir%_test_why_SOURCES = %reldir%/test_why.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_why_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_why_LDADD = $(people_ldadd)
