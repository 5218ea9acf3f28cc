package com.cognitionos.sso.entity;

import org.jspecify.annotations.Nullable;

/**
 * Whom a provider has let in.
 *
 * @param emailVerified whether the provider itself says that the address is the person's
 */
public record Identity(
        String issuer,
        String subject,
        @Nullable String email,
        boolean emailVerified,
        @Nullable String name) {}
