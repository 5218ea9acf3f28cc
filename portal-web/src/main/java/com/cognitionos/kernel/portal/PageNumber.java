package com.cognitionos.kernel.portal;

import org.jspecify.annotations.Nullable;

/** The page of a list that an address names. */
public final class PageNumber {

    private PageNumber() {}

    /** An address is typed by people: what is no page is the first one. */
    public static int of(@Nullable String text) {
        return text != null && text.matches("[1-9]\\d{0,5}") ? Integer.parseInt(text) : 1;
    }
}
