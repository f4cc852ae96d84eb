/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What MQTT publishes (MQTT 3.1.1 3.3, 5.0 3.3). The built-in dissector shows the payload itself, whether or not
 * somebody takes it here. */
#include "signal.h"

static dissector_handle_t mqtt_handle;

static wr_bool dissect_payload(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    signal_carrier carrier = {.carrier = WR_CARRIER_MQTT, .topic = data};

    signal_remark_json(tvb, pinfo, WR_DIRECTION_UNKNOWN);
    if (!signal_is_worthwhile(tvb, pinfo, tree))
        return FALSE;
    signal_fill_from_connection(pinfo, &carrier);
    carrier.url = NULL; /* over WebSocket: the broker's, the same for all who talk over it */
    carrier.subprotocol = NULL;
    return signal_dissect(tvb, pinfo, tree, &carrier);
}

/* MQTT over WebSocket (MQTT 5.0 6): no series of Wireshark knows its subprotocols. */
bool signal_dissect_mqtt(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const signal_carrier *carrier)
{
    const uint16_t can_desegment = pinfo->can_desegment;

    if (mqtt_handle == NULL || carrier->subprotocol == NULL ||
        (strcmp(carrier->subprotocol, "mqtt") != 0 && strcmp(carrier->subprotocol, "mqttv3.1") != 0))
        return false;
    pinfo->can_desegment = 0; /* what goes on in another message cannot be asked of TCP */
    call_dissector_only(mqtt_handle, tvb, pinfo, tree, NULL);
    pinfo->can_desegment = can_desegment;
    return true;
}

void signal_handoff_mqtt(void)
{
    mqtt_handle = find_dissector("mqtt");
    heur_dissector_add("mqtt.topic", dissect_payload, "WebRTC signalling over MQTT", "webrtc_signal_mqtt",
                       proto_webrtc_signal, HEURISTIC_ENABLE);
}
