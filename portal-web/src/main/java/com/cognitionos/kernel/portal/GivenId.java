package com.cognitionos.kernel.portal;

import com.cognitionos.kernel.Problem;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An id as an address or a form carries it. */
public final class GivenId {

    private GivenId() {}

    /** @throws Problem NOT_FOUND also for what is no id at all */
    public static UUID of(@Nullable String text, String what) {
        try {
            return UUID.fromString(text == null ? "" : text);
        } catch (IllegalArgumentException e) {
            throw Problem.notFound(what);
        }
    }
}
