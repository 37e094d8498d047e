daemon_libdaemon_la_SOURCES += \
	%reldir%/connection.h \
	%reldir%/request.c \
	%reldir%/request_events.c \
	%reldir%/request_keys.c \
	%reldir%/request_links.c \
	%reldir%/request_passcode.c \
	%reldir%/request_person.c \
	%reldir%/request_private.h \
	%reldir%/request_refresh.c \
	%reldir%/request_report.c \
	%reldir%/request_sign_in.c \
	%reldir%/request_token.c \
	%reldir%/server.c %reldir%/server.h

hostpassd_SOURCES += \
	%reldir%/handover.c %reldir%/handover.h \
	%reldir%/listen.c %reldir%/listen.h
