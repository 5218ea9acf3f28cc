package com.cognitionos.entitlement.boundary;

/**
 * How much of a static feature the caller's tenant uses. The component that has the things implements it as a bean; a
 * feature that nobody counts shows its limit alone.
 */
public interface FeatureUse {

    /** The feature's name in the plan, such as {@code seats}. */
    String feature();

    long current();
}
