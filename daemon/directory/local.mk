# What `hostpass directory` starts; no host needs it.
pkglibexec_PROGRAMS += hostpass-directory

hostpass_directory_SOURCES = \
	%reldir%/export.c %reldir%/export.h \
	%reldir%/export_fetch.c %reldir%/export_pocketid.c \
	%reldir%/export_scim.c %reldir%/export_write.c \
	%reldir%/options.c %reldir%/options.h \
	%reldir%/pocketid.h %reldir%/pocketid_user.c \
	%reldir%/scim.h %reldir%/scim_group.c %reldir%/scim_user.c
hostpass_directory_CPPFLAGS = $(AM_CPPFLAGS) $(LIBEVENT_CFLAGS)
hostpass_directory_CFLAGS = $(AM_CFLAGS) $(PIE_CFLAGS)
hostpass_directory_LDFLAGS = $(AM_LDFLAGS) $(PIE_LDFLAGS)
hostpass_directory_LDADD = daemon/oidc/liboidc.la $(LIBEVENT_LIBS)

daemon_libdaemon_la_SOURCES += \
	%reldir%/pull.c %reldir%/pull.h \
	%reldir%/signed.c %reldir%/signed.h
