/* look MODEL PICTURE.ppm THINGS: a caption, and where the things are: a line each. */
#include "host.h"

int main(int count, char **arguments)
{
    CHECK(count == 4);
    pali_model model = load(arguments[1], NULL);
    pali_picture picture = read_ppm(arguments[2]);
    pali_request caption = ask(PALI_CAPTION, NULL, &picture), detect = ask(PALI_DETECT, arguments[3], &picture);
    pali_ticket ticket;
    char text[1000];

    OK(pali_submit(model, &caption, &ticket));
    wait_for(ticket);
    OK(pali_get_text(ticket, 0, text, sizeof text, NULL));
    printf("%s\n", text);
    OK(pali_release(ticket));

    OK(pali_submit(model, &detect, &ticket));
    uint32_t objects = wait_for(ticket).objects;
    for (uint32_t index = 0; index < objects; index++) {
        pali_object found = { .size = sizeof found };
        OK(pali_get_object(ticket, index, &found));
        OK(pali_get_label(ticket, index, text, sizeof text, NULL));
        printf("%s %.0f %.0f %.0f %.0f\n", text, found.x_min, found.y_min, found.x_max, found.y_max);
    }
    OK(pali_release(ticket));
    OK(pali_release(model));
    OK(pali_settle(-1));
    free((void *)(size_t)picture.pixels);
    return 0;
}
