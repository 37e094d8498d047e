daemon_libdaemon_la_SOURCES += \
	%reldir%/refresher.c %reldir%/refresher.h \
	%reldir%/refresher_end.c \
	%reldir%/refresher_leave.c \
	%reldir%/refresher_private.h \
	%reldir%/refresher_renew.c \
	%reldir%/refresher_token.c \
	%reldir%/refresher_wait.c
