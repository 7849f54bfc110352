/*
 * The exported functions. What must happen before the runtime starts, or can not happen in it, is here: an x86 processor that lacks what
 * the compiled
 * code uses, and a forked child, would end the process; the runtime has SIGPIPE ignored, for the whole process and its children.
 */
#define _GNU_SOURCE
#define PALI_BUILDING
#include "paligguf.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

extern int32_t managed_start(const char *file, void (*end_with_process)(void));
extern void managed_end(void);
extern int32_t managed_describe(char *buffer, size_t capacity, size_t *length);
extern int32_t managed_last_error(char *buffer, size_t capacity, size_t *length);
extern int32_t managed_settle(int32_t milliseconds);
extern int32_t managed_estimate(const char *path, const pali_load_options *options, pali_memory *memory);
extern int32_t managed_load(const char *path, const pali_load_options *options, pali_model *model);
extern int32_t managed_poll_model(pali_model model, pali_model_state *state);
extern int32_t managed_submit(pali_model model, const pali_request *request, pali_ticket *ticket);
extern int32_t managed_poll(pali_ticket ticket, pali_ticket_state *state);
extern int32_t managed_get_text(pali_ticket ticket, uint64_t offset, char *buffer, size_t capacity, size_t *length);
extern int32_t managed_get_token(pali_ticket ticket, uint32_t index, pali_token *token);
extern int32_t managed_get_object(pali_ticket ticket, uint32_t index, pali_object *object);
extern int32_t managed_get_label(pali_ticket ticket, uint32_t index, char *buffer, size_t capacity, size_t *length);
extern int32_t managed_get_mask(pali_ticket ticket, uint32_t index, uint8_t *pixels, uint64_t capacity, int64_t stride);
extern int32_t managed_cancel(uint64_t handle);
extern int32_t managed_get_error(uint64_t handle, char *buffer, size_t capacity, size_t *length);
extern int32_t managed_wait(uint64_t handle, int32_t milliseconds);
extern int32_t managed_release(uint64_t handle);

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int32_t started = PALI_ERROR_INTERNAL;
static volatile sig_atomic_t forked;

static void in_child(void)
{
    forked = 1;
}

static volatile sig_atomic_t ended;

static void end(void)
{
    if (forked || ended) return;
    ended = 1;
    managed_end();
}

/* Called when llama.cpp has been loaded: what is registered later runs earlier, and its threads must have ended before its destructors
 * run. */
static void end_with_process(void)
{
    atexit(end);
}

static int has_instructions(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi")
        && __builtin_cpu_supports("bmi2");
#else
    return 1;
#endif
}

static void start(void)
{
    struct sigaction before, after;
    Dl_info self;

    if (!has_instructions()) {
        started = PALI_ERROR_PROCESSOR;
        return;
    }
    sigaction(SIGPIPE, NULL, &before);
    started = managed_start(dladdr((void *)(size_t)&pali_abi_version, &self) ? self.dli_fname : NULL, end_with_process);
    sigaction(SIGPIPE, NULL, &after);
    if (before.sa_handler == SIG_DFL && after.sa_handler == SIG_IGN) sigaction(SIGPIPE, &before, NULL);
    pthread_atfork(NULL, NULL, in_child);
}

static int32_t enter(void)
{
    if (forked) return PALI_ERROR_FORKED;
    if (ended) return PALI_ERROR_EXITING;
    pthread_once(&once, start);
    return started;
}

#define ENTER() do { int32_t status = enter(); if (status != PALI_OK) return status; } while (0)

static const char *reason(int32_t status)
{
    if (status == PALI_ERROR_PROCESSOR) return "This processor lacks AVX2, FMA or BMI2, which the library is compiled for.";
    if (status == PALI_ERROR_FORKED) {
        return "This process was forked after the library's first call: make the first call in the child, or call exec.";
    }
    if (status == PALI_ERROR_EXITING) return "The process is about to end.";
    return "The library's runtime did not start.";
}

PALI_API uint32_t pali_abi_version(void)
{
    return PALI_ABI_VERSION;
}

