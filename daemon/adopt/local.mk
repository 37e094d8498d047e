daemon_libdaemon_la_SOURCES += \
	%reldir%/adopt.c %reldir%/adopt.h \
	%reldir%/adopt_line.c \
	%reldir%/adopt_private.h \
	%reldir%/adopt_report.c
