package com.cognitionos.gateway.portal;

import com.cognitionos.kernel.Scope;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What people give a key for, and the scopes that it takes. */
public enum Access {
    SEND_USAGE("Send usage", Set.of("usage:write", "usage:read")),
    READ_ALL(
            "Read everything",
            Scope.ofTenants().stream().filter(scope -> scope.endsWith(":read")).collect(Collectors.toSet())),
    EVERYTHING("Everything", Scope.ofTenants());

    private final String label;
    private final Set<String> scopes;

    Access(String label, Set<String> scopes) {
        this.label = label;
        this.scopes = new TreeSet<>(scopes);
    }

    public String getLabel() {
        return label;
    }

    public Set<String> scopes() {
        return scopes;
    }

    /** The name of a known set of scopes, else the scopes themselves. */
    static String describe(Collection<String> scopes) {
        for (Access access : values()) {
            if (access.scopes.equals(new HashSet<>(scopes))) {
                return access.label;
            }
        }
        return String.join(", ", scopes);
    }
}
