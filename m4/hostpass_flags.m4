dnl SPDX-License-Identifier: BSD-2-Clause
dnl
dnl Compiler and linker flags of the project. CFLAGS and LDFLAGS belong to the
dnl person who builds: nothing here writes to them.

dnl HOSTPASS_TRY_CFLAGS(VARIABLE, FLAGS): append each of FLAGS that the
dnl compiler takes. -Werror makes clang refuse what it would else only mention.
AC_DEFUN([HOSTPASS_TRY_CFLAGS], [
	for hostpass_flag in m4_normalize([$2]); do
		AC_MSG_CHECKING([whether $CC takes $hostpass_flag])
		hostpass_saved=$CFLAGS
		CFLAGS="$CFLAGS -Werror $hostpass_flag"
		AC_COMPILE_IFELSE([AC_LANG_PROGRAM()],
			[$1="$$1 $hostpass_flag"; AC_MSG_RESULT([yes])],
			[AC_MSG_RESULT([no])])
		CFLAGS=$hostpass_saved
	done
])

dnl HOSTPASS_TRY_LDFLAGS(VARIABLE, FLAGS): the same for the linker, tried on a
dnl shared object, because some flags mean nothing to a program.
AC_DEFUN([HOSTPASS_TRY_LDFLAGS], [
	for hostpass_flag in m4_normalize([$2]); do
		AC_MSG_CHECKING([whether the linker takes $hostpass_flag])
		hostpass_saved=$LDFLAGS
		LDFLAGS="$LDFLAGS -shared -fPIC $hostpass_flag"
		AC_LINK_IFELSE(
			[AC_LANG_SOURCE([[int probe(void); int probe(void) { return 0; }]])],
			[$1="$$1 $hostpass_flag"; AC_MSG_RESULT([yes])],
			[AC_MSG_RESULT([no])])
		LDFLAGS=$hostpass_saved
	done
])

AC_DEFUN([HOSTPASS_WARNINGS], [
	AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror],
		[treat warnings as errors])], [], [enable_werror=no])
	WARN_CFLAGS=
	HOSTPASS_TRY_CFLAGS([WARN_CFLAGS], [-Wall -Wextra -Wformat=2 -Wshadow
		-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
		-Wmissing-declarations -Wpointer-arith -Wwrite-strings -Wcast-qual
		-Wundef -Wvla -Wconversion -Wsign-conversion -Wimplicit-fallthrough
		-Wdouble-promotion -Walloca -Wlogical-op -Wduplicated-cond
		-Wframe-larger-than=20480])
	AS_IF([test "x$enable_werror" = xyes], [WARN_CFLAGS="$WARN_CFLAGS -Werror"])
	AC_SUBST([WARN_CFLAGS])
])

AC_DEFUN([HOSTPASS_SANITIZERS], [
	AC_ARG_ENABLE([sanitizers], [AS_HELP_STRING([--enable-sanitizers@<:@=LIST@:>@],
		[build with sanitizers @<:@address,undefined@:>@])],
		[], [enable_sanitizers=no])
	SAN_CFLAGS=
	AS_CASE([$enable_sanitizers],
		[no], [hostpass_sanitizers=],
		[yes], [hostpass_sanitizers=address,undefined],
		[hostpass_sanitizers=$enable_sanitizers])
	AS_IF([test -n "$hostpass_sanitizers"], [
		SAN_CFLAGS="-fsanitize=$hostpass_sanitizers -fno-sanitize-recover=all -fno-omit-frame-pointer"
	])
	AC_SUBST([SAN_CFLAGS])
	AM_CONDITIONAL([SANITIZERS], [test -n "$hostpass_sanitizers"])
])

dnl The set that the OpenSSF compiler guide recommends. FORTIFY stays away from
dnl sanitizers (it hides what they would see) and from a distribution that set
dnl its own level.
AC_DEFUN([HOSTPASS_HARDENING], [
	AC_ARG_ENABLE([hardening], [AS_HELP_STRING([--disable-hardening],
		[leave hardening flags to the distribution])],
		[], [enable_hardening=yes])
	HARDENING_CFLAGS=
	HARDENING_LDFLAGS=
	AS_IF([test "x$enable_hardening" = xyes], [
		HOSTPASS_TRY_CFLAGS([HARDENING_CFLAGS], [-fstack-protector-strong
			-fstack-clash-protection -fcf-protection=full
			-mbranch-protection=standard -ftrivial-auto-var-init=zero
			-fno-delete-null-pointer-checks -fno-strict-aliasing])
		AS_IF([test -z "$hostpass_sanitizers"], [
			AS_CASE(["$CFLAGS $CPPFLAGS"],
				[*_FORTIFY_SOURCE*], [],
				[*-O@<:@123s@:>@*], [HARDENING_CFLAGS="$HARDENING_CFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3"])
		])
		HOSTPASS_TRY_LDFLAGS([HARDENING_LDFLAGS],
			[-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed])
	])
	HOSTPASS_TRY_CFLAGS([HARDENING_CFLAGS], [-fvisibility=hidden])
	AC_SUBST([HARDENING_CFLAGS])
	AC_SUBST([HARDENING_LDFLAGS])
	PIE_CFLAGS=
	PIE_LDFLAGS=
	AS_IF([test "x$enable_hardening" = xyes], [
		PIE_CFLAGS=-fPIE
		PIE_LDFLAGS=-pie
	])
	AC_SUBST([PIE_CFLAGS])
	AC_SUBST([PIE_LDFLAGS])
])

dnl Undefined symbols of a module are an error, but not under a sanitizer: its
dnl runtime lives in the host program.
AC_DEFUN([HOSTPASS_LINKER], [
	MODULE_LDFLAGS=
	AS_IF([test -z "$hostpass_sanitizers"],
		[HOSTPASS_TRY_LDFLAGS([MODULE_LDFLAGS], [-Wl,-z,defs])])
	AC_SUBST([MODULE_LDFLAGS])
	NSS_LDFLAGS=
	HOSTPASS_TRY_LDFLAGS([NSS_LDFLAGS], [-Wl,-z,nodelete])
	AC_SUBST([NSS_LDFLAGS])
])
