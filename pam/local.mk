# All code is in an archive of its own, so that tests can link it; the module
# adds the list of what it exports.
noinst_LTLIBRARIES += %reldir%/libpam_hostpass.la
pamexec_LTLIBRARIES += %reldir%/pam_hostpass.la

%canon_reldir%_libpam_hostpass_la_SOURCES = \
	%reldir%/conversation.c %reldir%/conversation.h \
	%reldir%/owner.c %reldir%/owner.h \
	%reldir%/pam_hostpass.c \
	%reldir%/patience.c %reldir%/patience.h \
	%reldir%/relay.c %reldir%/relay.h \
	%reldir%/request.c %reldir%/request.h
%canon_reldir%_libpam_hostpass_la_LIBADD = common/libcommon.la \
	common/libsnapshot.la $(PAM_LIBS)

%canon_reldir%_pam_hostpass_la_SOURCES =
%canon_reldir%_pam_hostpass_la_LIBADD = %reldir%/libpam_hostpass.la
# No -z nodelete: libpam unloads its modules, and ours owns nothing that
# outlives a call, so an upgrade reaches long-lived programs.
%canon_reldir%_pam_hostpass_la_LDFLAGS = $(AM_LDFLAGS) $(MODULE_LDFLAGS) \
	-module -avoid-version -shared \
	-Wl,--version-script=$(srcdir)/%reldir%/pam_hostpass.map
EXTRA_%canon_reldir%_pam_hostpass_la_DEPENDENCIES = %reldir%/pam_hostpass.map
EXTRA_DIST += %reldir%/pam_hostpass.map
