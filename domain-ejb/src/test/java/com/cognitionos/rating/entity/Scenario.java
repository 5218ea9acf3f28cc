package com.cognitionos.rating.entity;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The worked cases of public peers that a test recomputes, by their ids; {@link ScenariosTest} misses none. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Scenario {
    String[] value();
}
