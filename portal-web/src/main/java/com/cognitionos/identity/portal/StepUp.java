package com.cognitionos.identity.portal;

import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An action that moves money or opens doors: done only when it was confirmed lately that the person at the browser is
 * who signed in (POR-8). The form of such an action has a {@code <p:confirm/>}, which asks where it is needed.
 */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface StepUp {}
