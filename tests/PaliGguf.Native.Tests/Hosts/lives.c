/* lives MODEL PICTURE.ppm LIBRARY WHAT: what becomes of models, tickets, signals and the process itself. */
#include "host.h"
#include <dlfcn.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *path;
static pali_picture picture;

/* At any moment of a load: it is given back, and nothing is left. */
static void unload(void)
{
    for (int moment = 0; moment < 40; moment++) {
        pali_model model;
        pali_model_state state = { .size = sizeof state };
        OK(pali_load(path, NULL, &model));
        usleep((useconds_t)moment * 2000);
        OK(pali_poll_model(model, &state));
        if (moment % 3 == 0) {
            OK(pali_cancel(model));
            OK(pali_wait(model, -1));
            OK(pali_poll_model(model, &state));
            CHECK(state.state == PALI_MODEL_READY || (state.state == PALI_MODEL_FAILED && state.status == PALI_ERROR_CANCELLED));
        }
        OK(pali_release(model));
        EXPECT(PALI_ERROR_HANDLE, pali_poll_model(model, &state));
    }
    OK(pali_settle(-1));
    OK(pali_release(load(path, NULL)));
    OK(pali_settle(-1));
}

/* Two models at once, and one that goes while it answers. */
static void several(void)
{
    pali_model first = load(path, NULL), second = load(path, NULL);
    pali_request request = ask(PALI_CAPTION, NULL, &picture);
    pali_ticket tickets[6];
    for (int at = 0; at < 6; at++) OK(pali_submit(at % 2 ? second : first, &request, &tickets[at]));
    OK(pali_release(first));
    for (int at = 0; at < 6; at++) {
        pali_ticket_state state = wait_for(tickets[at]);
        CHECK(at % 2 ? state.state == PALI_TICKET_DONE : state.state == PALI_TICKET_DONE || state.state == PALI_TICKET_CANCELLED);
        OK(pali_release(tickets[at]));
    }
    OK(pali_release(second));
    OK(pali_settle(-1));
}

static void submit_endless(pali_model model)
{
    pali_ticket ticket;
    pali_request request = ask(PALI_DESCRIBE, NULL, &picture);
    for (int at = 0; at < 20; at++) OK(pali_submit(model, &request, &ticket));
}

/* SIGPIPE is as before the first call: a child ends by it. */
static void pipes(void)
{
    struct sigaction action;
    signal(SIGPIPE, SIG_DFL);
    OK(pali_settle(0));
    CHECK(sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL);
    OK(pali_release(load(path, NULL)));
    CHECK(sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL);
}

static void forks(void)
{
    int status;
    pali_model model = load(path, NULL);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        char text[200];
        pali_ticket ticket;
        pali_request request = ask(PALI_CAPTION, NULL, &picture);
        int good = pali_submit(model, &request, &ticket) == PALI_ERROR_FORKED && pali_last_error(text, sizeof text, NULL) == PALI_OK
            && strstr(text, "fork");
        _exit(good ? 7 : 8);
    }
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7);
    OK(pali_release(model));
    OK(pali_settle(-1));
}

static volatile sig_atomic_t faults;

static void on_fault(int signal, siginfo_t *info, void *context)
{
    (void)info;
    (void)context;
    faults = signal;
    _exit(faults == SIGSEGV ? 5 : 6);
}

/* A fault of the host is the host's, whose handler was there before. */
static void fault(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGSEGV, &action, NULL);
    load(path, NULL);
    *(volatile int *)8 = 1;
}

int main(int count, char **arguments)
{
    CHECK(count == 5);
    path = arguments[1];
    picture = read_ppm(arguments[2]);
    const char *what = arguments[4];
    if (!strcmp(what, "unload")) unload();
    else if (!strcmp(what, "several")) several();
    else if (!strcmp(what, "pipes")) pipes();
    else if (!strcmp(what, "forks")) forks();
    else if (!strcmp(what, "fault")) fault();
    else if (!strcmp(what, "exit-loading")) {
        pali_model model;
        OK(pali_load(path, NULL, &model));
        usleep(20000);
        exit(3);
    } else if (!strcmp(what, "exit-answering")) {
        submit_endless(load(path, NULL));
        usleep(20000);
        exit(3);
    } else if (!strcmp(what, "dlclose")) {
        OK(pali_release(load(path, NULL)));
        void *library = dlopen(arguments[3], RTLD_NOW);
        CHECK(library && dlclose(library) == 0 && dlclose(library) == 0);
        OK(pali_release(load(path, NULL)));
        OK(pali_settle(-1));
    } else CHECK(!"a known name");
    free((void *)picture.pixels);
    puts("lived");
    return 0;
}
