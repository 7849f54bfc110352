/*
 * frames MODEL PICTURE.ppm SECONDS BUSY_MS THREADS PRIORITY FLAGS: a loop of 60 frames a second, each of so many milliseconds of work,
 * while the model is loaded and then answers one
 * request after the other. A frame is missed when its work is not done before the next one is due. THREADS, PRIORITY and FLAGS as in
 * pali_load_options; MODEL "none" for the loop alone.
 */
#include "host.h"
#include <time.h>

enum { FRAME = 16666667 };

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static void sleep_until(int64_t moment)
{
    struct timespec time = { moment / 1000000000, moment % 1000000000 };
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) != 0) {
    }
}

/* Counts what can be counted in so long, once, with nothing beside it. */
static volatile uint64_t sink;

static void work(uint64_t steps)
{
    uint64_t value = sink | 1;
    for (uint64_t step = 0; step < steps; step++) value = value * 6364136223846793005ull + 1442695040888963407ull;
    sink = value;
}

static uint64_t steps_of(double milliseconds)
{
    uint64_t steps = 1000000;
    int64_t best = INT64_MAX;
    for (int turn = 0; turn < 20; turn++) {
        int64_t start = now();
        work(steps);
        int64_t took = now() - start;
        if (took < best) best = took;
    }
    return (uint64_t)((double)steps * milliseconds * 1e6 / (double)best);
}

typedef struct { int frames, missed; int64_t worst; } tally;

static int64_t due;

static void frame(tally *all, uint64_t steps)
{
    if (due == 0 || now() > due + 10ll * FRAME) due = now();
    sleep_until(due);
    work(steps);
    int64_t late = now() - due;
    all->frames++;
    if (late > FRAME) all->missed++;
    if (late > all->worst) all->worst = late;
    do due += FRAME; while (due < now());
}

static void print(const char *what, tally all)
{
    double share = 100.0 * all.missed / (all.frames ? all.frames : 1);
    printf("%s: %d frames, %d missed (%.2f %%), the longest %.1f ms\n", what, all.frames, all.missed, share, (double)all.worst / 1e6);
}

int main(int count, char **arguments)
{
    CHECK(count == 8);
    double seconds = atof(arguments[3]);
    uint64_t steps = steps_of(atof(arguments[4]));
    pali_load_options options = { .size = sizeof options, .threads = atoi(arguments[5]), .priority = atoi(arguments[6]),
        .flags = (uint32_t)atoi(arguments[7]) };
    tally loading = { 0, 0, 0 }, answering = { 0, 0, 0 };
    int alone = strcmp(arguments[1], "none") == 0, answers = 0;
    uint32_t tokens = 0;
    pali_picture picture = read_ppm(arguments[2]);
    pali_model model = 0;
    pali_model_state state = { .size = sizeof state };
    pali_ticket ticket = 0;
    if (!alone) {
        pali_request request = ask(PALI_PROMPT, "x", NULL);
        pali_ticket none;
        EXPECT(PALI_ERROR_HANDLE, pali_submit(1, &request, &none));
        OK(pali_load(arguments[1], &options, &model));
        do {
            frame(&loading, steps);
            OK(pali_poll_model(model, &state));
        } while (state.state == PALI_MODEL_LOADING);
        CHECK(state.state == PALI_MODEL_READY);
        print("while it loads", loading);
    }

    int64_t end = now() + (int64_t)(seconds * 1e9);
    due = 0;
    while (now() < end) {
        if (!alone && ticket == 0) {
            /* Another picture each time, or there would be nothing to look at. */
            ((uint8_t *)(size_t)picture.pixels)[0]++;
            pali_request request = ask(PALI_DESCRIBE, NULL, &picture);
            request.max_tokens = 32;
            OK(pali_submit(model, &request, &ticket));
        }
        frame(&answering, steps);
        if (alone) continue;
        pali_ticket_state answer = state_of(ticket);
        if (answer.state == PALI_TICKET_RUNNING) continue;
        CHECK(answer.state == PALI_TICKET_DONE);
        answers++;
        tokens += answer.tokens;
        OK(pali_release(ticket));
        ticket = 0;
    }
    if (ticket != 0) {
        tokens += state_of(ticket).tokens;
        OK(pali_release(ticket));
    }
    print(alone ? "alone" : "while it answers", answering);
    if (!alone) {
        printf("%d answers, %.1f tokens a second\n", answers, tokens / seconds);
        OK(pali_release(model));
        OK(pali_settle(-1));
    }
    free((void *)(size_t)picture.pixels);
    return 0;
}
