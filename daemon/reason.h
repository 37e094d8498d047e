/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Why somebody was let in or not: one table from a reason to its code (for the
 * log and `hostpass why`), the sentence that the person sees, and the sentence
 * with the remedy that the admin sees.
 */
#ifndef DAEMON_REASON_H
#define DAEMON_REASON_H

#include <stdbool.h>

#include "common/attr.h"

/*
 * X(SYMBOL, code, person, admin). The person learns what to do, never how the
 * decision was made about somebody else.
 */
#define REASON_TABLE(X) \
	X(DENIED, "denied", \
	    "Sign-in was refused.", \
	    "no rule granted access") \
	X(GRANTED, "granted", \
	    "You are signed in.", \
	    "access was granted") \
	X(INTERNAL, "internal-error", \
	    "Sign-in failed on this host. Please tell its administrator.", \
	    "the daemon could not do its part; the log line before says why") \
	X(DISK_FULL, "disk-full", \
	    "Sign-in failed because this host's disk is full. Please tell its " \
	    "administrator.", \
	    "the account could not be kept; free some space where the state " \
	    "directory is, a restart is not needed") \
	X(DISK_READ_ONLY, "disk-read-only", \
	    "Sign-in failed because this host's disk is read-only. Please tell its " \
	    "administrator.", \
	    "the account could not be kept; see dmesg(1) for the cause and mount the " \
	    "file system of the state directory for writing") \
	X(STORE_DAMAGED, "store-damaged", \
	    "Sign-in failed on this host. Please tell its administrator.", \
	    "the store is damaged: what can be read of it is used, and nothing " \
	    "is written; see A DAMAGED STORE in hostpassd(8)") \
	/* --- the request --- */ \
	X(BAD_NAME, "bad-name", \
	    "This is not a name that can sign in here.", \
	    "the requested name is not a valid Linux name") \
	X(LOCAL_NAME, "local-name", \
	    "This name belongs to a local account.", \
	    "the name is in /etc/passwd and hostpass never answers for those") \
	X(TOO_MANY, "too-many-pending", \
	    "Too many sign-ins are waiting. Please try again in a minute.", \
	    "pending of [limits] is reached: so many sign-ins wait, of this source " \
	    "as many as of any other") \
	X(TOO_MANY_USER, "too-many-for-user", \
	    "Too many sign-ins with this name are waiting. Please try again in a " \
	    "minute.", \
	    "pending_user of [limits] is reached: so many wait for this name, at " \
	    "this kind of door") \
	X(TOO_MANY_SOURCE, "too-many-from-source", \
	    "Too many sign-ins from your address are waiting. Please try again in a " \
	    "minute.", \
	    "pending_source of [limits] is reached; raise it if many people come " \
	    "from this address") \
	X(TOO_MANY_UID, "too-many-of-uid", \
	    "Too many of your sign-ins are waiting. Please try again in a minute.", \
	    "pending_uid of [limits] is reached: a program of this user asks again " \
	    "and again") \
	X(TOO_FAST_USER, "too-fast-for-user", \
	    "You begin too many sign-ins. Please wait a minute.", \
	    "rate_user of [limits] is reached: so many began in a minute for this " \
	    "name, from this source") \
	X(TOO_FAST_SOURCE, "too-fast-from-source", \
	    "Too many sign-ins begin at your address. Please wait a minute.", \
	    "rate_source of [limits] is reached; raise it if many people come from " \
	    "this address") \
	X(CANCELLED, "cancelled", \
	    "Sign-in was cancelled.", \
	    "the client went away before the sign-in was decided") \
	X(NO_PERSON, "no-person", \
	    "Nobody is at this terminal to approve the sign-in.", \
	    "three prompts in a row were answered faster than a person can: the " \
	    "client has no terminal") \
	X(TIMED_OUT, "timed-out", \
	    "Nobody approved this sign-in in time. Please try again.", \
	    "the sign-in was not approved before its deadline") \
	/* --- the provider and the way to it --- */ \
	X(PROVIDER_UNREACHABLE, "provider-unreachable", \
	    "The sign-in service cannot be reached. Please try again later.", \
	    "no answer from the provider; check network, DNS, proxy and CA") \
	X(PROVIDER_TLS, "provider-tls", \
	    "The sign-in service cannot be reached safely.", \
	    "the provider's certificate was refused; check ca_file, the host name, " \
	    "the certificate's dates and this host's clock") \
	X(PROVIDER_BUSY, "provider-busy", \
	    "The sign-in service is busy. Please try again later.", \
	    "the provider answers 5xx, or says that it cannot do this now; see its log") \
	X(PROVIDER_LIMITED, "provider-limited", \
	    "The sign-in service is busy. Please try again later.", \
	    "the provider answers 429 to this host; raise its limit for this address") \
	X(PROVIDER_REDIRECT, "provider-redirect", \
	    "The sign-in service is not set up correctly on this host.", \
	    "the provider sends us elsewhere, which is never followed; set issuer to " \
	    "the address where it ends") \
	X(PROVIDER_OVERSIZED, "provider-oversized", \
	    "The sign-in service gave an answer that makes no sense.", \
	    "the provider's answer is longer than 1 MiB and was given up") \
	X(PROVIDER_REPLY, "provider-reply", \
	    "The sign-in service gave an answer that makes no sense.", \
	    "the provider's answer is not what the specification says") \
	X(DISCOVERY_ISSUER, "discovery-issuer", \
	    "The sign-in service is not set up correctly on this host.", \
	    "issuer of the discovery document differs from the configured one; " \
	    "a trailing slash counts") \
	X(CLIENT_REFUSED, "client-refused", \
	    "The sign-in service does not know this host.", \
	    "the provider refused the client; check client_id, and the " \
	    "secret, key or assertion that proves it") \
	X(CLIENT_CREDENTIAL, "client-credential", \
	    "The sign-in service is not set up correctly on this host.", \
	    "client_assertion_file cannot be read, or does not hold one token") \
	X(SCOPE_REFUSED, "scope-refused", \
	    "The sign-in service is not set up correctly on this host.", \
	    "the provider refused a scope; allow every scope of scopes, such as " \
	    "groups, on the client, or take it out of scopes") \
	X(GRANT_UNSUPPORTED, "grant-unsupported", \
	    "The sign-in service does not offer this kind of sign-in.", \
	    "the provider refused the grant type; allow the device flow on the client") \
	X(REQUEST_REFUSED, "request-refused", \
	    "The sign-in service refused what this host asked.", \
	    "the provider answered invalid_request; see the detail and its log") \
	X(DEVICE_UNSUPPORTED, "device-unsupported", \
	    "The sign-in service does not offer this kind of sign-in.", \
	    "the provider has no device_authorization_endpoint") \
	X(BROWSER_UNSUPPORTED, "browser-unsupported", \
	    "The sign-in service does not offer this kind of sign-in.", \
	    "the provider has no authorization_endpoint") \
	X(CALLBACK_MALFORMED, "callback-malformed", \
	    "This is not the address that your browser ended on.", \
	    "what came back from the browser is no answer to an authorization " \
	    "request") \
	X(CALLBACK_STATE, "callback-state", \
	    "This address belongs to another sign-in.", \
	    "the state in the address is not the one that was sent") \
	X(CALLBACK_ISSUER, "callback-issuer", \
	    "The sign-in service gave an answer that cannot be trusted.", \
	    "iss in the address is not the configured issuer (RFC 9207)") \
	X(USERINFO_REFUSED, "userinfo-refused", \
	    "The sign-in service did not say enough about you.", \
	    "the provider has no userinfo endpoint, or it refused the access token; " \
	    "see userinfo in hostpass.conf(5)") \
	X(USERINFO_SUBJECT, "userinfo-subject", \
	    "The sign-in service gave an answer that cannot be trusted.", \
	    "the userinfo endpoint did not answer about the sub of the ID token") \
	X(ACCESS_DENIED, "access-denied", \
	    "The sign-in service refused: you may not use this host.", \
	    "the provider answered access_denied; allow the person's group on the client") \
	X(GRANT_INVALID, "grant-invalid", \
	    "The sign-in service withdrew this sign-in. Please try again.", \
	    "the provider answered invalid_grant or expired_token: the code ran out, " \
	    "was used before, or the person is disabled") \
	/* --- the ID token (Core 3.1.3.7, RFC 7515, RFC 7519) --- */ \
	X(TOKEN_MISSING, "token-missing", \
	    "The sign-in service did not say who you are.", \
	    "no id_token in the answer; add openid to scopes") \
	X(TOKEN_MALFORMED, "token-malformed", \
	    "The sign-in service gave an answer that cannot be trusted.", \
	    "the ID token is not a compact JWS of three parts with JSON objects") \
	X(TOKEN_ALGORITHM, "token-algorithm", \
	    "The sign-in service gave an answer that cannot be trusted.", \
	    "the ID token's alg is not one that is accepted (RS, PS, ES, EdDSA)") \
	X(TOKEN_CRITICAL, "token-critical", \
	    "The sign-in service gave an answer that cannot be trusted.", \
	    "the ID token has a crit or b64 header, which is not understood") \
	X(TOKEN_KEY, "token-key", \
	    "The sign-in service gave an answer that cannot be trusted.", \
	    "no key in the provider's JWKS fits the ID token") \
	X(TOKEN_SIGNATURE, "token-signature", \
	    "The sign-in service gave an answer that cannot be trusted.", \
	    "the ID token's signature is wrong") \
	X(TOKEN_TYPE, "token-type", \
	    "The sign-in service gave an answer that cannot be trusted.", \
	    "an access token (at+jwt) was offered as ID token") \
	X(TOKEN_ISSUER, "token-issuer", \
	    "The sign-in service gave an answer that cannot be trusted.", \
	    "the ID token's iss is not the configured issuer") \
	X(TOKEN_AUDIENCE, "token-audience", \
	    "The sign-in service gave an answer that cannot be trusted.", \
	    "the ID token's aud or azp is not our client_id") \
	X(TOKEN_EXPIRED, "token-expired", \
	    "The sign-in service gave an answer that is out of date.", \
	    "the ID token has expired; is this host's clock right?") \
	X(TOKEN_FUTURE, "token-future", \
	    "The sign-in service gave an answer that is out of date.", \
	    "the ID token is from the future (iat or nbf); is this host's clock right?") \
	X(TOKEN_NONCE, "token-nonce", \
	    "The sign-in service gave an answer that cannot be trusted.", \
	    "the ID token's nonce is not the one that was sent") \
	X(TOKEN_HASH, "token-hash", \
	    "The sign-in service gave an answer that cannot be trusted.", \
	    "at_hash does not fit the access token") \
	X(TOKEN_SUBJECT, "token-subject", \
	    "The sign-in service did not say who you are.", \
	    "the ID token has no usable sub") \
	X(AUTH_TOO_OLD, "auth-too-old", \
	    "Please use your passkey again and sign in once more.", \
	    "auth_time is older than max_age allows; turn on requiresReauthentication " \
	    "for the client, so that each approval asks for the passkey") \
	X(AUTH_NOT_FRESH, "auth-not-fresh", \
	    "This was approved without your passkey. Please sign out of the sign-in " \
	    "service and try again.", \
	    "auth_time is before this sign-in (fresh_auth): a browser that was signed " \
	    "in approved it; turn on requiresReauthentication for the client, so that " \
	    "each approval asks for the passkey") \
	X(AUTH_TIME_MISSING, "auth-time-missing", \
	    "The sign-in service did not say when you used your passkey.", \
	    "the ID token has no auth_time, which max_age and fresh_auth need; update " \
	    "the provider (Pocket ID has it since 2.10) or set fresh_auth = no") \
	X(AUTH_METHOD, "auth-method", \
	    "Please sign in with your passkey; nothing else is accepted here.", \
	    "amr has no method of require_amr; Pocket ID's is phr for a passkey and " \
	    "otp for a login code") \
	/* --- the identity --- */ \
	X(CLAIM_MISSING, "claim-missing", \
	    "The sign-in service did not say your user name.", \
	    "the username_claim is missing in the ID token, or is no text; add the " \
	    "profile scope") \
	X(CLAIM_NOT_A_NAME, "claim-not-a-name", \
	    "Your name at the sign-in service cannot be used on this host.", \
	    "the username_claim is not a Linux name ([a-z_][a-z0-9_.-]*, at most 32), " \
	    "or is root's or a local one; see name_case, strip_domain and [user:NAME]") \
	X(EMAIL_UNVERIFIED, "email-unverified", \
	    "The sign-in service has not verified your e-mail address.", \
	    "the username_claim is email, and email_verified is not true") \
	X(NAME_AMBIGUOUS, "name-ambiguous", \
	    "Your name on this host is not clear. Please tell its administrator.", \
	    "match of two sections [user:NAME] fits this person; remove one") \
	X(NAME_RESERVED, "name-reserved", \
	    "This name belongs to somebody else on this host.", \
	    "match of [user:NAME] keeps the name for another person") \
	X(NOT_PROVISIONED, "not-provisioned", \
	    "You have no account on this host.", \
	    "provision = off, and the person has neither a section [user:NAME] nor a " \
	    "line in map_file") \
	X(OTHER_PERSON, "other-person", \
	    "The sign-in was approved by somebody else.", \
	    "the person who approved is not the one who was asked for") \
	X(NAME_BOUND, "name-bound", \
	    "This name belongs to somebody else on this host.", \
	    "the name is bound to another sub, until hostpass forget") \
	X(ID_CLAIM, "id-claim", \
	    "Your account cannot be made on this host.", \
	    "uid_claim or gid_claim is not a number that a person can have: from 1000 " \
	    "on, and not reserved by the system") \
	X(ID_COLLISION, "id-collision", \
	    "Your account cannot be made on this host.", \
	    "the uid or gid is or was somebody else's; another in the claim, in " \
	    "map_file or in [user:NAME] helps") \
	X(ACCOUNT_PREPARED, "account-prepared", \
	    "Your account is ready; please connect again.", \
	    "the program was told another uid, gid, shell or home before this " \
	    "person was bound; the next connection is told the right ones") \
	X(NAME_IS_GROUP, "name-is-group", \
	    "Your name at the sign-in service cannot be used on this host.", \
	    "the name or its uid is that of a group of the provider that own_groups " \
	    "shows here; rename one of the two, see hostpass groups") \
	X(NO_PROVIDER, "no-provider", \
	    "This is not a name that can sign in here.", \
	    "the name fits the names of no [provider:NAME]") \
	X(PROVIDER_GONE, "provider-gone", \
	    "The sign-in service that knows you is not used on this host any more.", \
	    "the person is bound to an issuer that no provider of hostpass.conf has " \
	    "(any more); configure it again, or forget the person") \
	X(GROUPS_MISSING, "groups-missing", \
	    "The sign-in service did not say which groups you are in.", \
	    "the token has no groups_claim although the scope groups was asked for; " \
	    "check groups_claim, or preset if the provider is not Pocket ID") \
	X(GROUPS_SCOPE, "groups-scope-missing", \
	    "The sign-in service did not say which groups you are in.", \
	    "the token has no groups_claim, which Pocket ID tells with the scope " \
	    "groups alone; add groups to scopes in [provider]") \
	X(GROUPS_MAPPER, "groups-mapper-missing", \
	    "The sign-in service did not say which groups you are in.", \
	    "the token has no groups_claim; have the provider put it into the ID token " \
	    "or userinfo of this client (Keycloak: a mapper Group Membership; Entra ID " \
	    "and Okta: a groups claim; authentik, Authelia, Kanidm: a scope to add to " \
	    "scopes), or set groups_claim to its name there") \
	X(GROUPS_MALFORMED, "groups-malformed", \
	    "The sign-in service did not say which groups you are in.", \
	    "the groups claim is neither text nor a list of names; see groups_claim " \
	    "and groups_format") \
	/* --- the policy --- */ \
	X(NO_RULES, "no-rules", \
	    "Nobody may sign in to this host yet.", \
	    "neither allow_groups nor allow_users is set in [access]: nobody may enter") \
	X(NOT_ALLOWED, "not-allowed", \
	    "You may not use this host.", \
	    "no allow_groups or allow_users of [access] fits") \
	X(DENY_RULE, "deny-rule", \
	    "You may not use this host.", \
	    "deny_groups or deny_users of [access] fits, which wins over any allow") \
	X(SERVICE_NOT_ALLOWED, "service-not-allowed", \
	    "You may not use this service on this host.", \
	    "no allow_groups or allow_users of [access:SERVICE] fits") \
	X(SERVICE_DENY_RULE, "service-deny-rule", \
	    "You may not use this service on this host.", \
	    "deny_groups or deny_users of [access:SERVICE] fits, which wins over any " \
	    "allow") \
	X(PASSKEY_TOO_OLD, "passkey-too-old", \
	    "Please sign in with your passkey again.", \
	    "a passkey was last used longer ago than passkey_max, or never as far as " \
	    "the provider told (auth_time, amr), or, because this host's clock was set " \
	    "back, in the future") \
	X(UNKNOWN_PERSON, "unknown-person", \
	    "Please sign in with your passkey first.", \
	    "nobody with this name has signed in on this host yet") \
	X(PROOF_TOO_OLD, "proof-too-old", \
	    "Please sign in with your passkey again.", \
	    "the last proof of life is older than offline_max, or of a time to come: " \
	    "then this host's clock was set back; see that it is right") \
	X(GROUPS_TOO_OLD, "groups-too-old", \
	    "Please sign in with your passkey again.", \
	    "the provider has not told of the groups for offline_max, or left them " \
	    "out of three refreshes in a row; have it put groups_claim into " \
	    "refreshed ID tokens or into userinfo") \
	X(REVOKED, "revoked", \
	    "Your access to this host was withdrawn.", \
	    "the provider or the admin revoked the person") \
	/* --- the passcode --- */ \
	X(PASSCODE_WRONG, "passcode-wrong", \
	    "This is not your passcode.", \
	    "wrong passcodes while the provider could not be reached") \
	X(PASSCODE_LOCKED, "passcode-locked", \
	    "Your passcode is locked. Sign in with your passkey as soon as the " \
	    "sign-in service can be reached.", \
	    "too many wrong passcodes in a row (tries in [passcode]); the next " \
	    "sign-in with a passkey unlocks it") \
	X(PASSCODE_UNFIT, "passcode-unfit", \
	    "No passcode was set.", \
	    "no passcode was found that the rules accept; see [passcode]")

