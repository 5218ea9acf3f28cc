package com.cognitionos.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Where a request came from, as far as is known.
 *
 * @param door {@code rest}, {@code portal} or {@code job}
 * @param address the client's address as the server sees it, or as a trusted proxy says
 * @param agent the client's own description of itself, cut to 200 characters
 */
public record Origin(
        String door, @Nullable String address, @Nullable String agent) {

    private static final int MAX_AGENT = 200;

    public static final Origin JOB = new Origin("job", null, null);

    public Origin {
        agent = agent == null || agent.length() <= MAX_AGENT ? agent : agent.substring(0, MAX_AGENT);
    }
}
