# Who somebody is: a table, any order of events, and what others got wrong.
who_tests = \
	%reldir%/test_advisories \
	%reldir%/test_forget \
	%reldir%/test_ids \
	%reldir%/test_mapfile \
	%reldir%/test_who
check_PROGRAMS += $(who_tests)
TESTS += $(who_tests)

%canon_reldir%_test_advisories_SOURCES = %reldir%/test_advisories.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_advisories_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_advisories_LDADD = $(people_ldadd)

%canon_reldir%_test_forget_SOURCES = %reldir%/test_forget.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_forget_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_forget_LDADD = $(people_ldadd)

%canon_reldir%_test_ids_SOURCES = %reldir%/test_ids.c \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_ids_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_ids_LDADD = $(people_ldadd)

%canon_reldir%_test_mapfile_SOURCES = %reldir%/test_mapfile.c
%canon_reldir%_test_mapfile_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_mapfile_LDADD = $(people_ldadd)

%canon_reldir%_test_who_SOURCES = %reldir%/test_who.c \
	%reldir%/who_rows.c %reldir%/who_rows.h \
	%reldir%/fixture.c %reldir%/fixture.h
%canon_reldir%_test_who_CPPFLAGS = $(people_cppflags)
%canon_reldir%_test_who_LDADD = $(people_ldadd)
