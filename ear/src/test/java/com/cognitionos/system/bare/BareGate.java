package com.cognitionos.system.bare;

import com.cognitionos.kernel.Caller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;

/** For the benchmark's second copy of the API: believes whoever calls, so that the rest of the request is all it costs. */
public class BareGate extends HttpFilter {

    public static final String TENANT = "X-Bare-Tenant";

    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain) {
        UUID tenant = UUID.fromString(request.getHeader(TENANT));
        new Caller("key:cog_benchmar", false, tenant, Caller.ALL).run(() -> {
            try {
                chain.doFilter(request, response);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (ServletException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