PALI_API const char *pali_status_name(int32_t status)
{
#define NAME(name) case name: return #name
    switch (status) {
        NAME(PALI_OK);
        NAME(PALI_PENDING);
        NAME(PALI_CUT);
        NAME(PALI_ERROR_ARGUMENT);
        NAME(PALI_ERROR_HANDLE);
        NAME(PALI_ERROR_NOT_READY);
        NAME(PALI_ERROR_CANCELLED);
        NAME(PALI_ERROR_FILE);
        NAME(PALI_ERROR_FORMAT);
        NAME(PALI_ERROR_CHANGED);
        NAME(PALI_ERROR_MEMORY);
        NAME(PALI_ERROR_NATIVES);
        NAME(PALI_ERROR_INFERENCE);
        NAME(PALI_ERROR_LIMIT);
        NAME(PALI_ERROR_PROCESSOR);
        NAME(PALI_ERROR_FORKED);
        NAME(PALI_ERROR_EXITING);
        NAME(PALI_ERROR_INTERNAL);
    }
    return "unknown";
}

PALI_API int32_t pali_last_error(char *buffer, size_t capacity, size_t *length)
{
    int32_t status = enter();
    if (status == PALI_OK) return managed_last_error(buffer, capacity, length);
    const char *text = reason(status);
    size_t all = strlen(text);
    if (length) *length = all;
    if (!buffer || capacity == 0) return PALI_OK;
    size_t fits = all < capacity ? all : capacity - 1;
    memcpy(buffer, text, fits);
    buffer[fits] = 0;
    return fits == all ? PALI_OK : PALI_CUT;
}

PALI_API int32_t pali_describe(char *buffer, size_t capacity, size_t *length)
{
    ENTER();
    return managed_describe(buffer, capacity, length);
}

PALI_API int32_t pali_settle(int32_t milliseconds)
{
    ENTER();
    return managed_settle(milliseconds);
}

PALI_API int32_t pali_estimate(const char *path, const pali_load_options *options, pali_memory *memory)
{
    ENTER();
    return managed_estimate(path, options, memory);
}

PALI_API int32_t pali_load(const char *path, const pali_load_options *options, pali_model *model)
{
    ENTER();
    return managed_load(path, options, model);
}

PALI_API int32_t pali_poll_model(pali_model model, pali_model_state *state)
{
    ENTER();
    return managed_poll_model(model, state);
}

PALI_API int32_t pali_submit(pali_model model, const pali_request *request, pali_ticket *ticket)
{
    ENTER();
    return managed_submit(model, request, ticket);
}

PALI_API int32_t pali_poll(pali_ticket ticket, pali_ticket_state *state)
{
    ENTER();
    return managed_poll(ticket, state);
}

PALI_API int32_t pali_get_text(pali_ticket ticket, uint64_t offset, char *buffer, size_t capacity, size_t *length)
{
    ENTER();
    return managed_get_text(ticket, offset, buffer, capacity, length);
}

PALI_API int32_t pali_get_token(pali_ticket ticket, uint32_t index, pali_token *token)
{
    ENTER();
    return managed_get_token(ticket, index, token);
}

PALI_API int32_t pali_get_object(pali_ticket ticket, uint32_t index, pali_object *object)
{
    ENTER();
    return managed_get_object(ticket, index, object);
}

PALI_API int32_t pali_get_label(pali_ticket ticket, uint32_t index, char *buffer, size_t capacity, size_t *length)
{
    ENTER();
    return managed_get_label(ticket, index, buffer, capacity, length);
}

PALI_API int32_t pali_get_mask(pali_ticket ticket, uint32_t index, uint8_t *pixels, uint64_t capacity, int64_t stride)
{
    ENTER();
    return managed_get_mask(ticket, index, pixels, capacity, stride);
}

PALI_API int32_t pali_cancel(uint64_t model_or_ticket)
{
    ENTER();
    return managed_cancel(model_or_ticket);
}

PALI_API int32_t pali_get_error(uint64_t model_or_ticket, char *buffer, size_t capacity, size_t *length)
{
    ENTER();
    return managed_get_error(model_or_ticket, buffer, capacity, length);
}

PALI_API int32_t pali_wait(uint64_t model_or_ticket, int32_t milliseconds)
{
    ENTER();
    return managed_wait(model_or_ticket, milliseconds);
}

PALI_API int32_t pali_release(uint64_t model_or_ticket)
{
    ENTER();
    return managed_release(model_or_ticket);
}
