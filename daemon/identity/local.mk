daemon_libdaemon_la_SOURCES += \
	%reldir%/identity.c %reldir%/identity.h \
	%reldir%/identity_name.c \
	%reldir%/identity_private.h \
	%reldir%/identity_profile.c \
	%reldir%/idmap.c %reldir%/idmap.h \
	%reldir%/mapfile.c %reldir%/mapfile.h \
	%reldir%/passkey.c %reldir%/passkey.h