enum reason {
#define X(symbol, code, person, admin) REASON_##symbol,
	REASON_TABLE(X)
#undef X
};

/* Longest detail, with its end. */
#define REASON_DETAIL_SIZE	320

/* What was seen, for the admin's eyes: a number, a name, what the provider
 * said. Never a token, a code or a secret. All zero: nothing to say. */
struct reason_detail {
	char	text[REASON_DETAIL_SIZE];
};

/* Say it, in place of what was said before. Whatever text_is_plain() would
 * refuse becomes '?', and what is too long is cut between two characters.
 * detail may be NULL. */
void	reason_say(struct reason_detail *detail, const char *fmt, ...)
	    PRINTF_LIKE(2, 3);

/* Likewise, after what was said before and ", ". */
void	reason_add(struct reason_detail *detail, const char *fmt, ...)
	    PRINTF_LIKE(2, 3);

/* True where waiting may help: the provider cannot be reached, or cannot do
 * what is asked for now. Such a sign-in was not decided. */
bool	reason_may_pass(enum reason reason);

/* The stable code of a reason, such as "other-person". */
const char *reason_code(enum reason reason);

/* The sentence for the person. */
const char *reason_person(enum reason reason);

/* The sentence for the admin, with the remedy. */
const char *reason_admin(enum reason reason);

#endif
