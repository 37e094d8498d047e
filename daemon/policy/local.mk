daemon_libdaemon_la_SOURCES += \
	%reldir%/account.c %reldir%/account.h \
	%reldir%/policy.c %reldir%/policy.h
