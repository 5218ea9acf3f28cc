package com.cognitionos.onboarding.control;

import com.cognitionos.identity.entity.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who else lives in the demo world: a member for each role in one company, and the people who run the platform. */
public enum DemoPerson {
    RAVI("Ravi Menon", Role.ADMIN, DemoCompany.NORTHWIND),
    ELENA("Elena Petrova", Role.BILLING, DemoCompany.NORTHWIND),
    TOM("Tom Silva", Role.DEVELOPER, DemoCompany.NORTHWIND),
    INGRID("Ingrid Holm", Role.VIEWER, DemoCompany.NORTHWIND),
    OLIVIA("Olivia Grant", Role.OPERATOR, null),
    FELIX("Felix Baum", Role.FINANCE, null);

    private final String fullName;
    private final Role role;
    private final @Nullable DemoCompany company;

    DemoPerson(String fullName, Role role, @Nullable DemoCompany company) {
        this.fullName = fullName;
        this.role = role;
        this.company = company;
    }

    public static List<DemoPerson> of(DemoCompany company) {
        return Arrays.stream(values())
                .filter(person -> person.company == company)
                .toList();
    }

    public static List<DemoPerson> staff() {
        return Arrays.stream(values()).filter(person -> person.company == null).toList();
    }

    public String fullName() {
        return fullName;
    }

    public Role role() {
        return role;
    }

    public String email() {
        String domain = company == null ? "cognitionos" : company.slug();
        return fullName.substring(0, fullName.indexOf(' ')).toLowerCase(Locale.ROOT) + "@" + domain + ".example";
    }

    /** In a few words, for the list of sign-ins. */
    public String about() {
        return company == null ? "platform " + role.code() : company.slug() + " " + role.code();
    }
}
