/* cycles MODEL PICTURE.ppm COUNT: so many requests from four threads, most of them cancelled at some moment; prints how the memory grew
 * after the first half. */
#include "host.h"
#include <pthread.h>
#include <unistd.h>

enum { THREADS = 4 };

static pali_model model;
static pali_picture picture;
static int cycles;

static long resident(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    CHECK(file && fscanf(file, "%*s %ld", &pages) == 1);
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE) / 1024;
}

static void *run(void *first)
{
    unsigned seed = (unsigned)(size_t)first;
    long done = 0;
    for (int cycle = 0; cycle < cycles / THREADS; cycle++) {
        pali_ticket ticket;
        pali_request request = ask(cycle % 3 == 0 ? PALI_DETECT : PALI_CAPTION, cycle % 3 == 0 ? "turtle" : NULL, &picture);
        request.flags = cycle % 2 ? PALI_REQUEST_BORROW : 0;
        OK(pali_submit(model, &request, &ticket));
        for (unsigned polls = rand_r(&seed) % 4; polls > 0; polls--) state_of(ticket);
        switch (rand_r(&seed) % 16) {
        case 0:
            OK(pali_wait(ticket, -1));
            CHECK(state_of(ticket).state == PALI_TICKET_DONE);
            done++;
            break;
        case 1:
            usleep(rand_r(&seed) % 2000);
            OK(pali_cancel(ticket));
            CHECK(pali_wait(ticket, 60000) == PALI_OK);
            CHECK(state_of(ticket).state != PALI_TICKET_RUNNING && state_of(ticket).state != PALI_TICKET_FAILED);
            break;
        default:
            if (rand_r(&seed) % 2) OK(pali_cancel(ticket));
        }
        OK(pali_release(ticket));
        EXPECT(PALI_ERROR_HANDLE, pali_cancel(ticket));
    }
    return (void *)done;
}

static long turn(void)
{
    pthread_t threads[THREADS];
    long done = 0;
    for (size_t at = 0; at < THREADS; at++) CHECK(pthread_create(&threads[at], NULL, run, (void *)(at + 1)) == 0);
    for (size_t at = 0; at < THREADS; at++) {
        void *own;
        CHECK(pthread_join(threads[at], &own) == 0);
        done += (long)own;
    }
    OK(pali_settle(-1));
    return done;
}

int main(int count, char **arguments)
{
    CHECK(count == 4);
    pali_load_options options = { .size = sizeof options, .requests = 2 };
    model = load(arguments[1], &options);
    picture = read_ppm(arguments[2]);
    cycles = atoi(arguments[3]) / 2;
    long done = turn();
    long half = resident();
    done += turn();
    printf("answered %ld, KiB after half %ld, in the end %ld\n", done, half, resident());
    OK(pali_release(model));
    OK(pali_settle(-1));
    free((void *)picture.pixels);
    return 0;
}
