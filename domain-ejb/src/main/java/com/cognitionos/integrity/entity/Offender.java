package com.cognitionos.integrity.entity;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What breaks an invariant. @param tenant whose it is; null where it is nobody's. @param what in a sentence */
public record Offender(@Nullable UUID tenant, String what) {}
