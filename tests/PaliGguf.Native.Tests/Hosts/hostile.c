/* hostile MODEL PICTURE.ppm: calls that are wrong, each of which has to give a status and leave the process alone. */
#include "host.h"

#define ARGUMENT(call) EXPECT(PALI_ERROR_ARGUMENT, call)
#define HANDLE(call) EXPECT(PALI_ERROR_HANDLE, call)

static const uint8_t pixels[64];

static pali_picture four_pixels(void)
{
    pali_picture picture = { sizeof picture, PALI_RGB, 2, 2, 0, pixels, sizeof pixels };
    return picture;
}

static void refuse_picture(pali_model model, pali_picture picture)
{
    pali_ticket ticket = 1;
    pali_request request = ask(PALI_CAPTION, NULL, &picture);
    ARGUMENT(pali_submit(model, &request, &ticket));
    CHECK(ticket == 0);
    request.flags = PALI_REQUEST_BORROW;
    ARGUMENT(pali_submit(model, &request, &ticket));
}

static void refuse_request(pali_model model, pali_request request)
{
    pali_ticket ticket = 1;
    ARGUMENT(pali_submit(model, &request, &ticket));
    CHECK(ticket == 0);
}

static void texts(void)
{
    char buffer[8];
    size_t length = 0;
    ARGUMENT(pali_load(NULL, NULL, NULL));
    OK(pali_last_error(NULL, 0, &length));
    CHECK(length > 0);
    EXPECT(PALI_CUT, pali_last_error(buffer, sizeof buffer, NULL));
    CHECK(strlen(buffer) == 7);
    EXPECT(PALI_CUT, pali_last_error(buffer, 1, NULL));
    CHECK(buffer[0] == 0);
    ARGUMENT(pali_last_error(NULL, 5, NULL));
    ARGUMENT(pali_describe(NULL, 5, NULL));
    ARGUMENT(pali_settle(-2));
    CHECK(strcmp(pali_status_name(PALI_ERROR_HANDLE), "PALI_ERROR_HANDLE") == 0 && strcmp(pali_status_name(12345), "unknown") == 0);
    CHECK(pali_abi_version() == PALI_ABI_VERSION);
}

static void handles(pali_model model, pali_ticket ticket)
{
    pali_ticket_state ticket_state = { .size = sizeof ticket_state };
    pali_model_state model_state = { .size = sizeof model_state };
    uint64_t wrong[] = { 0, 1, 65535, 1ull << 52, ~0ull, model + 65536, model - 65536, model ^ (1ull << 40), ticket ^ 3,
        (uint64_t)(size_t)&model };
    for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
        pali_token token = { .size = sizeof token };
        pali_object object = { .size = sizeof object };
        pali_request request = ask(PALI_PROMPT, "caption en", NULL);
        pali_ticket other;
        HANDLE(pali_poll_model(wrong[at], &model_state));
        HANDLE(pali_submit(wrong[at], &request, &other));
        HANDLE(pali_poll(wrong[at], &ticket_state));
        HANDLE(pali_get_text(wrong[at], 0, NULL, 0, NULL));
        HANDLE(pali_get_token(wrong[at], 0, &token));
        HANDLE(pali_get_object(wrong[at], 0, &object));
        HANDLE(pali_get_label(wrong[at], 0, NULL, 0, NULL));
        HANDLE(pali_get_mask(wrong[at], 0, (uint8_t *)&object, 4, 0));
        HANDLE(pali_cancel(wrong[at]));
        HANDLE(pali_get_error(wrong[at], NULL, 0, NULL));
        HANDLE(pali_wait(wrong[at], 0));
        HANDLE(pali_release(wrong[at]));
    }
    HANDLE(pali_poll(model, &ticket_state));
    HANDLE(pali_poll_model(ticket, &model_state));
    ARGUMENT(pali_wait(model, -2));
}

static void sizes(pali_model model, pali_ticket ticket)
{
    uint32_t wrong[] = { 0, 1, 4, 47, 5000, ~0u };
    struct { pali_load_options options; uint64_t further; } longer;
    for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
        pali_load_options options = { .size = wrong[at] };
        pali_model_state model_state = { .size = wrong[at] };
        pali_ticket_state ticket_state = { .size = wrong[at] };
        pali_memory memory = { .size = wrong[at] == 47 ? 39 : wrong[at] };
        pali_model other;
        pali_request request = ask(PALI_PROMPT, "caption en", NULL);
        pali_ticket none;
        request.size = wrong[at];
        ARGUMENT(pali_load("x", &options, &other));
        ARGUMENT(pali_estimate("x", &options, &memory));
        ARGUMENT(pali_estimate("x", NULL, &memory));
        ARGUMENT(pali_poll_model(model, &model_state));
        ARGUMENT(pali_poll(ticket, &ticket_state));
        ARGUMENT(pali_submit(model, &request, &none));
    }
    /* A newer header: what is 0 is of no matter, what is not can not be honoured. */
    memset(&longer, 0, sizeof longer);
    longer.options.size = sizeof longer;
    pali_model other;
    OK(pali_load("/nonexistent", &longer.options, &other));
    OK(pali_release(other));
    longer.further = 1;
    ARGUMENT(pali_load("/nonexistent", &longer.options, &other));
    struct { pali_ticket_state state; uint64_t further; } state;
    memset(&state, 255, sizeof state);
    state.state.size = sizeof state;
    OK(pali_poll(ticket, &state.state));
    CHECK(state.further == 0 && state.state.size == sizeof state);
}

