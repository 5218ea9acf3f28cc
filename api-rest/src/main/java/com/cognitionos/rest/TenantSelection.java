package com.cognitionos.rest;

import com.cognitionos.gateway.boundary.Admission;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Which tenant the caller works in: what a request names only selects, it never lets anybody in (RES-2). */
@ApplicationScoped
public class TenantSelection {

    private static final Pattern PATH = Pattern.compile("/tenants/([^/]+)(/.*)?");
    private static final Pattern SLUG = Pattern.compile("[a-z0-9-]{1,63}");
    private static final Set<String> NOT_TENANTS = Set.of("www", "app", "api");

    @EJB
    private Tenants tenants;

    @Inject
    @ConfigProperty(name = "cognitionos.base-domain")
    private Optional<String> baseDomain;

    /** One way in which a request names a tenant. */
    private record Name(String text, boolean isSlug) {}

    /**
     * The caller at work in the tenant that the request names, or in its own.
     *
     * @throws Problem FORBIDDEN when a tenant's key names another, NOT_FOUND when the platform names none that exists
     */
    Caller select(Caller caller, HttpServletRequest request) {
        List<Name> names = names(request);
        if (names.isEmpty()) {
            return caller;
        }
        if (!caller.platform()) {
            String ownSlug = ApiGate.admission(request)
                    .map(Admission::tenant)
                    .map(Admission.Tenant::slug)
                    .orElse("");
            if (!names.stream().allMatch(name -> isOwn(name, caller, ownSlug))) {
                throw new Problem(Problem.Kind.FORBIDDEN, "tenant_forbidden", "This key may not act in that tenant.");
            }
            return caller;
        }
        Set<UUID> chosen = new HashSet<>();
        names.forEach(name -> chosen.add(find(name, caller)));
        if (chosen.size() > 1) {
            throw new Problem(
                    Problem.Kind.BAD_REQUEST, "tenant_ambiguous", "Headers, host and path name different tenants.");
        }
        return caller.in(chosen.iterator().next());
    }

    private List<Name> names(HttpServletRequest request) {
        List<Name> names = new ArrayList<>();
        Collections.list(request.getHeaders("X-Tenant-ID")).forEach(id -> names.add(new Name(id.strip(), false)));
        Collections.list(request.getHeaders("X-Tenant-Slug")).forEach(slug -> names.add(new Name(slug.strip(), true)));
        baseDomain
                .flatMap(base -> subDomain(request.getServerName(), base))
                .ifPresent(slug -> names.add(new Name(slug, true)));
        String path = request.getPathInfo();
        Matcher inPath = PATH.matcher(path == null ? "" : path);
        if (inPath.matches()) {
            names.add(new Name(inPath.group(1), false));
        }
        return names;
    }

    static Optional<String> subDomain(String host, String base) {
        String suffix = "." + base.toLowerCase(Locale.ROOT);
        String lower = host.toLowerCase(Locale.ROOT);
        if (!lower.endsWith(suffix)) {
            return Optional.empty();
        }
        String label = lower.substring(0, lower.length() - suffix.length());
        return NOT_TENANTS.contains(label) ? Optional.empty() : Optional.of(label);
    }

    private static boolean isOwn(Name name, Caller caller, String ownSlug) {
        return name.isSlug()
                ? name.text().equals(ownSlug)
                : Texts.uuid(name.text())
                        .filter(id -> id.equals(caller.tenant()))
                        .isPresent();
    }

    private UUID find(Name name, Caller platform) {
        if (name.isSlug()) {
            if (!SLUG.matcher(name.text()).matches()) {
                throw Problem.notFound("tenant");
            }
            return platform.call(() -> tenants.idOf(name.text()));
        }
        UUID id = Texts.uuid(name.text()).orElseThrow(() -> Problem.notFound("tenant"));
        return platform.in(id).call(tenants::current).id();
    }
}
