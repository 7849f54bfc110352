/*
 * paligguf.h - PaliGemma vision-language models inside a C program: pictures and a prompt in; text, boxes and masks out.
 * C99 and C++. docs/c-library.md has an example, figures, and how the library is made.
 *
 * Calls
 *   No function waits for a model or an answer, except pali_wait and pali_settle, which say how long they may. Every function but the
 *   first two returns a status: PALI_OK (0), a positive one (nothing wrong, not yet) or a negative one, an error, whose text
 *   pali_last_error has for the calling thread. No function calls back, ends the process or lets an exception out. All may be called
 *   from any thread, of any number at once; a thread needs 64 KiB of stack.
 * Handles
 *   Models and tickets are numbers below 2^52 (they fit a double), never 0, and never used again. A released, foreign or mistyped one
 *   is PALI_ERROR_HANDLE.
 * Structs
 *   Each begins with its size, which the caller sets to sizeof of the struct: so a library newer than the header, or older, is
 *   understood. 0 in any other field is the default. An older library refuses a longer struct in which a field that it does not know
 *   is not 0.
 * Text
 *   UTF-8. What goes in is NUL-terminated, or has its length beside it. What comes out is copied into the caller's buffer, ended by a
 *   NUL and cut between two characters where it does not fit; *length, where given, becomes the bytes of the whole text without the
 *   NUL.
 * Threads
 *   The library computes on threads of its own. By default it leaves one processor alone, has a lower priority than the caller and
 *   sleeps where it would have to wait: so a game keeps its frame time (docs/c-library.md has figures).
 * First call
 *   Starts the library's runtime, which takes some milliseconds and sets signal handlers for SIGSEGV, SIGFPE and a real-time signal.
 *   They pass on what is not the library's. Set handlers of your own before, with SA_ONSTACK. SIGPIPE stays as it was.
 * fork
 *   A child that is forked after the first call gets PALI_ERROR_FORKED from every function. Call exec, or make the first call in the
 *   child (Python: multiprocessing's "spawn").
 * Unloading
 *   Is of no effect: the library stays in the process (dlclose succeeds). exit() in the middle of a load or an answer is allowed.
 */
#ifndef PALIGGUF_H
#define PALIGGUF_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#if defined(PALI_BUILDING)
#define PALI_API __declspec(dllexport)
#else
#define PALI_API __declspec(dllimport)
#endif
#else
#define PALI_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Changes when a program that was compiled before could no longer use the library. */
#define PALI_ABI_VERSION 1

/* What every function but the first two returns. */
enum {
    PALI_OK = 0,
    PALI_PENDING = 1,             /* pali_wait, pali_settle: not yet */
    PALI_CUT = 2,                 /* a text or list did not fit the buffer: what fits is there */
    PALI_ERROR_ARGUMENT = -1,     /* a null pointer, a size, a number out of range */
    PALI_ERROR_HANDLE = -2,       /* released, of another kind, or never given out */
    PALI_ERROR_NOT_READY = -3,    /* the model still loads, or the answer is not whole yet */
    PALI_ERROR_CANCELLED = -4,
    PALI_ERROR_FILE = -5,         /* does not exist, or can not be read */
    PALI_ERROR_FORMAT = -6,       /* malformed, or not what it should be */
    PALI_ERROR_CHANGED = -7,      /* the model's file was written to since it was loaded */
    PALI_ERROR_MEMORY = -8,
    PALI_ERROR_NATIVES = -9,      /* llama.cpp's libraries are missing beside this one, or are of another version */
    PALI_ERROR_INFERENCE = -10,   /* can not be answered as asked, or the device failed */
    PALI_ERROR_LIMIT = -11,       /* more handles than there may be */
    PALI_ERROR_PROCESSOR = -12,   /* an x86 processor without AVX2, FMA, BMI2 */
    PALI_ERROR_FORKED = -13,      /* the process was forked after the first call */
    PALI_ERROR_EXITING = -14,     /* exit() has been called */
    PALI_ERROR_INTERNAL = -100    /* a fault of the library */
};

typedef uint64_t pali_model;
typedef uint64_t pali_ticket;

/* How a model is loaded and run; everything 0 but size is a good choice inside a game. */
typedef struct pali_load_options {
    uint32_t size;
    int32_t threads;              /* that compute; 0: all processors but one, at least one */
    int32_t priority;             /* PALI_PRIORITY_... of these threads */
    uint32_t flags;               /* PALI_LOAD_... */
    const char *vision_path;      /* the vision GGUF; NULL: found beside the text GGUF by its name */
    int32_t gpu_layers;           /* of the decoder; 0: the processor alone, -1: all */
    int32_t context_length;       /* of picture, prompt and answer in tokens; 0: one picture and text_tokens */
    int32_t text_tokens;          /* of prompt and answer for that; 0: 512 */
    int32_t requests;             /* that are answered side by side, 1 to 256; more wait; 0: 1 */
    int64_t memory_limit;         /* main memory in bytes; 0: none. A model that needs more fails to load */
    int64_t picture_cache;        /* bytes for what was seen in the pictures of before; 0: 64 MiB, -1: none */
} pali_load_options;

