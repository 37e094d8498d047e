sbin_PROGRAMS += hostpassd
noinst_LTLIBRARIES += %reldir%/libdaemon.la

%canon_reldir%_libdaemon_la_SOURCES = \
	%reldir%/account.c %reldir%/account.h \
	%reldir%/adopt.c %reldir%/adopt.h \
	%reldir%/adopt_line.c \
	%reldir%/adopt_private.h \
	%reldir%/adopt_report.c \
	%reldir%/age.c %reldir%/age.h \
	%reldir%/audit.c %reldir%/audit.h \
	%reldir%/config.c %reldir%/config.h \
	%reldir%/config_choice.c \
	%reldir%/config_client.c \
	%reldir%/config_file.c %reldir%/config_file.h \
	%reldir%/config_find.c \
	%reldir%/config_keys.c %reldir%/config_keys.h \
	%reldir%/config_list.c \
	%reldir%/config_number.c \
	%reldir%/config_provider.c %reldir%/config_provider.h \
	%reldir%/config_setting.c %reldir%/config_setting.h \
	%reldir%/config_user.c \
	%reldir%/config_value.c %reldir%/config_value.h \
	%reldir%/connection.h \
	%reldir%/decision.c %reldir%/decision.h \
	%reldir%/directory/pull.c %reldir%/directory/pull.h \
	%reldir%/directory/signed.c %reldir%/directory/signed.h \
	%reldir%/filestamp.c %reldir%/filestamp.h \
	%reldir%/fingerprint.c %reldir%/fingerprint.h \
	%reldir%/groupname.c %reldir%/groupname.h \
	%reldir%/identity.c %reldir%/identity.h \
	%reldir%/identity_name.c \
	%reldir%/identity_private.h \
	%reldir%/identity_profile.c \
	%reldir%/idmap.c %reldir%/idmap.h \
	%reldir%/links.c %reldir%/links.h \
	%reldir%/localfiles.c %reldir%/localfiles.h \
	%reldir%/localrules.c %reldir%/localrules.h \
	%reldir%/mapfile.c %reldir%/mapfile.h \
	%reldir%/nsswitch.c %reldir%/nsswitch.h \
	%reldir%/nearby.c %reldir%/nearby.h \
	%reldir%/owngroup.c %reldir%/owngroup.h \
	%reldir%/owngroup_check.c \
	%reldir%/passcode.c %reldir%/passcode.h \
	%reldir%/passcode_hash.c %reldir%/passcode_hash.h \
	%reldir%/passcode_rules.c %reldir%/passcode_rules.h \
	%reldir%/passkey.c %reldir%/passkey.h \
	%reldir%/passwd_field.c %reldir%/passwd_field.h \
	%reldir%/person.c %reldir%/person.h \
	%reldir%/policy.c %reldir%/policy.h \
	%reldir%/prompt.c %reldir%/prompt.h \
	%reldir%/providers.c %reldir%/providers.h \
	%reldir%/publish.c %reldir%/publish.h \
	%reldir%/publish_local.c \
	%reldir%/publish_subid.c \
	%reldir%/publish_taken.c \
	%reldir%/publish_when.c \
	%reldir%/rate.c %reldir%/rate.h \
	%reldir%/reason.c %reldir%/reason.h \
	%reldir%/refresher.c %reldir%/refresher.h \
	%reldir%/refresher_end.c \
	%reldir%/refresher_leave.c \
	%reldir%/refresher_private.h \
	%reldir%/refresher_renew.c \
	%reldir%/refresher_token.c \
	%reldir%/refresher_wait.c \
	%reldir%/remembered.c %reldir%/remembered.h \
	%reldir%/report.c %reldir%/report.h \
	%reldir%/report_events.c \
	%reldir%/report_groups.c \
	%reldir%/report_person.c \
	%reldir%/report_warnings.c \
	%reldir%/report_why.c \
	%reldir%/request.c \
	%reldir%/request_events.c \
	%reldir%/request_keys.c \
	%reldir%/request_links.c \
	%reldir%/request_passcode.c \
	%reldir%/request_person.c \
	%reldir%/request_private.h \
	%reldir%/request_refresh.c \
	%reldir%/request_report.c \
	%reldir%/request_sign_in.c \
	%reldir%/request_token.c \
	%reldir%/route.c %reldir%/route.h \
	%reldir%/seal.c %reldir%/seal.h \
	%reldir%/seal_key.c %reldir%/seal_key.h \
	%reldir%/server.c %reldir%/server.h \
	%reldir%/session.c %reldir%/session.h \
	%reldir%/session_keep.c \
	%reldir%/session_passcode.c %reldir%/session_passcode.h \
	%reldir%/session_private.h \
	%reldir%/session_queue.c \
	%reldir%/session_record.c %reldir%/session_record.h \
	%reldir%/session_source.c \
	%reldir%/session_spare.c \
	%reldir%/session_talk.c \
	%reldir%/session_verdict.c \
	%reldir%/slots.c %reldir%/slots.h \
	%reldir%/snapshot_check.c \
	%reldir%/snapshot_keys.c \
	%reldir%/snapshot_layout.c %reldir%/snapshot_layout.h \
	%reldir%/snapshot_write.c %reldir%/snapshot_write.h \
	%reldir%/store.c %reldir%/store.h \
	%reldir%/store_directory.c %reldir%/store_directory.h \
	%reldir%/store_everybody.c \
	%reldir%/store_group.c %reldir%/store_group.h \
	%reldir%/store_ids.c \
	%reldir%/store_passcode.c %reldir%/store_passcode.h \
	%reldir%/store_person.c \
	%reldir%/store_private.h \
	%reldir%/store_remembered.c %reldir%/store_remembered.h \
	%reldir%/store_schema.c \
	%reldir%/store_statement.c \
	%reldir%/store_subid.c %reldir%/store_subid.h \
	%reldir%/store_token.c %reldir%/store_token.h \
	%reldir%/store_tombstone.c %reldir%/store_tombstone.h \
	%reldir%/systemd.h \
	%reldir%/trouble.c %reldir%/trouble.h
