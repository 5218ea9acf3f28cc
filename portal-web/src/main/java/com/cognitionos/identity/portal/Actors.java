package com.cognitionos.identity.portal;

import com.cognitionos.identity.boundary.Members;
import com.cognitionos.identity.boundary.Members.MemberView;
import com.cognitionos.identity.boundary.Staff;
import com.cognitionos.identity.boundary.Staff.StaffView;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who did something, as a {@code Caller}'s subject has it, in words. */
@Named
@RequestScoped
public class Actors {

    private static final String PERSON = "user:";

    @Inject
    private Me me;

    @EJB
    private Members members;

    @EJB
    private Staff staff;

    private @Nullable Map<String, String> names;

    /** By name where it is somebody whom everybody here knows. */
    public String name(String subject) {
        if (subject.equals(PERSON + me.getUser())) {
            return "You";
        }
        int colon = subject.indexOf(':');
        if (colon < 0) {
            return subject;
        }
        String name = subject.substring(colon + 1);
        return switch (subject.substring(0, colon)) {
            case "key" -> "API key " + name + "…";
            case "job" -> "The system (" + name + ")";
            case "user" -> names().getOrDefault(subject, "Person " + name);
            default -> subject;
        };
    }

    /** Whether it is one of the people of where one works: the tenant's, or the platform's. */
    public boolean isOneOfUs(String subject) {
        return names().containsKey(subject);
    }

    /** A person by name, all else by its id. */
    public String nameOf(String id) {
        return names().getOrDefault(PERSON + id, id);
    }

    private Map<String, String> names() {
        if (names == null) {
            names = me.isInTenant()
                    ? members.list().stream()
                            .collect(Collectors.toMap(member -> PERSON + member.userId(), MemberView::name))
                    : staff.list().stream().collect(Collectors.toMap(one -> PERSON + one.userId(), StaffView::name));
        }
        return names;
    }
}
