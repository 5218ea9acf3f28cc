package com.cognitionos.sso.portal;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.ExternalContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Asks whose identity provider it is. */
@Named
@RequestScoped
public class SsoSignInPage {

    @Inject
    private ExternalContext external;

    private String tenant = "";

    // By script: the policy for forms would not let a form's redirect leave this site.
    public void submit() throws IOException {
        external.redirect("/sso/start?tenant=" + URLEncoder.encode(tenant.strip(), StandardCharsets.UTF_8));
    }

    public String getTenant() {
        return tenant;
    }

    public void setTenant(String tenant) {
        this.tenant = tenant;
    }
}
