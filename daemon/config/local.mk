daemon_libdaemon_la_SOURCES += \
	%reldir%/config.c %reldir%/config.h \
	%reldir%/config_choice.c \
	%reldir%/config_client.c \
	%reldir%/config_file.c %reldir%/config_file.h \
	%reldir%/config_find.c \
	%reldir%/config_keys.c %reldir%/config_keys.h \
	%reldir%/config_list.c \
	%reldir%/config_number.c \
	%reldir%/config_provider.c %reldir%/config_provider.h \
	%reldir%/config_setting.c %reldir%/config_setting.h \
	%reldir%/config_user.c \
	%reldir%/config_value.c %reldir%/config_value.h \
	%reldir%/passwd_field.c %reldir%/passwd_field.h
