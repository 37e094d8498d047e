# tests of daemon: configuration, policy, local files
unit_daemon_tests = \
	%reldir%/test_config \
	%reldir%/test_config_errors \
	%reldir%/test_localfiles \
	%reldir%/test_manual \
	%reldir%/test_nsswitch \
	%reldir%/test_policy \
	%reldir%/test_policy_manual
check_PROGRAMS += $(unit_daemon_tests)
TESTS += $(unit_daemon_tests)

unit_config_sources = \
	daemon/config/config.c daemon/config/config_choice.c \
	daemon/config/config_client.c daemon/config/config_file.c \
	daemon/config/config_find.c daemon/config/config_keys.c \
	daemon/config/config_list.c daemon/config/config_number.c \
	daemon/config/config_provider.c daemon/config/config_setting.c \
	daemon/config/config_user.c daemon/config/config_value.c \
	daemon/directory/signed.c daemon/config/passwd_field.c

%canon_reldir%_test_config_SOURCES = %reldir%/test_config.c \
	%reldir%/config_dir.c %reldir%/config_dir.h $(unit_config_sources)
%canon_reldir%_test_config_CPPFLAGS = $(AM_CPPFLAGS) $(INIH_CFLAGS)
%canon_reldir%_test_config_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_config_LDADD = %reldir%/liboidctest.la \
	$(CMOCKA_LIBS) $(INIH_LIBS)

%canon_reldir%_test_config_errors_SOURCES = %reldir%/test_config_errors.c \
	%reldir%/config_dir.c %reldir%/config_dir.h $(unit_config_sources)
%canon_reldir%_test_config_errors_CPPFLAGS = $(AM_CPPFLAGS) $(INIH_CFLAGS)
%canon_reldir%_test_config_errors_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_config_errors_LDADD = %reldir%/liboidctest.la \
	$(CMOCKA_LIBS) $(INIH_LIBS)

%canon_reldir%_test_localfiles_SOURCES = %reldir%/test_localfiles.c \
	daemon/local/filestamp.c daemon/local/localfiles.c \
	daemon/local/localrules.c daemon/local/nsswitch.c
%canon_reldir%_test_localfiles_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_localfiles_LDADD = common/libcommon.la $(CMOCKA_LIBS)

%canon_reldir%_test_nsswitch_SOURCES = %reldir%/test_nsswitch.c \
	daemon/local/nsswitch.c
%canon_reldir%_test_nsswitch_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_nsswitch_LDADD = $(CMOCKA_LIBS)

%canon_reldir%_test_manual_SOURCES = %reldir%/test_manual.c \
	%reldir%/config_dir.c %reldir%/config_dir.h $(unit_config_sources)
%canon_reldir%_test_manual_CPPFLAGS = $(AM_CPPFLAGS) $(INIH_CFLAGS)
%canon_reldir%_test_manual_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_manual_LDADD = %reldir%/liboidctest.la \
	$(CMOCKA_LIBS) $(INIH_LIBS)

%canon_reldir%_test_policy_manual_SOURCES = \
	%reldir%/test_policy_manual.c \
	daemon/age.c daemon/policy/policy.c $(unit_config_sources)
%canon_reldir%_test_policy_manual_CPPFLAGS = $(AM_CPPFLAGS) $(INIH_CFLAGS)
%canon_reldir%_test_policy_manual_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_policy_manual_LDADD = %reldir%/liboidctest.la \
	$(CMOCKA_LIBS) $(INIH_LIBS)

%canon_reldir%_test_policy_SOURCES = %reldir%/test_policy.c \
	daemon/age.c daemon/policy/policy.c $(unit_config_sources)
%canon_reldir%_test_policy_CPPFLAGS = $(AM_CPPFLAGS) $(INIH_CFLAGS)
%canon_reldir%_test_policy_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_policy_LDADD = %reldir%/liboidctest.la \
	$(CMOCKA_LIBS) $(INIH_LIBS)

if HAVE_LIBSYSTEMD
check_PROGRAMS += %reldir%/test_watchdog
TESTS += %reldir%/test_watchdog
endif
%canon_reldir%_test_watchdog_SOURCES = %reldir%/test_watchdog.c \
	daemon/watchdog.c
%canon_reldir%_test_watchdog_CPPFLAGS = $(AM_CPPFLAGS) $(LIBEVENT_CFLAGS) \
	$(SYSTEMD_CFLAGS)
%canon_reldir%_test_watchdog_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_watchdog_LDADD = $(CMOCKA_LIBS) $(LIBEVENT_LIBS) \
	$(SYSTEMD_LIBS)
