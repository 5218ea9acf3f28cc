package com.cognitionos.metering.entity;

/** Fired in the transaction of whoever is refused more of a meter than its limit; it may be rolled back. */
public record LimitRefused(String meter) {}
