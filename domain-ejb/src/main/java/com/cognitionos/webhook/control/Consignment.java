package com.cognitionos.webhook.control;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A delivery on its way, with all that sending it takes.
 *
 * @param number of this attempt among all of the delivery, from 1
 * @param tries those since it was last sent off, this one included
 * @param secret sealed
 * @param formerSecret sealed, as long as it signs along
 */
public record Consignment(
        UUID tenant,
        UUID delivery,
        UUID endpoint,
        UUID event,
        int number,
        int tries,
        String url,
        String payload,
        byte[] secret,
        byte @Nullable [] formerSecret) {

    /** A log or a debugger that prints it learns nothing of what is in it. */
    @Override
    public String toString() {
        return "webhook delivery " + delivery;
    }
}
