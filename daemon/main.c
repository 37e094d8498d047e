/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hostpassd: the start, the loop and the end. Everything is made in the order
 * in which data flows, and taken down in the reverse.
 */
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/log.h"
#include "common/proto.h"
#include "common/snapshot.h"
#include "daemon/adopt/adopt.h"
#include "daemon/config/config.h"
#include "daemon/identity/mapfile.h"
#include "daemon/local/localfiles.h"
#include "daemon/oidc/json.h"
#include "daemon/providers.h"
#include "daemon/refresher/refresher.h"
#include "daemon/report/audit.h"
#include "daemon/report/report.h"
#include "daemon/server/handover.h"
#include "daemon/server/listen.h"
#include "daemon/server/server.h"
#include "daemon/session/passcode_hash.h"
#include "daemon/session/session.h"
#include "daemon/snapshot/publish.h"
#include "daemon/store/seal.h"
#include "daemon/store/seal_key.h"
#include "daemon/store/store.h"
#include "daemon/systemd.h"
#include "daemon/trouble.h"
#include "daemon/upkeep.h"
#include "daemon/watchdog.h"

#define CONFIG_PATH	HOSTPASS_CONFDIR "/hostpass.conf"
#define KEY_PATH	HOSTPASS_CONFDIR "/seal.key"
#define STORE_PATH	HOSTPASS_STATEDIR "/store.db"
#define ENDING_PATH	HOSTPASS_STATEDIR "/ending"
#define DAEMON_USER	"hostpass"

/* How often /etc/passwd and /etc/group are looked at. */
#define LOCAL_FILES_SECONDS	5

#define FILES_WANTED	8192

/* How often, and how many times, it is looked whether answers are there. */
#define REST_MICROSECONDS	50000
#define RESTS_MAX		200

struct daemon {
	struct config		 config;
	struct world		 world;
	struct server		*server;
	struct event		*files_timer;
	struct event		*watchdog;
	struct event		*signals[2];
	struct event		*rest;		/* until answers are there */
	unsigned		 rests;
	bool			 map_is_wrong;	/* and that was said */
	bool			 ending;
	bool			 journal;	/* who reads the log */
	int			 kept;		/* of the daemon before */
	int			 publish_error;	/* that was logged last */
};

static void
usage(FILE *out)
{
	(void)fprintf(out, "usage: hostpassd [-hkrt] [-c FILE]\n"
	    "  -c FILE  read this configuration instead of " CONFIG_PATH "\n"
	    "  -k       make the key that the store is sealed with, if there "
	    "is none\n"
	    "  -r       put what can be read of a damaged store into a new one\n"
	    "  -t       test the configuration and exit\n"
	    "  -h       say this\n");
}

/* Nothing of a token may end in a core file, or be read by a debugger of the
 * same user. */
static void
protect_memory(void)
{
	struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* A connection and a flow take a file each; systemd's soft limit is 1024. */
static void
raise_file_limit(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return;
	files.rlim_cur = files.rlim_max < FILES_WANTED ? files.rlim_max :
	    FILES_WANTED;
	(void)setrlimit(RLIMIT_NOFILE, &files);
}

/* Loudly say what an admin would otherwise find out by being locked out. */
static void
warn_about(const struct world *world)
{
	const struct config_access *access = &world->config->access[0];
	struct json *warnings = report_warnings(world);
	size_t i;

	if (access->allow_groups.count == 0 && access->allow_users.count == 0)
		log_line(LOG_WARNING, "nobody may enter this host: set "
		    "allow_groups or allow_users in [access]");
	for (i = 0; i < json_length(warnings); i++)
		log_line(LOG_WARNING, "%s",
		    json_string(json_at(warnings, i)));
	json_free(warnings);
}

static int
publish(struct daemon *d)
{
	int r;

	r = publish_world(&d->world);
	/* It is tried again every few seconds. */
	if (r < 0 && r != d->publish_error)
		log_line(LOG_ERR, "cannot write %s: %s", d->world.snapshot,
		    trouble_say(r));
	d->publish_error = r;
	return r;
}

/* A map that is wrong is said once; the former one stays in force. */
static void
look_at_map(struct daemon *d)
{
	const char *path = d->config.identity.map_file;
	char error[CONFIG_ERROR_MAX];
	struct mapfile *map;

	if (path == NULL || !mapfile_changed(d->world.map))
		return;
	if (mapfile_load(path, &map, error) < 0) {
		if (!d->map_is_wrong)
			log_line(LOG_ERR, "%s; the map before it stays in "
			    "force", error);
		d->map_is_wrong = true;
		return;
	}
	mapfile_free(d->world.map);
	d->world.map = map;
	d->map_is_wrong = false;
	log_line(LOG_INFO, "%s changed", path);
}

static int
load_map(struct daemon *d)
{
	char error[CONFIG_ERROR_MAX];
	int r;

	if (d->config.identity.map_file == NULL)
		return 0;
	r = mapfile_load(d->config.identity.map_file, &d->world.map, error);
	if (r < 0)
		log_line(LOG_ERR, "%s", error);
	return r;
}

/* What the host's own files say now. */
static int
load_files(struct localfiles **ret_files)
{
	struct localfiles *files;
	int r;

	r = localfiles_load("/etc/passwd", "/etc/group", &files);
	if (r < 0)
		return r;
	r = localrules_read_nsswitch(localfiles_rules(files),
	    "/etc/nsswitch.conf");
	if (r < 0)
		log_line(LOG_ERR, "cannot read /etc/nsswitch.conf: %s",
		    strerror(-r));
	r = localrules_read_subids(localfiles_rules(files), "/etc/subuid",
	    "/etc/subgid");
	if (r < 0)
		log_line(LOG_ERR, "cannot read /etc/subuid or /etc/subgid: %s",
		    strerror(-r));
	*ret_files = files;
	return 0;
}

static void
on_files_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct daemon *d = arg;
	struct localfiles *files;

	if (publish_is_due(&d->world))
		(void)publish(d);
	look_at_map(d);
	if (!localfiles_changed(d->world.files))
		return;
	if (load_files(&files) < 0) {
		log_line(LOG_ERR, "cannot read /etc/passwd or /etc/group");
		return;
	}
	localfiles_free(d->world.files);
	d->world.files = files;
	log_line(LOG_INFO, "local accounts changed");
	(void)publish(d);
	warn_about(&d->world);
}

