/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass refresh` and `hostpass revoke`: ask the provider about somebody
 * now, and let go of her now. Anything but the outcome "renewed" is not fine.
 */
#include <inttypes.h>
#include <json.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/document.h"
#include "cli/hostpass.h"
#include "cli/line.h"

/* What each outcome means to whoever asked. */
static const struct {
	const char	*outcome;
	const char	*sentence;
	enum cli_end	 end;
} meanings[] = {
	{ "renewed", "the provider vouches for this person", CLI_FINE },
	{ "begun", "everybody is due now", CLI_FINE },
	{ "revoked", "the provider does not vouch for this person any more; "
	    "every service is denied until the next sign-in", CLI_NO },
	{ "later", "nothing is known yet; it is tried again, and what was "
	    "known stays true until offline_max", CLI_NO },
	{ "lost", "the answer was lost, and the token with it; the person "
	    "must sign in before offline_max is over", CLI_NO },
	{ "no-token", "there is no refresh token of this person; a sign-in "
	    "brings one", CLI_NO },
};

static enum cli_end
print_outcome(struct json_object *document, bool json)
{
	const char *outcome = document_string(document, "outcome");
	const char *reason = document_string(document, "reason");
	const char *detail = document_string(document, "detail");
	const char *sentence = "this outcome is not known here";
	enum cli_end end = CLI_NO;
	size_t i;

	for (i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if (strcmp(meanings[i].outcome, outcome) != 0)
			continue;
		sentence = meanings[i].sentence;
		end = meanings[i].end;
	}
	if (json) {
		document_print(stdout, document);
		return end;
	}
	line_print(stdout, "%s: %s", outcome[0] != '\0' ? outcome : "unknown",
	    sentence);
	if (strcmp(outcome, "begun") == 0)
		line_print(stdout, "%" PRId64 " people will be asked about",
		    document_integer(document, "people"));
	if (end != CLI_FINE && reason[0] != '\0')
		line_print(stdout, "%s: %s%s%s%s", reason,
		    document_string(document, "sentence"),
		    detail[0] != '\0' ? " (" : "", detail,
		    detail[0] != '\0' ? ")" : "");
	return end;
}

enum cli_end
refresh_run(const struct cli_request *request)
{
	static char nobody[] = "";
	char *user = request->args[0] == NULL ? nobody : request->args[0];
	struct json_object *document;
	enum cli_end end;

	end = ask_daemon(PROTO_REFRESH, &user, 1, &document);
	if (end != CLI_FINE)
		return end;
	end = print_outcome(document, request->json);
	json_object_put(document);
	return end;
}

enum cli_end
revoke_run(const struct cli_request *request)
{
	struct json_object *document;
	enum cli_end end;

	end = ask_daemon(PROTO_REVOKE, request->args, 1, &document);
	if (end != CLI_FINE)
		return end;
	if (!document_boolean(document, "revoked")) {
		line_print(stderr, "hostpass: the daemon does not say that it "
		    "was done");
		end = CLI_NO;
	}
	if (request->json)
		document_print(stdout, document);
	else if (end == CLI_FINE)
		line_print(stdout, "revoked: every service denies %s until "
		    "the next sign-in%s", document_string(document, "user"),
		    document_boolean(document, "sessions_end") ?
		    "; what runs is ended" : "; what runs goes on");
	json_object_put(document);
	return end;
}
