# The command, built a second time to look for the daemon below its working
# directory, and run against a scripted one.
check_PROGRAMS += %reldir%/hostpass_scripted %reldir%/test_cli \
	%reldir%/test_cli_dump %reldir%/test_cli_output \
	%reldir%/test_cli_trust %reldir%/test_open_browser
TESTS += %reldir%/test_cli %reldir%/test_cli_dump %reldir%/test_cli_output \
	%reldir%/test_cli_trust %reldir%/test_open_browser

snapshot_writer = \
	daemon/snapshot/snapshot_check.c daemon/snapshot/snapshot_keys.c \
	daemon/snapshot/snapshot_layout.c daemon/snapshot/snapshot_write.c

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

EXTRA_DIST += %reldir%/golden
