/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes what turns messages of other notations into JSON values, and reads parts of forms. */
#include "formats/to_json.h"
#include "formats/unwrap.h"

#include <glib.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(json_object *value)
{
    const char *text = value != NULL ? json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN) : NULL;

    if (value != NULL && (text == NULL || !g_utf8_validate(text, -1, NULL)))
        abort(); /* names and texts must be UTF-8 */
    json_object_put(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *exact;
    bool bound = false;
    size_t at = 0, value_len;
    const uint8_t *value;
    char *name;

    if (size == 0)
        return 0;
    exact = g_memdup2(data, size);
    use(wr_xml_to_json(exact, size, &bound));
    use(wr_msgpack_to_json(exact, size, &bound));
    use(wr_protobuf_to_json(exact, size, &bound));
    use(wr_cbor_to_json(exact, size, &bound));
    use(wr_bson_to_json(exact, size, &bound));
    use(wr_bencode_to_json(exact, size, &bound));
    while (wr_unwrap_part_next(exact, size, &at, &name, &value, &value_len)) {
        if (value < exact || value_len > size || (size_t)(value - exact) > size - value_len ||
            !g_utf8_validate(name, -1, NULL))
            abort();
        g_free(name);
    }
    g_free(exact);
    return 0;
}
