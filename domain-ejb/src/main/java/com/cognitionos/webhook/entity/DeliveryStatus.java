package com.cognitionos.webhook.entity;

import com.cognitionos.kernel.Problem;
import java.util.Locale;

/** How far a delivery is. */
public enum DeliveryStatus {
    /** To be sent, or to be sent again. */
    PENDING,
    DELIVERED,
    /** Given up; it can be sent again by hand. */
    FAILED;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws Problem INVALID */
    public static DeliveryStatus of(String code) {
        for (DeliveryStatus status : values()) {
            if (status.code().equals(code)) {
                return status;
            }
        }
        throw Problem.invalid("status", "unknown_status", "status must be pending, delivered or failed");
    }
}
