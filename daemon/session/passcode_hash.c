/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only file that knows crypt(3). The thread sees its own job and nothing
 * else; the loop looks at it again when the thread has ended.
 *
 * MUST say yes for one thing only: crypt_r() gave the verifier itself, and
 *	that is a yescrypt hash. A job begins as one that failed.
 * MUST leave result to the thread from the moment that it is started: it may
 *	be over before pthread_create() has returned.
 * MUST wipe passcodes, verifiers and crypt's working memory.
 */
#include <crypt.h>
#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "daemon/session/passcode_hash.h"

#define YESCRYPT	"$y$"

struct passcode_job {
	struct passcode_hasher	*hasher;
	struct passcode_job	*next;
	struct secret		 passcode;
	struct secret		 verifier;	/* of the store, or made */
	bool			 make;
	int			 result;	/* its thread's, once started */
	passcode_hash_fn	*done;		/* NULL: nobody waits */
	void			*arg;
};

struct passcode_hasher {
	struct event_base	*base;
	struct event		*ready;
	int			 fd;
	pthread_t		 thread;	/* runs the first job */
	bool			 running;
	struct passcode_job	*jobs;		/* in line */
};

static void
job_free(struct passcode_job *job)
{
	secret_free(&job->passcode);
	secret_free(&job->verifier);
	free(job);
}

static int
make(struct passcode_job *job, struct crypt_data *data)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	const char *hash;

	if (crypt_gensalt_rn(YESCRYPT, 0, NULL, 0, setting,
	    (int)sizeof(setting)) == NULL)
		return -EIO;
	hash = crypt_r(job->passcode.data, setting, data);
	if (hash == NULL || strncmp(hash, YESCRYPT, strlen(YESCRYPT)) != 0)
		return -EIO;
	return secret_set(&job->verifier, hash, strlen(hash));
}

static int
compare(struct passcode_job *job, struct crypt_data *data)
{
	struct secret computed = SECRET_INIT;
	const char *hash;
	int r;

	if (job->verifier.len == 0 || strncmp(job->verifier.data, YESCRYPT,
	    strlen(YESCRYPT)) != 0)
		return -EBADMSG;
	hash = crypt_r(job->passcode.data, job->verifier.data, data);
	if (hash == NULL || strncmp(hash, YESCRYPT, strlen(YESCRYPT)) != 0)
		return -EACCES;
	r = secret_set(&computed, hash, strlen(hash));
	if (r == 0 && !secret_equal(&computed, &job->verifier))
		r = -EACCES;
	secret_free(&computed);
	return r;
}

static void *
work(void *arg)
{
	struct passcode_job *job = arg;
	struct crypt_data *data = calloc(1, sizeof(*data));
	uint64_t one = 1;

	if (data == NULL)
		job->result = -ENOMEM;
	else
		job->result = job->make ? make(job, data) : compare(job, data);
	if (data != NULL) {
		explicit_bzero(data, sizeof(*data));
		free(data);
	}
	while (write(job->hasher->fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	return NULL;
}

/* For the first job. Signals are the loop's. */
static void
start_thread(struct passcode_hasher *hasher)
{
	sigset_t all, before;
	int r;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&hasher->thread, NULL, work, hasher->jobs);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	hasher->running = r == 0;
	if (!hasher->running)
		hasher->jobs->result = -r;
}

/* The first job is over. */
static void
finish_job(struct passcode_hasher *hasher)
{
	struct passcode_job *job = hasher->jobs;

	hasher->jobs = job->next;
	if (!job->make)
		secret_free(&job->verifier);
	if (job->done != NULL)
		job->done(job->arg, job->result, &job->verifier);
	job_free(job);
}

/* Where no thread can be had, each job ends as one that failed. */
static void
run_next(struct passcode_hasher *hasher)
{
	while (!hasher->running && hasher->jobs != NULL) {
		if (hasher->jobs->done != NULL)
			start_thread(hasher);
		if (!hasher->running)
			finish_job(hasher);
	}
}

static void
on_ready(evutil_socket_t fd, short what UNUSED, void *arg)
{
	struct passcode_hasher *hasher = arg;
	uint64_t count;

	if (read((int)fd, &count, sizeof(count)) == sizeof(count) &&
	    hasher->running) {
		(void)pthread_join(hasher->thread, NULL);
		hasher->running = false;
		finish_job(hasher);
	}
	run_next(hasher);
}

int
passcode_hasher_new(struct event_base *base,
    struct passcode_hasher **ret_hasher)
{
	struct passcode_hasher *hasher;
	int r;

	hasher = calloc(1, sizeof(*hasher));
	if (hasher == NULL)
		return -ENOMEM;
	hasher->base = base;
	hasher->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (hasher->fd < 0) {
		r = -errno;
		free(hasher);
		return r;
	}
	hasher->ready = event_new(base, hasher->fd, EV_READ | EV_PERSIST,
	    on_ready, hasher);
	if (hasher->ready == NULL || event_add(hasher->ready, NULL) < 0) {
		passcode_hasher_free(hasher);
		return -ENOMEM;
	}
	*ret_hasher = hasher;
	return 0;
}

void
passcode_hasher_free(struct passcode_hasher *hasher)
{
	struct passcode_job *job;

	if (hasher == NULL)
		return;
	if (hasher->running)
		(void)pthread_join(hasher->thread, NULL);
	while ((job = hasher->jobs) != NULL) {
		hasher->jobs = job->next;
		job_free(job);
	}
	if (hasher->ready != NULL)
		event_free(hasher->ready);
	(void)close(hasher->fd);
	free(hasher);
}

int
passcode_hash_start(struct passcode_hasher *hasher,
    const struct secret *passcode, const struct secret *verifier,
    passcode_hash_fn *done, void *arg, struct passcode_job **ret_job)
{
	struct passcode_job *job, **end;
	int r;

	job = calloc(1, sizeof(*job));
	if (job == NULL)
		return -ENOMEM;
	job->hasher = hasher;
	job->make = verifier == NULL;
	job->result = -EIO;
	job->done = done;
	job->arg = arg;
	r = secret_set(&job->passcode, passcode->data, passcode->len);
	if (r == 0 && verifier != NULL)
		r = secret_set(&job->verifier, verifier->data, verifier->len);
	if (r < 0) {
		job_free(job);
		return r;
	}
	for (end = &hasher->jobs; *end != NULL; end = &(*end)->next)
		;
	*end = job;
	/* From the loop, which then tells of a thread that cannot be had. */
	event_active(hasher->ready, EV_READ, 0);
	*ret_job = job;
	return 0;
}

void
passcode_hash_forget(struct passcode_job *job)
{
	if (job != NULL)
		job->done = NULL;
}
