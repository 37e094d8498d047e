# Beside the NSS module, where programs find it by name.
subidexecdir = $(nssexecdir)
if ENABLE_NSS
subidexec_LTLIBRARIES += %reldir%/libsubid_hostpass.la
noinst_LTLIBRARIES += %reldir%/libsubid.la
endif

# All of the code, for the module and for tests, which read other files.
%canon_reldir%_libsubid_la_SOURCES = \
	common/subid_line.c common/subid_line.h \
	%reldir%/subid_editor.c %reldir%/subid_editor.h \
	%reldir%/subid_hostpass.c %reldir%/subid_hostpass.h \
	%reldir%/subid_local.c %reldir%/subid_local.h \
	%reldir%/subid_paths.h
%canon_reldir%_libsubid_la_CFLAGS = $(AM_CFLAGS)
%canon_reldir%_libsubid_la_LIBADD = common/libsnapshot.la

%canon_reldir%_libsubid_hostpass_la_SOURCES = \
	%reldir%/subid_module.c %reldir%/subid_paths.c
%canon_reldir%_libsubid_hostpass_la_LIBADD = %reldir%/libsubid.la
%canon_reldir%_libsubid_hostpass_la_LDFLAGS = $(AM_LDFLAGS) \
	$(MODULE_LDFLAGS) -module -avoid-version \
	-Wl,--version-script=$(srcdir)/%reldir%/subid_hostpass.map
EXTRA_%canon_reldir%_libsubid_hostpass_la_DEPENDENCIES = \
	%reldir%/subid_hostpass.map
EXTRA_DIST += %reldir%/subid_hostpass.map
