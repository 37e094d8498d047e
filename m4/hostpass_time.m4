dnl SPDX-License-Identifier: BSD-2-Clause
dnl
dnl HOSTPASS_TIME64: 64 bits for time_t where the system leaves the choice, so
dnl that a file of the year 2040 is one that stat() can describe. What speaks
dnl with libevent has to keep to the struct timeval that libevent was built
dnl with. Comes after AC_SYS_LARGEFILE, without which glibc refuses, and after
dnl libevent was found.
AC_DEFUN([HOSTPASS_TIME64], [
	TIME_CPPFLAGS=
	m4_define([hostpass_time64],
		[AC_LANG_PROGRAM([[#include <time.h>]],
			[[_Static_assert(sizeof(time_t) >= 8, "");]])])
	hostpass_time=no
	AC_MSG_CHECKING([for a time_t of 64 bits])
	hostpass_saved=$CPPFLAGS
	AC_COMPILE_IFELSE([hostpass_time64], [hostpass_time=yes], [
		CPPFLAGS="$hostpass_saved -D_TIME_BITS=64"
		AC_COMPILE_IFELSE([hostpass_time64],
			[hostpass_time='yes, with -D_TIME_BITS=64'
			TIME_CPPFLAGS=-D_TIME_BITS=64])
	])
	AC_MSG_RESULT([$hostpass_time])
	AS_IF([test -n "$TIME_CPPFLAGS"], [
		CPPFLAGS="$hostpass_saved $LIBEVENT_CFLAGS"
		AC_MSG_CHECKING([whether libevent has it, too])
		AC_COMPILE_IFELSE([AC_LANG_PROGRAM(
			[[#include <event2/event-config.h>]],
			[[_Static_assert(EVENT__SIZEOF_TIME_T >= 8, "");]])],
			[AC_MSG_RESULT([yes])],
			[AC_MSG_RESULT([no])
			LIBEVENT_CFLAGS="$LIBEVENT_CFLAGS -U_TIME_BITS"])
	])
	CPPFLAGS=$hostpass_saved
	AC_SUBST([TIME_CPPFLAGS])
])