enum {
    PALI_PRIORITY_LOW = 0,        /* gives way to threads of normal priority: Linux nice 10, Windows below normal */
    PALI_PRIORITY_NORMAL = 1,     /* as the threads of the program */
    PALI_PRIORITY_IDLE = 2        /* computes when nobody else wants the processor: Linux SCHED_IDLE, Windows lowest */
};

enum {
    PALI_LOAD_COPY = 1,           /* copy the weights instead of mapping the file */
    PALI_LOAD_SPIN = 2            /* threads wait for each other by spinning: faster where nothing else wants the processors */
};

enum { PALI_MODEL_LOADING = 0, PALI_MODEL_READY = 1, PALI_MODEL_FAILED = 2 };

/* pali_poll_model */
typedef struct pali_model_state {
    uint32_t size;
    int32_t state;                /* PALI_MODEL_... */
    int32_t status;               /* why it failed; PALI_ERROR_CANCELLED after pali_cancel */
    float progress;               /* of loading, 0 to 1 */
    /* once it is ready: */
    int32_t image_size;           /* the side of the square to which pictures are resized */
    int32_t image_tokens;
    int32_t context_length;
    int32_t threads;
    int32_t has_masks;            /* whether PALI_SEGMENT can be answered */
    int32_t requests;             /* in work or waiting */
    int64_t memory;               /* as pali_estimate's memory */
} pali_model_state;

/* pali_estimate; bytes */
typedef struct pali_memory {
    uint32_t size;
    int32_t fits;                 /* whether all of it is free at this moment */
    int64_t memory;               /* main memory that has to be there */
    int64_t mapped;               /* of the mapped file besides, which the system can take back where memory is short */
    int64_t gpu_memory;
    int64_t free_memory;          /* at this moment */
} pali_memory;

enum { PALI_RGB = 1, PALI_RGBA = 2, PALI_BGRA = 3 };

/* 8 bits a channel, sRGB, alpha straight (not premultiplied) and laid on white, rows from the top. */
typedef struct pali_picture {
    uint32_t size;
    int32_t format;               /* PALI_RGB, PALI_RGBA, PALI_BGRA */
    int32_t width;                /* in pixels, at least 1 */
    int32_t height;
    int64_t stride;               /* bytes from one row to the next; 0: rows without a gap; below 0: the lowest row comes first in memory */
    const void *pixels;           /* the first byte in memory */
    uint64_t pixel_bytes;         /* that may be read: at least |stride| * (height - 1) and a row */
} pali_picture;

enum {
    PALI_PROMPT = 0,              /* text is the prompt as the model was trained with it: "caption en" */
    PALI_CAPTION = 1,
    PALI_DESCRIBE = 2,
    PALI_OCR = 3,
    PALI_ANSWER = 4,              /* text is a question */
    PALI_DETECT = 5,              /* text is what to look for: "cat ; dog" */
    PALI_SEGMENT = 6              /* likewise, with masks */
};

enum {
    PALI_REQUEST_BORROW = 1,      /* do not copy the pixels: pictures_read of the ticket tells when they are free again */
    PALI_REQUEST_SEED = 2,        /* draw with seed; without it each request draws anew */
    PALI_REQUEST_FREE = 4,        /* PALI_DETECT, PALI_SEGMENT: let the model write what it likes, not only well-formed answers */
    PALI_REQUEST_TOGETHER = 8     /* the same: ask for all things at once instead of one after the other */
};

/* A question about a picture. */
typedef struct pali_request {
    uint32_t size;
    int32_t task;
    const char *text;
    uint64_t text_bytes;          /* 0: text is NUL-terminated */
    const char *language;         /* of caption, description or answer; NULL: "en" */
    const pali_picture *pictures;
    uint32_t picture_count;       /* of PALI_PROMPT any number, else 1 */
    uint32_t flags;               /* PALI_REQUEST_... */
    int32_t max_tokens;           /* of the answer; 0: 256, and 512 for PALI_DETECT and PALI_SEGMENT */
    float temperature;            /* 0: always the most probable token. It and the next three are not for PALI_DETECT and PALI_SEGMENT */
    int32_t top_k;                /* 0: all */
    float top_p;                  /* 0: all */
    float min_p;
    int32_t seed;
    float min_score;              /* of things found */
    float max_overlap;            /* of two boxes of one thing as intersection over union, above which one is left out; 0: any */
} pali_request;

enum { PALI_TICKET_RUNNING = 0, PALI_TICKET_DONE = 1, PALI_TICKET_FAILED = 2, PALI_TICKET_CANCELLED = 3 };
enum { PALI_FINISH_NONE = 0, PALI_FINISH_STOP = 1, PALI_FINISH_LENGTH = 2 };

