package com.cognitionos.kernel.portal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A part of a page that was loaded or failed on its own, so that the others still show. */
public final class Section<T> {

    private static final Logger LOG = System.getLogger(Section.class.getName());

    private final @Nullable T value;

    private final boolean failed;

    private Section(@Nullable T value, boolean failed) {
        this.value = value;
        this.failed = failed;
    }

    /** One that is not for this person. */
    public static <T> Section<T> closed() {
        return new Section<>(null, false);
    }

    public static <T> Section<T> load(String name, Supplier<T> source) {
        try {
            return new Section<>(source.get(), false);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the section " + name + " of the portal failed", e);
            return new Section<>(null, true);
        }
    }

    public boolean isFailed() {
        return failed;
    }

    public boolean isLoaded() {
        return value != null;
    }

    public T getValue() {
        if (value == null) {
            throw new NoSuchElementException("the section failed");
        }
        return value;
    }
}
