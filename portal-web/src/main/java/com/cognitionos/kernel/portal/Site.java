package com.cognitionos.kernel.portal;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import org.primefaces.context.PrimeFacesContext;

/** This installation as the browser reaches it. */
@Named
@RequestScoped
public class Site {

    @Inject
    private HttpServletRequest request;

    /** What the scripts of this page carry, so that the browser runs them. */
    public String getNonce() {
        return PrimeFacesContext.getCspState(FacesContext.getCurrentInstance()).getNonce();
    }

    /** Where a program sends its requests: scheme, host and, unless it is the usual one, port. */
    public String getAddress() {
        String host = request.getHeader("Host");
        return request.getScheme() + "://" + (host == null ? request.getServerName() : host);
    }
}
