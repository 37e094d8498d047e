daemon_libdaemon_la_SOURCES += \
	%reldir%/decision.c %reldir%/decision.h \
	%reldir%/links.c %reldir%/links.h \
	%reldir%/nearby.c %reldir%/nearby.h \
	%reldir%/passcode.c %reldir%/passcode.h \
	%reldir%/passcode_hash.c %reldir%/passcode_hash.h \
	%reldir%/passcode_rules.c %reldir%/passcode_rules.h \
	%reldir%/prompt.c %reldir%/prompt.h \
	%reldir%/rate.c %reldir%/rate.h \
	%reldir%/remembered.c %reldir%/remembered.h \
	%reldir%/session.c %reldir%/session.h \
	%reldir%/session_keep.c \
	%reldir%/session_passcode.c %reldir%/session_passcode.h \
	%reldir%/session_private.h \
	%reldir%/session_queue.c \
	%reldir%/session_record.c %reldir%/session_record.h \
	%reldir%/session_source.c \
	%reldir%/session_spare.c \
	%reldir%/session_talk.c \
	%reldir%/session_verdict.c \
	%reldir%/slots.c %reldir%/slots.h
