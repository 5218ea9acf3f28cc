package com.cognitionos.sso.boundary;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Origin;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Tokens;
import com.cognitionos.mail.boundary.Links;
import com.cognitionos.sso.control.Provider;
import com.cognitionos.sso.entity.Attempt;
import com.cognitionos.sso.entity.Client;
import com.cognitionos.sso.entity.Identity;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Signing in by a tenant's provider: there and back again. It has no transaction itself, since it calls the provider, and
 * needs no caller: nobody is in yet. No enterprise bean, since of one without a transaction the server logs every refusal as
 * a fault, and anybody may be refused here.
 */
@ApplicationScoped
public class SsoSignIns {

    private static final int MAX_CODE = 4096;

    @EJB
    private SsoAdmission admission;

    @EJB
    private Sso sso;

    @Inject
    private Provider provider;

    @Inject
    private BusinessClock clock;

    @Inject
    private Links links;

    /** @param location where to send the browser; {@code attempt} stays in its session */
    public record Begun(URI location, Attempt attempt) {}

    /** A person whom the provider has let in, into this tenant alone (SSO-5). */
    public record Admitted(UUID user, UUID tenant) {}

    /** What the provider sends back with the browser. */
    public record Answer(
            @Nullable String code,
            @Nullable String issuer,
            @Nullable String error) {}

    /**
     * @throws Problem NOT_FOUND for a tenant that is not there or has no single sign-on, UNAVAILABLE when its provider
     *     cannot be asked
     */
    public Begun begin(String slug) {
        Client client = Caller.job("sso").call(() -> admission.client(slug)).orElseThrow(SsoSignIns::unknown);
        // 43 characters from the alphabet that PKCE wants, 256 bits.
        Attempt attempt = new Attempt(
                client.tenant(),
                client.settings().issuer(),
                Tokens.next(),
                Tokens.next(),
                Tokens.next(),
                clock.system());
        return new Begun(provider.authorization(client, attempt, back()), attempt);
    }

    /**
     * @param attempt what was begun in this very browser session; the caller has taken it out of there
     * @throws Problem FORBIDDEN or UNAVAILABLE, in words for the person
     */
    public Admitted complete(Attempt attempt, Answer answer, Origin origin) {
        if (attempt.isOver(clock.system())) {
            throw new Problem(Problem.Kind.FORBIDDEN, "sso_too_late", "The sign-in took too long; begin again.");
        }
        if (answer.error() != null) {
            throw new Problem(Problem.Kind.FORBIDDEN, "sso_denied", words(answer.error()));
        }
        String code = answer.code();
        if (code == null || code.isEmpty() || code.length() > MAX_CODE) {
            throw new Problem(Problem.Kind.FORBIDDEN, "sso_denied", words(""));
        }
        Client client = Caller.job("sso")
                .call(() -> admission.client(attempt.tenant()))
                .filter(now -> now.settings().issuer().equals(attempt.issuer()))
                .orElseThrow(SsoSignIns::unknown);
        Identity identity = provider.identify(client, attempt, code, answer.issuer(), back());
        UUID user = Caller.job("sso").from(origin).call(() -> admission.admit(attempt.tenant(), identity, origin));
        return new Admitted(user, attempt.tenant());
    }

    /** Asks the caller's tenant's provider whether it is there. @throws Problem NOT_FOUND, UNAVAILABLE with the reason */
    public void examine() {
        provider.examine(sso.current()
                .orElseThrow(() -> Problem.notFound("single sign-on"))
                .settings()
                .issuer());
    }

    /** What the provider must be told to send people back to. */
    public URI back() {
        // From the configuration, not from the request: whoever sends that chooses its Host.
        return URI.create(links.base() + "/sso/callback");
    }

    private static Problem unknown() {
        return new Problem(
                Problem.Kind.NOT_FOUND,
                "sso_unknown",
                "There is no single sign-on under that name. Check the spelling, or sign in by password.");
    }

    /** Nothing of what the provider wrote is shown: anybody can make up an address that carries it. */
    private static String words(String error) {
        return switch (error) {
            case "access_denied" -> "The identity provider did not let you in, or you canceled there.";
            case "login_required", "interaction_required", "consent_required", "account_selection_required" ->
                "The identity provider wants to see you first; begin again.";
            case "temporarily_unavailable", "server_error" -> "The identity provider has a problem; try again later.";
            case "unauthorized_client",
                    "invalid_client",
                    "invalid_scope",
                    "invalid_request",
                    "unsupported_response_type" ->
                "The identity provider does not know this application as it is set up; ask your administrator.";
            default -> "The identity provider did not complete the sign-in.";
        };
    }
}
