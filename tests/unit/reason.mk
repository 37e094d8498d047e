# What is said of a reason: the sentences, the details, the manual.
check_PROGRAMS += %reldir%/test_reason %reldir%/test_refusal
TESTS += %reldir%/test_reason %reldir%/test_refusal

%canon_reldir%_test_reason_SOURCES = %reldir%/test_reason.c daemon/reason.c
%canon_reldir%_test_reason_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_reason_LDADD = common/libcommon.la \
	common/libsnapshot.la $(CMOCKA_LIBS)

%canon_reldir%_test_refusal_SOURCES = %reldir%/test_refusal.c
%canon_reldir%_test_refusal_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_refusal_LDADD = $(oidc_test_libs)
