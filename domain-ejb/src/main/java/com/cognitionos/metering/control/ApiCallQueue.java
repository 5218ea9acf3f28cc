package com.cognitionos.metering.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls of a key that come while others of it are being counted together, in the next statement: a busy key
 * costs the database one small transaction at a time, however many requests it makes. Each request still waits for the
 * commit that has its own call in it.
 */
@ApplicationScoped
public class ApiCallQueue {

    @Inject
    private ApiCallGrants grants;

    private record Key(UUID tenant, String prefix) {}

    /** Calls that one statement counts. */
    private static final class Group {
        private final CompletableFuture<Boolean> done = new CompletableFuture<>();
        private int calls = 1;
    }

    /** The group whose statement is under way, and the one that gathers meanwhile; whoever opens a group runs it. */
    private static final class Line {
        private Group running = new Group();
        private @Nullable Group next;
    }

    private final Map<Key, Line> lines = new HashMap<>();

    /** As {@link ApiCallGrants#count} for one call. */
    public boolean count(UUID tenant, String prefix) {
        Key key = new Key(tenant, prefix);
        Line line;
        Group own;
        Group before = null;
        boolean leads = true;
        synchronized (lines) {
            line = lines.get(key);
            if (line == null) {
                line = new Line();
                lines.put(key, line);
                own = line.running;
            } else if (line.next == null) {
                own = new Group();
                line.next = own;
                before = line.running;
            } else {
                own = line.next;
                own.calls++;
                leads = false;
            }
        }
        if (!leads) {
            return await(own);
        }
        if (before != null) {
            before.done.exceptionally(failed -> false).join();
        }
        run(key, line, own);
        return await(own);
    }

    private void run(Key key, Line line, Group own) {
        int calls;
        synchronized (lines) {
            line.running = own;
            line.next = null;
            calls = own.calls;
        }
        try {
            own.done.complete(grants.count(key.tenant(), key.prefix(), calls));
        } catch (RuntimeException e) {
            own.done.completeExceptionally(e);
        } finally {
            synchronized (lines) {
                if (line.running == own && line.next == null) {
                    lines.remove(key, line);
                }
            }
        }
    }

    private static boolean await(Group group) {
        try {
            return group.done.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
