# The signed directory, from its bytes to people.
directory_tests = \
	%reldir%/test_adopt \
	%reldir%/test_pull \
	%reldir%/test_signed
check_PROGRAMS += $(directory_tests)
TESTS += $(directory_tests)

directory_mint = %reldir%/directory_mint.c %reldir%/directory_mint.h

%canon_reldir%_test_adopt_SOURCES = %reldir%/test_adopt.c $(directory_mint) \
	%reldir%/fixture.c %reldir%/fixture.h \
	%reldir%/oidc_mint.c %reldir%/oidc_mint.h
%canon_reldir%_test_adopt_CPPFLAGS = $(people_cppflags) $(CRYPTO_CFLAGS)
%canon_reldir%_test_adopt_LDADD = $(people_ldadd) $(CRYPTO_LIBS)
%canon_reldir%_test_pull_SOURCES = %reldir%/test_pull.c $(directory_mint) \
	daemon/directory/pull.c daemon/directory/signed.c
%canon_reldir%_test_pull_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_pull_LDADD = $(oidc_test_libs)
%canon_reldir%_test_signed_SOURCES = %reldir%/test_signed.c $(directory_mint) \
	daemon/directory/signed.c
%canon_reldir%_test_signed_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_signed_LDADD = $(oidc_test_libs)
