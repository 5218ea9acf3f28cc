package com.cognitionos.rest;

import com.cognitionos.idempotency.boundary.KeptReplies;
import com.cognitionos.idempotency.boundary.RequestKey;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A POST with an Idempotency-Key has its effect once (IDP-1 to 6). One transaction spans the whole request: what the
 * boundaries do joins it, and the reply is kept in it and leaves only after the commit. A boundary that calls a provider
 * suspends it. Behind {@link ApiGate}, which says whose the key is; the order stands in web.xml.
 */
public class IdempotencyFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    static final String KEY = "Idempotency-Key";
    static final String REPLAYED = "Idempotency-Replayed";

    /**
     * At once on this node. Such a request may hold its own database connection and want a second one for a step of its
     * own; were the pool (20) full of those that hold one, none would ever get on.
     */
    private static final int AT_ONCE = 8;

    private static final long PATIENCE_S = 10;

    private final transient Semaphore places = new Semaphore(AT_ONCE);

    @EJB
    private transient KeptReplies replies;

    @Resource
    private transient UserTransaction transaction;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        List<String> keys = Collections.list(request.getHeaders(KEY));
        if (!request.getMethod().equals("POST") || keys.isEmpty() || !Caller.isPresent()) {
            chain.doFilter(request, response);
            return;
        }
        if (keys.size() > 1) {
            throw new Problem(
                    Problem.Kind.BAD_REQUEST, "idempotency_key_malformed", "There is more than one Idempotency-Key.");
        }
        byte[] identity = ReadBody.identity(request);
        enter();
        try {
            once(keys.get(0), identity, request, response, chain);
        } catch (NotSupportedException
                | SystemException
                | RollbackException
                | HeuristicMixedException
                | HeuristicRollbackException e) {
            // The commit failed, so nothing of the effect is there; the cause says whether to try again.
            throw new IllegalStateException(e);
        } finally {
            places.release();
        }
    }

    private void enter() {
        try {
            if (!places.tryAcquire(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new Problem(Problem.Kind.UNAVAILABLE, "unavailable", "Too busy; try again shortly.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.UNAVAILABLE, "unavailable", "The server is stopping.");
        }
    }

    private void once(
            String text, byte[] identity, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException, NotSupportedException, SystemException, RollbackException,
                    HeuristicMixedException, HeuristicRollbackException {
        BufferedReply reply = new BufferedReply(response);
        transaction.begin();
        try {
            RequestKey key = replies.key(text, identity);
            Optional<KeptReplies.Reply> kept = replies.claim(key);
            if (kept.isPresent()) {
                response.setHeader(REPLAYED, "true");
                BufferedReply.send(kept.get(), response);
                return;
            }
            proceedAs(key, chain, request, reply);
            boolean refused = reply.failed() || reply.getStatus() >= 400;
            if (!refused) {
                if (transaction.getStatus() == Status.STATUS_MARKED_ROLLBACK) {
                    // It only asked what would be, and what it did is taken back; its reply is kept all the same.
                    transaction.rollback();
                    transaction.begin();
                }
                replies.keep(key, reply.reply());
                transaction.commit();
            }
        } finally {
            if (transaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
                transaction.rollback();
            }
        }
        reply.release();
    }

    private static void proceedAs(RequestKey key, FilterChain chain, HttpServletRequest request, BufferedReply reply)
            throws IOException, ServletException {
        Optional<Exception> thrown = key.call(() -> {
            try {
                chain.doFilter(request, reply);
                return Optional.empty();
            } catch (IOException | ServletException e) {
                return Optional.of(e);
            }
        });
        if (thrown.isPresent()) {
            if (thrown.get() instanceof IOException io) {
                throw io;
            }
            throw (ServletException) thrown.get();
        }
    }
}
