package com.cognitionos.kernel;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Only a caller with this scope may do it: {@code <area>:read} or {@code <area>:write} (SPEC section 6). Both doors use
 * it: REST on resource methods, where a gate reads it before anything else is done, the portal on the actions of pages.
 */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface RequiresScope {
    @Nonbinding
    String value() default "";
}