static void pictures(pali_model model)
{
    pali_picture picture;
    int32_t sides[] = { 0, -1, INT32_MIN };
    for (size_t at = 0; at < 3; at++) {
        picture = four_pixels(), picture.width = sides[at];
        refuse_picture(model, picture);
        picture = four_pixels(), picture.height = sides[at];
        refuse_picture(model, picture);
    }
    picture = four_pixels(), picture.width = picture.height = 0;
    refuse_picture(model, picture);
    picture = four_pixels(), picture.width = picture.height = INT32_MAX, picture.pixel_bytes = UINT64_MAX;
    refuse_picture(model, picture);
    picture = four_pixels(), picture.pixels = NULL;
    refuse_picture(model, picture);
    picture = four_pixels(), picture.pixel_bytes = 11;
    refuse_picture(model, picture);
    picture = four_pixels(), picture.format = 0;
    refuse_picture(model, picture);
    picture = four_pixels(), picture.format = 4;
    refuse_picture(model, picture);
    picture = four_pixels(), picture.size = 8;
    refuse_picture(model, picture);
    int64_t strides[] = { 1, 5, -5, INT64_MAX, INT64_MIN, INT64_MAX / 2, 1ll << 32, -(1ll << 32), 60 };
    for (size_t at = 0; at < sizeof strides / sizeof *strides; at++) {
        picture = four_pixels(), picture.stride = strides[at];
        refuse_picture(model, picture);
        picture.pixel_bytes = UINT64_MAX;
        if (strides[at] != 60) refuse_picture(model, picture);
    }
}

static void requests(pali_model model, const pali_picture *picture)
{
    pali_request request;
    pali_ticket ticket;
    ARGUMENT(pali_submit(model, NULL, &ticket));
    request = ask(PALI_CAPTION, NULL, picture);
    ARGUMENT(pali_submit(model, &request, NULL));
    request = ask(PALI_CAPTION, NULL, NULL);
    refuse_request(model, request);
    request = ask(PALI_CAPTION, NULL, picture), request.picture_count = 0;
    refuse_request(model, request);
    request.picture_count = UINT32_MAX;
    refuse_request(model, request);
    request.task = PALI_PROMPT, request.text = "caption en";
    refuse_request(model, request);
    int32_t tasks[] = { -1, 7, INT32_MAX };
    for (size_t at = 0; at < 3; at++) refuse_request(model, ask(tasks[at], "x", picture));
    int32_t need_text[] = { PALI_PROMPT, PALI_ANSWER, PALI_DETECT, PALI_SEGMENT };
    for (size_t at = 0; at < 4; at++) {
        refuse_request(model, ask(need_text[at], NULL, picture));
        refuse_request(model, ask(need_text[at], "\xff\xfe", picture));
        request = ask(need_text[at], "x", picture), request.text_bytes = UINT64_MAX;
        refuse_request(model, request);
    }
    refuse_request(model, ask(PALI_DETECT, " ; ;", picture));
    request = ask(PALI_CAPTION, NULL, picture), request.language = "klingon";
    refuse_request(model, request);
    request = ask(PALI_CAPTION, NULL, picture), request.max_tokens = -1;
    refuse_request(model, request);
    request = ask(PALI_CAPTION, NULL, picture), request.temperature = -1;
    refuse_request(model, request);
    request = ask(PALI_CAPTION, NULL, picture), request.temperature = 0.0f / 0.0f;
    refuse_request(model, request);
    request = ask(PALI_CAPTION, NULL, picture), request.top_p = 2;
    refuse_request(model, request);
    request = ask(PALI_CAPTION, NULL, picture), request.flags = 1u << 31;
    refuse_request(model, request);
    request = ask(PALI_DETECT, "cat", picture), request.min_score = 2;
    refuse_request(model, request);
}