static void
leave(void *arg)
{
	struct daemon *d = arg;

	(void)event_base_loopbreak(d->world.base);
}

/* The answers that sign-ins wait for, too: a code is redeemed only once. */
static void
on_rest(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct timeval tv = { 0, REST_MICROSECONDS };
	struct daemon *d = arg;

	if (!session_rest_all(&d->world) || ++d->rests > RESTS_MAX ||
	    event_add(d->rest, &tv) < 0)
		leave(d);
}

static void
on_drained(void *arg)
{
	on_rest(-1, 0, arg);
}

/* A refresh token that is on its way would be lost: its answer is waited for,
 * which the provider's timeout limits. The second signal does not wait. */
static void
on_signal(evutil_socket_t signal UNUSED, short what UNUSED, void *arg)
{
	struct daemon *d = arg;

	if (d->ending)
		leave(d);
	d->ending = true;
	refresher_drain(d->world.refresher, on_drained, d);
}

static int
start_events(struct daemon *d)
{
	static const int signals[] = { SIGTERM, SIGINT };
	struct timeval tv = { LOCAL_FILES_SECONDS, 0 };
	size_t i;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		d->signals[i] = evsignal_new(d->world.base, signals[i],
		    on_signal, d);
		if (d->signals[i] == NULL || event_add(d->signals[i], NULL) < 0)
			return -ENOMEM;
	}
	d->rest = event_new(d->world.base, -1, 0, on_rest, d);
	if (d->rest == NULL)
		return -ENOMEM;
	d->files_timer = event_new(d->world.base, -1, EV_PERSIST,
	    on_files_timer, d);
	if (d->files_timer == NULL || event_add(d->files_timer, &tv) < 0)
		return -ENOMEM;
	return watchdog_start(d->world.base, &d->watchdog);
}

/* Say which step failed; a number alone helps nobody. */
static int
failed(const char *step, int r)
{
	log_line(LOG_ERR, "%s: %s", step, trouble_say(r));
	return r;
}

/* While we are root, if we are. */
static int
load_key(struct daemon *d)
{
	struct secret key = SECRET_INIT;
	int r;

	r = seal_key_load(getenv("CREDENTIALS_DIRECTORY"), KEY_PATH, &key);
	if (r == 0)
		r = seal_new(&key, &d->world.seal);
	secret_free(&key);
	if (r < 0)
		log_line(LOG_ERR, "no key to seal the store with: the "
		    "credential " SEAL_KEY_CREDENTIAL " or " KEY_PATH
		    " (32 bytes, root's, mode 0600; `hostpassd -k` as root "
		    "makes it): %s", strerror(-r));
	return r;
}

