package com.cognitionos.rest;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Not one of the API calls that a plan includes: reporting usage, asking what may be used, and whatever a tenant needs
 * to see and pay its bills.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Uncounted {}
