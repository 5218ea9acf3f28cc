package com.cognitionos.kernel;

import java.util.List;

/** One page of a list; {@code page} counts from 1, {@code total} is the number of rows on all pages. */
public record Page<T>(List<T> items, long total, int page, int pageSize) {

    /** Which page is wanted: {@code page} from 1, {@code pageSize} 1 to 100; anything else is a 422. */
    public record Request(int page, int pageSize) {
        public static final int MAX_SIZE = 100;

        public Request {
            if (page < 1 || page > 1_000_000) {
                throw Problem.invalid("page", "out_of_range", "page must be from 1 to 1000000");
            }
            if (pageSize < 1 || pageSize > MAX_SIZE) {
                throw Problem.invalid("page_size", "out_of_range", "page_size must be from 1 to " + MAX_SIZE);
            }
        }

        public int offset() {
            return (page - 1) * pageSize;
        }
    }
}
