/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The messages between the PAM module or the command and the daemon, over the
 * stream socket HOSTPASS_RUNDIR "/hostpass.sock".
 *
 * FRAME
 *	u32 length	bytes that follow this word
 *	u16 version	PROTO_VERSION; any other closes the connection
 *	u16 type	enum proto_type
 *	payload		the fields listed at the type, in that order, no others
 *
 * Integers are little-endian. A string is a u32 length and that many bytes
 * without NUL. A frame that is too long, too short, or has bytes left over is
 * an error, and an error closes the connection: nothing is guessed.
 *
 * CONVERSATION
 *	A connection carries one request. AUTHENTICATE is answered by any number
 *	of SHOW and ASK, and then by one VERDICT. Each ASK is answered by one
 *	ANSWER. Every other request is answered by one frame, but for EVENTS
 *	that follow. ERROR may take the place of any answer. Whoever closes
 *	early has cancelled. LINKS may be sent again when it was answered, for
 *	the next one.
 *
 * WHO MAY ASK
 *	The daemon takes the peer's uid from SO_PEERCRED;
 *	daemon/server/request.c holds the table. The client in turn checks that
 *	the directory of the socket belongs to root and that root or the owner
 *	of the snapshot listens.
 */
#ifndef COMMON_PROTO_H
#define COMMON_PROTO_H

#define PROTO_VERSION	1
#define PROTO_SOCKET	HOSTPASS_RUNDIR "/hostpass.sock"

/* Frames to the daemon and from it, in bytes with everything. */
#define PROTO_REQUEST_MAX	(64 * 1024)
#define PROTO_REPLY_MAX		(4 * 1024 * 1024)

/* Longest string field of a request; a name, a tty, an ssh key's text. */
#define PROTO_STRING_MAX	(16 * 1024)

/* Claims that are asked about. */
#define PROTO_CLAIMS_MAX	(48 * 1024)

enum proto_type {
	/*
	 * Sign somebody in.
	 *	string user	the name that PAM was given
	 *	string service	PAM_SERVICE
	 *	string tty	PAM_TTY, may be empty
	 *	string rhost	PAM_RHOST, may be empty
	 *	string ruser	PAM_RUSER: who called the program, may be empty
	 *	u32 uid		of user, as the module found it
	 *	string ssh_auth_info	SSH_AUTH_INFO_0, may be empty
	 *	u32 conversation	enum proto_conversation
	 *	u32 retry_pid	the process that all retries of one connection
	 *	u64 retry_start	share (sshd's monitor, which was told of user)
	 *			and its start time in clock ticks; where there
	 *			is none, 0 and a random number, by which the
	 *			caller goes on with the same sign-in at a daemon
	 *			that was started again
	 */
	PROTO_AUTHENTICATE = 1,
	/* What the person typed: string text. */
	PROTO_ANSWER = 2,
	/*
	 * May this person use this service now? From memory, no network.
	 *	string user, string service, string tty, string rhost
	 *	u32 uid		of user, as the module found it
	 *	u64 started	start time, as retry_start, of the process that
	 *			was told of user long before (sshd's); 0: none
	 */
	PROTO_ACCOUNT = 3,

	/* Asked by the command; each is answered by JSON. */
	PROTO_STATUS = 16,	/* no fields */
	PROTO_USERS = 17,	/* no fields */
	PROTO_GROUPS = 18,	/* no fields */
	PROTO_WHY = 19,		/* string user, string service */
	PROTO_FORGET = 20,	/* string user; empty: who was forgotten */
	/* Let go of somebody now: string user. */
	PROTO_REVOKE = 21,
	/* Ask her provider about somebody now: string user. An empty one is
	 * everybody to root, and herself to a person. */
	PROTO_REFRESH = 22,
	/* The peer's own access token, answered by SECRET: string scope, with
	 * blanks between several; empty for all that she may have. */
	PROTO_TOKEN = 23,
	/*
	 * The peer sets her own passcode: answered like AUTHENTICATE.
	 *	u32 conversation	_TERMINAL or _DESKTOP
	 */
	PROTO_PASSCODE = 24,
	/* Forget a passcode: string user; empty for the peer's own. */
	PROTO_PASSCODE_REMOVE = 32,
	PROTO_KEYS = 25,	/* string user, empty for everybody */
	PROTO_KEY_FORGET = 26,	/* string user, string fingerprint, empty for
				 * all of hers */
	PROTO_SSH_KEYS = 27,	/* string user */

	/*
	 * The same for claims of a token that has not come yet.
	 *	string user	may be empty: whoever it would be
	 *	string service
	 *	string claims	a JSON object, up to PROTO_CLAIMS_MAX
	 */
	PROTO_WHY_CLAIMS = 31,

	/* What was decided. u32 follow: with 1, a JSON more follows for each
	 * decision, until the client closes or is too slow. */
	PROTO_EVENTS = 28,
	PROTO_METRICS = 29,	/* no fields */
	/*
	 * The next link of the peer's own sign-ins, to be opened on her
	 * desktop: answered by one LINK, whenever there is one. No fields. A
	 * newer connection of hers takes the place of an older one, which gets
	 * ERROR.
	 */
	PROTO_LINKS = 30,

	PROTO_SHOW = 64,	/* string text: PAM_TEXT_INFO */
	PROTO_ASK = 65,		/* u32 echo, string text: PAM_PROMPT_ECHO_ON
				 * if echo is 1, else PAM_PROMPT_ECHO_OFF */
	/*
	 * The end of AUTHENTICATE and ACCOUNT.
	 *	u32 verdict	enum proto_verdict
	 *	string user	whom the verdict is about: the client compares
	 *	string reason	reason code, for the log
	 *	string text	one sentence for the person, may be empty
	 */
	PROTO_VERDICT = 66,
	PROTO_JSON = 67,	/* string document */
	PROTO_ERROR = 68,	/* string text: why the request was refused */
	PROTO_SECRET = 69,	/* string token: for the peer's eyes alone */
	PROTO_LINK = 70,	/* string uri: see common/url.h */
};

/* What a program's conversation function can show, and when. */
enum proto_conversation {
	/* Text is seen only as part of a prompt (sshd): one ASK a round. */
	PROTO_CONVERSATION_PROMPT = 1,
	/* Text is seen at once (login, sudo, su): SHOW, then wait. */
	PROTO_CONVERSATION_TERMINAL = 2,
	/* The same, and the person's browser is on this machine: she sits at
	 * its desktop. */
	PROTO_CONVERSATION_DESKTOP = 3,
};

/* Nothing is granted by a zero, nor by a number that is not in this list. */
enum proto_verdict {
	PROTO_DENIED = 0,
	PROTO_UNAVAILABLE = 1,	/* could not be decided; not granted either */
	PROTO_GRANTED = 0x600d,
};

#endif
