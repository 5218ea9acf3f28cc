package com.cognitionos.entitlement.boundary;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method uses that much of a feature, and runs only where the caller's tenant may (ENT-6). Of a meter the quantity
 * is reserved before, committed when the method returns and released when it throws; of other features it must be
 * allowed. For methods of EJBs and CDI beans that do their work before they return: one that returns a future would be
 * charged for work that may yet fail.
 *
 * <p>In a transaction of its own the method's quantity is committed with it, and the meter's counter stays locked until
 * then; a method that takes long runs outside of a transaction, where only reserving and committing lock it.
 *
 * <p>Refused: {@link com.cognitionos.kernel.Problem} PAYMENT_REQUIRED, {@code entitlement_exceeded}. A feature that does
 * not exist is an {@link IllegalStateException} at the first call.
 */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface RequiresEntitlement {

    /** A meter or feature of the plans, or a flag. */
    @Nonbinding
    String feature() default "";

    /** From 1. */
    @Nonbinding
    long quantity() default 1;

    /** How long the method may take before its reservation is given back, 1 to 86400. */
    @Nonbinding
    long ttlSeconds() default 3600;
}
