daemon_libdaemon_la_SOURCES += \
	%reldir%/filestamp.c %reldir%/filestamp.h \
	%reldir%/localfiles.c %reldir%/localfiles.h \
	%reldir%/localrules.c %reldir%/localrules.h \
	%reldir%/nsswitch.c %reldir%/nsswitch.h
