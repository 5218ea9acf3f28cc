package com.cognitionos.sso.portal;

import com.cognitionos.identity.entity.Role;
import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.sso.boundary.Sso;
import com.cognitionos.sso.boundary.SsoSignIns;
import com.cognitionos.sso.entity.SsoSettings;
import com.cognitionos.tenancy.portal.CurrentTenant;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tenant's own identity provider. */
@Named
@RequestScoped
public class SsoPage {

    private static final Map<String, String> FIELDS = Map.of(
            "/issuer", "sso:issuer",
            "/client_id", "sso:clientId",
            "/client_secret", "sso:secret",
            "/domains", "sso:domains",
            "/default_role", "sso:role");

    @EJB
    private Sso sso;

    @Inject
    private SsoSignIns signIns;

    @Inject
    private CurrentTenant tenant;

    @Inject
    private Messages messages;

    private Optional<Sso.SsoView> saved = Optional.empty();
    private boolean offered;
    private String issuer = "";
    private String clientId = "";
    private String secret = "";
    private String domains = "";
    private Role role = Role.VIEWER;
    private boolean provision = true;
    private boolean required;

    @PostConstruct
    void load() {
        offered = sso.isOffered();
        look();
    }

    private void look() {
        saved = sso.current();
        saved.map(Sso.SsoView::settings).ifPresent(settings -> {
            issuer = settings.issuer();
            clientId = settings.clientId();
            domains = String.join(", ", settings.domains());
            role = settings.defaultRole();
            provision = settings.provision();
            required = settings.required();
        });
    }

    @RequiresScope("tenants:write")
    @StepUp
    public void save() {
        messages.attempt(FIELDS, () -> {
            List<String> named = Arrays.stream(domains.split("[\\s,;]+"))
                    .filter(domain -> !domain.isEmpty())
                    .toList();
            sso.configure(new SsoSettings(issuer, clientId, named, role, provision, required), secret);
            look();
            messages.done("Saved. Test the connection before you tell your people.");
        });
        secret = "";
    }

    /** Of what is saved, not of what is typed. */
    @RequiresScope("tenants:write")
    public void test() {
        messages.attempt(Map.of(), () -> {
            signIns.examine();
            messages.done("The identity provider answers: its settings and its keys could be read.");
        });
    }

    @RequiresScope("tenants:write")
    @StepUp
    public void remove() {
        messages.attempt(Map.of(), () -> {
            sso.remove();
            saved = Optional.empty();
            issuer = "";
            clientId = "";
            domains = "";
            required = false;
            messages.done("Single sign-on is removed; people sign in by password again.");
        });
    }

    /** Whether the plan has it. */
    public boolean isOffered() {
        return offered;
    }

    public boolean isConfigured() {
        return saved.isPresent();
    }

    public boolean isOwnersToo() {
        return saved.map(Sso.SsoView::vouched).orElse(false);
    }

    /** What the provider must know to send people back to. */
    public String getRedirectUri() {
        return signIns.back().toString();
    }

    /** Where the tenant's people begin. */
    public String getStartAddress() {
        return signIns.back()
                .resolve("/sso/start?tenant=" + tenant.view().slug())
                .toString();
    }

    public List<Role> getRoles() {
        return Role.ofTenants().stream().filter(one -> one != Role.OWNER).toList();
    }

    public String getIssuer() {
        return issuer;
    }

    public void setIssuer(String issuer) {
        this.issuer = issuer;
    }

    public String getClientId() {
        return clientId;
    }

    public void setClientId(String clientId) {
        this.clientId = clientId;
    }

    public String getSecret() {
        return secret;
    }

    public void setSecret(String secret) {
        this.secret = secret == null ? "" : secret;
    }

    public String getDomains() {
        return domains;
    }

    public void setDomains(String domains) {
        this.domains = domains;
    }

    public Role getRole() {
        return role;
    }

    public void setRole(Role role) {
        this.role = role;
    }

    public boolean isProvision() {
        return provision;
    }

    public void setProvision(boolean provision) {
        this.provision = provision;
    }

    public boolean isRequired() {
        return required;
    }

    public void setRequired(boolean required) {
        this.required = required;
    }
}
