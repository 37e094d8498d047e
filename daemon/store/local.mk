daemon_libdaemon_la_SOURCES += \
	%reldir%/fingerprint.c %reldir%/fingerprint.h \
	%reldir%/person.c %reldir%/person.h \
	%reldir%/seal.c %reldir%/seal.h \
	%reldir%/seal_key.c %reldir%/seal_key.h \
	%reldir%/store.c %reldir%/store.h \
	%reldir%/store_condemned.c \
	%reldir%/store_damage.c \
	%reldir%/store_directory.c %reldir%/store_directory.h \
	%reldir%/store_everybody.c \
	%reldir%/store_group.c %reldir%/store_group.h \
	%reldir%/store_ids.c \
	%reldir%/store_passcode.c %reldir%/store_passcode.h \
	%reldir%/store_person.c \
	%reldir%/store_private.h \
	%reldir%/store_remembered.c %reldir%/store_remembered.h \
	%reldir%/store_rescue.c %reldir%/store_rescue.h \
	%reldir%/store_reserve.c \
	%reldir%/store_schema.c \
	%reldir%/store_statement.c \
	%reldir%/store_subid.c %reldir%/store_subid.h \
	%reldir%/store_token.c %reldir%/store_token.h \
	%reldir%/store_tombstone.c %reldir%/store_tombstone.h
