# The signed directory, from its bytes to people.
directory_tests = \
	%reldir%/test_adopt \
	%reldir%/test_directory_args \
	%reldir%/test_export \
	%reldir%/test_pocketid \
	%reldir%/test_pull \
	%reldir%/test_scim \
	%reldir%/test_signed \
	%reldir%/test_statement
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
%canon_reldir%_test_statement_SOURCES = %reldir%/test_statement.c
%canon_reldir%_test_statement_CPPFLAGS = $(people_cppflags) $(SQLITE_CFLAGS)
%canon_reldir%_test_statement_LDADD = $(people_ldadd) $(SQLITE_LIBS)

# The parts of hostpass-directory.
unit_export_sources = \
	daemon/directory/export_fetch.c daemon/directory/export_pocketid.c \
	daemon/directory/export_scim.c daemon/directory/export_write.c \
	daemon/directory/pocketid_user.c daemon/directory/scim_group.c \
	daemon/directory/scim_user.c daemon/directory/signed.c

%canon_reldir%_test_export_SOURCES = %reldir%/test_export.c \
	$(unit_export_sources)
%canon_reldir%_test_export_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_export_LDADD = $(oidc_test_libs)
%canon_reldir%_test_pocketid_SOURCES = %reldir%/test_pocketid.c \
	$(unit_export_sources)
%canon_reldir%_test_pocketid_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_pocketid_LDADD = $(oidc_test_libs)
%canon_reldir%_test_scim_SOURCES = %reldir%/test_scim.c \
	$(unit_export_sources)
%canon_reldir%_test_scim_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_scim_LDADD = $(oidc_test_libs)
# It runs hostpass-directory itself.
%canon_reldir%_test_directory_args_SOURCES = %reldir%/test_directory_args.c \
	%reldir%/command.c %reldir%/command.h
%canon_reldir%_test_directory_args_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_directory_args_LDADD = $(CMOCKA_LIBS)
