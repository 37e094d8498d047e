# tests of common/: frame, client, secret, log
check_PROGRAMS += \
	%reldir%/test_client \
	%reldir%/test_frame \
	%reldir%/test_log \
	%reldir%/test_secret
TESTS += \
	%reldir%/test_client \
	%reldir%/test_frame \
	%reldir%/test_log \
	%reldir%/test_secret

# wipe.c looks at what is freed.
WRAP_FREE = -Wl,--wrap=free

%canon_reldir%_test_client_SOURCES = %reldir%/test_client.c \
	%reldir%/wipe.c %reldir%/wipe.h
%canon_reldir%_test_client_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_client_LDFLAGS = $(AM_LDFLAGS) $(WRAP_FREE)
%canon_reldir%_test_client_LDADD = common/libcommon.la $(CMOCKA_LIBS)

%canon_reldir%_test_frame_SOURCES = %reldir%/test_frame.c \
	%reldir%/wipe.c %reldir%/wipe.h
%canon_reldir%_test_frame_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_frame_LDFLAGS = $(AM_LDFLAGS) $(WRAP_FREE)
%canon_reldir%_test_frame_LDADD = common/libcommon.la $(CMOCKA_LIBS)

%canon_reldir%_test_log_SOURCES = %reldir%/test_log.c
%canon_reldir%_test_log_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_log_LDADD = common/libcommon.la $(CMOCKA_LIBS)

%canon_reldir%_test_secret_SOURCES = %reldir%/test_secret.c \
	%reldir%/wipe.c %reldir%/wipe.h
%canon_reldir%_test_secret_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_secret_LDFLAGS = $(AM_LDFLAGS) $(WRAP_FREE)
%canon_reldir%_test_secret_LDADD = common/libcommon.la $(CMOCKA_LIBS)
