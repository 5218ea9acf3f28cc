package com.cognitionos.entitlement.control;

import com.cognitionos.entitlement.boundary.Entitlements;
import com.cognitionos.entitlement.boundary.RequiresEntitlement;
import com.cognitionos.kernel.Problem;
import com.cognitionos.metering.boundary.Reservation;
import jakarta.annotation.Priority;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

/** Reserves before, commits after, releases on the way out of a failure (ENT-6). */
@RequiresEntitlement
@Interceptor
@Priority(Interceptor.Priority.LIBRARY_BEFORE + 100)
public class RequiresEntitlementInterceptor {

    @EJB
    private Entitlements entitlements;

    @Resource
    private TransactionSynchronizationRegistry transaction;

    @AroundInvoke
    Object around(InvocationContext context) throws Exception {
        RequiresEntitlement wanted = wanted(context);
        BigDecimal quantity = BigDecimal.valueOf(wanted.quantity());
        if (!isReservable(wanted.feature())) {
            entitlements.require(wanted.feature(), quantity);
            return context.proceed();
        }
        Reservation held = entitlements.reserve(wanted.feature(), quantity, Duration.ofSeconds(wanted.ttlSeconds()));
        Object result;
        try {
            result = context.proceed();
        } catch (Exception | Error failure) {
            release(held, failure);
            throw failure;
        }
        entitlements.commit(held.meter(), held.id(), null);
        return result;
    }

    private boolean isReservable(String feature) {
        try {
            return entitlements.isReservable(feature);
        } catch (Problem unknown) {
            if (unknown.kind() == Problem.Kind.NOT_FOUND) {
                throw new IllegalStateException("@RequiresEntitlement names no feature: " + feature, unknown);
            }
            throw unknown;
        }
    }

    private void release(Reservation held, Throwable failure) {
        int status = transaction.getTransactionStatus();
        if (status != Status.STATUS_ACTIVE && status != Status.STATUS_NO_TRANSACTION) {
            // The reservation goes with the transaction that made it, or expires.
            return;
        }
        try {
            entitlements.release(held.meter(), held.id());
        } catch (RuntimeException unreleased) {
            failure.addSuppressed(unreleased);
        }
    }

    private static RequiresEntitlement wanted(InvocationContext context) {
        RequiresEntitlement wanted = context.getMethod().getAnnotation(RequiresEntitlement.class);
        if (wanted == null) {
            wanted = context.getMethod().getDeclaringClass().getAnnotation(RequiresEntitlement.class);
        }
        if (wanted == null) {
            throw new IllegalStateException("bound to nothing: " + context.getMethod());
        }
        Class<?> returned = context.getMethod().getReturnType();
        if (Future.class.isAssignableFrom(returned) || CompletionStage.class.isAssignableFrom(returned)) {
            throw new IllegalStateException("@RequiresEntitlement is for synchronous methods: " + context.getMethod());
        }
        if (wanted.feature().isEmpty() || wanted.quantity() < 1) {
            throw new IllegalStateException(
                    "@RequiresEntitlement needs a feature and a quantity from 1: " + context.getMethod());
        }
        return wanted;
    }
}
