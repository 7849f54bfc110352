/* What the C programs of the tests share: checks that end the program, pictures from PPM files, a model that is ready. */
#ifndef HOST_H
#define HOST_H

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "paligguf.h"

static void fail(const char *file, int line, const char *what, int32_t status)
{
    char text[2000] = "";
    pali_last_error(text, sizeof text, NULL);
    fprintf(stderr, "%s:%d: %s: %s: %s\n", file, line, what, pali_status_name(status), text);
    fflush(NULL);
    _Exit(1);
}

#define CHECK(condition) do { if (!(condition)) fail(__FILE__, __LINE__, #condition, PALI_OK); } while (0)
#define OK(call) do { int32_t status_ = (call); if (status_ != PALI_OK) fail(__FILE__, __LINE__, #call, status_); } while (0)
#define EXPECT(expected, call) do { int32_t status_ = (call); if (status_ != (expected)) fail(__FILE__, __LINE__, \
    #call " gives " #expected, status_); } while (0)

/* A binary PPM file; the pixels are to be freed. */
static inline pali_picture read_ppm(const char *path)
{
    pali_picture picture;
    FILE *file = fopen(path, "rb");
    size_t bytes;
    uint8_t *pixels;
    CHECK(file);
    memset(&picture, 0, sizeof picture);
    picture.size = sizeof picture;
    picture.format = PALI_RGB;
    CHECK(fscanf(file, "P6 %d %d 255", &picture.width, &picture.height) == 2 && fgetc(file) != EOF);
    bytes = (size_t)picture.width * (size_t)picture.height * 3;
    pixels = (uint8_t *)malloc(bytes);
    CHECK(fread(pixels, 1, bytes, file) == bytes);
    fclose(file);
    picture.pixels = pixels;
    picture.pixel_bytes = bytes;
    return picture;
}

static inline pali_model load(const char *path, const pali_load_options *options)
{
    pali_model model;
    pali_model_state state;
    memset(&state, 0, sizeof state);
    state.size = sizeof state;
    OK(pali_load(path, options, &model));
    OK(pali_wait(model, -1));
    OK(pali_poll_model(model, &state));
    if (state.state != PALI_MODEL_READY) {
        char text[2000];
        pali_get_error(model, text, sizeof text, NULL);
        fprintf(stderr, "%s: %s: %s\n", path, pali_status_name(state.status), text);
        _Exit(1);
    }
    CHECK(state.progress == 1 && state.image_size > 0 && state.image_tokens > 0 && state.context_length > 0 && state.threads > 0
        && state.memory > 0);
    return model;
}

static inline pali_request ask(int32_t task, const char *text, const pali_picture *picture)
{
    pali_request request;
    memset(&request, 0, sizeof request);
    request.size = sizeof request;
    request.task = task;
    request.text = text;
    request.pictures = picture;
    request.picture_count = 1;
    return request;
}

static inline pali_ticket_state state_of(pali_ticket ticket)
{
    pali_ticket_state state;
    memset(&state, 0, sizeof state);
    state.size = sizeof state;
    OK(pali_poll(ticket, &state));
    return state;
}

static inline pali_ticket_state wait_for(pali_ticket ticket)
{
    pali_ticket_state state;
    OK(pali_wait(ticket, -1));
    state = state_of(ticket);
    if (state.state == PALI_TICKET_FAILED) {
        char text[2000];
        pali_get_error(ticket, text, sizeof text, NULL);
        fprintf(stderr, "%s: %s\n", pali_status_name(state.status), text);
        _Exit(1);
    }
    return state;
}

#endif
