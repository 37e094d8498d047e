# The command, built a second time to look for the daemon below its working
# directory, and run against a scripted one.
check_PROGRAMS += %reldir%/hostpass_scripted %reldir%/test_cli \
	%reldir%/test_cli_dump %reldir%/test_cli_output \
	%reldir%/test_cli_trust %reldir%/test_open_browser
TESTS += %reldir%/test_cli %reldir%/test_cli_dump %reldir%/test_cli_output \
	%reldir%/test_cli_trust %reldir%/test_open_browser

snapshot_writer = \
	daemon/snapshot_check.c daemon/snapshot_keys.c \
	daemon/snapshot_layout.c daemon/snapshot_write.c

%canon_reldir%_hostpass_scripted_SOURCES = $(hostpass_sources) \
	%reldir%/cli_paths.h
%canon_reldir%_hostpass_scripted_CPPFLAGS = $(AM_CPPFLAGS) $(JSON_CFLAGS) \
	-include $(top_srcdir)/%reldir%/cli_paths.h
%canon_reldir%_hostpass_scripted_LDADD = $(hostpass_LDADD)

%canon_reldir%_test_cli_SOURCES = %reldir%/test_cli.c \
	%reldir%/command.c %reldir%/command.h \
	%reldir%/scripted_daemon.c %reldir%/scripted_daemon.h
%canon_reldir%_test_cli_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
%canon_reldir%_test_cli_LDADD = common/libcommon.la common/libsnapshot.la \
	$(CMOCKA_LIBS)

%canon_reldir%_test_cli_dump_SOURCES = %reldir%/test_cli_dump.c \
	%reldir%/command.c %reldir%/command.h \
	$(snapshot_writer)
%canon_reldir%_test_cli_dump_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_cli_dump_LDADD = common/libsnapshot.la $(CMOCKA_LIBS)

%canon_reldir%_test_cli_output_SOURCES = %reldir%/test_cli_output.c \
	cli/document.c cli/line.c cli/table.c
%canon_reldir%_test_cli_output_CPPFLAGS = $(AM_CPPFLAGS) $(JSON_CFLAGS)
%canon_reldir%_test_cli_output_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_cli_output_LDADD = common/libsnapshot.la $(JSON_LIBS) \
	$(CMOCKA_LIBS)

%canon_reldir%_test_cli_trust_SOURCES = %reldir%/test_cli_trust.c \
	%reldir%/command.c %reldir%/command.h \
	%reldir%/scripted_daemon.c %reldir%/scripted_daemon.h \
	$(snapshot_writer)
%canon_reldir%_test_cli_trust_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
%canon_reldir%_test_cli_trust_LDADD = common/libcommon.la \
	common/libsnapshot.la $(CMOCKA_LIBS)

%canon_reldir%_test_open_browser_SOURCES = %reldir%/test_open_browser.c \
	%reldir%/command.c %reldir%/command.h
%canon_reldir%_test_open_browser_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_open_browser_LDADD = common/libcommon.la \
	common/libsnapshot.la $(CMOCKA_LIBS)

EXTRA_DIST += \
	%reldir%/golden/denied.txt \
	%reldir%/golden/denied_json.txt \
	%reldir%/golden/dump.txt \
	%reldir%/golden/dump_damaged_group.txt \
	%reldir%/golden/dump_damaged_user.txt \
	%reldir%/golden/dump_directory.txt \
	%reldir%/golden/dump_empty.txt \
	%reldir%/golden/dump_foreign.txt \
	%reldir%/golden/dump_json.txt \
	%reldir%/golden/dump_many.txt \
	%reldir%/golden/dump_missing.txt \
	%reldir%/golden/dump_retired.txt \
	%reldir%/golden/events.txt \
	%reldir%/golden/events_follow.txt \
	%reldir%/golden/events_json.txt \
	%reldir%/golden/events_none.txt \
	%reldir%/golden/events_refused.txt \
	%reldir%/golden/forget.txt \
	%reldir%/golden/forget_json.txt \
	%reldir%/golden/forget_unknown.txt \
	%reldir%/golden/forgotten.txt \
	%reldir%/golden/forgotten_none.txt \
	%reldir%/golden/granted.txt \
	%reldir%/golden/groups.txt \
	%reldir%/golden/groups_json.txt \
	%reldir%/golden/groups_none.txt \
	%reldir%/golden/help.txt \
	%reldir%/golden/hung_up.txt \
	%reldir%/golden/keys.txt \
	%reldir%/golden/keys_forget.txt \
	%reldir%/golden/keys_json.txt \
	%reldir%/golden/keys_none.txt \
	%reldir%/golden/metrics.txt \
	%reldir%/golden/metrics_json.txt \
	%reldir%/golden/map_bad.txt \
	%reldir%/golden/map_export.txt \
	%reldir%/golden/map_good.txt \
	%reldir%/golden/map_missing.txt \
	%reldir%/golden/map_usage.txt \
	%reldir%/golden/nonsense.txt \
	%reldir%/golden/refresh.txt \
	%reldir%/golden/refresh_all.txt \
	%reldir%/golden/refresh_json.txt \
	%reldir%/golden/refresh_none.txt \
	%reldir%/golden/refresh_revoked.txt \
	%reldir%/golden/refresh_unknown.txt \
	%reldir%/golden/open_browser_json.txt \
	%reldir%/golden/open_browser_off.txt \
	%reldir%/golden/refused.txt \
	%reldir%/golden/revoke.txt \
	%reldir%/golden/revoke_not.txt \
	%reldir%/golden/ssh_keys.txt \
	%reldir%/golden/ssh_keys_none.txt \
	%reldir%/golden/status.txt \
	%reldir%/golden/status_empty.txt \
	%reldir%/golden/status_json.txt \
	%reldir%/golden/status_new.txt \
	%reldir%/golden/status_wrong.txt \
	%reldir%/golden/token.txt \
	%reldir%/golden/token_refused.txt \
	%reldir%/golden/unknown_verdict.txt \
	%reldir%/golden/unreachable.txt \
	%reldir%/golden/untrusted.txt \
	%reldir%/golden/usage_command.txt \
	%reldir%/golden/usage_few.txt \
	%reldir%/golden/usage_forget.txt \
	%reldir%/golden/usage_follow.txt \
	%reldir%/golden/usage_many.txt \
	%reldir%/golden/usage_none.txt \
	%reldir%/golden/usage_option.txt \
	%reldir%/golden/usage_scope.txt \
	%reldir%/golden/users.txt \
	%reldir%/golden/users_json.txt \
	%reldir%/golden/users_none.txt \
	%reldir%/golden/users_odd.txt \
	%reldir%/golden/version.txt
