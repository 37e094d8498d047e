# tests of pam
pam_tests = \
	%reldir%/test_conversation \
	%reldir%/test_owner \
	%reldir%/test_pam_hostpass \
	%reldir%/test_pam_module \
	%reldir%/test_patience \
	%reldir%/test_relay \
	%reldir%/test_request
check_PROGRAMS += $(pam_tests)
TESTS += $(pam_tests)

pam_fixture = %reldir%/pam_fixture.c %reldir%/pam_fixture.h
pam_test_libs = common/libcommon.la common/libsnapshot.la $(CMOCKA_LIBS) \
	$(PAM_LIBS)

%canon_reldir%_test_conversation_SOURCES = %reldir%/test_conversation.c \
	pam/conversation.c %reldir%/wipe.c %reldir%/wipe.h $(pam_fixture)
%canon_reldir%_test_conversation_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_conversation_LDFLAGS = $(AM_LDFLAGS) $(WRAP_FREE)
%canon_reldir%_test_conversation_LDADD = $(pam_test_libs)

# These four include the file that they test, for its static functions.
%canon_reldir%_test_owner_SOURCES = %reldir%/test_owner.c
%canon_reldir%_test_owner_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_owner_LDADD = $(pam_test_libs)

%canon_reldir%_test_pam_hostpass_SOURCES = %reldir%/test_pam_hostpass.c \
	pam/conversation.c pam/patience.c pam/request.c $(pam_fixture)
%canon_reldir%_test_pam_hostpass_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_pam_hostpass_LDADD = $(pam_test_libs)

%canon_reldir%_test_relay_SOURCES = %reldir%/test_relay.c \
	%reldir%/relay_script.c %reldir%/relay_script.h \
	pam/conversation.c pam/request.c \
	%reldir%/wipe.c %reldir%/wipe.h $(pam_fixture)
%canon_reldir%_test_relay_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_relay_LDFLAGS = $(AM_LDFLAGS) $(WRAP_FREE)
%canon_reldir%_test_relay_LDADD = $(pam_test_libs)

%canon_reldir%_test_request_SOURCES = %reldir%/test_request.c \
	pam/conversation.c $(pam_fixture)
%canon_reldir%_test_request_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_request_LDADD = $(pam_test_libs)

# Loads the module by its path, and links none of it.
%canon_reldir%_test_pam_module_SOURCES = %reldir%/test_pam_module.c \
	$(pam_fixture)
%canon_reldir%_test_pam_module_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_pam_module_LDADD = $(CMOCKA_LIBS) $(PAM_LIBS)
EXTRA_%canon_reldir%_test_pam_module_DEPENDENCIES = pam/pam_hostpass.la

%canon_reldir%_test_patience_SOURCES = %reldir%/test_patience.c \
	pam/conversation.c pam/patience.c pam/request.c $(pam_fixture)
%canon_reldir%_test_patience_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_patience_LDADD = $(pam_test_libs)
