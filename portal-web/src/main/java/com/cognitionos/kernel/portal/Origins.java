package com.cognitionos.kernel.portal;

import com.cognitionos.kernel.Origin;
import jakarta.servlet.http.HttpServletRequest;

/** Where a browser's request comes from. */
public final class Origins {

    private Origins() {}

    public static Origin of(HttpServletRequest request) {
        return new Origin("portal", request.getRemoteAddr(), request.getHeader("User-Agent"));
    }
}
