package com.cognitionos.gateway.control;

import java.util.UUID;

/** A key was revoked or replaced; to be observed after the commit. */
public record KeyEnded(UUID id) {}
