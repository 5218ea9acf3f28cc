package com.cognitionos.launcher;

import org.jspecify.annotations.Nullable;

/** Why the product cannot run. The message is for the person at the terminal: what is wrong and what to do. */
final class StartFailure extends Exception {

    private static final long serialVersionUID = 1L;

    StartFailure(String message) {
        this(message, null);
    }

    StartFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
