package com.cognitionos.sso.entity;

import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.Problem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a tenant's people come in by its own provider.
 *
 * @param issuer the provider's identifier, an address
 * @param domains whose e-mail addresses count, 1 to 50, in lower case
 * @param defaultRole what a new member becomes; never owner
 * @param provision whether somebody unknown becomes a member
 * @param required whether passwords no longer open this tenant, owners' aside
 */
public record SsoSettings(
        String issuer, String clientId, List<String> domains, Role defaultRole, boolean provision, boolean required) {

    private static final int MAX_DOMAINS = 50;
    private static final Pattern DOMAIN =
            Pattern.compile("(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])");

    /** @throws Problem INVALID */
    public SsoSettings {
        issuer = issuer.strip();
        clientId = clientId.strip();
        if (issuer.length() < 8 || issuer.length() > 512) {
            throw Problem.invalid("issuer", "length", "The issuer is an address of 8 to 512 characters.");
        }
        if (clientId.isEmpty() || clientId.length() > 255) {
            throw Problem.invalid("client_id", "length", "The client id has 1 to 255 characters.");
        }
        Set<String> checked = new LinkedHashSet<>();
        for (String domain : domains) {
            String lower = domain.strip().toLowerCase(Locale.ROOT);
            if (!DOMAIN.matcher(lower).matches()) {
                throw Problem.invalid("domains", "not_a_domain", "A domain is such as example.com.");
            }
            checked.add(lower);
        }
        if (checked.isEmpty() || checked.size() > MAX_DOMAINS) {
            throw Problem.invalid("domains", "length", "Name 1 to " + MAX_DOMAINS + " domains.");
        }
        domains = List.copyOf(checked);
        if (defaultRole.isPlatform() || defaultRole == Role.OWNER) {
            throw Problem.invalid(
                    "default_role", "unknown_role", "New members become admin, billing, developer or viewer.");
        }
    }

    /** Whether the address lies in one of the domains, and not merely below one. */
    public boolean covers(String email) {
        return domains.contains(email.substring(email.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT));
    }
}