static int
start(struct daemon *d)
{
	int fd, r;

	d->world.config = &d->config;
	d->world.snapshot = SNAPSHOT_PATH;
	d->world.ending = ENDING_PATH;
	r = load_files(&d->world.files);
	if (r < 0)
		return failed("cannot read /etc/passwd and /etc/group", r);
	if ((r = load_key(d)) < 0)
		return r;
	fd = listen_open(PROTO_SOCKET, &d->kept);
	if (fd < 0)
		return failed("cannot listen on " PROTO_SOCKET, fd);
	r = listen_drop_privileges(d->world.files, DAEMON_USER,
	    HOSTPASS_STATEDIR);
	if (r < 0)
		return failed("cannot become the user " DAEMON_USER, r);
	protect_memory();
	r = audit_new(d->journal, &d->world.audit);
	if (r < 0)
		return failed("cannot start", r);
	if (getrandom(&d->world.rate.seed, sizeof(d->world.rate.seed), 0) < 0)
		return failed("cannot get a random number", -errno);
	if ((r = load_map(d)) < 0)
		return r;
	d->world.base = event_base_new();
	if (d->world.base == NULL)
		return failed("cannot start the event loop", -ENOMEM);
	r = store_open(STORE_PATH, &d->world.store);
	if (r < 0)
		return failed("cannot open " STORE_PATH, r);
	if (store_is_damaged(d->world.store))
		log_line(LOG_ERR, STORE_PATH ": %s", trouble_say(-EUCLEAN));
	/* What was published before goes on; who is known can come in. */
	if ((r = publish_start(&d->world)) < 0 ||
	    ((r = publish(d)) < 0 && !trouble_lets_go_on(r)))
		return r;
	r = providers_start(&d->world);
	if (r == -ENOKEY)
		log_line(LOG_ERR, "client_key_file holds no private key of "
		    "RSA (2048 bits or more), P-256, P-384, P-521 or Ed25519, "
		    "in PEM without a passphrase or as a JWK");
	if (r < 0 ||
	    (r = refresher_new(&d->world, &d->world.refresher)) < 0 ||
	    (r = adopt_new(&d->world, &d->world.adopt)) < 0 ||
	    (r = start_events(d)) < 0 ||
	    (r = passcode_hasher_new(d->world.base, &d->world.hasher)) < 0 ||
	    (r = server_new(&d->world, fd, &d->server)) < 0)
		return failed("cannot start", r);
	handover_begin(&d->world, d->kept);
	warn_about(&d->world);
	return 0;
}

static void
stop(struct daemon *d)
{
	size_t i;

	session_leave_all(&d->world);
	server_free(d->server);
	session_end_all(&d->world);
	handover_end(&d->world);
	adopt_free(d->world.adopt);
	passcode_hasher_free(d->world.hasher);
	refresher_free(d->world.refresher);
	providers_free(&d->world);
	publish_stop(&d->world);
	store_close(d->world.store);
	seal_free(d->world.seal);
	for (i = 0; i < sizeof(d->signals) / sizeof(d->signals[0]); i++) {
		if (d->signals[i] != NULL)
			event_free(d->signals[i]);
	}
	if (d->rest != NULL)
		event_free(d->rest);
	if (d->files_timer != NULL)
		event_free(d->files_timer);
	if (d->watchdog != NULL)
		event_free(d->watchdog);
	if (d->world.base != NULL)
		event_base_free(d->world.base);
	localfiles_free(d->world.files);
	mapfile_free(d->world.map);
	config_free(&d->config);
	audit_free(d->world.audit);
	libevent_global_shutdown();
}

/* systemd.exec(5): the variable may be inherited by who logs elsewhere. */
static bool
is_journal(int fd)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char text[64];
	struct stat st;

	if (stream == NULL || fstat(fd, &st) < 0)
		return false;
	(void)snprintf(text, sizeof(text), "%ju:%ju", (uintmax_t)st.st_dev,
	    (uintmax_t)st.st_ino);
	return strcmp(stream, text) == 0;
}

static void
say_ready(const struct config *config)
{
	size_t i;

	for (i = 0; i < config->provider_count; i++)
		log_line(LOG_INFO, "ready: issuer=%s",
		    config->providers[i].issuer);
	(void)sd_notify(0, "READY=1");
}

int
main(int argc, char **argv)
{
	static struct daemon d;
	char error[CONFIG_ERROR_MAX];
	const char *path = CONFIG_PATH;
	bool test = false;
	int option, r;

	while ((option = getopt(argc, argv, "c:krth")) != -1) {
		switch (option) {
		case 'c':
			path = optarg;
			break;
		case 'k':
			return upkeep_make_key(KEY_PATH);
		case 'r':
			(void)umask(0077);
			return upkeep_rescue_store(STORE_PATH,
			    HOSTPASS_STATEDIR, DAEMON_USER, SNAPSHOT_PATH);
		case 't':
			test = true;
			break;
		case 'h':
			usage(stdout);
			return EXIT_SUCCESS;
		default:
			usage(stderr);
			return EXIT_FAILURE;
		}
	}
	d.journal = is_journal(STDERR_FILENO);
	log_open(d.journal ? LOG_TO_JOURNAL : LOG_TO_STDERR, LOG_INFO);
	(void)umask(0077);
	(void)signal(SIGPIPE, SIG_IGN);
	/* Somebody who means "read the configuration again" must not end the
	 * sign-ins of everybody; a restart does both. */
	(void)signal(SIGHUP, SIG_IGN);
	raise_file_limit();
	if (config_load(path, &d.config, error) < 0) {
		log_line(LOG_ERR, "%s", error);
		return EXIT_FAILURE;
	}
	if (test) {
		(void)printf("%s is fine\n", path);
		config_free(&d.config);
		return EXIT_SUCCESS;
	}
	r = start(&d);
	if (r == 0) {
		say_ready(&d.config);
		(void)event_base_dispatch(d.world.base);
		(void)sd_notify(0, "STOPPING=1");
	}
	stop(&d);
	return r == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
