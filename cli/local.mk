bin_PROGRAMS += hostpass

hostpass_sources = \
	%reldir%/ask.c %reldir%/ask.h \
	%reldir%/directory.c \
	%reldir%/document.c %reldir%/document.h \
	%reldir%/dump.c \
	%reldir%/events.c \
	%reldir%/end_sessions.c \
	%reldir%/hostpass.c %reldir%/hostpass.h \
	%reldir%/keys.c \
	%reldir%/line.c %reldir%/line.h \
	%reldir%/map.c \
	%reldir%/open_browser.c \
	%reldir%/passcode.c \
	%reldir%/metrics.c \
	%reldir%/people.c \
	%reldir%/person.c \
	%reldir%/refresh.c \
	%reldir%/status.c \
	%reldir%/table.c %reldir%/table.h \
	%reldir%/token.c \
	%reldir%/typed.c %reldir%/typed.h \
	%reldir%/why.c
hostpass_SOURCES = $(hostpass_sources)
hostpass_CPPFLAGS = $(AM_CPPFLAGS) \
	-DHOSTPASS_LIBEXECDIR='"$(pkglibexecdir)"' $(JSON_CFLAGS)
hostpass_CFLAGS = $(AM_CFLAGS) $(PIE_CFLAGS)
hostpass_LDFLAGS = $(AM_LDFLAGS) $(PIE_LDFLAGS)
hostpass_LDADD = common/libcommon.la common/libsnapshot.la $(JSON_LIBS)
