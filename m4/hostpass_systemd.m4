dnl SPDX-License-Identifier: BSD-2-Clause
dnl
dnl HOSTPASS_SYSTEMD_DIR(VARIABLE, FALLBACK, WHAT): --with-VARIABLE, else what
dnl systemd.pc says, else FALLBACK.
AC_DEFUN([HOSTPASS_SYSTEMD_DIR], [
	AC_ARG_WITH([$1], [AS_HELP_STRING([--with-$1=DIR],
		[directory of $3 @<:@of systemd.pc@:>@])],
		[$1=$withval],
		[PKG_CHECK_VAR([$1], [systemd], [$1], [], [$1='$2'])])
	AC_SUBST([$1])
])