static void loads(const char *path)
{
    pali_load_options options;
    pali_model model = 1;
    pali_memory memory = { .size = sizeof memory };
    ARGUMENT(pali_load(NULL, NULL, &model));
    CHECK(model == 0);
    ARGUMENT(pali_load(path, NULL, NULL));
    ARGUMENT(pali_load("\xc3\x28", NULL, &model));
    ARGUMENT(pali_estimate(path, NULL, NULL));
    EXPECT(PALI_ERROR_FILE, pali_estimate("/nonexistent", NULL, &memory));
    int32_t wrong[] = { -1, 3, 100000 };
    for (size_t at = 0; at < 3; at++) {
        memset(&options, 0, sizeof options);
        options.size = sizeof options;
        options.priority = wrong[at];
        ARGUMENT(pali_load(path, &options, &model));
        options.priority = 0, options.threads = wrong[at] == 3 ? INT32_MIN : wrong[at];
        ARGUMENT(pali_load(path, &options, &model));
        options.threads = 0, options.requests = wrong[at] == 3 ? INT32_MAX : wrong[at];
        ARGUMENT(pali_load(path, &options, &model));
        options.requests = 0, options.context_length = wrong[at];
        if (wrong[at] != 100000) ARGUMENT(pali_load(path, &options, &model));
        options.context_length = 0, options.memory_limit = -1;
        ARGUMENT(pali_load(path, &options, &model));
        options.memory_limit = 0, options.picture_cache = -2;
        ARGUMENT(pali_load(path, &options, &model));
        options.picture_cache = 0, options.flags = 64;
        ARGUMENT(pali_load(path, &options, &model));
    }
    OK(pali_load("/nonexistent/model.gguf", NULL, &model));
    OK(pali_wait(model, -1));
    pali_model_state state = { .size = sizeof state };
    OK(pali_poll_model(model, &state));
    CHECK(state.state == PALI_MODEL_FAILED && state.status == PALI_ERROR_FILE);
    size_t length = 0;
    OK(pali_get_error(model, NULL, 0, &length));
    CHECK(length > 0);
    pali_request request = ask(PALI_PROMPT, "caption en", NULL);
    pali_ticket ticket;
    EXPECT(PALI_ERROR_FILE, pali_submit(model, &request, &ticket));
    OK(pali_release(model));
    options.flags = 0, options.memory_limit = 1000;
    OK(pali_load(path, &options, &model));
    OK(pali_wait(model, -1));
    OK(pali_poll_model(model, &state));
    CHECK(state.state == PALI_MODEL_FAILED && state.status == PALI_ERROR_MEMORY);
    OK(pali_release(model));
}

static void answers(pali_model model, const pali_picture *picture)
{
    pali_ticket ticket;
    pali_request request = ask(PALI_CAPTION, NULL, picture);
    pali_token token = { .size = sizeof token };
    pali_object object = { .size = sizeof object };
    uint8_t byte;
    OK(pali_submit(model, &request, &ticket));
    wait_for(ticket);
    ARGUMENT(pali_poll(ticket, NULL));
    ARGUMENT(pali_get_token(ticket, 0, NULL));
    ARGUMENT(pali_get_token(ticket, UINT32_MAX, &token));
    ARGUMENT(pali_get_object(ticket, 0, &object));
    ARGUMENT(pali_get_label(ticket, UINT32_MAX, NULL, 0, NULL));
    ARGUMENT(pali_get_mask(ticket, 0, NULL, 0, 0));
    ARGUMENT(pali_get_mask(ticket, 0, &byte, 1, INT64_MIN));
    ARGUMENT(pali_get_text(ticket, UINT64_MAX, NULL, 0, NULL));
    ARGUMENT(pali_get_text(ticket, 1ull << 32, NULL, 0, NULL));
    ARGUMENT(pali_get_text(ticket, 0, NULL, 1, NULL));
    token.size = 3;
    ARGUMENT(pali_get_token(ticket, 0, &token));
    OK(pali_cancel(ticket));
    CHECK(state_of(ticket).state == PALI_TICKET_DONE);
    handles(model, ticket);
    sizes(model, ticket);
    OK(pali_release(ticket));
    HANDLE(pali_release(ticket));
    HANDLE(pali_cancel(ticket));

    /* What comes after has to find another number. */
    pali_ticket next;
    OK(pali_submit(model, &request, &next));
    CHECK(next != ticket && next < 1ull << 52);
    HANDLE(pali_release(ticket));
    wait_for(next);

    /* A text of several bytes a character is cut between two. */
    pali_ticket thai;
    request.language = "th";
    OK(pali_submit(model, &request, &thai));
    pali_ticket_state state = wait_for(thai);
    for (size_t capacity = 1; capacity <= 12; capacity++) {
        char text[12];
        size_t length;
        EXPECT(PALI_CUT, pali_get_text(thai, 0, text, capacity, &length));
        CHECK(length == state.text_bytes && strlen(text) == (capacity - 1) / 3 * 3);
    }
    ARGUMENT(pali_get_text(thai, 1, NULL, 0, NULL));
    OK(pali_release(next));
    OK(pali_release(thai));
}

int main(int count, char **arguments)
{
    CHECK(count == 3);
    texts();
    loads(arguments[1]);
    pali_model model = load(arguments[1], NULL);
    pali_picture picture = read_ppm(arguments[2]);
    pictures(model);
    requests(model, &picture);
    answers(model, &picture);
    OK(pali_release(model));
    HANDLE(pali_release(model));
    OK(pali_settle(-1));
    free((void *)picture.pixels);
    puts("refused");
    return 0;
}
