/* answers MODEL PICTURE.ppm [short]: every task once, printed; what was told on the way is compared with the whole. */
#include "host.h"

static void print_objects(pali_ticket ticket, uint32_t objects)
{
    for (uint32_t index = 0; index < objects; index++) {
        pali_object object;
        char label[100];
        object.size = sizeof object;
        OK(pali_get_object(ticket, index, &object));
        OK(pali_get_label(ticket, index, label, sizeof label, NULL));
        printf("%s %.0f %.0f %.0f %.0f", label, object.x_min, object.y_min, object.x_max, object.y_max);
        CHECK(object.score >= 0 && object.score <= 1);
        if (object.mask_width > 0) {
            size_t stride = (size_t)object.mask_width + 5, bytes = stride * (size_t)object.mask_height;
            uint8_t *pixels = (uint8_t *)calloc(bytes, 1);
            size_t inside = 0, other = 0;
            OK(pali_get_mask(ticket, index, pixels, bytes, (int64_t)stride));
            for (size_t at = 0; at < bytes; at++) {
                inside += pixels[at] == 255;
                other += pixels[at] != 255 && pixels[at] != 0;
                if (at % stride >= (size_t)object.mask_width) CHECK(pixels[at] == 0);
            }
            CHECK(other == 0);
            EXPECT(PALI_ERROR_ARGUMENT, pali_get_mask(ticket, index, pixels,
                (uint64_t)object.mask_width * (uint64_t)object.mask_height - 1, 0));
            printf(" mask %d %d %d %d %zu", object.mask_left, object.mask_top, object.mask_width, object.mask_height, inside);
            free(pixels);
        } else {
            uint8_t byte;
            EXPECT(PALI_ERROR_ARGUMENT, pali_get_mask(ticket, index, &byte, 1, 0));
        }
        printf("\n");
    }
}

static void answer(pali_model model, pali_request request, const char *name)
{
    pali_ticket ticket;
    char streamed[4000] = "", whole[4000];
    size_t have = 0, length;
    pali_ticket_state state;
    OK(pali_submit(model, &request, &ticket));
    do {
        pali_wait(ticket, 1);
        state = state_of(ticket);
        OK(pali_get_text(ticket, have, streamed + have, sizeof streamed - have, &length));
        have += length;
    } while (state.state == PALI_TICKET_RUNNING);
    state = wait_for(ticket);
    OK(pali_get_text(ticket, have, streamed + have, sizeof streamed - have, &length));
    OK(pali_get_text(ticket, 0, whole, sizeof whole, &length));
    CHECK(strcmp(streamed, whole) == 0 && length == state.text_bytes && state.pictures_read && state.finish != PALI_FINISH_NONE);
    uint64_t told = 0;
    for (uint32_t index = 0; index < state.tokens; index++) {
        pali_token token;
        token.size = sizeof token;
        OK(pali_get_token(ticket, index, &token));
        CHECK(token.text_offset == told && token.log_probability <= 0);
        told += token.text_bytes;
    }
    if (state.tokens > 0) CHECK(told == length);
    printf("%s: %s\n", name, whole);
    print_objects(ticket, state.objects);
    OK(pali_release(ticket));
}

int main(int count, char **arguments)
{
    int shortly = count == 4 && strcmp(arguments[3], "short") == 0;
    CHECK(count == 3 || shortly);
    pali_memory memory;
    char text[1000];
    memory.size = sizeof memory;
    OK(pali_estimate(arguments[1], NULL, &memory));
    CHECK(memory.memory > 0 && memory.free_memory > 0 && memory.fits);
    OK(pali_describe(text, sizeof text, NULL));
    printf("library: %s\n", text);
    pali_model model = load(arguments[1], NULL);
    pali_picture picture = read_ppm(arguments[2]);
    answer(model, ask(PALI_CAPTION, NULL, &picture), "caption");
    if (shortly) {
        answer(model, ask(PALI_SEGMENT, "turtle", &picture), "segment");
        OK(pali_release(model));
        OK(pali_settle(-1));
        free((void *)picture.pixels);
        return 0;
    }
    pali_request thai = ask(PALI_CAPTION, NULL, &picture);
    thai.language = "th";
    answer(model, thai, "thai");
    answer(model, ask(PALI_DESCRIBE, NULL, &picture), "describe");
    answer(model, ask(PALI_OCR, NULL, &picture), "ocr");
    answer(model, ask(PALI_ANSWER, "is there a turtle?", &picture), "ask");
    answer(model, ask(PALI_PROMPT, "caption en", &picture), "prompt");
    answer(model, ask(PALI_DETECT, "turtle ; boat", &picture), "detect");
    answer(model, ask(PALI_SEGMENT, "turtle", &picture), "segment");
    pali_request drawn = ask(PALI_CAPTION, NULL, &picture);
    drawn.temperature = 1;
    drawn.seed = 7;
    drawn.flags = PALI_REQUEST_SEED | PALI_REQUEST_BORROW;
    answer(model, drawn, "drawn");
    answer(model, drawn, "drawn");
    OK(pali_release(model));
    OK(pali_settle(-1));
    free((void *)picture.pixels);
    return 0;
}
