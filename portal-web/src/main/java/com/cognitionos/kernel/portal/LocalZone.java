package com.cognitionos.kernel.portal;

import java.time.ZoneId;

/** Where the dates of this request are read: the zone of its tenant, in which periods begin and end, else UTC. */
public interface LocalZone {

    ZoneId UTC = ZoneId.of("UTC");

    ZoneId zone();
}
