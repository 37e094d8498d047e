/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only file that knows libqrencode. Two modules stand in one character, as
 * upper and lower half blocks, light modules drawn: that is right side up on a
 * dark terminal, and scanners read it on a light one as well.
 */
#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/session/prompt.h"

/* The border that ISO/IEC 18004 asks for is 4 modules; every scanner that was
 * tried is content with 2, and lines of a terminal are dear. */
#define QR_BORDER	2

/* A code of version 10 (57 modules, 213 bytes of text) is 31 lines high. */
#define QR_VERSION_MAX	10

#define UPPER	"\xe2\x96\x80"
#define LOWER	"\xe2\x96\x84"
#define FULL	"\xe2\x96\x88"

static bool
is_light(const QRcode *code, int x, int y)
{
	if (x < 0 || y < 0 || x >= code->width || y >= code->width)
		return true;
	return (code->data[y * code->width + x] & 1) == 0;
}

static void
print_qr(FILE *out, const char *text)
{
	QRcode *code;
	int x, y, end;
	bool upper, lower;

	code = QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
	if (code == NULL)
		return;
	if (code->version <= QR_VERSION_MAX) {
		end = code->width + QR_BORDER;
		for (y = -QR_BORDER; y < end; y += 2) {
			(void)fputs("  ", out);
			for (x = -QR_BORDER; x < end; x++) {
				upper = is_light(code, x, y);
				/* An odd height ends in half a line. */
				lower = y + 1 < end && is_light(code, x, y + 1);
				(void)fputs(upper && lower ? FULL : upper ?
				    UPPER : lower ? LOWER : " ", out);
			}
			(void)fputc('\n', out);
		}
		(void)fputc('\n', out);
	}
	QRcode_free(code);
}

static void
print_headline(FILE *out, const struct prompt_input *in)
{
	if (strcmp(in->service, "sudo") == 0)
		(void)fprintf(out, "\nUse sudo on %s as %s", in->host, in->user);
	else if (strcmp(in->service, "passcode") == 0)
		(void)fprintf(out, "\nSet a passcode on %s as %s", in->host,
		    in->user);
	else
		(void)fprintf(out, "\nSign in to %s as %s", in->host, in->user);
	if (in->rhost[0] != '\0')
		(void)fprintf(out, " (from %s)", in->rhost);
	(void)fputs(":\n\n", out);
}

static void
print_question(FILE *out, const struct prompt_input *in)
{
	if (in->paste)
		(void)fputs("Your browser then ends on a page that cannot be "
		    "opened, at 127.0.0.1:1.\n"
		    "Paste the address of that page here: ", out);
	else if (in->conversation == PROTO_CONVERSATION_PROMPT)
		(void)fputs("Press Enter after approving: ", out);
	else
		(void)fputs("Waiting for your approval; Ctrl-C cancels.", out);
}

char *
prompt_compose(const struct prompt_input *in)
{
	char *text = NULL;
	size_t size;
	FILE *out;

	out = open_memstream(&text, &size);
	if (out == NULL)
		return NULL;
	print_headline(out, in);
	(void)fprintf(out, "  %s\n\n", in->uri);
	if (in->code != NULL)
		(void)fprintf(out, "  Code: %s   (valid for %u seconds)\n\n",
		    in->code, (unsigned)in->seconds);
	if (in->qr)
		print_qr(out, in->uri);
	(void)fputs(in->code != NULL ?
	    "Approve only if you started this yourself, and only if "
	    "the code is the same.\n" :
	    "Approve only if you started this yourself.\n", out);
	print_question(out, in);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

const char *
prompt_again(void)
{
	return "Not approved yet. Press Enter to check again: ";
}

const char *
prompt_paste_again(enum reason reason)
{
	if (reason == REASON_CALLBACK_STATE)
		return "This address belongs to another sign-in.\n"
		    "Paste the address that this one ended on: ";
	return "This is not the address that your browser ended on.\n"
	    "Paste all of it, from http:// to its end: ";
}

const char *
prompt_checking(void)
{
	return "Not checked yet. Press Enter to go on: ";
}