if HAVE_LIBSYSTEMD
%canon_reldir%_libdaemon_la_SOURCES += %reldir%/audit_journal.c
else
%canon_reldir%_libdaemon_la_SOURCES += %reldir%/audit_nojournal.c
endif
%canon_reldir%_libdaemon_la_CPPFLAGS = $(AM_CPPFLAGS) $(LIBEVENT_CFLAGS) \
	$(CRYPTO_CFLAGS) $(INIH_CFLAGS) $(QRENCODE_CFLAGS) $(SQLITE_CFLAGS) \
	$(CRYPT_CFLAGS) $(PWQUALITY_CFLAGS) $(SYSTEMD_CFLAGS)
%canon_reldir%_libdaemon_la_LIBADD = %reldir%/oidc/liboidc.la \
	common/libcommon.la common/libsnapshot.la \
	$(LIBEVENT_LIBS) $(CRYPTO_LIBS) $(INIH_LIBS) $(QRENCODE_LIBS) \
	$(SQLITE_LIBS) $(CRYPT_LIBS) $(PWQUALITY_LIBS) $(SYSTEMD_LIBS) \
	-lpthread

hostpassd_SOURCES = \
	%reldir%/handover.c %reldir%/handover.h \
	%reldir%/listen.c %reldir%/listen.h \
	%reldir%/main.c \
	%reldir%/watchdog.c %reldir%/watchdog.h
hostpassd_CPPFLAGS = $(AM_CPPFLAGS) $(LIBEVENT_CFLAGS) $(SYSTEMD_CFLAGS)
hostpassd_CFLAGS = $(AM_CFLAGS) $(PIE_CFLAGS)
hostpassd_LDFLAGS = $(AM_LDFLAGS) $(PIE_LDFLAGS)
hostpassd_LDADD = %reldir%/libdaemon.la $(SYSTEMD_LIBS)

include daemon/oidc/local.mk
include daemon/directory/local.mk
