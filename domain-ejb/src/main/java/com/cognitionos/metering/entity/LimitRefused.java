package com.cognitionos.metering.entity;

import java.util.UUID;

/** Fired in the transaction of whoever is refused more of a meter than its limit; it may be rolled back. */
public record LimitRefused(UUID tenant, String meter) {}