/* pali_poll */
typedef struct pali_ticket_state {
    uint32_t size;
    int32_t state;                /* PALI_TICKET_... */
    int32_t status;               /* why it failed */
    int32_t finish;               /* why the answer ended: the model ended it, or it was cut at its longest length */
    uint32_t tokens;              /* so far; of PALI_DETECT and PALI_SEGMENT none are told one by one */
    uint32_t objects;             /* found; once it is done */
    uint64_t text_bytes;          /* so far */
    int32_t pictures_read;        /* whether the pixels are no longer needed */
    int32_t prefix_tokens;        /* of pictures and prompt; once it is done, not of PALI_DETECT and PALI_SEGMENT */
    double vision_seconds;        /* where the time went; once it is done */
    double prefix_seconds;
    double decode_seconds;
} pali_ticket_state;

/* pali_get_token */
typedef struct pali_token {
    uint32_t size;
    int32_t id;
    float log_probability;
    uint32_t text_bytes;          /* of the text that became certain with it */
    uint64_t text_offset;         /* where that begins in the answer */
} pali_token;

/* pali_get_object: a thing that was found, the surest first */
typedef struct pali_object {
    uint32_t size;
    float score;                  /* 0 to 1 */
    float x_min;                  /* in pixels of the picture as it was given; 0, 0 is the upper left corner */
    float y_min;
    float x_max;
    float y_max;
    int32_t mask_left;            /* the part of the picture that the mask covers; mask_width is 0 where there is none */
    int32_t mask_top;
    int32_t mask_width;
    int32_t mask_height;
} pali_object;

/* --- The library ---------------------------------------------------------------------------------------------------------------------- */

/* PALI_ABI_VERSION of the library. Starts nothing. */
PALI_API uint32_t pali_abi_version(void);

/* The name of a status: "PALI_ERROR_HANDLE". Static; "unknown" for a number that is none. Starts nothing. */
PALI_API const char *pali_status_name(int32_t status);

/* The library's version, the llama.cpp that it has loaded and from where, and by what it computes: a line for a log. Loads llama.cpp. */
PALI_API int32_t pali_describe(char *buffer, size_t capacity, size_t *length);

/* What was wrong with the last call of this thread that returned an error. */
PALI_API int32_t pali_last_error(char *buffer, size_t capacity, size_t *length);

/* Waits until all that was released is gone, memory included; PALI_PENDING where it is not after so many milliseconds, -1 for any time. */
PALI_API int32_t pali_settle(int32_t milliseconds);

/* --- Models --------------------------------------------------------------------------------------------------------------------------- */

/* What a model will take. Reads the files' headers, some milliseconds, and at the first time loads llama.cpp. options may be NULL. */
PALI_API int32_t pali_estimate(const char *path, const pali_load_options *options, pali_memory *memory);

/* Begins to load a model in the background: a text GGUF, or a folder with one pair of text and vision GGUF. options may be NULL. */
PALI_API int32_t pali_load(const char *path, const pali_load_options *options, pali_model *model);

PALI_API int32_t pali_poll_model(pali_model model, pali_model_state *state);

/* --- Answers -------------------------------------------------------------------------------------------------------------------------- */

/* Asks a model. All that request points to is copied, the pixels too unless PALI_REQUEST_BORROW says otherwise. */
PALI_API int32_t pali_submit(pali_model model, const pali_request *request, pali_ticket *ticket);

PALI_API int32_t pali_poll(pali_ticket ticket, pali_ticket_state *state);

/* The answer from a byte on, as far as there is one: to append what is new since the last time. *length is of what comes after offset. */
PALI_API int32_t pali_get_text(pali_ticket ticket, uint64_t offset, char *buffer, size_t capacity, size_t *length);

/* From 0 to below tokens of pali_poll. */
PALI_API int32_t pali_get_token(pali_ticket ticket, uint32_t index, pali_token *token);

/* From 0 to below objects of pali_poll. */
PALI_API int32_t pali_get_object(pali_ticket ticket, uint32_t index, pali_object *object);

/* What a thing is: one of those that were asked for. */
PALI_API int32_t pali_get_label(pali_ticket ticket, uint32_t index, char *buffer, size_t capacity, size_t *length);

/* The mask of a thing: mask_height rows of mask_width bytes, 255 inside and 0 outside, stride bytes from one to the next; 0: mask_width. */
PALI_API int32_t pali_get_mask(pali_ticket ticket, uint32_t index, uint8_t *pixels, uint64_t capacity, int64_t stride);

/* --- Models and tickets --------------------------------------------------------------------------------------------------------------- */

/* Ends a load or an answer early. Borrowed pixels are not read any more when it returns. Of no effect on what has ended. */
PALI_API int32_t pali_cancel(uint64_t model_or_ticket);

/* Why a load or an answer failed; empty where it did not. */
PALI_API int32_t pali_get_error(uint64_t model_or_ticket, char *buffer, size_t capacity, size_t *length);

/* Waits until a load or an answer has ended, in whatever way; PALI_PENDING where it has not after so many milliseconds, -1 for any time. */
PALI_API int32_t pali_wait(uint64_t model_or_ticket, int32_t milliseconds);

/* Gives a handle back, whatever goes on with it: at once, and what has to end is ended in the background. A model takes its answers
 * along: they are cancelled, and their tickets still have to be released. */
PALI_API int32_t pali_release(uint64_t model_or_ticket);

#ifdef __cplusplus
}
#endif

#endif
