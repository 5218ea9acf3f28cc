package com.cognitionos.stripe;

import org.jspecify.annotations.Nullable;

/**
 * A request that reached an operation.
 *
 * @param operation method and path with its variables in braces, such as {@code POST /v1/refunds}
 * @param path as it was asked for
 * @param status of the reply, whether it was sent or not
 * @param replayed whether the reply was the kept one of the key
 * @param fault that it met
 */
public record Exercise(
        String operation,
        String path,
        @Nullable String idempotencyKey,
        int status,
        boolean replayed,
        @Nullable Fault fault) {}
